/// The two families VRRP runs over. A virtual router speaks exactly one (RFC 9568 §1).
public enum AddressFamily: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case ipv4 = 4
  case ipv6 = 6

  /// Bytes of one address: 4 or 16.
  @inlinable
  public var addressByteCount: Int {
    switch self {
    case .ipv4: 4
    case .ipv6: 16
    }
  }

  /// The longest prefix: 32 or 128 bits.
  @inlinable
  public var maximumPrefixLength: UInt8 {
    switch self {
    case .ipv4: 32
    case .ipv6: 128
    }
  }
}

/// An address of either family.
public enum IPAddress: Hashable, Sendable, BitwiseCopyable {
  case v4(IPv4Address)
  case v6(IPv6Address)

  /// Which family the address belongs to.
  @inlinable
  public var family: AddressFamily {
    switch self {
    case .v4: .ipv4
    case .v6: .ipv6
    }
  }

  /// `0.0.0.0` or `::`.
  @inlinable
  public static func any(_ family: AddressFamily) -> IPAddress {
    switch family {
    case .ipv4: .v4(.any)
    case .ipv6: .v6(.any)
    }
  }

  /// Whether the address is all zeros.
  @inlinable
  public var isUnspecified: Bool {
    switch self {
    case .v4(let address): address.rawValue == 0
    case .v6(let address): address.high == 0 && address.low == 0
    }
  }

  /// Whether the address names a group.
  @inlinable
  public var isMulticast: Bool {
    switch self {
    case .v4(let address): address.isMulticast
    case .v6(let address): address.isMulticast
    }
  }
}

extension IPAddress: Comparable {
  /// IPv4 sorts before IPv6; within a family by value, as RFC 9568 §6.4.3 compares.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool {
    switch (left, right) {
    case (.v4(let left), .v4(let right)): left < right
    case (.v6(let left), .v6(let right)): left < right
    case (.v4, .v6): true
    case (.v6, .v4): false
    }
  }
}

extension IPAddress: CustomStringConvertible {
  /// Parses either family; a colon decides for IPv6.
  public init?(_ text: some StringProtocol) {
    if text.utf8.contains(UInt8(ascii: ":")) {
      guard let address = IPv6Address(text) else { return nil }
      self = .v6(address)
    } else {
      guard let address = IPv4Address(text) else { return nil }
      self = .v4(address)
    }
  }

  /// The same from the bytes of a text.
  public init?(utf8 text: ArraySlice<UInt8>) {
    if let address = IPv4Address(utf8: text) {
      self = .v4(address)
    } else {
      guard let address = IPv6Address(String(decoding: text, as: UTF8.self)) else { return nil }
      self = .v6(address)
    }
  }

  /// The canonical text form of its family.
  public var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }
}
