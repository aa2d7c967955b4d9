public import NetPrimitives

/// An advertisement that passed ``AdvertisementGate``: all the election needs to know of it.
public struct VerifiedAdvertisement: Hashable, Sendable, BitwiseCopyable {
  /// Who sent it.
  public var source: IPAddress
  /// 0…255; 0 says that the sender leaves.
  public var priority: UInt8
  /// The interval the sender advertises, not yet bounded by any policy.
  public var interval: AdvertisementInterval
  /// Which checksum the sender computes.
  public var checksumKind: ChecksumKind
  /// Whether its address list is ours, in any order.
  public var addressListMatches: Bool
  /// Whether an authentication trailer follows the message. The gate does not verify it: ``HMACVerifier`` does.
  public var hasTrailer: Bool

  /// An advertisement, for simulations and tests that have no bytes.
  public init(
    source: IPAddress, priority: UInt8, interval: AdvertisementInterval, checksumKind: ChecksumKind = .pseudoHeader,
    addressListMatches: Bool = true, hasTrailer: Bool = false
  ) {
    self.source = source
    self.priority = priority
    self.interval = interval
    self.checksumKind = checksumKind
    self.addressListMatches = addressListMatches
    self.hasTrailer = hasTrailer
  }
}
