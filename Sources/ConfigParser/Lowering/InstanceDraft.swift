import NetPrimitives
import VRRPCore

/// What `global_defs` says about instances that do not say it themselves.
struct InstanceDefaults: Sendable {
  var version: ProtocolVersion?
  var announcement = AnnouncementPolicy()
  var sendsMessageOnlyChecksum = false
  var downTimerAdvertisements: UInt8 = 3
}

/// An instance while its block is read; what depends on several lines is decided at the end.
struct InstanceDraft: Sendable {
  let name: String
  /// The statement, for diagnostics.
  let statement: Int
  var state: Written<VirtualRouterDefinition.InitialRole>?
  var interface: Written<String>?
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
  /// Where `unicast_src_ip` stands.
  var unicastSource: SourceRange?
  var unicastPeers: [Written<IPAddress>] = []
  var isNativeIPv6 = false
  var announcement: AnnouncementPolicy
  var sendsMessageOnlyChecksum: Bool
  var downTimerAdvertisements: UInt8
  var trackedInterfaces: [Written<VirtualRouterDefinition.TrackedInterface>] = []

  enum AuthenticationType: Hashable, Sendable { case pass, header }

  init(name: String, statement: Int, defaults: InstanceDefaults) {
    self.name = name
    self.statement = statement
    announcement = defaults.announcement
    sendsMessageOnlyChecksum = defaults.sendsMessageOnlyChecksum
    downTimerAdvertisements = defaults.downTimerAdvertisements
  }
}

/// A value and where it was written.
struct Written<Value: Sendable>: Sendable {
  var value: Value
  var range: SourceRange
}

extension Written: Equatable where Value: Equatable {}
extension Written: Hashable where Value: Hashable {}
