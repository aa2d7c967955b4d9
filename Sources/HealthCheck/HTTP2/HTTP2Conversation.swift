import NetPrimitives

/// One request over HTTP/2 (RFC 9113): a GET, or the health check of gRPC. As little of the protocol as a client with
/// one stream needs, and what hostile servers might try bounded.
public struct HTTP2Conversation<Toolbox: ProbeToolbox>: Conversation {
  /// Frames beside those of the response before the conversation is given up.
  public static var controlFrameLimit: Int { 1000 }

  private enum Purpose {
    case get(ContentCheck<Toolbox>)
    case health(body: [UInt8])
    /// While the payload is out.
    case vacant
  }

  private var purpose: Purpose
  /// `nil` when the definition cannot be put on the wire.
  private let request: [UInt8]?
  private var frames = HTTP2FrameReader()
  private var decoder = HPACKDecoder()
  private var hasSettings = false
  private var headerBlock: [UInt8]?
  private var headerEndsStream = false
  private var status: UInt16?
  private var callStatus: UInt8?
  private var controlFrames = 0
  /// Body bytes for which the peer's window has not been opened again.
  private var unreturned = 0

  /// A GET of the URL at `index` of `check`. Traps unless there is one.
  public init(_ check: HTTPCheck, url index: Int, toolbox: Toolbox) {
    let url = check.urls[index]
    let content = ContentCheck(url, toolbox: toolbox)
    purpose = .get(content)
    let host = check.host(of: url)
    guard content.isUsable, !url.path.isEmpty, isOneWord(url.path), isOneWord(host) else {
      request = nil
      return
    }
    var block: [UInt8] = []
    Self.appendRequest("GET", url.path, host, isSecure: check.tls != nil, to: &block)
    HPACKEncoder.append("user-agent", "KeepAliveClient", to: &block)
    var output = Self.preface
    HTTP2Frame.append(
      .headers, flags: HTTP2Frame.endHeaders | HTTP2Frame.endStream, stream: 1, block, to: &output)
    request = block.count <= HTTP2Frame.payloadLimit ? output : nil
  }

  /// `grpc.health.v1.Health/Check` of the service `check` names.
  public init(_ check: GRPCCheck, toolbox: Toolbox) {
    purpose = .health(body: [])
    let authority = check.authority ?? check.connection.authority
    guard isOneWord(authority), check.service.utf8.count < 128 else {
      request = nil
      return
    }
    var block: [UInt8] = []
    Self.appendRequest("POST", "/grpc.health.v1.Health/Check", authority, isSecure: check.tls != nil, to: &block)
    HPACKEncoder.append("te", "trailers", to: &block)
    HPACKEncoder.append("content-type", "application/grpc", to: &block)
    HPACKEncoder.append("user-agent", "KeepAliveClient", to: &block)
    // HealthCheckRequest { string service = 1; }, behind the five bytes that frame a message.
    let name = Array(check.service.utf8)
    let message: [UInt8] = name.isEmpty ? [] : [0x0a, UInt8(name.count)] + name
    var output = Self.preface
    HTTP2Frame.append(.headers, flags: HTTP2Frame.endHeaders, stream: 1, block, to: &output)
    HTTP2Frame.append(
      .data, flags: HTTP2Frame.endStream, stream: 1, [0, 0, 0, 0, UInt8(message.count)] + message, to: &output)
    request = block.count <= HTTP2Frame.payloadLimit ? output : nil
  }

  public var step: ProbeStep {
    if !hasSettings { return .frame }
    return status == nil ? .header : .body
  }

  public mutating func begin(output: inout [UInt8]) -> Finding.Outcome? {
    guard let request else { return .inconclusive(.unusableDefinition) }
    output += request
    return nil
  }

  public mutating func receive(_ bytes: borrowing RawSpan, output: inout [UInt8]) -> Finding.Outcome? {
    var offset = 0
    do {
      while let frame = try frames.next(in: bytes, from: &offset) {
        if let outcome = try take(frame, output: &output) { return outcome }
      }
      return nil
    } catch {
      // What is no frame before the first frame is another protocol, whatever its "length".
      return .failure(hasSettings ? error : malformed)
    }
  }

  /// The connection preface (§3.4) and SETTINGS that forbid server push.
  private static var preface: [UInt8] {
    var output = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    HTTP2Frame.append(.settings, [0, 2, 0, 0, 0, 0], to: &output)
    return output
  }

