/// Whether a virtual router is active here: what the VRRP process tells the parent, and the parent the check process
/// (`active_on master_of`, `lvs_sync_daemon`).
public struct RouterNews: Hashable, Sendable {
  /// The router's name.
  public var name: String
  /// Whether it is active here now.
  public var isActive: Bool

  /// News of a router.
  public init(name: String, isActive: Bool) {
    self.name = name
    self.isActive = isActive
  }

  /// The first byte of the message; no ``HookRequest`` or ``HookReply`` has it.
  static let kind: UInt8 = 0x52

  /// The message as bytes.
  public var encoded: [UInt8] {
    let content = Array(name.utf8)
    return [Self.kind, isActive ? 1 : 0] + UInt64(content.count).bigEndianBytes + content
  }

  /// Reads a message.
  public init(decoding bytes: ArraySlice<UInt8>) throws(HookMessageError) {
    var rest = bytes
    guard let kind = rest.popFirst(), let state = rest.popFirst() else { throw .truncated }
    guard kind == Self.kind else { throw .unknownKind(kind) }
    isActive = state != 0
    name = try rest.takeText()
  }
}
