/// All keywords of the language, as data. A new keyword is a new row.
public enum Schema {
  /// Every block with its keywords.
  static let tables: [KeywordTable] =
    rootKeywords + globalKeywords + virtualRouterKeywords + trackingKeywords + virtualServerKeywords + checkerKeywords
    + webCheckerKeywords + ownCheckerKeywords

  /// All rows, table after table.
  static let rows: [Keyword] = tables.flatMap { $0.keywords }

  /// What every line asks of its row, apart from the texts: a row is a dozen references, too many to copy each time.
  private static let facts: [Facts] = rows.map { row in
    Facts(block: row.block, setting: row.setting, isPlain: row.status == .works && row.replacement == nil)
  }

  private struct Facts: Sendable, BitwiseCopyable {
    var block: Context?
    var setting: Setting?
    var isPlain: Bool
  }

  /// Asked for after every line.
  static let includeCheck = find(Array("include_check".utf8)[...], in: .globalDefinitions)

  private static let index = Lookup(tables)

  /// The row at `index`.
  public static subscript(index: KeywordIndex) -> Keyword { rows[Int(index.rawValue)] }

  /// The kind of block a keyword opens.
  static func block(of index: KeywordIndex) -> Context? { facts[Int(index.rawValue)].block }

  /// What a keyword sets.
  static func setting(of index: KeywordIndex) -> Setting? { facts[Int(index.rawValue)].setting }

  /// Whether a keyword works and is not outdated: there is nothing to say about it.
  static func isPlain(_ index: KeywordIndex) -> Bool { facts[Int(index.rawValue)].isPlain }

  /// What a keyword is called.
  static func name(of index: KeywordIndex) -> String { rows[Int(index.rawValue)].name }

  /// What may follow a keyword.
  static func argument(of index: KeywordIndex) -> ArgumentKind { rows[Int(index.rawValue)].argument }

  /// The row of the keyword `name` in `context`.
  static func find(_ name: ArraySlice<UInt8>, in context: Context) -> KeywordIndex? {
    index.find(name, context)
  }

  /// The keywords `context` knows.
  public static func keywords(in context: Context) -> [Keyword] {
    tables.first { $0.context == context }?.keywords ?? []
  }

  static func names(in context: Context) -> [String] { keywords(in: context).map { $0.name } }

  /// The blocks in which `name` means something.
  static func contexts(knowing name: ArraySlice<UInt8>) -> [Context] {
    tables.filter { table in find(name, in: table.context) != nil }.map { $0.context }
  }
}

/// An open-addressing table from a block and the bytes of a word to a row: no string is made or compared to look a word
/// up.
private struct Lookup: Sendable {
  /// Zero is an empty place; else a row number plus one.
  private var places: [UInt16]
  private var entries: [Entry] = []
  /// The names of all rows, one after the other.
  private var names: [UInt8] = []

  private struct Entry: Sendable, BitwiseCopyable {
    var start: UInt16
    var count: UInt8
    var context: Context
  }

  init(_ tables: [KeywordTable]) {
    let count = tables.reduce(0) { $0 + $1.keywords.count }
    var size = 16
    while size < count * 3 { size *= 2 }
    places = [UInt16](repeating: 0, count: size)
    entries.reserveCapacity(count)
    names.reserveCapacity(count * 16)
    for table in tables {
      for keyword in table.keywords {
        let start = names.count
        names.append(contentsOf: keyword.name.utf8)
        var place = Self.hash(names[start...], table.context) & (size - 1)
        while places[place] != 0 { place = (place + 1) & (size - 1) }
        entries.append(Entry(start: UInt16(start), count: UInt8(names.count - start), context: table.context))
        places[place] = UInt16(entries.count)
      }
    }
  }

  func find(_ name: ArraySlice<UInt8>, _ context: Context) -> KeywordIndex? {
    var place = Self.hash(name, context) & (places.count - 1)
    while places[place] != 0 {
      let row = Int(places[place]) - 1
      let entry = entries[row]
      if entry.context == context, Int(entry.count) == name.count, isName(name, at: Int(entry.start)) {
        return KeywordIndex(rawValue: UInt16(row))
      }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  private func isName(_ name: ArraySlice<UInt8>, at start: Int) -> Bool {
    var place = start
    for byte in name {
      if names[place] != byte { return false }
      place += 1
    }
    return true
  }

  /// FNV-1a.
  private static func hash(_ name: ArraySlice<UInt8>, _ context: Context) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(context.rawValue)
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 29)
  }
}
