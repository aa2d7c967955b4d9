public import NetPrimitives

/// Somebody's statement, heard on the link, that an address is at a hardware address: what a router that owns the
/// address watches for to notice a contest.
public struct AddressClaim: Hashable, Sendable, BitwiseCopyable {
  /// The address claimed.
  public var address: IPAddress
  /// Who claims to have it.
  public var hardwareAddress: MACAddress
  /// How it was said.
  public var kind: Kind

  /// How an address is claimed.
  public enum Kind: Hashable, Sendable, BitwiseCopyable {
    /// The sender fields of an ARP request for another address: the claim is made in passing.
    case arpRequest
    /// The sender fields of an ARP reply.
    case arpReply
    /// An ARP packet of either operation whose sender and target address are the same.
    case gratuitousARP
    /// A neighbour advertisement that overrides caches.
    case neighborAdvertisement
  }

  /// A claim.
  public init(_ address: IPAddress, at hardwareAddress: MACAddress, kind: Kind) {
    self.address = address
    self.hardwareAddress = hardwareAddress
    self.kind = kind
  }

  /// The claim an Ethernet frame makes; `nil` when it makes none or is not well-formed. Allocates nothing.
  ///
  /// ARP probes claim nothing (RFC 5227 §1.1: their sender address is zero), nor do neighbour advertisements without
  /// the override flag, which change no cache. One 802.1Q tag is looked through. Bytes after the packet are padding.
  public init?(decodingFrame frame: borrowing RawSpan) {
    guard frame.byteCount >= 14 else { return nil }
    var offset = 12
    if frame.bigEndian16(at: offset) == EtherType.vlan {
      guard frame.byteCount >= 18 else { return nil }
      offset = 16
    }
    let etherType = frame.bigEndian16(at: offset)
    let packet = frame.extracting(droppingFirst: offset &+ 2)
    switch etherType {
    case EtherType.arp:
      self.init(decodingARP: packet)
    case EtherType.ipv6:
      self.init(decodingIPv6: packet, from: frame.macAddress(at: 6))
    default:
      return nil
    }
  }

  /// RFC 826 over Ethernet, for IPv4.
  private init?(decodingARP packet: borrowing RawSpan) {
    guard packet.byteCount >= 28, packet.bigEndian64(at: 0) >> 16 == 0x0001_0800_0604 else { return nil }
    let operation = packet.bigEndian16(at: 6)
    guard operation == 1 || operation == 2 else { return nil }
    let hardwareAddress = packet.macAddress(at: 8)
    let sender = packet.ipv4Address(at: 14)
    let target = packet.ipv4Address(at: 24)
    guard sender != .any, !sender.isMulticast, hardwareAddress.isStation else { return nil }
    let kind: Kind = sender == target ? .gratuitousARP : operation == 1 ? .arpRequest : .arpReply
    self.init(.v4(sender), at: hardwareAddress, kind: kind)
  }

  /// RFC 4861 §4.4, with the checks of §7.1.2. Without the option the frame's own source is who claims.
  private init?(decodingIPv6 packet: borrowing RawSpan, from frameSource: MACAddress) {
    guard packet.byteCount >= 40, packet.byte(at: 0) >> 4 == 6,
      packet.byte(at: 6) == UnsolicitedNeighborAdvertisement.icmpProtocol, packet.byte(at: 7) == 255
    else { return nil }
    let length = Int(packet.bigEndian16(at: 4))
    guard length >= 24, packet.byteCount >= 40 &+ length else { return nil }
    let message = packet.extracting(40..<(40 &+ length))
    guard message.byte(at: 0) == UnsolicitedNeighborAdvertisement.messageType, message.byte(at: 1) == 0 else {
      return nil
    }
    var sum = InternetChecksum()
    sum.add(packet.extracting(8..<40))
    sum.add(UInt16(truncatingIfNeeded: length))
    sum.add(UInt16(UnsolicitedNeighborAdvertisement.icmpProtocol))
    sum.add(message)
    let target = message.ipv6Address(at: 8)
    let overrides = message.byte(at: 4) & 0x20 != 0
    guard sum.value == 0, overrides, target != .any, !target.isMulticast else { return nil }

    var hardwareAddress = frameSource
    var offset = 24
    while offset < length {
      guard offset &+ 2 <= length else { return nil }
      let optionLength = 8 &* Int(message.byte(at: offset &+ 1))
      // "All included options have a length that is greater than zero."
      guard optionLength > 0, offset &+ optionLength <= length else { return nil }
      if message.byte(at: offset) == 2 { hardwareAddress = message.macAddress(at: offset &+ 2) }
      offset &+= optionLength
    }
    guard hardwareAddress.isStation else { return nil }
    self.init(.v6(target), at: hardwareAddress, kind: .neighborAdvertisement)
  }
}

extension MACAddress {
  /// Whether one station can have this address: neither a group's nor all zeros.
  fileprivate var isStation: Bool { rawValue >> 40 & 1 == 0 && rawValue != 0 }
}
