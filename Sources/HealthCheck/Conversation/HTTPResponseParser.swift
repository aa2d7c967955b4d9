import NetPrimitives

/// Reads an HTTP/1 response piecewise (RFC 9112) and keeps no more of it than one line.
///
/// Feed it every stretch of bytes until it has been used up: ``next(in:from:)`` takes what it can from an offset and
/// says what it understood. Hostile input ends in a ``ProbeFailure``; after one the parser must not be used.
public struct HTTPResponseParser: Hashable, Sendable {
  /// Bytes of one line.
  public static let lineLimit = 8192
  /// Bytes of all header lines together, trailers included.
  public static let headerLimit = 65_536
  /// Interim responses (1xx) before the real one.
  public static let interimLimit = 16

  /// What a stretch of bytes meant.
  public enum Element: Hashable, Sendable {
    /// All was taken and more is needed.
    case needsMore
    /// The header is complete; the response has this status.
    case head(status: UInt16)
    /// These bytes of the stretch are body.
    case body(Range<Int>)
    /// The response is complete; what follows is not part of it.
    case end
  }

  private enum State: Hashable, Sendable {
    case statusLine
    case header
    case fixedBody(remaining: UInt64)
    case chunkSize
    case chunk(remaining: UInt64)
    case chunkEnd
    case trailer
    case openBody
    case done
  }

  private let framing: HTTPCheck.Framing
  private var state = State.statusLine
  private var line: [UInt8] = []
  private var headerBytes = 0
  private var interims = 0
  private var status: UInt16 = 0
  private var contentLength: UInt64?
  private var isChunked = false
  private var hasOtherCoding = false

  /// A parser that finds the end of the body as `framing` says.
  public init(framing: HTTPCheck.Framing = .standard) { self.framing = framing }

  /// The step the response is at.
  public var step: ProbeStep {
    switch state {
    case .statusLine: .statusLine
    case .header: .header
    case .fixedBody, .chunkSize, .chunk, .chunkEnd, .trailer, .openBody, .done: .body
    }
  }

  /// Takes bytes from `offset` on, moves it, and says what they were.
  public mutating func next(in bytes: borrowing RawSpan, from offset: inout Int) throws(ProbeFailure) -> Element {
    while true {
      switch state {
      case .done:
        return .end
      case .openBody:
        return takeBody(in: bytes, from: &offset, upTo: .max) ?? .needsMore
      case .fixedBody(let remaining):
        guard remaining > 0 else {
          state = .done
          continue
        }
        guard let element = takeBody(in: bytes, from: &offset, upTo: remaining) else { return .needsMore }
        return element
      case .chunk(let remaining):
        guard remaining > 0 else {
          state = .chunkEnd
          continue
        }
        guard let element = takeBody(in: bytes, from: &offset, upTo: remaining) else { return .needsMore }
        return element
      case .statusLine, .header, .chunkSize, .chunkEnd, .trailer:
        guard try takeLine(in: bytes, from: &offset) else { return .needsMore }
        let isHeadDone = try endLine()
        line.removeAll(keepingCapacity: true)
        if isHeadDone { return .head(status: status) }
      }
    }
  }

  /// The peer closed: whether the response is complete now. A failure when it was cut short.
  public mutating func close() throws(ProbeFailure) {
    switch state {
    case .openBody, .done:
      state = .done
    case .fixedBody(let remaining) where remaining == 0:
      state = .done
    case .statusLine, .header, .fixedBody, .chunkSize, .chunk, .chunkEnd, .trailer:
      throw ProbeFailure(step, .closedEarly)
    }
  }

  private mutating func takeBody(in bytes: borrowing RawSpan, from offset: inout Int, upTo limit: UInt64) -> Element? {
    let available = bytes.byteCount - offset
    guard available > 0 else { return nil }
    let count = Int(min(UInt64(available), limit))
    switch state {
    case .fixedBody(let remaining): state = .fixedBody(remaining: remaining - UInt64(count))
    case .chunk(let remaining): state = .chunk(remaining: remaining - UInt64(count))
    case .statusLine, .header, .chunkSize, .chunkEnd, .trailer, .openBody, .done: break
    }
    defer { offset += count }
    return .body(offset..<(offset + count))
  }

  private var isChunkFraming: Bool { state == .chunkSize || state == .chunkEnd }

  /// Collects a line; true when its end was seen. A bare LF ends it too (RFC 9112 §2.2).
  private mutating func takeLine(in bytes: borrowing RawSpan, from offset: inout Int) throws(ProbeFailure) -> Bool {
    while offset < bytes.byteCount {
      let byte = bytes.byte(at: offset)
      offset += 1
      if byte == UInt8(ascii: "\n") {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return true
      }
      line.append(byte)
      // Chunks may be many: their sizes are not counted, extensions that hide among them are.
      if !isChunkFraming || line.count > 32 { headerBytes += 1 }
      guard line.count <= Self.lineLimit, headerBytes <= Self.headerLimit else { throw ProbeFailure(step, .tooLong) }
    }
    return false
  }
}

