/// One header field, as bytes.
public struct HeaderField: Hashable, Sendable {
  /// The name, in lower case as HTTP/2 wants it.
  public var name: [UInt8]
  /// The value.
  public var value: [UInt8]

  /// A field.
  public init(name: [UInt8], value: [UInt8]) {
    self.name = name
    self.value = value
  }

  /// A field of text.
  public init(_ name: String, _ value: String) {
    self.init(name: Array(name.utf8), value: Array(value.utf8))
  }
}

/// Why a header block cannot be decoded.
public enum HPACKError: Error, Hashable, Sendable, BitwiseCopyable {
  /// The block ends within a field.
  case truncated
  /// An integer beyond 28 bits (RFC 7541 §5.1 leaves the limit to us).
  case badInteger
  /// No entry of this index.
  case badIndex
  /// Bytes that are not Huffman-coded text.
  case badString
  /// A table size beyond what we allowed, or one given where none may be (RFC 7541 §4.2).
  case badTableSize
  /// More fields or bytes than we accept.
  case tooLong
}

/// Decodes header blocks (RFC 7541), remembering the fields the peer indexed: at most 4096 bytes by the count of §4.1.
public struct HPACKDecoder: Hashable, Sendable {
  /// `SETTINGS_HEADER_TABLE_SIZE` as it is when nobody says otherwise, and we never do.
  public static let tableLimit = 4096
  /// Bytes of all names and values of one block.
  public static let listLimit = 65_536
  /// Fields of one block.
  public static let fieldLimit = 512

  /// Newest first.
  private var table: [HeaderField] = []
  private var tableSize = 0
  private var allowedSize = tableLimit

  /// A decoder at the start of a connection.
  public init() {}

  /// Decodes one complete block. After an error the connection is lost.
  public mutating func decode(_ block: [UInt8]) throws(HPACKError) -> [HeaderField] {
    var reader = HPACKReader(bytes: block)
    var fields: [HeaderField] = []
    var size = 0
    while !reader.isAtEnd {
      let first = try reader.peek()
      if first & 0xe0 == 0x20 {
        guard fields.isEmpty else { throw .badTableSize }
        try resize(to: reader.integer(prefix: 5))
        continue
      }
      let field = try field(startingWith: first, &reader)
      size += field.name.count + field.value.count
      fields.append(field)
      guard fields.count <= Self.fieldLimit, size <= Self.listLimit else { throw .tooLong }
    }
    return fields
  }

  private mutating func field(
    startingWith first: UInt8, _ reader: inout HPACKReader
  ) throws(HPACKError) -> HeaderField {
    if first & 0x80 != 0 { return try entry(reader.integer(prefix: 7)) }
    let isIndexed = first & 0xc0 == 0x40
    let index = try reader.integer(prefix: isIndexed ? 6 : 4)
    let name = index == 0 ? try reader.string() : try entry(index).name
    let field = HeaderField(name: name, value: try reader.string())
    if isIndexed { remember(field) }
    return field
  }

  private func entry(_ index: Int) throws(HPACKError) -> HeaderField {
    let entries = HPACKStaticTable.entries
    guard index > 0 else { throw .badIndex }
    if index <= entries.count { return HeaderField(entries[index - 1].name, entries[index - 1].value) }
    guard index - entries.count <= table.count else { throw .badIndex }
    return table[index - entries.count - 1]
  }

  private mutating func remember(_ field: HeaderField) {
    table.insert(field, at: 0)
    tableSize += Self.size(of: field)
    evict()
  }

  private mutating func resize(to size: Int) throws(HPACKError) {
    guard size <= Self.tableLimit else { throw .badTableSize }
    allowedSize = size
    evict()
  }

  private mutating func evict() {
    while tableSize > allowedSize, let oldest = table.popLast() { tableSize -= Self.size(of: oldest) }
  }

  /// An entry costs 32 bytes more than its text (RFC 7541 §4.1).
  private static func size(of field: HeaderField) -> Int { field.name.count + field.value.count + 32 }
}

/// The primitives of RFC 7541 §5.
private struct HPACKReader {
  let bytes: [UInt8]
  var offset = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { offset >= bytes.count }

  func peek() throws(HPACKError) -> UInt8 {
    guard offset < bytes.count else { throw .truncated }
    return bytes[offset]
  }

  mutating func integer(prefix bits: UInt8) throws(HPACKError) -> Int {
    let mask = (1 << Int(bits)) - 1
    var value = Int(try peek()) & mask
    offset += 1
    guard value == mask else { return value }
    for shift in stride(from: 0, through: 21, by: 7) {
      let byte = try peek()
      offset += 1
      value += Int(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw .badInteger
  }

  mutating func string() throws(HPACKError) -> [UInt8] {
    let isHuffman = try peek() & 0x80 != 0
    let count = try integer(prefix: 7)
    guard count <= bytes.count - offset else { throw .truncated }
    let raw = bytes[offset..<(offset + count)]
    offset += count
    guard isHuffman else { return Array(raw) }
    guard let text = HPACKHuffman.decode(raw, limit: HPACKDecoder.listLimit) else { throw .badString }
    return text
  }
}

/// Encodes the few fields a probe sends: literal, without Huffman, indexing nothing (RFC 7541 §6.2.2).
enum HPACKEncoder {
  static func append(_ name: String, _ value: String, to block: inout [UInt8]) {
    block.append(0)
    append(name, to: &block)
    append(value, to: &block)
  }

  private static func append(_ text: String, to block: inout [UInt8]) {
    var count = text.utf8.count
    if count < 127 {
      block.append(UInt8(count))
    } else {
      block.append(127)
      count -= 127
      while count >= 128 {
        block.append(UInt8(count & 0x7f) | 0x80)
        count >>= 7
      }
      block.append(UInt8(count))
    }
    block.append(contentsOf: text.utf8)
  }
}
