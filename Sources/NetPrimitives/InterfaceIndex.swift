/// The kernel's number of a network interface. It changes when an interface is deleted and made anew.
public struct InterfaceIndex: Hashable, Sendable, BitwiseCopyable {
  /// The number; the kernel starts at 1.
  public let rawValue: UInt32

  /// The interface the kernel calls `rawValue`.
  @inlinable
  public init(rawValue: UInt32) { self.rawValue = rawValue }
}

extension InterfaceIndex: CustomStringConvertible {
  /// The number in decimal.
  public var description: String { "\(rawValue)" }
}
