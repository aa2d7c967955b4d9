import LoadBalancing
import NetPrimitives

// Services and destinations as attributes, in the order ipvsadm writes them. Only the first family, address and port
// of a real server tells which it is; everything else is wanted with every change.
extension NetlinkWriter {
  /// What identifies a service.
  mutating func append(_ key: IPVSServiceKey) {
    attribute(ServiceAttribute.family, UInt16(key.family.netlinkNumber))
    switch key {
    case .address(let transport, let address, let port):
      attribute(ServiceAttribute.transport, UInt16(transport.rawValue))
      paddedAddress(ServiceAttribute.address, address)
      networkOrder(ServiceAttribute.port, port)
    case .firewallMark(let mark, _):
      attribute(ServiceAttribute.firewallMark, mark)
    }
  }

  /// A service's settings; all of them, else the kernel refuses.
  mutating func append(_ service: IPVSService, _ family: AddressFamily) {
    attribute(ServiceAttribute.scheduler, service.scheduler.name)
    var flags = service.flags.rawValue & ServiceFlag.scheduler
    if service.schedulesEachPacket { flags |= ServiceFlag.onePacket }
    if let persistence = service.persistence {
      flags |= ServiceFlag.persistent
      if let engine = persistence.engine { attribute(ServiceAttribute.persistenceEngine, engine) }
    }
    attribute(ServiceAttribute.flags) { writer in
      writer.append(flags)
      writer.append(UInt32.max)
    }
    attribute(ServiceAttribute.timeout, service.persistence?.timeoutSeconds ?? 0)
    netmask(service.persistence?.granularity, family)
  }

  /// IPv4: the mask in network order. IPv6: the length of the prefix in host order.
  private mutating func netmask(_ granularity: UInt8?, _ family: AddressFamily) {
    let length = min(granularity ?? family.maximumPrefixLength, family.maximumPrefixLength)
    switch family {
    case .ipv4:
      // A shift by all 32 bits gives 0, as it must.
      let mask = UInt32.max << UInt32(32 - length)
      attribute(ServiceAttribute.netmask) { $0.appendNetworkOrder(UInt64(mask), count: 4) }
    case .ipv6:
      attribute(ServiceAttribute.netmask, UInt32(length))
    }
  }

  /// What identifies a destination.
  mutating func append(_ server: RealServerKey) {
    attribute(DestinationAttribute.family, UInt16(server.address.family.netlinkNumber))
    paddedAddress(DestinationAttribute.address, server.address)
    networkOrder(DestinationAttribute.port, server.port)
  }

  /// A destination's settings; all of them, else the kernel refuses.
  mutating func append(_ destination: IPVSDestination) {
    var tunnel = (type: TunnelNumber.ipip, port: UInt16(0), flags: UInt16(0))
    let method: UInt32
    switch destination.forwarding {
    case .masquerade: method = ForwardingNumber.masquerade
    case .directRoute: method = ForwardingNumber.directRoute
    case .tunnel(let wrapping):
      method = ForwardingNumber.tunnel
      tunnel.flags = wrapping.checksum.rawValue
      switch wrapping.kind {
      case .ipip: break
      case .gue(let port): (tunnel.type, tunnel.port) = (TunnelNumber.gue, port)
      case .gre: tunnel.type = TunnelNumber.gre
      }
    }
    attribute(DestinationAttribute.forwarding, method)
    attribute(DestinationAttribute.weight, UInt32(bitPattern: destination.weight))
    attribute(DestinationAttribute.tunnelType, tunnel.type)
    networkOrder(DestinationAttribute.tunnelPort, tunnel.port)
    attribute(DestinationAttribute.tunnelFlags, tunnel.flags)
    attribute(DestinationAttribute.upperThreshold, destination.upperThreshold)
    attribute(DestinationAttribute.lowerThreshold, destination.lowerThreshold)
  }

  /// 16 bytes of either family, those of IPv4 first.
  private mutating func paddedAddress(_ type: UInt16, _ address: IPAddress) {
    attribute(type) { writer in
      writer.append(address)
      writer.appendNetworkOrder(0, count: 16 - address.family.addressByteCount)
    }
  }

  private mutating func networkOrder(_ type: UInt16, _ value: UInt16) {
    attribute(type) { $0.appendNetworkOrder(UInt64(value), count: 2) }
  }
}
