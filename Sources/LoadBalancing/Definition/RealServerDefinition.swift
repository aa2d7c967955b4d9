public import HealthCheck
public import NetPrimitives

/// One `real_server` as it was configured, inheritance from its virtual server already applied.
public struct RealServerDefinition: Hashable, Sendable {
  /// The server's address.
  public var address: IPAddress
  /// The server's port; 0 keeps the client's, for marks and services of every port.
  public var port: UInt16
  /// `weight`, 0…2 147 483 647; 0 takes no new connections.
  public var weight: Int32
  /// `lvs_method`.
  public var forwarding: ForwardingMethod
  /// `uthreshold`: connections above which the server gets no more; 0 for no limit.
  public var upperThreshold: UInt32
  /// `lthreshold`: connections below which it gets some again, at most `upperThreshold`.
  public var lowerThreshold: UInt32
  /// `inhibit_on_failure`: a failed server stays in the kernel with weight 0.
  public var inhibitsOnFailure: Bool
  /// `notify_up`.
  public var notifyUp: HookCommand?
  /// `notify_down`.
  public var notifyDown: HookCommand?
  /// `smtp_alert`: on by default, unlike everywhere else.
  public var mailsAlerts: Bool
  /// `virtualhost`; already applied to the checks, kept for dumps.
  public var virtualHost: String?
  /// `snmp_name`.
  public var snmpName: String?
  /// The checkers; a server without any is always alive.
  public var checks: [CheckDefinition]
  /// `slow_start` in nanoseconds: how long the weight takes to grow after a recovery; 0 is at once. Ours.
  public var slowStartNanoseconds: UInt64

  /// A real server with keepalived's defaults.
  public init(
    address: IPAddress, port: UInt16, weight: Int32 = 1, forwarding: ForwardingMethod = .masquerade,
    upperThreshold: UInt32 = 0, lowerThreshold: UInt32 = 0, inhibitsOnFailure: Bool = false,
    notifyUp: HookCommand? = nil, notifyDown: HookCommand? = nil, mailsAlerts: Bool = true,
    virtualHost: String? = nil, snmpName: String? = nil, checks: [CheckDefinition] = [],
    slowStartNanoseconds: UInt64 = 0
  ) {
    self.address = address
    self.port = port
    self.weight = weight
    self.forwarding = forwarding
    self.upperThreshold = upperThreshold
    self.lowerThreshold = lowerThreshold
    self.inhibitsOnFailure = inhibitsOnFailure
    self.notifyUp = notifyUp
    self.notifyDown = notifyDown
    self.mailsAlerts = mailsAlerts
    self.virtualHost = virtualHost
    self.snmpName = snmpName
    self.checks = checks
    self.slowStartNanoseconds = slowStartNanoseconds
  }
}

/// `sorry_server`: what clients get while the quorum is lost. It has weight 1 and no checker.
public struct SorryServer: Hashable, Sendable {
  /// Its address.
  public var address: IPAddress
  /// Its port; the parser fills in the virtual server's when none is given.
  public var port: UInt16
  /// `sorry_server_lvs_method`, else the virtual server's.
  public var forwarding: ForwardingMethod
  /// `sorry_server_inhibit`: it stays in the kernel with weight 0 while it is not needed.
  public var inhibits: Bool

  /// A sorry server.
  public init(address: IPAddress, port: UInt16, forwarding: ForwardingMethod = .masquerade, inhibits: Bool = false) {
    self.address = address
    self.port = port
    self.forwarding = forwarding
    self.inhibits = inhibits
  }
}