  private static func appendRequest(
    _ method: String, _ path: String, _ authority: String, isSecure: Bool, to block: inout [UInt8]
  ) {
    HPACKEncoder.append(":method", method, to: &block)
    HPACKEncoder.append(":scheme", isSecure ? "https" : "http", to: &block)
    HPACKEncoder.append(":path", path, to: &block)
    HPACKEncoder.append(":authority", authority, to: &block)
  }
}

// MARK: - Frames

extension HTTP2Conversation {
  private mutating func take(_ frame: HTTP2Frame, output: inout [UInt8]) throws(ProbeFailure) -> Finding.Outcome? {
    let kind = HTTP2Frame.Kind(rawValue: frame.type)
    // A header block is never interrupted (§4.3), and nothing comes before SETTINGS (§3.4).
    if headerBlock != nil, kind != .continuation { throw malformed }
    if !hasSettings, kind != .settings { throw malformed }
    switch kind {
    case .headers:
      guard frame.stream == 1, let block = frame.content else { throw malformed }
      headerBlock = Array(block)
      headerEndsStream = frame.flags & HTTP2Frame.endStream != 0
      return try endOfBlock(frame.flags)
    case .continuation:
      guard frame.stream == 1, let block = headerBlock else { throw malformed }
      try countControlFrame()
      guard block.count + frame.payload.count <= HPACKDecoder.listLimit else { throw ProbeFailure(.header, .tooLong) }
      headerBlock = block + frame.payload
      return try endOfBlock(frame.flags)
    case .data:
      guard frame.stream == 1, status != nil, let body = frame.content else { throw malformed }
      if frame.payload.isEmpty { try countControlFrame() }
      return takeBody(Array(body), of: frame, output: &output)
    case .resetStream:
      guard frame.payload.count == 4 else { throw malformed }
      throw ProbeFailure(step, .reset)
    case .pushPromise:
      throw malformed
    case .settings, .ping, .goAway, .windowUpdate, nil:
      try takeControl(frame, kind, output: &output)
      return nil
    }
  }

  private mutating func takeControl(
    _ frame: HTTP2Frame, _ kind: HTTP2Frame.Kind?, output: inout [UInt8]
  ) throws(ProbeFailure) {
    try countControlFrame()
    let isAcknowledgement = frame.flags & HTTP2Frame.acknowledgement != 0
    switch kind {
    case .settings:
      guard frame.stream == 0, frame.payload.count % 6 == 0 else { throw malformed }
      guard !isAcknowledgement || hasSettings else { throw malformed }
      hasSettings = true
      if !isAcknowledgement {
        HTTP2Frame.append(.settings, flags: HTTP2Frame.acknowledgement, [], to: &output)
      }
    case .ping:
      guard frame.stream == 0, frame.payload.count == 8 else { throw malformed }
      if !isAcknowledgement {
        HTTP2Frame.append(.ping, flags: HTTP2Frame.acknowledgement, frame.payload, to: &output)
      }
    case .goAway:
      guard frame.stream == 0, frame.payload.count >= 8 else { throw malformed }
      // Our stream may still be answered unless it is beyond the last one the peer will look at (§6.8).
      if frame.payload[0..<4].allSatisfy({ $0 == 0 }) { throw ProbeFailure(step, .reset) }
    case .data, .headers, .resetStream, .pushPromise, .windowUpdate, .continuation, nil:
      break
    }
  }

  private mutating func countControlFrame() throws(ProbeFailure) {
    controlFrames += 1
    guard controlFrames <= Self.controlFrameLimit else { throw ProbeFailure(.frame, .tooLong) }
  }

  private mutating func takeBody(
    _ body: [UInt8], of frame: HTTP2Frame, output: inout [UInt8]
  ) -> Finding.Outcome? {
    // Padding counts against the windows too (§6.9.1).
    unreturned += frame.payload.count
    if unreturned >= HTTP2Frame.payloadLimit {
      let increment = (0..<4).map { UInt8(truncatingIfNeeded: unreturned >> (24 - 8 * $0)) }
      for stream in [0, 1] as [UInt32] { HTTP2Frame.append(.windowUpdate, stream: stream, increment, to: &output) }
      unreturned = 0
    }
    let isLast = frame.flags & HTTP2Frame.endStream != 0
    switch purpose {
    case .get(var content):
      purpose = .vacant
      defer { purpose = .get(content) }
      return body.span.withRawSpan { content.add($0) } ?? (isLast ? content.conclude() : nil)
    case .health(let already):
      let whole = already + body
      guard whole.count <= 4096 else { return failed(.tooLong) }
      purpose = .health(body: whole)
      return isLast ? concludeHealth() : nil
    case .vacant:
      return nil
    }
  }

