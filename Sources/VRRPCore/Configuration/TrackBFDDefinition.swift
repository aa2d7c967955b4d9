public import NetPrimitives

/// `bfd_instance`: a path to a neighbour that is watched with BFD (RFC 5880).
public struct TrackBFDDefinition: Hashable, Sendable {
  public var name: String
  /// `neighbor_ip`: the other end.
  public var neighbor: IPAddress
  /// `source_ip`; `nil` leaves the choice to the kernel.
  public var source: IPAddress?
  /// `min_rx` in milliseconds, 1…4294967: how often we are willing to hear from the neighbour.
  public var receiveIntervalMilliseconds: UInt32 = 10
  /// `min_tx` in milliseconds, 1…4294967: how often we want to be heard.
  public var sendIntervalMilliseconds: UInt32 = 10
  /// `idle_tx` in milliseconds, 1000…4294967: how often we send while the session is down.
  public var idleIntervalMilliseconds: UInt32 = 1000
  /// `multiplier`, 1…255: silent intervals until the session counts as down.
  public var multiplier: UInt8 = 5
  /// `passive`: the neighbour speaks first.
  public var isPassive = false
  /// `ttl` or `hoplimit`, 1…255; `nil` for 255, and 64 over IPv6.
  public var hopLimit: UInt8?
  /// `max_hops`: how many routers may stand between us; `nil` for any number.
  public var maximumHops: UInt8? = 0
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
