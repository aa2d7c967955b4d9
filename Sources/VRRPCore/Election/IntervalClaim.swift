import NetPrimitives

/// Who claims to advertise how slowly, and how often it said so.
///
/// RFC 9568 §6.4.2 has a backup believe any interval it hears, up to 40.95 s, and so wait up to 164 s: one forged
/// advert is enough to leave the addresses unowned that long. Here an interval within ``ceilingFactor`` times our own
/// is believed at once; a longer one only after the same router said the same ``confirmations`` times in a row, and
/// until then counts as the ceiling (docs/decisions/0005).
struct IntervalClaim: Sendable, Hashable, BitwiseCopyable {
  static let ceilingFactor: UInt32 = 3
  static let confirmations: UInt8 = 3

  private var source = IPAddress.v4(.any)
  private var interval = AdvertisementInterval.second
  private var count: UInt8 = 0

  /// The interval to reckon with after hearing `advertisement`, our own being `own`.
  mutating func believe(
    _ advertisement: VirtualRouter.Advertisement, own: AdvertisementInterval
  ) -> AdvertisementInterval {
    let ceiling = Self.ceiling(of: own)
    guard advertisement.interval > ceiling else { return advertisement.interval }
    if advertisement.source == source, advertisement.interval == interval {
      count = min(count + 1, Self.confirmations)
    } else {
      source = advertisement.source
      interval = advertisement.interval
      count = 1
    }
    return count >= Self.confirmations ? advertisement.interval : ceiling
  }

  static func ceiling(of own: AdvertisementInterval) -> AdvertisementInterval {
    let product = UInt32(own.centiseconds) * ceilingFactor
    return AdvertisementInterval(centiseconds: UInt16(min(product, 25_500))) ?? own
  }
}