// MARK: - Lines

extension HTTPResponseParser {
  /// Understands the line just collected; true when it was the last one of the final response's header.
  private mutating func endLine() throws(ProbeFailure) -> Bool {
    // Endless empty header or trailer lines are bounded like full ones.
    if !isChunkFraming { headerBytes += 1 }
    switch state {
    case .statusLine:
      status = try Self.status(of: line)
      state = .header
      return false
    case .header:
      guard line.isEmpty else {
        if framing == .standard { try readField() }
        return false
      }
      return try endHead()
    case .chunkSize:
      let size = try Self.chunkSize(of: line)
      state = size == 0 ? .trailer : .chunk(remaining: size)
      return false
    case .chunkEnd:
      guard line.isEmpty else { throw ProbeFailure(.body, .malformed) }
      state = .chunkSize
      return false
    case .trailer:
      if line.isEmpty { state = .done }
      return false
    case .fixedBody, .chunk, .openBody, .done:
      return false
    }
  }

  private mutating func endHead() throws(ProbeFailure) -> Bool {
    if (100...199).contains(status), status != 101, framing == .standard {
      interims += 1
      guard interims <= Self.interimLimit else { throw ProbeFailure(.statusLine, .tooLong) }
      state = .statusLine
      (contentLength, isChunked, hasOtherCoding) = (nil, false, false)
      return false
    }
    // The order of RFC 9112 §6.3.
    if framing == .untilClose {
      state = .openBody
    } else if status == 204 || status == 304 || status == 101 {
      state = .done
    } else if isChunked {
      state = .chunkSize
    } else if hasOtherCoding {
      state = .openBody
    } else if let contentLength {
      state = .fixedBody(remaining: contentLength)
    } else {
      state = .openBody
    }
    return true
  }

  private mutating func readField() throws(ProbeFailure) {
    guard let first = line.first, first != UInt8(ascii: " "), first != UInt8(ascii: "\t") else {
      return  // A folded line (RFC 9112 §5.2) belongs to a field we have read; none we read may be folded.
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { throw ProbeFailure(.header, .malformed) }
    let value = Self.trimmed(line[(colon + 1)...])
    if Self.equals(line[..<colon], "content-length") {
      guard let length = Self.decimal(value), contentLength == nil || contentLength == length else {
        throw ProbeFailure(.header, .malformed)
      }
      contentLength = length
    } else if Self.equals(line[..<colon], "transfer-encoding") {
      // Only the last coding tells how the body ends (RFC 9112 §6.1).
      let last = value.lastIndex(of: UInt8(ascii: ",")).map { Self.trimmed(value[($0 + 1)...]) } ?? value
      isChunked = Self.equals(last, "chunked")
      hasOtherCoding = !isChunked
    }
  }

  /// `HTTP/1.1 200 OK`: the code is the three digits after the first space.
  private static func status(of line: [UInt8]) throws(ProbeFailure) -> UInt16 {
    let malformed = ProbeFailure(.statusLine, .malformed)
    guard line.count >= 12, line.starts(with: Array("HTTP/".utf8)) else { throw malformed }
    guard let space = line.firstIndex(of: UInt8(ascii: " ")), space + 4 <= line.count else { throw malformed }
    guard space + 4 == line.count || line[space + 4] == UInt8(ascii: " ") else { throw malformed }
    guard let code = decimal(line[(space + 1)..<(space + 4)]), code >= 100 else { throw malformed }
    return UInt16(code)
  }

  private static func chunkSize(of line: [UInt8]) throws(ProbeFailure) -> UInt64 {
    let digits = trimmed(line.prefix { $0 != UInt8(ascii: ";") })
    var size: UInt64 = 0
    guard (1...15).contains(digits.count) else { throw ProbeFailure(.body, .malformed) }
    for byte in digits {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw ProbeFailure(.body, .malformed)
      }
      size = size << 4 | UInt64(digit)
    }
    return size
  }

  private static func decimal(_ text: ArraySlice<UInt8>) -> UInt64? {
    guard (1...18).contains(text.count) else { return nil }
    var value: UInt64 = 0
    for byte in text {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + UInt64(byte - UInt8(ascii: "0"))
    }
    return value
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    var rest = text.drop(while: isBlank)
    while let last = rest.last, isBlank(last) { rest.removeLast() }
    return rest
  }

  /// Compares a field's name or value with `lowercase`, in either case.
  private static func equals(_ text: ArraySlice<UInt8>, _ lowercase: StaticString) -> Bool {
    let wanted = "\(lowercase)".utf8
    guard text.count == wanted.count else { return false }
    return zip(text, wanted).allSatisfy { byte, letter in
      ((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte) == letter
    }
  }
}
