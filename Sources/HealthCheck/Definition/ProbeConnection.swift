public import NetPrimitives

/// Where a probe goes and from where.
public struct ProbeConnection: Hashable, Sendable {
  /// `connect_ip`, else the real server's address.
  public var address: IPAddress
  /// `connect_port`, else the real server's port. Unused by pings.
  public var port: UInt16
  /// `bindto`: the local address; `nil` leaves it to the kernel.
  public var localAddress: IPAddress?
  /// `bind_port`: the local port; 0 is any.
  public var localPort: UInt16
  /// `bind_if`: the interface the socket is bound to. A link-local target needs it.
  public var interface: String?
  /// `fwmark`: the mark of the probe's packets; 0 is none.
  public var mark: UInt32

  /// A connection to an address and port, from anywhere.
  public init(
    to address: IPAddress, port: UInt16, localAddress: IPAddress? = nil, localPort: UInt16 = 0,
    interface: String? = nil, mark: UInt32 = 0
  ) {
    self.address = address
    self.port = port
    self.localAddress = localAddress
    self.localPort = localPort
    self.interface = interface
    self.mark = mark
  }

  /// `ADDRESS:PORT`, an IPv6 address in brackets: the Host header of last resort (RFC 3986 §3.2.2).
  public var authority: String {
    switch address {
    case .v4(let address): "\(address):\(port)"
    case .v6(let address): "[\(address)]:\(port)"
    }
  }
}
