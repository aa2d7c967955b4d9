/// `HTTP_GET` and, over TLS, `SSL_GET`: one request for one URL. Redirects are answers like any other, never followed.
public struct HTTPConversation<Toolbox: ProbeToolbox>: Conversation {
  private var parser: HTTPResponseParser
  private var content: ContentCheck<Toolbox>
  private let request: [UInt8]?

  /// A conversation about the URL at `index` of `check`. Traps unless there is one.
  public init(_ check: HTTPCheck, url index: Int, toolbox: Toolbox) {
    let url = check.urls[index]
    parser = HTTPResponseParser(framing: check.framing)
    content = ContentCheck(url, toolbox: toolbox)
    request = check.request(for: url)
  }

  public var step: ProbeStep { parser.step }

  public mutating func begin(output: inout [UInt8]) -> Finding.Outcome? {
    guard let request, content.isUsable else { return .inconclusive(.unusableDefinition) }
    output.append(contentsOf: request)
    return nil
  }

  public mutating func receive(_ bytes: borrowing RawSpan, output: inout [UInt8]) -> Finding.Outcome? {
    var offset = 0
    while true {
      let element: HTTPResponseParser.Element
      do { element = try parser.next(in: bytes, from: &offset) } catch { return .failure(error) }
      switch element {
      case .needsMore:
        return nil
      case .head(let status):
        if let outcome = content.judge(status: status) { return outcome }
      case .body(let range):
        if let outcome = content.add(bytes.extracting(range)) { return outcome }
      case .end:
        return content.conclude()
      }
    }
  }

  public mutating func peerClosed() -> Finding.Outcome {
    do { try parser.close() } catch { return .failure(error) }
    return content.conclude()
  }
}

/// Whether `text` has neither blanks nor control characters, which would let it say more than it should on a line.
func isOneWord(_ text: String) -> Bool { text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f } }

/// Whether a response is the one wanted: status, digest, pattern. Shared by the versions of HTTP.
struct ContentCheck<Toolbox: ProbeToolbox> {
  /// Body bytes read for a digest or a pattern before the check gives up: 64 MiB.
  static var bodyLimit: Int { 64 << 20 }
  /// Body bytes read for nothing but the server's comfort before the check is content: 64 KiB.
  static var courtesyLimit: Int { 64 << 10 }

  private let url: HTTPCheck.URL
  private var digest: Toolbox.Digest?
  private var matcher: Toolbox.Matcher?
  private var byteCount = 0

  init(_ url: HTTPCheck.URL, toolbox: Toolbox) {
    self.url = url
    if url.digest != nil { digest = toolbox.makeDigest() }
    if let pattern = url.pattern { matcher = toolbox.makeMatcher(for: pattern) }
  }

  /// Whether the tools the URL needs are there.
  var isUsable: Bool { (url.digest == nil || digest != nil) && (url.pattern == nil || matcher != nil) }

  private var needsBody: Bool { digest != nil || matcher != nil }

  func judge(status: UInt16) -> Finding.Outcome? {
    url.statusCodes.contains(status) ? nil : .failure(ProbeFailure(.statusLine, .unexpectedStatus(status)))
  }

  mutating func add(_ bytes: borrowing RawSpan) -> Finding.Outcome? {
    byteCount += bytes.byteCount
    guard needsBody else { return byteCount > Self.courtesyLimit ? .success(.unchanged) : nil }
    guard byteCount <= Self.bodyLimit else { return .failure(ProbeFailure(.body, .tooLong)) }
    digest?.update(bytes)
    matcher?.update(bytes)
    return nil
  }

  mutating func conclude() -> Finding.Outcome {
    if let wanted = url.digest, digest?.finish() != wanted {
      return .failure(ProbeFailure(.digest, .digestMismatch))
    }
    if let pattern = url.pattern, let matcher, matcher.hasMatch == pattern.mustNotMatch {
      return .failure(ProbeFailure(.content, pattern.mustNotMatch ? .patternPresent : .patternMissing))
    }
    return .success(.unchanged)
  }
}
