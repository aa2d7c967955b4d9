/// Whether a BFD session is up: what the BFD process tells the parent, and the parent those who follow it
/// (`track_bfd`, `BFD_CHECK`).
public struct SessionNews: Hashable, Sendable {
  /// The name of the `bfd_instance`.
  public var name: String
  /// Whether it is up now.
  public var isUp: Bool
  /// `vrrp` or neither: the VRRP process is to hear it.
  public var informsRouters: Bool
  /// `checker` or neither: the check process is to hear it.
  public var informsChecks: Bool

  /// News of a session.
  public init(name: String, isUp: Bool, informsRouters: Bool = true, informsChecks: Bool = true) {
    self.name = name
    self.isUp = isUp
    self.informsRouters = informsRouters
    self.informsChecks = informsChecks
  }

  /// The first byte of the message; no ``HookRequest``, ``HookReply`` or ``RouterNews`` has it.
  static let kind: UInt8 = 0x42

  /// The message as bytes.
  public var encoded: [UInt8] {
    let content = Array(name.utf8)
    let flags: UInt8 = (isUp ? 1 : 0) | (informsRouters ? 2 : 0) | (informsChecks ? 4 : 0)
    return [Self.kind, flags] + UInt64(content.count).bigEndianBytes + content
  }

  /// Reads a message.
  public init(decoding bytes: ArraySlice<UInt8>) throws(HookMessageError) {
    var rest = bytes
    guard let kind = rest.popFirst(), let flags = rest.popFirst() else { throw .truncated }
    guard kind == Self.kind else { throw .unknownKind(kind) }
    isUp = flags & 1 != 0
    informsRouters = flags & 2 != 0
    informsChecks = flags & 4 != 0
    name = try rest.takeText()
  }
}
