public import NetPrimitives

/// A rule that chooses among routing tables.
public struct RoutingRule: Hashable, Sendable {
  /// Whose packets.
  public var family: AddressFamily
  /// What becomes of those that match.
  public var action: Action
  /// Its place: low ones come first. `nil` lets the kernel choose, before all it has.
  public var priority: UInt32?
  /// Matches packets from here.
  public var source: IPPrefix?
  /// Matches packets to here.
  public var destination: IPPrefix?
  /// Matches packets that came in on this interface; the name need not exist.
  public var inputInterface: String?
  /// Matches packets of sockets bound to this interface.
  public var outputInterface: String?
  /// Matches firewall marks.
  public var mark: Mark?
  /// Matches everything else instead.
  public var isInverted = false
  /// Matches this TOS; 0 matches any.
  public var typeOfService: UInt8 = 0
  /// Passes over routes found with prefixes of at most this length.
  public var suppressedPrefixLength: UInt32?
  /// Passes over routes found through interfaces of this group.
  public var suppressedInterfaceGroup: UInt32?
  /// Realms, as ``Route/realms``; IPv4 only.
  public var realms: UInt32?
  /// Matches a tunnel's id.
  public var tunnelID: UInt64?
  /// Matches sockets of these users.
  public var users: ClosedRange<UInt32>?
  /// Matches an IP protocol.
  public var ipProtocol: UInt8?
  /// Matches source ports.
  public var sourcePorts: ClosedRange<UInt16>?
  /// Matches destination ports.
  public var destinationPorts: ClosedRange<UInt16>?
  /// Who put it there: ``OwnershipMark/number`` for ours.
  public var owner: UInt8 = OwnershipMark.number

  /// What becomes of packets.
  public enum Action: Hashable, Sendable, BitwiseCopyable {
    /// Look in this table.
    case lookUp(table: UInt32)
    /// Look in the table of the packet's VRF.
    case lookUpVRF
    /// Go on with the rule of this priority.
    case goto(priority: UInt32)
    case nothing
    case blackhole
    case unreachable
    case prohibit
  }

  /// A firewall mark and which of its bits count.
  public struct Mark: Hashable, Sendable, BitwiseCopyable {
    public var value: UInt32
    public var mask: UInt32

    /// All bits count unless told otherwise.
    public init(_ value: UInt32, mask: UInt32 = .max) {
      self.value = value
      self.mask = mask
    }
  }

  /// A rule of ours that matches everything.
  public init(_ family: AddressFamily, _ action: Action) {
    self.family = family
    self.action = action
  }

  /// Whether we put it there.
  public var isOurs: Bool { owner == OwnershipMark.number }
}

extension RoutingRule {
  /// Writes an `RTM_NEWRULE` or `RTM_DELRULE` payload: `struct fib_rule_hdr`, then attributes.
  func encode(into writer: inout NetlinkWriter) {
    writer.append(family.netlinkNumber)
    writer.append(destination?.length ?? 0)
    writer.append(source?.length ?? 0)
    writer.append(typeOfService)
    writer.append(UInt8(action.table < 256 ? action.table : 0))
    writer.append(UInt16(0))
    writer.append(action.number)
    writer.append(UInt32(isInverted ? Self.invertFlag : 0))
    if let destination { writer.attribute(RuleAttribute.destination, destination.address) }
    if let source { writer.attribute(RuleAttribute.source, source.address) }
    if let inputInterface { writer.attribute(RuleAttribute.inputName, inputInterface) }
    if let outputInterface { writer.attribute(RuleAttribute.outputName, outputInterface) }
    if let priority { writer.attribute(RuleAttribute.priority, priority) }
    switch action {
    case .lookUp(let table): writer.attribute(RuleAttribute.table, table)
    case .lookUpVRF: writer.attribute(RuleAttribute.l3mdev, UInt8(1))
    case .goto(let priority): writer.attribute(RuleAttribute.goto, priority)
    case .nothing, .blackhole, .unreachable, .prohibit: break
    }
    if let mark {
      writer.attribute(RuleAttribute.firewallMark, mark.value)
      writer.attribute(RuleAttribute.firewallMask, mark.mask)
    }
    if let realms { writer.attribute(RuleAttribute.realms, realms) }
    if let tunnelID {
      writer.attribute(RuleAttribute.tunnelID) { $0.appendNetworkOrder(tunnelID, count: 8) }
    }
    if let suppressedInterfaceGroup {
      writer.attribute(RuleAttribute.suppressInterfaceGroup, suppressedInterfaceGroup)
    }
    if let suppressedPrefixLength { writer.attribute(RuleAttribute.suppressPrefixLength, suppressedPrefixLength) }
    if let users { writer.range(RuleAttribute.users, users) }
    if let ipProtocol { writer.attribute(RuleAttribute.ipProtocol, ipProtocol) }
    if let sourcePorts { writer.range(RuleAttribute.sourcePorts, sourcePorts) }
    if let destinationPorts { writer.range(RuleAttribute.destinationPorts, destinationPorts) }
    writer.attribute(RuleAttribute.ownership, owner)
  }

  /// `FIB_RULE_INVERT`.
  static let invertFlag: UInt32 = 2
}

extension RoutingRule.Action {
  var table: UInt32 {
    switch self {
    case .lookUp(let table): table
    case .lookUpVRF, .goto, .nothing, .blackhole, .unreachable, .prohibit: 0
    }
  }

  /// `FR_ACT_*`.
  fileprivate var number: UInt8 {
    switch self {
    case .lookUp, .lookUpVRF: 1
    case .goto: 2
    case .nothing: 3
    case .blackhole: 6
    case .unreachable: 7
    case .prohibit: 8
    }
  }
}

extension NetlinkWriter {
  fileprivate mutating func range(_ type: UInt16, _ range: ClosedRange<UInt16>) {
    attribute(type) { writer in
      writer.append(range.lowerBound)
      writer.append(range.upperBound)
    }
  }

  fileprivate mutating func range(_ type: UInt16, _ range: ClosedRange<UInt32>) {
    attribute(type) { writer in
      writer.append(range.lowerBound)
      writer.append(range.upperBound)
    }
  }
}
