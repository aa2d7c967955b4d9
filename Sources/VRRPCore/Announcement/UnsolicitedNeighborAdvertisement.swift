public import NetPrimitives

/// The frame that tells a link which hardware address an IPv6 address now has (RFC 4861 §4.4, §7.2.6).
public struct UnsolicitedNeighborAdvertisement: Hashable, Sendable, BitwiseCopyable {
  /// The address announced; it is the source of the datagram too.
  public var address: IPv6Address
  /// Who has it now: the interface's hardware address or the virtual router's.
  public var hardwareAddress: MACAddress
  /// The R flag: the address belongs to a router (RFC 9568 §8.2.2 expects it of a virtual router). A host that hears an
  /// advertisement without it stops using the sender as a default router (RFC 4861 §7.2.5).
  public var isRouter: Bool
  /// The O flag: caches must take the new hardware address.
  public var overrides: Bool

  /// An announcement.
  @inlinable
  public init(_ address: IPv6Address, at hardwareAddress: MACAddress, isRouter: Bool, overrides: Bool = true) {
    self.address = address
    self.hardwareAddress = hardwareAddress
    self.isRouter = isRouter
    self.overrides = overrides
  }

  /// Bytes of the Ethernet frame without its check sequence, which the driver adds.
  public static let byteCount = 14 + 40 + messageByteCount
  /// Bytes of the ICMPv6 message with its one option.
  private static let messageByteCount = 32
  /// ICMPv6's next-header number.
  static let icmpProtocol: UInt8 = 58
  /// ICMPv6's type of a neighbour advertisement.
  static let messageType: UInt8 = 136

  /// Appends the Ethernet frame, to all nodes of the link: exactly ``byteCount`` bytes. Allocates nothing.
  ///
  /// - Precondition: `output` has room.
  public func encode(into output: inout OutputSpan<UInt8>) {
    output.append(MACAddress.multicast(.v6(.allNodes)))
    output.append(hardwareAddress)
    output.append(bigEndian: EtherType.ipv6)

    output.append(bigEndian: UInt32(6) << 28)
    output.append(bigEndian: UInt16(Self.messageByteCount))
    output.append(Self.icmpProtocol)
    output.append(255 as UInt8)  // Receivers discard anything less (RFC 4861 §7.1.2).
    output.append(address)
    output.append(IPv6Address.allNodes)

    output.append(Self.messageType)
    output.append(0 as UInt8)
    output.append(bigEndian: checksum)
    output.append(bigEndian: flags)
    output.append(address)
    output.append(bigEndian: Self.targetLinkLayerAddressOption)
    output.append(hardwareAddress)
  }

  /// Option type 2, length 1 in units of eight bytes.
  private static let targetLinkLayerAddressOption: UInt16 = 0x0201

  private var flags: UInt32 { (isRouter ? 1 << 31 : 0) | (overrides ? 1 << 29 : 0) }

  private var checksum: UInt16 {
    var sum = InternetChecksum()
    sum.add(address)
    sum.add(IPv6Address.allNodes)
    sum.add(UInt16(Self.messageByteCount))
    sum.add(UInt16(Self.icmpProtocol))
    sum.add(UInt16(Self.messageType) << 8)
    sum.add(flags)
    sum.add(address)
    sum.add(Self.targetLinkLayerAddressOption)
    sum.add(UInt16(truncatingIfNeeded: hardwareAddress.rawValue >> 32))
    sum.add(UInt32(truncatingIfNeeded: hardwareAddress.rawValue))
    return sum.value
  }
}
