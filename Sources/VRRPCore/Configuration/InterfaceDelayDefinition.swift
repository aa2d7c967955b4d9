/// A line of `interface_up_down_delays`: how long an interface must stay as it is before it is believed.
public struct InterfaceDelayDefinition: Hashable, Sendable {
  public var interface: String
  /// In nanoseconds, 0…255 s: how long it must be down to count as down.
  public var downNanoseconds: UInt64
  /// In nanoseconds, 0…255 s: how long it must be up to count as up.
  public var upNanoseconds: UInt64

  /// The delays of `interface`; 0 believes at once.
  public init(interface: String, downNanoseconds: UInt64 = 0, upNanoseconds: UInt64 = 0) {
    self.interface = interface
    self.downNanoseconds = downNanoseconds
    self.upNanoseconds = upNanoseconds
  }
}
