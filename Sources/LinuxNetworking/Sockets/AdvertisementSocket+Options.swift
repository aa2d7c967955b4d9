import CLinuxShims
import Glibc
import NetPrimitives

extension AdvertisementSocket {
  /// Sets everything but the group and the filter.
  func setOptions() throws(SystemCallError) {
    if let interface = configuration.interface { try bind(to: interface) }
    try set(SOL_SOCKET, SocketOptions.receiveTimestamps, 1, "SO_TIMESTAMPNS")
    try set(SOL_SOCKET, SO_RCVBUF, configuration.receiveBufferBytes, "SO_RCVBUF")
    switch configuration.family {
    case .ipv4: try setIPv4Options()
    case .ipv6: try setIPv6Options()
    }
    // After the traffic class, which would set it to something lower. 6 is the highest without CAP_NET_ADMIN.
    try? set(SOL_SOCKET, SO_PRIORITY, 6, "SO_PRIORITY")
    try? set(SOL_SOCKET, SO_PRIORITY, 7, "SO_PRIORITY")
  }

  private func setIPv4Options() throws(SystemCallError) {
    let level = Int32(IPPROTO_IP)
    try set(level, SocketOptions.ipPacketInfo, 1, "IP_PKTINFO")
    try set(level, IP_TOS, Int32(configuration.trafficClass), "IP_TOS")
    try set(level, SocketOptions.ipTTL, Int32(configuration.hopLimit), "IP_TTL")
    try set(level, IP_MULTICAST_TTL, Int32(configuration.hopLimit), "IP_MULTICAST_TTL")
    try set(level, IP_MULTICAST_LOOP, 0, "IP_MULTICAST_LOOP")
    try set(level, SocketOptions.ipMulticastAll, 0, "IP_MULTICAST_ALL")
    if configuration.carrier == .authenticationHeader {
      // Its check value covers the IP header, which the kernel must therefore take from us.
      try set(level, SocketOptions.ipHeaderIncluded, 1, "IP_HDRINCL")
    }
    if let interface = configuration.interface {
      try setBytes(level, IP_MULTICAST_IF, membership(.any, interface), "IP_MULTICAST_IF")
    }
    if configuration.allowsForeignSource {
      try set(level, SocketOptions.ipTransparent, 1, "IP_TRANSPARENT", needs: .netAdmin)
    }
  }

  private func setIPv6Options() throws(SystemCallError) {
    let level = Int32(IPPROTO_IPV6)
    try set(level, SocketOptions.ipv6ReceivePacketInfo, 1, "IPV6_RECVPKTINFO")
    try set(level, SocketOptions.ipv6ReceiveHopLimit, 1, "IPV6_RECVHOPLIMIT")
    try set(level, SocketOptions.ipv6TrafficClass, Int32(configuration.trafficClass), "IPV6_TCLASS")
    try set(level, IPV6_UNICAST_HOPS, Int32(configuration.hopLimit), "IPV6_UNICAST_HOPS")
    try set(level, IPV6_MULTICAST_HOPS, Int32(configuration.hopLimit), "IPV6_MULTICAST_HOPS")
    try set(level, IPV6_MULTICAST_LOOP, 0, "IPV6_MULTICAST_LOOP")
    try set(level, SocketOptions.ipv6MulticastAll, 0, "IPV6_MULTICAST_ALL")
    if let interface = configuration.interface {
      try set(level, IPV6_MULTICAST_IF, Int32(bitPattern: interface.rawValue), "IPV6_MULTICAST_IF")
    }
    if configuration.allowsForeignSource {
      try set(level, SocketOptions.ipv6Transparent, 1, "IPV6_TRANSPARENT", needs: .netAdmin)
    }
  }

  /// Lets the kernel keep about so many bytes of adverts that wait; beyond its limit for ordinary processes where we
  /// may.
  func setReceiveBuffer(_ bytes: Int32) throws(SystemCallError) {
    do {
      try set(SOL_SOCKET, SocketOptions.receiveBufferForced, bytes, "SO_RCVBUFFORCE")
    } catch {
      try set(SOL_SOCKET, SO_RCVBUF, bytes, "SO_RCVBUF")
    }
  }

  /// Joins the configured group. Being a member already is success. Traps without a group.
  public func joinGroup() throws(SystemCallError) {
    do {
      try changeMembership(isJoin: true)
    } catch  where error.errno == EADDRINUSE {}
  }

  /// Leaves and joins again: switches that forgot us hear a new membership report. Needed after a link came back.
  public func rejoinGroup() throws(SystemCallError) {
    try? changeMembership(isJoin: false)
    try joinGroup()
  }

  private func changeMembership(isJoin: Bool) throws(SystemCallError) {
    guard let group = configuration.group, let interface = configuration.interface else {
      preconditionFailure("the socket has no group")
    }
    switch group {
    case .v4(let group):
      let name = isJoin ? "IP_ADD_MEMBERSHIP \(group)" : "IP_DROP_MEMBERSHIP"
      try setBytes(
        Int32(IPPROTO_IP), isJoin ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, membership(group, interface), name)
    case .v6(let group):
      let request = GroupRequest6(
        high: group.high.bigEndian, low: group.low.bigEndian, interface: interface.rawValue)
      let name = isJoin ? "IPV6_JOIN_GROUP \(group)" : "IPV6_LEAVE_GROUP"
      try setBytes(Int32(IPPROTO_IPV6), isJoin ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP, request, name)
    }
  }

  private func membership(_ group: IPv4Address, _ interface: InterfaceIndex) -> GroupRequest4 {
    GroupRequest4(group: group.rawValue.bigEndian, address: 0, interface: interface.rawValue)
  }

  private func bind(to interface: InterfaceIndex) throws(SystemCallError) {
    let call = "setsockopt(SO_BINDTOIFINDEX, \(interface))"
    // The kernel binds to any number, and leaves the error to whoever sends.
    var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
    guard if_indextoname(interface.rawValue, &name) != nil else { throw SystemCallError(call: call, errno: ENODEV) }
    let descriptor = descriptor.rawValue
    var index = interface.rawValue
    _ = try SystemCallError.check(call, needs: .netRaw) {
      setsockopt(
        descriptor, SOL_SOCKET, SocketOptions.bindToInterfaceIndex, &index, socklen_t(MemoryLayout<UInt32>.size))
    }
  }

  private func set(
    _ level: Int32, _ option: Int32, _ value: Int32, _ name: String, needs: SystemCallError.Capability? = nil
  ) throws(SystemCallError) {
    try SocketOptions.set(descriptor, level, option, value, name, needs: needs)
  }

  private func setBytes(
    _ level: Int32, _ option: Int32, _ value: some BitwiseCopyable, _ name: String
  ) throws(SystemCallError) {
    try SocketOptions.set(descriptor, level, option, bytesOf: value, name)
  }
}

/// `struct ip_mreqn`: group, local address (none: the index decides), interface; addresses in network order.
private struct GroupRequest4: BitwiseCopyable {
  var group: UInt32
  var address: UInt32
  var interface: UInt32
}

/// `struct ipv6_mreq`: group in network order, interface.
private struct GroupRequest6: BitwiseCopyable {
  var high: UInt64
  var low: UInt64
  var interface: UInt32
}
