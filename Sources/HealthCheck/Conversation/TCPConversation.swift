import NetPrimitives

/// `TCP_CHECK`: connected is good enough, unless there is a script to follow.
public struct TCPConversation<Toolbox: ProbeToolbox>: Conversation {
  /// Bytes one `expect` reads before it gives up.
  public static var expectLimit: Int { 65_536 }

  private let script: [TCPCheck.Step]
  private let toolbox: Toolbox
  private var index = 0
  private var seen = 0
  private var search = ByteSearch([])
  private var matcher: Toolbox.Matcher?

  /// A conversation that follows `script`.
  public init(script: [TCPCheck.Step], toolbox: Toolbox) {
    self.script = script
    self.toolbox = toolbox
  }

  public var step: ProbeStep { script.isEmpty ? .connect : .script(UInt16(clamping: index)) }

  public mutating func begin(output: inout [UInt8]) -> Finding.Outcome? { proceed(output: &output) }

  public mutating func receive(_ bytes: borrowing RawSpan, output: inout [UInt8]) -> Finding.Outcome? {
    var offset = 0
    while offset < bytes.byteCount {
      guard index < script.count else { return .success(.unchanged) }
      switch script[index] {
      case .send:
        preconditionFailure("sends are passed at once")
      case .expect:
        let room = min(bytes.byteCount - offset, Self.expectLimit - seen)
        let piece = bytes.extracting(offset..<(offset + room))
        let used = search.find(in: piece)
        seen += used ?? room
        offset += used ?? room
        guard used != nil else {
          if seen >= Self.expectLimit { return failed(.tooLong) }
          return nil
        }
      case .expectPattern(let pattern):
        guard var matcher else { return .inconclusive(.unusableDefinition) }
        let room = min(bytes.byteCount - offset, Self.expectLimit - seen)
        matcher.update(bytes.extracting(offset..<(offset + room)))
        self.matcher = matcher
        seen += room
        offset += room
        // Where a pattern ends is the matcher's secret: the rest of what came belongs to this step.
        guard matcher.hasMatch else {
          if seen >= Self.expectLimit { return pattern.mustNotMatch ? advance(&output) : failed(.tooLong) }
          return nil
        }
        if pattern.mustNotMatch { return failed(.patternPresent) }
      }
      if let outcome = advance(&output) { return outcome }
    }
    return nil
  }

  public mutating func peerClosed() -> Finding.Outcome {
    // Silence and a close are what "must not match" hopes for, if it is the last thing hoped for.
    if index == script.count - 1, case .expectPattern(let pattern) = script[index], pattern.mustNotMatch {
      return .success(.unchanged)
    }
    return failed(.closedEarly)
  }

  private mutating func advance(_ output: inout [UInt8]) -> Finding.Outcome? {
    index += 1
    return proceed(output: &output)
  }

  /// Sends what is to be sent and stops at the next thing to wait for.
  private mutating func proceed(output: inout [UInt8]) -> Finding.Outcome? {
    while index < script.count {
      switch script[index] {
      case .send(let bytes):
        output.append(contentsOf: bytes)
        index += 1
      case .expect(let wanted):
        seen = 0
        search = ByteSearch(wanted)
        if !wanted.isEmpty { return nil }
        index += 1
      case .expectPattern(let pattern):
        seen = 0
        matcher = toolbox.makeMatcher(for: pattern)
        return matcher == nil ? .inconclusive(.unusableDefinition) : nil
      }
    }
    return .success(.unchanged)
  }
}

/// A search for a byte string in a stream, by the table of Knuth, Morris and Pratt: it keeps no content.
struct ByteSearch {
  private let wanted: [UInt8]
  /// For each prefix of `wanted`, how long its longest proper border is.
  private let borders: [Int]
  private var matched = 0

  init(_ wanted: [UInt8]) {
    self.wanted = wanted
    var borders = [Int](repeating: 0, count: wanted.count)
    var length = 0
    for index in wanted.indices.dropFirst() {
      while length > 0, wanted[index] != wanted[length] { length = borders[length - 1] }
      if wanted[index] == wanted[length] { length += 1 }
      borders[index] = length
    }
    self.borders = borders
  }

  /// How many of `bytes` it took to complete the string; `nil` when they did not.
  mutating func find(in bytes: borrowing RawSpan) -> Int? {
    guard !wanted.isEmpty else { return 0 }
    for offset in 0..<bytes.byteCount {
      let byte = bytes.byte(at: offset)
      while matched > 0, wanted[matched] != byte { matched = borders[matched - 1] }
      if wanted[matched] == byte { matched += 1 }
      if matched == wanted.count {
        matched = 0
        return offset + 1
      }
    }
    return nil
  }
}
