public import NetPrimitives

/// One session as it is to be.
public struct BFDSessionDefinition: Hashable, Sendable {
  /// Its name in the configuration.
  public var name: String
  /// Between whom it runs: what is another path is another session.
  public var path: BFDPath
  /// The lowest TTL or hop limit a packet may arrive with (RFC 5881 §5), 0…255; 0 takes all.
  public var minimumHopLimit: UInt8 = 255
  /// Its times. The discriminator is chosen by ``BFDEngine``.
  public var configuration = BFDSession.Configuration(discriminator: 1)

  /// A session with keepalived's defaults.
  public init(name: String, path: BFDPath) {
    self.name = name
    self.path = path
  }
}

/// The ends of a session, and whether routers stand between them.
public struct BFDPath: Hashable, Sendable {
  /// The other end.
  public var neighbor: IPAddress
  /// This end; `nil` leaves it to the kernel.
  public var source: IPAddress?
  /// Whether it is a session across routers, which has a port of its own (RFC 5883).
  public var isMultihop: Bool

  /// A path to `neighbor`.
  public init(to neighbor: IPAddress, from source: IPAddress? = nil, isMultihop: Bool = false) {
    self.neighbor = neighbor
    self.source = source
    self.isMultihop = isMultihop
  }

  /// Whether a packet that names no session of ours may be of this one.
  func isMet(by arrival: BFDArrival) -> Bool {
    arrival.source == neighbor && arrival.isMultihop == isMultihop && (source == nil || source == arrival.destination)
  }
}

/// What the headers below say of a datagram.
public struct BFDArrival: Hashable, Sendable, BitwiseCopyable {
  /// Source of the datagram.
  public var source: IPAddress
  /// Destination of the datagram.
  public var destination: IPAddress
  /// TTL or hop limit it arrived with.
  public var hopLimit: UInt8
  /// Whether it came to the port of sessions across routers.
  public var isMultihop: Bool
  /// When the kernel received it.
  public var receivedAt: MonotonicInstant

  /// A datagram.
  public init(
    source: IPAddress, destination: IPAddress, hopLimit: UInt8, isMultihop: Bool = false, receivedAt: MonotonicInstant
  ) {
    self.source = source
    self.destination = destination
    self.hopLimit = hopLimit
    self.isMultihop = isMultihop
    self.receivedAt = receivedAt
  }
}
