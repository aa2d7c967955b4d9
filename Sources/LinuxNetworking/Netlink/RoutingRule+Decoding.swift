import NetPrimitives

extension RoutingRule {
  /// Reads an `RTM_NEWRULE` or `RTM_DELRULE` payload; `nil` when it is of another family, cut short, or does something
  /// we do not know.
  init?(netlink payload: RawSpan) {
    guard payload.byteCount >= 12, let family = AddressFamily(netlinkNumber: payload.byte(at: 0)) else { return nil }
    self.family = family
    action = .nothing
    typeOfService = payload.byte(at: 3)
    isInverted = payload.host32(at: 8) & Self.invertFlag != 0
    owner = 0
    var table = UInt32(payload.byte(at: 4))
    var target: UInt32 = 0
    var usesVRF = false
    NetlinkReader.forEachAttribute(in: payload, from: 12) { type, value in
      switch type {
      case RuleAttribute.table where value.byteCount >= 4: table = value.host32(at: 0)
      case RuleAttribute.goto where value.byteCount >= 4: target = value.host32(at: 0)
      case RuleAttribute.l3mdev where value.byteCount >= 1: usesVRF = value.byte(at: 0) != 0
      case RuleAttribute.destination:
        if let address = NetlinkReader.address(value) { destination = IPPrefix(address, length: payload.byte(at: 1)) }
      case RuleAttribute.source:
        if let address = NetlinkReader.address(value) { source = IPPrefix(address, length: payload.byte(at: 2)) }
      default: decodeMatch(type, value)
      }
    }
    switch payload.byte(at: 7) {
    case 1: action = usesVRF ? .lookUpVRF : .lookUp(table: table)
    case 2: action = .goto(priority: target)
    case 3: action = .nothing
    case 6: action = .blackhole
    case 7: action = .unreachable
    case 8: action = .prohibit
    default: return nil
    }
  }

  private mutating func decodeMatch(_ type: UInt16, _ value: RawSpan) {
    switch type {
    case RuleAttribute.inputName: inputInterface = NetlinkReader.string(value)
    case RuleAttribute.outputName: outputInterface = NetlinkReader.string(value)
    case RuleAttribute.priority where value.byteCount >= 4: priority = value.host32(at: 0)
    case RuleAttribute.firewallMark where value.byteCount >= 4:
      mark = Mark(value.host32(at: 0), mask: mark?.mask ?? .max)
    case RuleAttribute.firewallMask where value.byteCount >= 4:
      // The kernel tells a mask of zero for rules without a mark.
      let mask = value.host32(at: 0)
      if mask != 0 { mark = Mark(mark?.value ?? 0, mask: mask) }
    case RuleAttribute.realms where value.byteCount >= 4: realms = value.host32(at: 0)
    case RuleAttribute.tunnelID where value.byteCount >= 8: tunnelID = value.bigEndian64(at: 0)
    case RuleAttribute.suppressInterfaceGroup where value.byteCount >= 4:
      suppressedInterfaceGroup = value.host32(at: 0) == .max ? nil : value.host32(at: 0)
    case RuleAttribute.suppressPrefixLength where value.byteCount >= 4:
      suppressedPrefixLength = value.host32(at: 0) == .max ? nil : value.host32(at: 0)
    case RuleAttribute.users where value.byteCount >= 8:
      let (first, last) = (value.host32(at: 0), value.host32(at: 4))
      if first <= last { users = first...last }
    case RuleAttribute.ipProtocol where value.byteCount >= 1: ipProtocol = value.byte(at: 0)
    case RuleAttribute.sourcePorts: sourcePorts = Self.ports(value)
    case RuleAttribute.destinationPorts: destinationPorts = Self.ports(value)
    case RuleAttribute.ownership where value.byteCount >= 1: owner = value.byte(at: 0)
    default: break
    }
  }

  private static func ports(_ bytes: RawSpan) -> ClosedRange<UInt16>? {
    guard bytes.byteCount >= 4, bytes.host16(at: 0) <= bytes.host16(at: 2) else { return nil }
    return bytes.host16(at: 0)...bytes.host16(at: 2)
  }
}
