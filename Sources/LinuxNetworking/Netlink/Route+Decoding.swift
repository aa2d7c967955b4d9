import NetPrimitives

extension Route {
  /// Reads an `RTM_NEWROUTE` or `RTM_DELROUTE` payload; `nil` when it is of another family or kind, or cut short.
  init?(netlink payload: RawSpan) {
    guard
      payload.byteCount >= 12, let family = AddressFamily(netlinkNumber: payload.byte(at: 0)),
      let kind = Kind(rawValue: payload.byte(at: 7)),
      let everywhere = IPPrefix(.any(family), length: payload.byte(at: 1))
    else { return nil }
    destination = everywhere
    source = nil
    self.kind = kind
    nextHops = []
    typeOfService = payload.byte(at: 3)
    table = UInt32(payload.byte(at: 4))
    owner = payload.byte(at: 5)
    scope = payload.byte(at: 6)
    var hop = NextHop()
    hop.isOnLink = payload.host32(at: 8) & RouteFlag.onLink != 0
    var several: [NextHop] = []
    NetlinkReader.forEachAttribute(in: payload, from: 12) { type, value in
      switch type {
      case RouteAttribute.destination:
        if let address = NetlinkReader.address(value), let prefix = IPPrefix(address, length: payload.byte(at: 1)) {
          destination = prefix
        }
      case RouteAttribute.source:
        if let address = NetlinkReader.address(value) { source = IPPrefix(address, length: payload.byte(at: 2)) }
      case RouteAttribute.table where value.byteCount >= 4: table = value.host32(at: 0)
      case RouteAttribute.priority where value.byteCount >= 4: metric = value.host32(at: 0)
      case RouteAttribute.preferredSource: preferredSource = NetlinkReader.address(value)
      case RouteAttribute.realms where value.byteCount >= 4: realms = value.host32(at: 0)
      case RouteAttribute.preference where value.byteCount >= 1: preference = value.byte(at: 0)
      case RouteAttribute.metrics: decodeMetrics(value)
      case RouteAttribute.multipath: several = NextHop.decodeAll(value)
      default: hop.decode(type, value)
      }
    }
    if !several.isEmpty {
      nextHops = several
    } else if hop.gateway != nil || hop.interface != nil {
      nextHops = [hop]
    }
  }

  private mutating func decodeMetrics(_ bytes: RawSpan) {
    NetlinkReader.forEachAttribute(in: bytes) { type, value in
      switch type {
      case RouteAttribute.metricCongestionControl: congestionControl = NetlinkReader.string(value)
      case RouteAttribute.metricLock where value.byteCount >= 4:
        let locked = value.host32(at: 0)
        lockedMetrics = Set(Metric.allCases.filter { locked >> UInt32($0.rawValue) & 1 == 1 })
      default:
        guard value.byteCount >= 4, let metric = Metric(rawValue: type) else { return }
        metrics[metric] = value.host32(at: 0)
      }
    }
  }
}

extension Route.NextHop {
  fileprivate mutating func decode(_ type: UInt16, _ value: RawSpan) {
    switch type {
    case RouteAttribute.gateway: gateway = NetlinkReader.address(value)
    case RouteAttribute.via where value.byteCount > 2:
      gateway = NetlinkReader.address(value.extracting(2..<value.byteCount))
    case RouteAttribute.outputInterface where value.byteCount >= 4:
      interface = InterfaceIndex(rawValue: value.host32(at: 0))
    case RouteAttribute.realms where value.byteCount >= 4: realms = value.host32(at: 0)
    default: break
    }
  }

  /// The `struct rtnexthop`s of a multipath route.
  fileprivate static func decodeAll(_ bytes: RawSpan) -> [Self] {
    var hops: [Self] = []
    var offset = 0
    while bytes.byteCount - offset >= 8 {
      let length = Int(bytes.host16(at: offset))
      guard length >= 8, length <= bytes.byteCount - offset else { break }
      var hop = Self(interface: InterfaceIndex(rawValue: bytes.host32(at: offset + 4)))
      hop.isOnLink = UInt32(bytes.byte(at: offset + 2)) & RouteFlag.onLink != 0
      hop.weight = UInt16(bytes.byte(at: offset + 3)) + 1
      NetlinkReader.forEachAttribute(in: bytes.extracting((offset + 8)..<(offset + length))) { hop.decode($0, $1) }
      hops.append(hop)
      offset = min(offset + (length + 3) & ~3, bytes.byteCount)
    }
    return hops
  }
}
