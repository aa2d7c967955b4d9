import LoadBalancing
import NetPrimitives

/// Takes the kernel's answers apart. What is missing or has another length than it must makes a record `nil`: the
/// kernel sends no such thing, and the guesses of a program that guesses would end up as commands.
enum ServiceDecoder {
  /// The command of a message.
  static func command(_ payload: RawSpan) -> UInt8? {
    payload.byteCount >= GenericNetlink.headerByteCount ? payload.byte(at: 0) : nil
  }

  /// The service in a message.
  static func service(_ payload: RawSpan) -> ServiceRecord? {
    var attributes = ServiceAttributes()
    let isFound = forEachAttribute(of: IPVSAttribute.service, in: payload) { attributes.take($0, $1) }
    return isFound ? attributes.record : nil
  }

  /// The destination in a message.
  static func destination(_ payload: RawSpan) -> DestinationRecord? {
    var attributes = DestinationAttributes()
    let isFound = forEachAttribute(of: IPVSAttribute.destination, in: payload) { attributes.take($0, $1) }
    return isFound ? attributes.record : nil
  }

  /// The timeouts in a message.
  static func timeouts(_ payload: RawSpan) -> ConnectionTimeouts? {
    guard payload.byteCount >= GenericNetlink.headerByteCount else { return nil }
    var timeouts = ConnectionTimeouts()
    NetlinkReader.forEachAttribute(in: payload, from: GenericNetlink.headerByteCount) { type, value in
      switch type {
      case IPVSAttribute.timeoutTCP: timeouts.tcp = value.exactly32 ?? 0
      case IPVSAttribute.timeoutTCPFin: timeouts.tcpFin = value.exactly32 ?? 0
      case IPVSAttribute.timeoutUDP: timeouts.udp = value.exactly32 ?? 0
      default: break
      }
    }
    return timeouts
  }

  /// What GET_INFO answers.
  static func information(_ payload: RawSpan) -> IPVSInformation? {
    guard payload.byteCount >= GenericNetlink.headerByteCount else { return nil }
    var version: UInt32?
    var size: UInt32?
    NetlinkReader.forEachAttribute(in: payload, from: GenericNetlink.headerByteCount) { type, value in
      switch type {
      case IPVSAttribute.informationVersion: version = value.exactly32
      case IPVSAttribute.informationTableSize: size = value.exactly32
      default: break
      }
    }
    guard let version, let size else { return nil }
    return IPVSInformation(version: version, connectionTableSize: size)
  }

  /// Calls `body` with each attribute inside the top-level attribute `wanted`; false when there is no such.
  static func forEachAttribute(
    of wanted: UInt16, in payload: RawSpan, _ body: (UInt16, RawSpan) -> Void
  ) -> Bool {
    guard payload.byteCount >= GenericNetlink.headerByteCount else { return false }
    var isFound = false
    NetlinkReader.forEachAttribute(in: payload, from: GenericNetlink.headerByteCount) { type, value in
      guard type == wanted else { return }
      isFound = true
      NetlinkReader.forEachAttribute(in: value, body)
    }
    return isFound
  }
}

/// A family and an address, which may come in either order.
private struct AddressAttributes {
  var family: AddressFamily?
  private var candidates: (v4: IPAddress?, v6: IPAddress?)

  /// Of IPv4 the kernel tells 16 bytes, the address first.
  mutating func take(address value: RawSpan) {
    candidates.v4 = value.byteCount == 4 || value.byteCount == 16 ? .v4(value.ipv4Address(at: 0)) : nil
    candidates.v6 = value.byteCount == 16 ? .v6(value.ipv6Address(at: 0)) : nil
  }

  mutating func take(family value: RawSpan) {
    family = value.exactly16.flatMap { UInt8(exactly: $0) }.flatMap(AddressFamily.init(netlinkNumber:))
  }

  var address: IPAddress? {
    switch family {
    case .ipv4: candidates.v4
    case .ipv6: candidates.v6
    case nil: nil
    }
  }
}

/// The attributes of a service, as far as they have come.
private struct ServiceAttributes {
  private var place = AddressAttributes()
  private var transport: TransportProtocol?
  private var port: UInt16?
  private var mark: UInt32?
  private var scheduler: Scheduler?
  private var flags: UInt32?
  private var timeout: UInt32?
  private var netmask: UInt32?
  private var engine: String?
  private var traffic = TrafficReader()

  mutating func take(_ type: UInt16, _ value: RawSpan) {
    switch type {
    case ServiceAttribute.family: place.take(family: value)
    case ServiceAttribute.transport:
      transport = value.exactly16.flatMap { UInt8(exactly: $0) }.flatMap(TransportProtocol.init(rawValue:))
    case ServiceAttribute.address: place.take(address: value)
    case ServiceAttribute.port: port = value.exactly16?.bigEndian
    case ServiceAttribute.firewallMark: mark = value.exactly32
    case ServiceAttribute.scheduler: scheduler = Scheduler(rawValue: NetlinkReader.string(value))
    case ServiceAttribute.flags: flags = value.byteCount == 8 ? value.host32(at: 0) : nil
    case ServiceAttribute.timeout: timeout = value.exactly32
    case ServiceAttribute.netmask: netmask = value.exactly32
    case ServiceAttribute.persistenceEngine: engine = NetlinkReader.string(value)
    case ServiceAttribute.statistics: traffic.take(value, isWide: false)
    case ServiceAttribute.statistics64: traffic.take(value, isWide: true)
    default: break
    }
  }