  private var malformed: ProbeFailure { ProbeFailure(.frame, .malformed) }
}

// MARK: - Headers

extension HTTP2Conversation {
  private mutating func endOfBlock(_ flags: UInt8) throws(ProbeFailure) -> Finding.Outcome? {
    guard flags & HTTP2Frame.endHeaders != 0, let block = headerBlock else { return nil }
    headerBlock = nil
    let fields: [HeaderField]
    do { fields = try decoder.decode(block) } catch {
      throw ProbeFailure(.header, error == .tooLong ? .tooLong : .malformed)
    }
    let isTrailer = status != nil
    for field in fields {
      if field.name == Array(":status".utf8) {
        guard !isTrailer, status == nil, let code = Self.number(field.value), (100...999).contains(code) else {
          throw ProbeFailure(.header, .malformed)
        }
        status = code
      } else if field.name == Array("grpc-status".utf8) {
        callStatus = Self.number(field.value).map { UInt8(clamping: $0) } ?? 2
      }
    }
    guard let status else { throw ProbeFailure(.header, .malformed) }
    if !isTrailer, (100...199).contains(status) {
      // An interim response (§8.1); the real one follows.
      guard !headerEndsStream else { throw ProbeFailure(.header, .malformed) }
      self.status = nil
      try countControlFrame()
      return nil
    }
    guard !isTrailer || headerEndsStream else { throw malformed }
    return conclude(status, isTrailer: isTrailer)
  }

  private mutating func conclude(_ status: UInt16, isTrailer: Bool) -> Finding.Outcome? {
    switch purpose {
    case .get(var content):
      if !isTrailer, let outcome = content.judge(status: status) { return outcome }
      return headerEndsStream ? content.conclude() : nil
    case .health:
      guard status == 200 else { return .failure(ProbeFailure(.statusLine, .unexpectedStatus(status))) }
      return headerEndsStream ? concludeHealth() : nil
    case .vacant:
      return nil
    }
  }

  /// HealthCheckResponse { ServingStatus status = 1; }, SERVING being 1.
  private func concludeHealth() -> Finding.Outcome {
    guard let callStatus else { return .failure(ProbeFailure(.header, .malformed)) }
    guard callStatus == 0 else { return .failure(ProbeFailure(.reply, .callStatus(callStatus))) }
    guard case .health(let body) = purpose, body.count >= 5, body[0] == 0 else {
      return .failure(ProbeFailure(.body, .malformed))
    }
    let length = body[1..<5].reduce(0) { $0 << 8 | Int($1) }
    guard length == body.count - 5, let serving = Self.servingStatus(in: body[5...]) else {
      return .failure(ProbeFailure(.body, .malformed))
    }
    return serving == 1 ? .success(.unchanged) : .failure(ProbeFailure(.reply, .notServing(serving)))
  }

  /// The first field of the message; 0, its default, when it is not there. Fields we do not know are skipped.
  private static func servingStatus(in message: ArraySlice<UInt8>) -> UInt8? {
    var rest = message
    var status: UInt8 = 0
    while !rest.isEmpty {
      guard let tag = varint(&rest) else { return nil }
      switch tag & 7 {
      case 0:
        guard let value = varint(&rest) else { return nil }
        if tag >> 3 == 1 { status = UInt8(clamping: value) }
      case 1, 5:
        let count = tag & 7 == 1 ? 8 : 4
        guard rest.count >= count else { return nil }
        rest = rest.dropFirst(count)
      case 2:
        guard let count = varint(&rest), count <= rest.count else { return nil }
        rest = rest.dropFirst(Int(count))
      default:
        return nil
      }
    }
    return status
  }

  private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: 0 as UInt64, to: 63, by: 7) {
      guard let byte = bytes.popFirst() else { return nil }
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
    }
    return nil
  }

  private static func number(_ text: [UInt8]) -> UInt16? {
    guard (1...3).contains(text.count) else { return nil }
    var value: UInt16 = 0
    for byte in text {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + UInt16(byte - UInt8(ascii: "0"))
    }
    return value
  }
}
