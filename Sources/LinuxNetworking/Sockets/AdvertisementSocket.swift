import CLinuxShims
import Glibc
public import NetPrimitives

/// A raw socket that speaks VRRP on one interface (or, for unicast peers, on none in particular) for any number of
/// virtual routers of one family.
///
/// The kernel drops what is not an advert of the VRIDs it was told, so that strangers never wake the process.
/// Not thread-safe: it belongs to its loop.
public final class AdvertisementSocket {
  /// How the socket was set up.
  public let configuration: Configuration
  /// Datagrams that were longer than the buffer or malformed before any VRRP byte; they are dropped.
  public private(set) var malformedCount: UInt64 = 0

  let descriptor: FileDescriptor
  private lazy var single = TransmitBatch(capacity: 1, byteCapacity: 8192)
  /// Nothing that is in the queue now arrived before this instant.
  private var emptySince: MonotonicInstant

  /// What adverts travel in.
  public enum Carrier: Hashable, Sendable, BitwiseCopyable {
    /// IP protocol 112.
    case vrrp
    /// IP protocol 51 around VRRPv2, IPv4 only (RFC 2338 §5.3.6.3). Whole datagrams are sent and handed over, IP header
    /// included, for the check value covers it.
    case authenticationHeader

    var protocolNumber: Int32 {
      switch self {
      case .vrrp: 112
      case .authenticationHeader: 51
      }
    }
  }

  /// The choices of a socket.
  public struct Configuration: Hashable, Sendable {
    /// The family spoken.
    public var family: AddressFamily
    /// The interface adverts are sent and heard on; `nil` leaves it to the routing table, for unicast peers.
    public var interface: InterfaceIndex?
    /// The group joined and sent to; `nil` joins none.
    public var group: IPAddress?
    /// What adverts travel in.
    public var carrier: Carrier = .vrrp
    /// Whether adverts to our own addresses are heard.
    public var acceptsUnicast = false
    /// TTL or hop limit of what we send, 1…255.
    public var hopLimit: UInt8 = 255
    /// TOS or traffic class; 0xc0 is CS6, network control.
    public var trafficClass: UInt8 = 0xc0
    /// The kernel's limit of queued bytes, at least.
    public var receiveBufferBytes: Int32 = 212_992
    /// Lets the source be an address this host does not have (`mcast_src_ip`). Needs CAP_NET_ADMIN.
    public var allowsForeignSource = false

    /// Adverts by multicast on `interface`, to the family's group (224.0.0.18, ff02::12).
    public init(_ family: AddressFamily, on interface: InterfaceIndex) {
      self.family = family
      self.interface = interface
      group = family == .ipv4 ? .v4(.vrrpGroup) : .v6(.vrrpGroup)
    }

    /// Adverts between unicast peers, bound to `interface` when given.
    public init(unicast family: AddressFamily, on interface: InterfaceIndex? = nil) {
      self.family = family
      self.interface = interface
      acceptsUnicast = true
    }
  }

  /// Opens the socket, joins the group and starts to hear `virtualRouters`. Needs CAP_NET_RAW.
  public init(_ configuration: Configuration, virtualRouters: VirtualRouterIDSet = []) throws(SystemCallError) {
    precondition(configuration.hopLimit > 0)
    precondition(configuration.group == nil || configuration.interface != nil, "a group is joined on an interface")
    precondition(configuration.group.map { $0.family == configuration.family } ?? true)
    self.configuration = configuration
    let number = configuration.carrier.protocolNumber
    let domain = configuration.family == .ipv4 ? AF_INET : AF_INET6
    descriptor = try FileDescriptor(
      "socket(\(domain == AF_INET ? "AF_INET" : "AF_INET6"), SOCK_RAW, \(number))", needs: .netRaw
    ) {
      socket(domain, Int32(SOCK_RAW.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), number)
    }
    emptySince = SystemClock.monotonic()
    // Until it is bound the socket would hear every interface.
    try PacketFilter.attach(PacketFilter.dropAll(), to: descriptor)
    try setOptions()
    if configuration.group != nil { try joinGroup() }
    try hear(virtualRouters)
  }

  /// For the reactor; the socket keeps it and closes it.
  public var rawDescriptor: Int32 { descriptor.rawValue }

  /// Hears exactly these VRIDs from now on.
  public func hear(_ virtualRouters: VirtualRouterIDSet) throws(SystemCallError) {
    try PacketFilter.attach(
      PacketFilter.advertisements(
        .init(
          family: configuration.family, carrier: configuration.carrier, virtualRouters: virtualRouters,
          acceptsUnicast: configuration.acceptsUnicast)),
      to: descriptor)
  }
}

// MARK: - Receiving

extension AdvertisementSocket {
  /// What the kernel tells about a datagram.
  public struct Datagram: Hashable, Sendable, BitwiseCopyable {
    /// Who sent it.
    public var source: IPAddress
    /// Whom it was sent to: the group or one of our addresses.
    public var destination: IPAddress
    /// TTL or hop limit on arrival.
    public var hopLimit: UInt8
    /// Where it came in.
    public var interface: InterfaceIndex
    /// When the kernel took it in, on CLOCK_MONOTONIC.
    public var receivedAt: MonotonicInstant
    /// Whether the IPv4 header had options; VRRP has no use for any.
    public var hasOptions: Bool
  }

