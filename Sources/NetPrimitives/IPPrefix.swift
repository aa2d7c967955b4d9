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
  public init?(_ text: some StringProtocol) {
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else {
      guard let address = IPAddress(text) else { return nil }
      self.init(host: address)
      return
    }
    let digits = text[text.utf8.index(after: slash)...]
    guard
      let address = IPAddress(text[..<slash]),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let length = UInt8(digits)
    else { return nil }
    self.init(address, length: length)
  }

  /// `ADDRESS/LENGTH`.
  public var description: String { "\(address)/\(length)" }
}
