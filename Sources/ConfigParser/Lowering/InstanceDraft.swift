import NetPrimitives
import VRRPCore

/// An instance while its block is read; what depends on several lines is decided at the end.
struct InstanceDraft: Sendable {
  /// The statement, for diagnostics.
  let statement: Int
  /// What needs no second look.
  var definition: VirtualRouterDefinition
  var state: Written<VirtualRouterDefinition.InitialRole>?
  var interface: Written<String>?
  var vrf: Written<String>?
  var virtualRouterID: Written<UInt8>?
  var priority: Written<UInt8>?
  var intervalNanoseconds: Written<UInt64>?
  var version: Written<ProtocolVersion>?
  var noPreempt: SourceRange?
  var preemptDelay: Written<UInt64>?
  var authenticationType: Written<AuthenticationType>?
  var password: Written<[UInt8]>?
  var addresses: [Written<VirtualAddress>] = []
  var excludedAddresses: [Written<VirtualAddress>] = []
  var mayHaveNoAddress = false
  var source: Written<IPAddress>?
  var destination: Written<IPAddress>?
  /// Where something is said that only unicast needs.
  var unicastKeyword: SourceRange?
  var unicastPeers: [Written<IPAddress>] = []
  var isNativeIPv6 = false
  var trackedInterfaces: [Written<VirtualRouterDefinition.TrackedInterface>] = []
  var lowerPriorityDelayNanoseconds: UInt64?
  var lowerPriorityRepeats: UInt8?
  var mail: Bool?
  var acceptsPackets: Bool?
  var sendsFromBase = false
  var pollsLink = false
  var preparesAddresses = false
  var coversOtherInterfaces = false
  /// The five octets of `use_vmac` that the VRID completes, first octet most significant.
  var virtualMACPrefix: UInt64?
  /// Where weights stand, for an owner whom they cannot move.
  var firstWeight: SourceRange?

  enum AuthenticationType: Hashable, Sendable { case pass, header }

  var name: String { definition.name }

  init(name: String, statement: Int, defaults: InstanceDefaults) {
    self.statement = statement
    definition = VirtualRouterDefinition(name: name, interface: "", virtualRouterID: 1)
    definition.announcement = defaults.announcement
    definition.checksum = defaults.sendsMessageOnlyChecksum ? .messageOnly : .automatic
    definition.downTimerAdvertisements = defaults.downTimerAdvertisements
    definition.extraAnnouncementNanoseconds = defaults.extraAnnouncementNanoseconds
    definition.extraAnnouncementsEverywhere = defaults.extraAnnouncementsEverywhere
    definition.policy = defaults.policy
    definition.isStrict = defaults.isStrict
    definition.notify.reportsPriorityChanges = defaults.reportsPriorityChanges
    lowerPriorityDelayNanoseconds = defaults.lowerPriorityDelayNanoseconds
    lowerPriorityRepeats = defaults.lowerPriorityRepeats
  }
}

/// A value and where it was written.
struct Written<Value: Sendable>: Sendable {
  var value: Value
  var range: SourceRange
}
