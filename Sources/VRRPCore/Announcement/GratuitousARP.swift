public import NetPrimitives

/// The frame that tells a link which hardware address an IPv4 address now has (RFC 5227 §3, RFC 826).
public struct GratuitousARP: Hashable, Sendable, BitwiseCopyable {
  /// The address announced.
  public var address: IPv4Address
  /// Who has it now: the interface's hardware address or the virtual router's.
  public var hardwareAddress: MACAddress
  /// The operation.
  public var form: Form

  /// Which operation announces; listeners update their caches on both, some devices only on one.
  public enum Form: Hashable, Sendable, BitwiseCopyable {
    /// A request for one's own address, as RFC 9568 §8.2.1 asks for and RFC 5227 §3 recommends.
    case request
    /// An unasked reply.
    case reply
  }

  /// An announcement.
  @inlinable
  public init(_ address: IPv4Address, at hardwareAddress: MACAddress, form: Form = .request) {
    self.address = address
    self.hardwareAddress = hardwareAddress
    self.form = form
  }

  /// Bytes of the Ethernet frame without padding and check sequence, which the driver adds.
  public static let byteCount = 42

  /// Appends the Ethernet frame, to the broadcast address: exactly ``byteCount`` bytes. Allocates nothing.
  ///
  /// The target hardware address, which a request leaves open, is broadcast as keepalived and FRR send it.
  ///
  /// - Precondition: `output` has room.
  public func encode(into output: inout OutputSpan<UInt8>) {
    output.append(MACAddress.broadcast)
    output.append(hardwareAddress)
    output.append(bigEndian: EtherType.arp)
    output.append(bigEndian: UInt16(1))  // Ethernet
    output.append(bigEndian: EtherType.ipv4)
    output.append(6 as UInt8)
    output.append(4 as UInt8)
    switch form {
    case .request: output.append(bigEndian: UInt16(1))
    case .reply: output.append(bigEndian: UInt16(2))
    }
    output.append(hardwareAddress)
    output.append(address)
    output.append(MACAddress.broadcast)
    output.append(address)
  }
}

/// The EtherTypes announcements need (IEEE 802 numbers).
enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let arp: UInt16 = 0x0806
  static let vlan: UInt16 = 0x8100
  static let ipv6: UInt16 = 0x86dd
}
