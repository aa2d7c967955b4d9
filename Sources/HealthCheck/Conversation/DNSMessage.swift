import NetPrimitives

/// A DNS query, and what is read of its answer (RFC 1035 §4).
///
/// The answer is read in place. A compressed name may only point to what lies before it, so that reading ends whatever
/// the bytes say.
public enum DNSMessage {
  /// Why bytes are no message, or a name no name.
  public enum Malformation: Error, Hashable, Sendable, BitwiseCopyable {
    /// The bytes end too early.
    case truncated
    /// A label above 63 octets, an empty one within a name, or a name above 255 octets (RFC 1035 §2.3.4).
    case badName
    /// A compression pointer that does not point backwards, or a label type nobody uses (RFC 1035 §4.1.4).
    case badPointer
  }

  /// Encodes a query for one name: RD set, class IN, one question.
  public static func query(id: UInt16, name: String, type: DNSRecordType) throws(Malformation) -> [UInt8] {
    var message: [UInt8] = [
      UInt8(truncatingIfNeeded: id >> 8), UInt8(truncatingIfNeeded: id), 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0,
    ]
    message += try encode(name: name)
    message += [UInt8(truncatingIfNeeded: type.rawValue >> 8), UInt8(truncatingIfNeeded: type.rawValue), 0, 1]
    return message
  }

  /// The wire form of a name in dotted text; a dot at the end changes nothing.
  public static func encode(name: String) throws(Malformation) -> [UInt8] {
    var text = Array(name.utf8)
    if text.last == UInt8(ascii: ".") { text.removeLast() }
    var wire: [UInt8] = []
    if !text.isEmpty {
      for label in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
        guard (1...63).contains(label.count) else { throw .badName }
        wire.append(UInt8(label.count))
        wire += label
      }
    }
    wire.append(0)
    guard wire.count <= 255 else { throw .badName }
    return wire
  }

  /// The fields of the header (RFC 1035 §4.1.1).
  public struct Header: Hashable, Sendable, BitwiseCopyable {
    /// Chosen by who asks.
    public var id: UInt16
    /// QR: an answer, not a question.
    public var isResponse: Bool
    /// TC: there is more than fitted.
    public var isTruncated: Bool
    /// RCODE; 0 is no error.
    public var responseCode: UInt8
    /// QDCOUNT.
    public var questionCount: UInt16
    /// ANCOUNT.
    public var answerCount: UInt16

    /// Bytes of a header.
    public static let byteCount = 12

    /// Reads the header at the start of `bytes`.
    public init(decoding bytes: borrowing RawSpan) throws(Malformation) {
      guard bytes.byteCount >= Self.byteCount else { throw .truncated }
      id = bytes.bigEndian16(at: 0)
      isResponse = bytes.byte(at: 2) & 0x80 != 0
      isTruncated = bytes.byte(at: 2) & 0x02 != 0
      responseCode = bytes.byte(at: 3) & 0x0f
      questionCount = bytes.bigEndian16(at: 4)
      answerCount = bytes.bigEndian16(at: 6)
    }
  }

  /// Reads the name at `offset` and moves it past the name. The result is in wire form without compression, letters in
  /// lower case.
  public static func name(
    in bytes: borrowing RawSpan, at offset: inout Int
  ) throws(Malformation) -> [UInt8] {
    var wire: [UInt8] = []
    var position = offset
    // A pointer must lead before where this stretch of labels began: strictly backwards, hence finitely often.
    var stretchStart = offset
    var hasJumped = false
    while true {
      guard position < bytes.byteCount else { throw .truncated }
      let length = Int(bytes.byte(at: position))
      switch length {
      case 0:
        wire.append(0)
        if !hasJumped { offset = position + 1 }
        return wire
      case 1...63:
        guard position + 1 + length <= bytes.byteCount else { throw .truncated }
        // One octet is kept for the root that must follow.
        guard wire.count + 1 + length <= 254 else { throw .badName }
        wire.append(UInt8(length))
        for index in 1...length {
          let byte = bytes.byte(at: position + index)
          wire.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        }
        position += 1 + length
      case 0xc0...0xff:
        guard position + 2 <= bytes.byteCount else { throw .truncated }
        let target = Int(bytes.bigEndian16(at: position) & 0x3fff)
        guard target < stretchStart else { throw .badPointer }
        if !hasJumped { offset = position + 2 }
        hasJumped = true
        stretchStart = target
        position = target
      default:
        throw .badPointer
      }
    }
  }
}

extension DNSMessage {
  /// One resource record, its data left where it lies.
  public struct Record: Hashable, Sendable {
    /// TYPE; may be one we do not know.
    public var type: UInt16
    /// CLASS; 1 is IN.
    public var recordClass: UInt16
    /// Where in the message RDATA lies.
    public var data: Range<Int>
  }

  /// Skips the question at `offset`: its name, type and class.
  public static func question(
    in bytes: borrowing RawSpan, at offset: inout Int
  ) throws(Malformation) -> (name: [UInt8], type: UInt16) {
    let name = try name(in: bytes, at: &offset)
    guard offset + 4 <= bytes.byteCount else { throw .truncated }
    defer { offset += 4 }
    return (name, bytes.bigEndian16(at: offset))
  }

  /// Reads the record at `offset` and moves it past the record.
  public static func record(in bytes: borrowing RawSpan, at offset: inout Int) throws(Malformation) -> Record {
    _ = try name(in: bytes, at: &offset)
    guard offset + 10 <= bytes.byteCount else { throw .truncated }
    let length = Int(bytes.bigEndian16(at: offset + 8))
    let start = offset + 10
    guard start + length <= bytes.byteCount else { throw .truncated }
    defer { offset = start + length }
    return Record(
      type: bytes.bigEndian16(at: offset), recordClass: bytes.bigEndian16(at: offset + 2),
      data: start..<(start + length))
  }
}
