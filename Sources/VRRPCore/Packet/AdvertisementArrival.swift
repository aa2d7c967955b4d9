public import NetPrimitives

/// What the IP header says about a received advertisement.
public struct AdvertisementArrival: Hashable, Sendable, BitwiseCopyable {
  /// Source of the datagram.
  public var source: IPAddress
  /// Destination of the datagram, of the same family.
  public var destination: IPAddress
  /// TTL or hop limit as received.
  public var hopLimit: UInt8
  /// Whether an IP Authentication Header stood between the IP header and the message.
  public var hasAuthenticationHeader: Bool
  /// Whether the IPv4 header had options. No router sends any.
  public var hasOptions: Bool

  /// The facts of one datagram.
  @inlinable
  public init(
    source: IPAddress, destination: IPAddress, hopLimit: UInt8, hasAuthenticationHeader: Bool = false,
    hasOptions: Bool = false
  ) {
    self.source = source
    self.destination = destination
    self.hopLimit = hopLimit
    self.hasAuthenticationHeader = hasAuthenticationHeader
    self.hasOptions = hasOptions
  }
}
