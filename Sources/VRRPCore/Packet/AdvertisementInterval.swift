/// The time between advertisements in centiseconds, within what either version can say on the wire.
///
/// Version 3 carries 1…4095 cs (RFC 9568 §5.2.7), version 2 whole seconds 1…255 (RFC 3768 §5.3.7).
public struct AdvertisementInterval: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// Centiseconds, 1…25 500.
  public let centiseconds: UInt16

  /// `nil` unless 1…25 500.
  @inlinable
  public init?(centiseconds: UInt16) {
    guard (1...25_500).contains(centiseconds) else { return nil }
    self.centiseconds = centiseconds
  }

  /// One second, the default of both versions.
  public static let second = AdvertisementInterval(unchecked: 100)
  /// The longest interval version 3 can say: 40.95 s.
  public static let longestV3 = AdvertisementInterval(unchecked: 0xfff)

  @usableFromInline
  init(unchecked centiseconds: UInt16) { self.centiseconds = centiseconds }

  /// The interval in nanoseconds.
  @inlinable
  public var nanoseconds: UInt64 { UInt64(centiseconds) &* 10_000_000 }

  /// Whether `version` can put this interval on the wire.
  @inlinable
  public func isExpressible(in version: ProtocolVersion) -> Bool {
    switch version {
    case .v2: centiseconds % 100 == 0
    case .v3: centiseconds <= 0xfff
    }
  }

  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.centiseconds < right.centiseconds }
}
