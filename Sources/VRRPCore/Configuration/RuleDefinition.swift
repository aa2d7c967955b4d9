public import NetPrimitives

/// A line of `virtual_rules` or `static_rules`, in the words of `ip rule`.
public struct RuleDefinition: Hashable, Sendable {
  public var family: AddressFamily
  /// `not`.
  public var isInverted = false
  /// `from`; `nil` for all.
  public var source: IPPrefix?
  /// `to`; `nil` for all.
  public var destination: IPPrefix?
  /// `preference`; lines without get one from 16384 down, each family for itself. `nil` lets the kernel choose.
  public var preference: UInt32?
  /// What happens to what matches.
  public var action: Action
  /// `tos`.
  public var typeOfService: NameOrNumber?
  /// `fwmark`.
  public var firewallMark: Mark?
  /// `iif` or `dev`.
  public var inputInterface: String?
  /// `oif`.
  public var outputInterface: String?
  /// `uidrange`.
  public var users: ClosedRange<UInt32>?
  /// `ipproto`, a number or a name of `/etc/protocols`.
  public var transport: NameOrNumber?
  /// `sport`.
  public var sourcePorts: ClosedRange<UInt16>?
  /// `dport`.
  public var destinationPorts: ClosedRange<UInt16>?
  /// `suppress_prefixlength`.
  public var suppressedPrefixLength: UInt32?
  /// `suppress_ifgroup`.
  public var suppressedGroup: NameOrNumber?
  /// `tunnel-id`.
  public var tunnelID: UInt64?
  /// `realms` as written.
  public var realms: String?
  /// `protocol`.
  public var routingProtocol: UInt8?
  /// False with `no_track`.
  public var isTracked = true
  /// `track_group`, static rules only.
  public var trackGroup: String?

  /// What a rule does.
  public enum Action: Hashable, Sendable {
    /// `table`.
    case lookUp(NameOrNumber)
    /// `l3mdev`: the table of the interface's VRF.
    case lookUpMasterDevice
    /// `goto`.
    case goTo(UInt32)
    case nop, blackhole, unreachable, prohibit
  }

  /// A packet mark under a mask.
  public struct Mark: Hashable, Sendable, BitwiseCopyable {
    public var value: UInt32
    public var mask: UInt32

    /// The mark `value` under `mask`.
    public init(value: UInt32, mask: UInt32 = .max) {
      self.value = value
      self.mask = mask
    }
  }

  /// A rule for everything.
  public init(family: AddressFamily, action: Action) {
    self.family = family
    self.action = action
  }
}
