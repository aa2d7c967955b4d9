/// When a virtual service has enough live weight, and when it has too little.
///
/// With the weight W of the live servers, quorum Q and hysteresis H: a service that has its quorum loses it when W is 0
/// or below Q − H; one that has not gains it at Q + H. In between nothing changes, so that one weak server does not
/// make the service flap.
public struct QuorumRule: Hashable, Sendable, BitwiseCopyable {
  /// Q, at least 1.
  public let quorum: Int64
  /// H, 0…Q − 1.
  public let hysteresis: Int64

  /// A rule as configured, made possible: a quorum beyond the sum of the configured weights is reduced to the sum,
  /// a hysteresis of the quorum or more to one less. The parser tells the operator; here it only must not be wrong.
  public init(quorum: UInt32, hysteresis: UInt32, configuredWeight: Int64) {
    self.quorum = max(1, min(Int64(quorum), configuredWeight))
    self.hysteresis = min(Int64(hysteresis), self.quorum - 1)
  }

  /// The rule of a virtual server.
  public init(_ definition: VirtualServerDefinition) {
    var sum: Int64 = 0
    for server in definition.realServers { sum += Int64(max(server.weight, 0)) }
    self.init(quorum: definition.quorum, hysteresis: definition.hysteresis, configuredWeight: sum)
  }

  /// Q + H: the weight that gains the quorum.
  public var gainedAt: Int64 { quorum + hysteresis }
  /// Q − H: the quorum is lost below this.
  public var lostBelow: Int64 { quorum - hysteresis }

  /// Whether the service has its quorum at weight `weight`, given whether it had it.
  public func isMet(by weight: Int64, isUp: Bool) -> Bool {
    isUp ? !(weight == 0 || weight < lostBelow) : weight >= gainedAt
  }
}
