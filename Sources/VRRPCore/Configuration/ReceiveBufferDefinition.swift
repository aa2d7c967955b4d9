/// How much of what the kernel tells may wait in one socket before some is lost.
public struct ReceiveBufferDefinition: Hashable, Sendable {
  /// In bytes; `nil` for our own limit.
  public var byteCount: UInt32?
  /// More than `net.core.rmem_max` may be asked for (`SO_RCVBUFFORCE`).
  public var isForced = false

  /// Our own limit.
  public init(byteCount: UInt32? = nil, isForced: Bool = false) {
    self.byteCount = byteCount
    self.isForced = isForced
  }
}

/// The netlink sockets of one process.
public struct NetlinkBufferDefinition: Hashable, Sendable {
  /// Of the socket that asks and is answered (`…_netlink_cmd_rcv_bufs`).
  public var commands = ReceiveBufferDefinition()
  /// Of the socket that is told of changes (`…_netlink_monitor_rcv_bufs`).
  public var events = ReceiveBufferDefinition()

  /// Our own limits.
  public init() {}
}
