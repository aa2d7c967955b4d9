public import NetPrimitives

/// `bfd_instance`: a path to a neighbour that is watched with BFD (RFC 5880).
public struct TrackBFDDefinition: Hashable, Sendable {
  public var name: String
  /// `neighbor_ip`: the other end.
  public var neighbor: IPAddress
  /// `source_ip`; `nil` leaves the choice to the kernel.
  public var source: IPAddress?
  /// `min_rx` in microseconds, 1000…4294967000: how often we are willing to hear from the neighbour.
  public var receiveIntervalMicroseconds: UInt32 = 10_000
  /// `min_tx` in microseconds, 1000…4294967000: how often we want to be heard.
  public var sendIntervalMicroseconds: UInt32 = 10_000
  /// `idle_tx` in microseconds, 1000000…4294967000: how often we send while the session is down.
  public var idleIntervalMicroseconds: UInt32 = 1_000_000
  /// `multiplier`, 1…255: silent intervals until the session counts as down.
  public var multiplier: UInt8 = 5
  /// `passive`: the neighbour speaks first.
  public var isPassive = false
  /// `ttl` or `hoplimit`, 1…255; `nil` for 255, with which IPv6 packets of keepalived's own default, 64, are taken,
  /// too.
  public var hopLimit: UInt8?
  /// `max_hops`: how many routers may stand between us; `nil` for any number.
  public var maximumHops: UInt8? = 0
  /// `multihop`: routers stand between us, and the port is that of RFC 5883.
  public var isMultihop = false
  /// `weight`, -253…253, for who tracks it without one.
  public var weight: Int16 = 0
  /// `weight … reverse`.
  public var isReversed = false
  /// `vrrp` or neither: virtual routers are told.
  public var informsRouters = true
  /// `checker` or neither: health checks are told.
  public var informsChecks = true

  /// A session with keepalived's defaults.
  public init(name: String, neighbor: IPAddress) {
    self.name = name
    self.neighbor = neighbor
  }
}
