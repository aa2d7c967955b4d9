/// What a process asks its parent, which alone starts scripts: one that sends adverts, or checks servers, never forks.
public enum HookRequest: Hashable, Sendable {
  /// Start a script, unless it must not be run; its end is answered by a ``HookReply`` with the same number.
  case run(number: UInt64, ScriptOrder)
  /// Copy what the asking process has open as `descriptor` to the file at `path`, replacing it.
  case copy(number: UInt64, descriptor: Int32, path: String)
  /// Send a signal to the process group of a program.
  case signal(number: UInt64, Int32)
  /// A router changed; for processes that asked to hear of it. Not answered.
  case routerNews(RouterNews)
  /// A BFD session went up or down; for processes that follow it. Not answered.
  case sessionNews(SessionNews)
  /// Tell people: by mail, by a webhook. Not answered; how it went is in the log.
  case alert(AlertDelivery)
  /// The configuration has been read. Not answered.
  case configurationRead
}

/// How a program that was asked for ended.
public struct HookReply: Hashable, Sendable {
  /// The number of the request.
  public var number: UInt64
  /// How it ended.
  public var end: End

  /// The ways to end.
  public enum End: Hashable, Sendable {
    /// With this status, 0…255.
    case exited(UInt8)
    /// By this signal.
    case signaled(UInt8)
    /// It could not be started, for this reason of the kernel's.
    case notStarted(errno: Int32)
    /// It was not started, for what is wrong with it or its user, in words.
    case refused(String)
  }

  /// A reply.
  public init(number: UInt64, end: End) {
    self.number = number
    self.end = end
  }
}

/// Why bytes are no message. The peer is a process of ours, yet a defect there must not become one here.
public enum HookMessageError: Error, Hashable, Sendable, BitwiseCopyable {
  case truncated
  case unknownKind(UInt8)
  case tooManyArguments(Int)
}

extension HookRequest {
  /// The longest message, and so the longest command line.
  public static let byteLimit = 16_384
  private static let alertKind: UInt8 = 4
  private static let readKind: UInt8 = 5

  /// The message as bytes; `nil` when it is too long.
  public var encoded: [UInt8]? {
    var bytes: [UInt8] = []
    switch self {
    case .run(let number, let order):
      guard let order = order.encoded else { return nil }
      bytes = [1] + number.bigEndianBytes + order
    case .copy(let number, let descriptor, let path):
      let content = Array(path.utf8)
      bytes.append(3)
      bytes.append(contentsOf: number.bigEndianBytes)
      bytes.append(contentsOf: UInt64(UInt32(bitPattern: descriptor)).bigEndianBytes)
      bytes.append(contentsOf: UInt64(content.count).bigEndianBytes)
      bytes.append(contentsOf: content)
    case .signal(let number, let signal):
      bytes.append(2)
      bytes.append(contentsOf: number.bigEndianBytes)
      bytes.append(contentsOf: UInt64(UInt32(bitPattern: signal)).bigEndianBytes)
    case .routerNews(let news):
      bytes = news.encoded
    case .sessionNews(let news):
      bytes = news.encoded
    case .alert(let delivery):
      bytes = [Self.alertKind] + delivery.encoded
    case .configurationRead:
      bytes = [Self.readKind]
    }
    return bytes.count <= Self.byteLimit ? bytes : nil
  }

  /// Reads a message.
  public init(decoding bytes: ArraySlice<UInt8>) throws(HookMessageError) {
    var rest = bytes
    guard let kind = rest.popFirst() else { throw .truncated }
    if kind == RouterNews.kind {
      self = .routerNews(try RouterNews(decoding: bytes))
      return
    }
    if kind == SessionNews.kind {
      self = .sessionNews(try SessionNews(decoding: bytes))
      return
    }
    if kind == Self.alertKind {
      self = .alert(try AlertDelivery(decoding: &rest))
      return
    }
    if kind == Self.readKind {
      self = .configurationRead
      return
    }
    let number = try rest.takeNumber()
    switch kind {
    case 1: self = .run(number: number, try ScriptOrder(decoding: &rest))
    case 2:
      self = .signal(number: number, Int32(truncatingIfNeeded: try rest.takeNumber()))
    case 3:
      let descriptor = Int32(truncatingIfNeeded: try rest.takeNumber())
      self = .copy(number: number, descriptor: descriptor, path: try rest.takeText())
    default:
      throw .unknownKind(kind)
    }
  }
}

extension HookReply {
  /// The longest message: what is wrong with a script is cut off there.
  public static let byteLimit = 4096
  private static let headerByteCount = 17

  /// The message as bytes.
  public var encoded: [UInt8] {
    var words: [UInt8] = []
    let (kind, value): (UInt8, UInt64)
    switch end {
    case .exited(let status): (kind, value) = (1, UInt64(status))
    case .signaled(let signal): (kind, value) = (2, UInt64(signal))
    case .notStarted(let errno): (kind, value) = (3, UInt64(UInt32(bitPattern: errno)))
    case .refused(let text):
      words = Array(text.utf8.prefix(Self.byteLimit - Self.headerByteCount))
      (kind, value) = (4, UInt64(words.count))
    }
    return [kind] + number.bigEndianBytes + value.bigEndianBytes + words
  }

  /// Reads a message.
  public init(decoding bytes: ArraySlice<UInt8>) throws(HookMessageError) {
    var rest = bytes
    guard let kind = rest.popFirst() else { throw .truncated }
    number = try rest.takeNumber()
    if kind == 4 {
      end = .refused(try rest.takeText())
      return
    }
    let value = try rest.takeNumber()
    switch kind {
    case 1: end = .exited(UInt8(truncatingIfNeeded: value))
    case 2: end = .signaled(UInt8(truncatingIfNeeded: value))
    case 3: end = .notStarted(errno: Int32(truncatingIfNeeded: value))
    default: throw .unknownKind(kind)
    }
  }
}

extension UInt64 {
  var bigEndianBytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * UInt64($0))) } }
}

extension ArraySlice<UInt8> {
  mutating func takeNumber() throws(HookMessageError) -> UInt64 {
    guard count >= 8 else { throw .truncated }
    var value: UInt64 = 0
    for byte in prefix(8) { value = value << 8 | UInt64(byte) }
    removeFirst(8)
    return value
  }

  mutating func takeText() throws(HookMessageError) -> String {
    let length = try takeNumber()
    guard length <= UInt64(count) else { throw .truncated }
    defer { removeFirst(Int(length)) }
    return String(decoding: prefix(Int(length)), as: UTF8.self)
  }
}
