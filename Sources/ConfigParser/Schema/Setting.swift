/// What a keyword sets, for the keywords something acts on. Lowering switches over these without `default`, so a new
/// case cannot be forgotten.
enum Setting: Hashable, Sendable, BitwiseCopyable {
  case root(RootSetting)
  case global(GlobalSetting)
  case instance(InstanceSetting)
  case authentication(AuthenticationSetting)
}

enum RootSetting: Hashable, Sendable, BitwiseCopyable {
  case globalDefinitions, instance
}

enum GlobalSetting: Hashable, Sendable, BitwiseCopyable {
  case routerID, scriptUser, scriptSecurity, version, messageOnlyChecksum, announceDelay, announceRepeats
  case announceRefresh, announceRefreshRepeats, downTimerAdvertisements
}

enum InstanceSetting: Hashable, Sendable, BitwiseCopyable {
  case state, interface, virtualRouterID, priority, interval, version, preempt, noPreempt, preemptDelay, authentication
  case addresses, excludedAddresses, noVirtualAddress, unicastSource, multicastSource, unicastPeers
  case announceDelay, announceRepeats, announceRefresh, announceRefreshRepeats, trackedInterfaces, nativeIPv6
  case messageOnlyChecksum, downTimerAdvertisements
}

enum AuthenticationSetting: Hashable, Sendable, BitwiseCopyable {
  case type, password
}
