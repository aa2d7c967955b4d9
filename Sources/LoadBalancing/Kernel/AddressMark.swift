public import NetPrimitives

/// Packets that are to get a mark by which IPVS finds their service.
public struct AddressMark: Hashable, Sendable, BitwiseCopyable {
  /// Their protocol.
  public var transport: TransportProtocol
  /// The first address they may go to.
  public var first: IPAddress
  /// The last one, of the same family, and of IPv6 with the same upper half.
  public var last: IPAddress
  /// The port they go to, not 0.
  public var port: UInt16
  /// The mark, not 0.
  public var mark: UInt32

  /// A mark for the packets to a range of addresses.
  public init(_ transport: TransportProtocol, first: IPAddress, last: IPAddress, port: UInt16, mark: UInt32) {
    self.transport = transport
    self.first = first
    self.last = last
    self.port = port
    self.mark = mark
  }

  /// The service of the kernel that is behind the mark.
  public var service: IPVSServiceKey { .firewallMark(mark, first.family) }
}
