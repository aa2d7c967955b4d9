/// An address with the length of its network prefix. Host bits are kept: `10.0.0.1/24` is an interface address.
public struct IPPrefix: Hashable, Sendable, BitwiseCopyable {
  /// The address, host bits included.
  public let address: IPAddress
  /// Bits of the network part: 0…32 or 0…128.
  public let length: UInt8

  /// `nil` when `length` exceeds the family's 32 or 128 bits.
  @inlinable
  public init?(_ address: IPAddress, length: UInt8) {
    guard length <= address.family.maximumPrefixLength else { return nil }
    self.address = address
    self.length = length
  }

  /// The prefix that holds only `address`.
  @inlinable
  public init(host address: IPAddress) {
    self.address = address
    length = address.family.maximumPrefixLength
  }
}

extension IPPrefix: CustomStringConvertible {
  /// Parses `ADDRESS` or `ADDRESS/LENGTH`; without a length the prefix is the host alone.
  public init?(_ text: some StringProtocol) { self.init(utf8: Array(text.utf8)[...]) }

  /// The same from the bytes of a text.
  public init?(utf8 text: ArraySlice<UInt8>) {
    guard let slash = text.firstIndex(of: UInt8(ascii: "/")) else {
      guard let address = IPAddress(utf8: text) else { return nil }
      self.init(host: address)
      return
    }
    guard let address = IPAddress(utf8: text[..<slash]), let length = Self.length(text[(slash + 1)...]) else {
      return nil
    }
    self.init(address, length: length)
  }

  private static func length(_ digits: ArraySlice<UInt8>) -> UInt8? {
    guard !digits.isEmpty else { return nil }
    var value: UInt8 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = product.addingReportingOverflow(digit &- UInt8(ascii: "0"))
      guard !isLarge, !isLarger else { return nil }
      value = sum
    }
    return value
  }

  /// `ADDRESS/LENGTH`.
  public var description: String { "\(address)/\(length)" }
}