  /// Takes what waits, at most `limit` datagrams, without blocking, and hands each to `body`: its exact payload (IP
  /// header and Ethernet padding removed) and what is known about it. Returns true when the queue is empty; after false
  /// there may be more, and the reactor will report the socket again.
  ///
  /// ENETDOWN and the like are reported once by the kernel and mean nothing for later calls.
  @discardableResult
  public func receive(
    into buffer: ReceiveBuffer, limit: Int = 256, _ body: (RawSpan, Datagram) -> Void
  ) throws(SystemCallError) -> Bool {
    try buffer.drain(descriptor.rawValue, limit: limit, emptySince: &emptySince) { index, clocks in
      guard !buffer.isTruncated(index) else {
        malformedCount &+= 1
        return
      }
      buffer.withDatagram(index) { bytes, control, name in
        deliver(bytes, control: control, name: name, clocks: clocks, body)
      }
    }
  }

  private func deliver(
    _ bytes: RawSpan, control: RawSpan, name: RawSpan, clocks: TimestampConverter, _ body: (RawSpan, Datagram) -> Void
  ) {
    guard let source = SocketAddress.read(name) else {
      malformedCount &+= 1
      return
    }
    var datagram = Datagram(
      source: source, destination: .any(configuration.family), hopLimit: 0, interface: InterfaceIndex(rawValue: 0),
      receivedAt: clocks.now, hasOptions: false)
    ControlMessages.forEach(in: control) { level, type, data in
      datagram.read(level: level, type: type, data: data, clocks: clocks)
    }
    // What comes through a port of a VRF device is for the router on the VRF.
    if configuration.group == nil, let bound = configuration.interface { datagram.interface = bound }
    switch configuration.family {
    case .ipv6:
      body(bytes, datagram)
    case .ipv4:
      guard bytes.byteCount >= 20 else {
        malformedCount &+= 1
        return
      }
      let headerLength = Int(bytes.byte(at: 0) & 15) * 4
      // The frame may be padded to Ethernet's minimum: only the IP header knows where the payload ends.
      let end = min(Int(bytes.bigEndian16(at: 2)), bytes.byteCount)
      guard headerLength >= 20, headerLength <= end else {
        malformedCount &+= 1
        return
      }
      datagram.hopLimit = bytes.byte(at: 8)
      datagram.destination = .v4(bytes.ipv4Address(at: 16))
      datagram.hasOptions = headerLength > 20
      switch configuration.carrier {
      case .vrrp: body(bytes.extracting(headerLength..<end), datagram)
      case .authenticationHeader: body(bytes.extracting(0..<end), datagram)
      }
    }
  }
}

extension AdvertisementSocket.Datagram {
  fileprivate mutating func read(level: Int32, type: Int32, data: RawSpan, clocks: TimestampConverter) {
    switch (level, type) {
    case (SOL_SOCKET, SocketOptions.receiveTimestamps) where data.byteCount >= 16:
      receivedAt = clocks.monotonic(seconds: data.host64(at: 0), nanoseconds: data.host64(at: 8))
    case (Int32(IPPROTO_IP), SocketOptions.ipPacketInfo) where data.byteCount >= 12:
      interface = InterfaceIndex(rawValue: data.host32(at: 0))
    case (Int32(IPPROTO_IPV6), SocketOptions.ipv6PacketInfo) where data.byteCount >= 20:
      destination = .v6(data.ipv6Address(at: 0))
      interface = InterfaceIndex(rawValue: data.host32(at: 16))
    case (Int32(IPPROTO_IPV6), SocketOptions.ipv6HopLimit) where data.byteCount >= 4:
      hopLimit = UInt8(truncatingIfNeeded: data.host32(at: 0))
    default:
      break
    }
  }
}

// MARK: - Sending

extension AdvertisementSocket {
  /// Sends one datagram now. Every error is one of this datagram alone; most pass (``SystemCallError/isTemporary``).
  public func send(_ payload: RawSpan, to destination: IPAddress, from source: IPAddress?) throws(SystemCallError) {
    single.removeAll()
    guard payload.byteCount <= single.byteCapacity else { throw SystemCallError(call: "sendmmsg", errno: EMSGSIZE) }
    _ = single.append(to: destination, from: source, on: configuration.interface, byteCount: payload.byteCount) {
      output in
      for offset in 0..<payload.byteCount { output.append(payload.byte(at: offset)) }
    }
    var failure: SystemCallError?
    _ = single.send(on: descriptor.rawValue) { failure = $1 }
    if let failure { throw failure }
  }

  /// Sends a whole batch with as few system calls as may be. `onFailure` hears of each datagram that was refused, by
  /// its index; the others are sent all the same. Returns how many were sent. The batch keeps its contents.
  @discardableResult
  public func send(_ batch: TransmitBatch, onFailure: (Int, SystemCallError) -> Void = { _, _ in }) -> Int {
    batch.send(on: descriptor.rawValue, onFailure)
  }
}
