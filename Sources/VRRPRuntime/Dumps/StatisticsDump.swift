import VRRPCore

extension VRRPSnapshot {
  /// The `.stats` file: one block of counters for each virtual router, as exporters read it.
  public var statisticsText: String {
    var text = ""
    for router in routers { text += router.statisticsText }
    return text
  }
}

extension VRRPSnapshot.Router {
  fileprivate var statisticsText: String {
    """
    VRRP Instance: \(definition.name)
      Advertisements:
        Received: \(counters.received)
        Sent: \(sentCount)
      Became master: \(becameActiveCount)
      Released master: \(releasedActiveCount)
      Packet Errors:
        Length: \(counters.lengthErrors)
        TTL: \(counters.hopLimitErrors)
        Invalid Type: \(counters.invalidTypes)
        Advertisement Interval: \(counters.intervalErrors)
        Address List: \(counters.addressListErrors)
      Authentication Errors:
        Invalid Type: \(counters.invalidAuthenticationTypes)
        Type Mismatch: \(counters.authenticationTypeMismatches)
        Failure: \(counters.authenticationFailures)
      Priority Zero:
        Received: \(counters.priorityZeroReceived)
        Sent: \(priorityZeroSentCount)

    """
  }
}
