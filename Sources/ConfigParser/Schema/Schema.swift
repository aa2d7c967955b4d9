/// All keywords of the language, as data. A new keyword is a new row.
public enum Schema {
  /// Every block with its keywords.
  static let tables: [KeywordTable] =
    rootKeywords + globalKeywords + virtualRouterKeywords + trackingKeywords + virtualServerKeywords + checkerKeywords
    + webCheckerKeywords + ownCheckerKeywords

  /// All rows, table after table.
  static let rows: [Keyword] = tables.flatMap { $0.keywords }

  /// Asked for after every line.
  static let includeCheck = find(Array("include_check".utf8)[...], in: .globalDefinitions)

  private static let index = Lookup(tables)

  /// The row at `index`.
  public static subscript(index: KeywordIndex) -> Keyword { rows[Int(index.rawValue)] }

  /// The row of the keyword `name` in `context`.
  static func find(_ name: ArraySlice<UInt8>, in context: Context) -> KeywordIndex? {
    index.find(name, context, rows)
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

/// An open-addressing table from a block and the bytes of a word to a row: no string is made to look a word up.
private struct Lookup: Sendable {
  /// Row numbers plus one; zero is an empty place.
  private var places: [UInt16]
  private var contexts: [Context] = []

  init(_ tables: [KeywordTable]) {
    let count = tables.reduce(0) { $0 + $1.keywords.count }
    var size = 16
    while size < count * 3 { size *= 2 }
    places = [UInt16](repeating: 0, count: size)
    for table in tables {
      for keyword in table.keywords {
        var place = Self.hash(Array(keyword.name.utf8)[...], table.context) & (size - 1)
        while places[place] != 0 { place = (place + 1) & (size - 1) }
        contexts.append(table.context)
        places[place] = UInt16(contexts.count)
      }
    }
  }

  func find(_ name: ArraySlice<UInt8>, _ context: Context, _ rows: [Keyword]) -> KeywordIndex? {
    var place = Self.hash(name, context) & (places.count - 1)
    while places[place] != 0 {
      let row = Int(places[place]) - 1
      if contexts[row] == context, rows[row].name.utf8.elementsEqual(name) {
        return KeywordIndex(rawValue: UInt16(row))
      }
      place = (place + 1) & (places.count - 1)
    }
    return nil
  }

  /// FNV-1a.
  private static func hash(_ name: ArraySlice<UInt8>, _ context: Context) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(context.rawValue)
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 29)
  }
}
