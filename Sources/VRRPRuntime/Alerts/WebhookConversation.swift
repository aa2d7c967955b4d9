public import NetPrimitives
public import VRRPCore

/// One HTTP/1.1 POST and what came of it (RFC 9112), without the connection it takes place on.
public struct WebhookConversation: Sendable {
  /// What to send once the connection stands.
  public let request: [UInt8]
  private var head: [UInt8] = []
  private var isOver = false
  /// When the server is given up; `nil` once the conversation is over.
  public private(set) var nextDeadline: MonotonicInstant?

  /// The longest head of a response that is read, in bytes.
  public static let longestHead = 4096

  /// The POST of `json` to `hook`, whose connection is being made since `now`.
  public init(_ json: String, to hook: AlertDefinition.Webhook, now: MonotonicInstant) {
    let body = Array(json.utf8)
    let isIPv6 = hook.host.utf8.contains(UInt8(ascii: ":"))
    let host = isIPv6 ? "[\(hook.host)]" : hook.host
    let port = hook.port == (hook.isEncrypted ? 443 : 80) ? "" : ":\(hook.port)"
    let path = hook.path.hasPrefix("/") ? hook.path : "/\(hook.path)"
    var lines = [
      "POST \(Self.word(path)) HTTP/1.1", "Host: \(Self.word(host))\(port)", "User-Agent: vrrpd",
      "Content-Type: application/json", "Content-Length: \(body.count)", "Connection: close",
    ]
    if let token = hook.bearerToken { lines.append("Authorization: Bearer \(Self.word(token))") }
    request = Array((lines + ["", ""]).joined(separator: "\r\n").utf8) + body
    nextDeadline = now.advanced(byNanoseconds: hook.timeoutNanoseconds)
  }

  /// What happens on the connection.
  public enum Event: Hashable, Sendable {
    case connected
    case received([UInt8])
    /// The other side closed it, or it could not be made or encrypted.
    case closed
    case deadlineReached
  }

  /// What the shell must do.
  public enum Effect: Hashable, Sendable {
    case send([UInt8])
    /// Close the connection: the server took it.
    case delivered
    /// Close the connection: it did not.
    case failed(Failure)
  }

  /// Why the server did not take it.
  public enum Failure: Error, Hashable, Sendable {
    case timedOut
    case closed
    /// What it said is no HTTP.
    case malformedResponse
    /// It answered with another status than 2xx.
    case status(UInt16)
  }

  /// Advances the conversation. After ``Effect/delivered`` or ``Effect/failed(_:)`` nothing happens any more.
  public mutating func handle(_ event: Event, now: MonotonicInstant) -> [Effect] {
    guard !isOver else { return [] }
    switch event {
    case .connected: return [.send(request)]
    case .closed: return end(.failed(.closed))
    case .deadlineReached:
      guard let nextDeadline, nextDeadline <= now else { return [] }
      return end(.failed(.timedOut))
    case .received(let bytes):
      head += bytes
      return takeHead()
    }
  }

  private mutating func takeHead() -> [Effect] {
    while let end = head.firstIndex(of: UInt8(ascii: "\n")) {
      guard let status = Self.status(of: head[..<end]) else { return self.end(.failed(.malformedResponse)) }
      switch status {
      case 100..<200:
        // An interim response: another head follows the empty line that ends this one.
        guard let next = Self.endOfHead(in: head) else { return bounded() }
        head.removeFirst(next)
      case 200..<300: return self.end(.delivered)
      default: return self.end(.failed(.status(status)))
      }
    }
    return bounded()
  }

  private mutating func bounded() -> [Effect] {
    head.count > Self.longestHead ? end(.failed(.malformedResponse)) : []
  }

  private mutating func end(_ effect: Effect) -> [Effect] {
    isOver = true
    nextDeadline = nil
    return [effect]
  }

  /// The number in `HTTP/1.x NNN …`; `nil` when it is no such line.
  private static func status(of line: ArraySlice<UInt8>) -> UInt16? {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
    guard words.count >= 2, words[0].starts(with: Array("HTTP/1.".utf8)) else { return nil }
    let digits = words[1].filter { $0 != UInt8(ascii: "\r") }
    guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 * 10 + UInt16($1 - 0x30) }
  }

  /// How many bytes the head and the empty line after it are.
  private static func endOfHead(in bytes: [UInt8]) -> Int? {
    var isLineEmpty = false
    for (index, byte) in bytes.enumerated() {
      switch byte {
      case UInt8(ascii: "\n") where isLineEmpty: return index + 1
      case UInt8(ascii: "\n"): isLineEmpty = true
      case UInt8(ascii: "\r"): break
      default: isLineEmpty = false
      }
    }
    return nil
  }

  /// `text` without anything that could end a line or a word of the request.
  private static func word(_ text: String) -> String {
    String(decoding: text.utf8.filter { $0 > 0x20 && $0 != 0x7f }, as: UTF8.self)
  }
}