  var record: ServiceRecord? {
    key.map { ServiceRecord(key: $0, service: service, traffic: traffic.counters) }
  }

  private var key: IPVSServiceKey? {
    if let mark { return place.family.map { .firewallMark(mark, $0) } }
    guard let transport, let address = place.address, let port else { return nil }
    return .address(transport, address, port: port)
  }

  private var service: IPVSService? {
    guard let scheduler, let flags, let timeout, let netmask, let family = place.family else { return nil }
    var service = IPVSService(
      scheduler: scheduler, flags: SchedulerFlags(rawValue: flags & ServiceFlag.scheduler),
      schedulesEachPacket: flags & ServiceFlag.onePacket != 0)
    guard flags & ServiceFlag.persistent != 0 else { return service }
    let length: UInt32
    switch family {
    case .ipv4:
      let mask = netmask.bigEndian
      length = UInt32((~mask).leadingZeroBitCount)
      guard mask == UInt32.max << (32 - length) else { return nil }
    case .ipv6: length = netmask
    }
    guard let granularity = UInt8(exactly: length), granularity <= family.maximumPrefixLength else { return nil }
    service.persistence = Persistence(
      timeoutSeconds: timeout, granularity: granularity == family.maximumPrefixLength ? nil : granularity,
      engine: engine)
    return service
  }
}

/// The attributes of a destination, as far as they have come.
private struct DestinationAttributes {
  private var place = AddressAttributes()
  private var port: UInt16?
  private var method: UInt32?
  private var weight: UInt32?
  private var upper: UInt32?
  private var lower: UInt32?
  private var connections: (active: UInt32, inactive: UInt32, persistent: UInt32) = (0, 0, 0)
  // Kernels before 5.2 know only IP in IP and send none of these.
  private var tunnelType = TunnelNumber.ipip
  private var tunnelPort: UInt16 = 0
  private var tunnelFlags: UInt16 = 0
  private var traffic = TrafficReader()

  mutating func take(_ type: UInt16, _ value: RawSpan) {
    switch type {
    case DestinationAttribute.family: place.take(family: value)
    case DestinationAttribute.address: place.take(address: value)
    case DestinationAttribute.port: port = value.exactly16?.bigEndian
    case DestinationAttribute.forwarding: method = value.exactly32
    case DestinationAttribute.weight: weight = value.exactly32
    case DestinationAttribute.upperThreshold: upper = value.exactly32
    case DestinationAttribute.lowerThreshold: lower = value.exactly32
    case DestinationAttribute.activeConnections: connections.active = value.exactly32 ?? 0
    case DestinationAttribute.inactiveConnections: connections.inactive = value.exactly32 ?? 0
    case DestinationAttribute.persistentConnections: connections.persistent = value.exactly32 ?? 0
    case DestinationAttribute.tunnelType: tunnelType = value.exactly8 ?? .max
    case DestinationAttribute.tunnelPort: tunnelPort = value.exactly16?.bigEndian ?? 0
    case DestinationAttribute.tunnelFlags: tunnelFlags = value.exactly16 ?? .max
    case DestinationAttribute.statistics: traffic.take(value, isWide: false)
    case DestinationAttribute.statistics64: traffic.take(value, isWide: true)
    default: break
    }
  }

  var record: DestinationRecord? {
    guard let address = place.address, let port else { return nil }
    return DestinationRecord(
      server: RealServerKey(address: address, port: port), destination: destination,
      activeConnections: connections.active, inactiveConnections: connections.inactive,
      persistentConnections: connections.persistent, traffic: traffic.counters)
  }

  private var destination: IPVSDestination? {
    guard let forwarding, let weight, let upper, let lower else { return nil }
    return IPVSDestination(
      forwarding: forwarding, weight: Int32(bitPattern: weight), upperThreshold: upper, lowerThreshold: lower)
  }

  private var forwarding: ForwardingMethod? {
    guard let method else { return nil }
    switch method & ForwardingNumber.mask {
    case ForwardingNumber.masquerade: return .masquerade
    case ForwardingNumber.directRoute: return .directRoute
    case ForwardingNumber.tunnel:
      guard let checksum = ForwardingMethod.Tunnel.Checksum(rawValue: tunnelFlags) else { return nil }
      switch tunnelType {
      case TunnelNumber.ipip: return .tunnel(.init(kind: .ipip, checksum: checksum))
      case TunnelNumber.gue: return .tunnel(.init(kind: .gue(port: tunnelPort), checksum: checksum))
      case TunnelNumber.gre: return .tunnel(.init(kind: .gre, checksum: checksum))
      default: return nil
      }
    default: return nil
    }
  }
}

/// Counters from either nest, the wide ones preferred.
private struct TrafficReader {
  private(set) var counters = TrafficCounters()
  private var hasWide = false

  mutating func take(_ nest: RawSpan, isWide: Bool) {
    guard isWide || !hasWide else { return }
    hasWide = isWide
    var found = TrafficCounters()
    NetlinkReader.forEachAttribute(in: nest) { type, value in
      let number = value.exactly64 ?? UInt64(value.exactly32 ?? 0)
      switch type {
      case StatisticsAttribute.connections: found.connections = number
      case StatisticsAttribute.inputPackets: found.inputPackets = number
      case StatisticsAttribute.outputPackets: found.outputPackets = number
      case StatisticsAttribute.inputBytes: found.inputBytes = number
      case StatisticsAttribute.outputBytes: found.outputBytes = number
      default: break
      }
    }
    counters = found
  }
}
