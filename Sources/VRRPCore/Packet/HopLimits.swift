/// The TTLs or hop limits a received advertisement may have.
public struct HopLimits: Hashable, Sendable, BitwiseCopyable {
  /// The least accepted, 0…255.
  public let minimum: UInt8
  /// The most accepted, not below ``minimum``.
  public let maximum: UInt8

  /// The limits `minimum` to `maximum`, both accepted.
  ///
  /// - Precondition: They are in order.
  @inlinable
  public init(_ minimum: UInt8, _ maximum: UInt8) {
    precondition(minimum <= maximum)
    self.minimum = minimum
    self.maximum = maximum
  }

  /// 255 only: no router forwarded the datagram, so its sender is on the link (RFC 9568 §5.1.1.3, §7.1).
  public static let linkOnly = HopLimits(255, 255)
  /// All of them, for unicast peers that routers stand between.
  public static let unlimited = HopLimits(0, 255)

  /// Whether `hopLimit` is accepted.
  @inlinable
  public func contains(_ hopLimit: UInt8) -> Bool { minimum <= hopLimit && hopLimit <= maximum }
}
