import NetPrimitives

extension VirtualRouter {
  /// A pause this short is the work of a busy host, not of a suspended one; no peer with sane timers has moved yet.
  static let shortestGapNanoseconds: UInt64 = 100_000_000
  /// Between two bursts of announcements that a contest causes.
  static let contestQuietNanoseconds: UInt64 = 200_000_000
  /// How much longer than the slowest successor's skew a leaving router waits, for the wire and a busy host.
  static let handOverMarginNanoseconds: UInt64 = 30_000_000
  /// The longest wait when nobody was ever heard. That is no sign of being alone, for backups are silent by nature:
  /// it covers the skew of any of them at the usual interval.
  static let lonelyHandOverNanoseconds: UInt64 = 1_030_000_000

  /// Skew_Time: the better our priority, the sooner we take over (RFC 9568 §6.1, RFC 3768 §6.1).
  func skewNanoseconds(activeInterval: AdvertisementInterval) -> UInt64 {
    skewNanoseconds(of: priority, activeInterval: activeInterval)
  }

  private func skewNanoseconds(of priority: UInt8, activeInterval: AdvertisementInterval) -> UInt64 {
    let rank = 256 - UInt64(priority)
    return switch configuration.version {
    case .v2: rank * 1_000_000_000 / 256
    case .v3: rank * activeInterval.nanoseconds / 256
    }
  }

  /// Active_Down_Interval (RFC 9568 §6.1).
  func downNanoseconds(activeInterval: AdvertisementInterval) -> UInt64 {
    UInt64(configuration.downTimerAdvertisements) * activeInterval.nanoseconds
      + skewNanoseconds(activeInterval: activeInterval)
  }

  /// Active_Down_Interval for what is believed now, in nanoseconds (RFC 9568 §6.1).
  public var activeDownNanoseconds: UInt64 { downNanoseconds(activeInterval: activeInterval) }

  func deadline(of backup: Backup) -> MonotonicInstant? {
    switch backup.wait {
    case .activeDown:
      backup.armedAt.advanced(byNanoseconds: downNanoseconds(activeInterval: backup.activeInterval))
    case .skew:
      backup.armedAt.advanced(byNanoseconds: skewNanoseconds(activeInterval: backup.activeInterval))
    case .eagerStart:
      // The skew a router of priority 254 would have.
      backup.armedAt.advanced(byNanoseconds: configuration.interval.nanoseconds * 258 / 256)
    case .group:
      nil
    }
  }

  /// Frames per address when a contest makes us announce again.
  var contestRepeats: UInt8 { configuration.contestRepeats ?? min(2, configuration.announcement.repeats) }

  /// How late we may be before our peers must be taken to have acted.
  var gapNanoseconds: UInt64 {
    let silence = UInt64(configuration.downTimerAdvertisements) * configuration.interval.nanoseconds
    guard let rival = configuration.highestRivalPriority else { return max(silence, Self.shortestGapNanoseconds) }
    return silence + skewNanoseconds(of: rival, activeInterval: configuration.interval)
  }

  /// The longest a leaving router serves on: the skew of the lowest priority, and a margin.
  var handOverNanoseconds: UInt64 {
    let slowestSkew =
      switch configuration.version {
      case .v2: UInt64(1_000_000_000)
      case .v3: configuration.interval.nanoseconds
      }
    let bound = slowestSkew + Self.handOverMarginNanoseconds
    return hasHeardPeer ? bound : min(bound, Self.lonelyHandOverNanoseconds)
  }

  /// How much longer than others a router listens that gave way for its sync group alone, less than an interval: two
  /// groups of which each outranks the other somewhere would else give way and come back in step (docs/decisions/0030).
  var groupRestNanoseconds: UInt64 {
    guard configuration.isGrouped else { return 0 }
    let host: UInt64 =
      switch configuration.primaryAddress {
      case .v4(let address): UInt64(address.rawValue & 0xff)
      case .v6(let address): address.low & 0xff
      }
    return host * configuration.interval.nanoseconds / 256
  }

  /// At most two answers an interval: enough to win any contest, too few to be a reflector.
  var answerQuietNanoseconds: UInt64 { configuration.interval.nanoseconds / 2 }

  /// A good-bye is answered more often: backups that heard it take over after their skew unless they hear of us, and
  /// the best of them has a skew of 2/256 of the interval.
  var urgentAnswerQuietNanoseconds: UInt64 { configuration.interval.nanoseconds / 128 }
}
