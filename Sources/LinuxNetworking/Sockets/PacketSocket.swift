import CLinuxShims
import Glibc
public import NetPrimitives

/// A packet socket: sends whole Ethernet frames on any interface, and can listen for others that claim our addresses.
public final class PacketSocket {
  private let descriptor: FileDescriptor

  /// What a listening socket hears.
  public enum Claims: Hashable, Sendable {
    /// ARP packets, request or reply, whose sender protocol address is one of these; all ARP when empty.
    case arp([IPv4Address])
    /// Neighbour Advertisements whose target is one of these; all of them when empty.
    case neighborAdvertisements([IPv6Address])
  }

  /// A socket that only sends; it receives nothing and so costs nothing. Needs CAP_NET_RAW.
  public init() throws(SystemCallError) {
    descriptor = try Self.open()
  }

  /// A socket that also hears `claims` made by others on `interface`. Beyond 400 addresses it hears all, and the caller
  /// must look itself.
  public init(hearing claims: Claims, on interface: InterfaceIndex) throws(SystemCallError) {
    descriptor = try Self.open()
    try? SocketOptions.set(
      descriptor, SocketOptions.packetLevel, SocketOptions.packetIgnoreOutgoing, 1, "PACKET_IGNORE_OUTGOING")
    try hear(claims)
    var name: (UInt64, UInt64, UInt32) = (0, 0, 0)
    let number = descriptor.rawValue
    let result = withUnsafeMutableBytes(of: &name) { bytes in
      guard let place = bytes.baseAddress else { return Int32(-1) }
      let length = PacketAddress.write(interface: interface, protocol: claims.etherType, to: place)
      return bind(number, place.assumingMemoryBound(to: sockaddr.self), length)
    }
    guard result == 0 else { throw SystemCallError("bind(AF_PACKET, interface \(interface))") }
  }

  /// For the reactor; the socket keeps it and closes it.
  public var rawDescriptor: Int32 { descriptor.rawValue }

  /// Hears these claims from now on; of the same kind as before.
  public func hear(_ claims: Claims) throws(SystemCallError) {
    try PacketFilter.attach(PacketFilter.claims(claims), to: descriptor)
  }

  /// Sends the frames of `batch` in order. `onFailure` hears of each frame that was refused, by its index; the others
  /// are sent all the same. Returns how many were sent. The batch keeps its contents.
  @discardableResult
  public func send(_ batch: TransmitBatch, onFailure: (Int, SystemCallError) -> Void = { _, _ in }) -> Int {
    batch.send(on: descriptor.rawValue, onFailure)
  }

  /// Hands the frames that wait to `body`, whole, with the interface each came in on. Returns true when none is left.
  @discardableResult
  public func receive(
    into buffer: ReceiveBuffer, limit: Int = 64, _ body: (RawSpan, InterfaceIndex) -> Void
  ) throws(SystemCallError) -> Bool {
    var left = limit
    while left > 0 {
      let wanted = min(left, buffer.capacity)
      let count = try buffer.fill(from: descriptor.rawValue, limit: wanted)
      for index in 0..<count where !buffer.isTruncated(index) {
        buffer.withDatagram(index) { bytes, _, name in body(bytes, PacketAddress.interface(name)) }
      }
      guard count == wanted else { return true }
      left -= count
    }
    return false
  }

  private static func open() throws(SystemCallError) -> FileDescriptor {
    // Protocol 0: nothing is received until a bind names one.
    try FileDescriptor("socket(AF_PACKET, SOCK_RAW, 0)", needs: .netRaw) {
      socket(AF_PACKET, Int32(SOCK_RAW.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }
  }
}

extension PacketSocket.Claims {
  var etherType: UInt16 {
    switch self {
    case .arp: 0x0806
    case .neighborAdvertisements: 0x86dd
    }
  }
}

extension PacketFilter {
  /// More would come near BPF's 4,096 instructions.
  private static let maximumClaims = 400

  /// The program of a listening packet socket; frames of ours going out are not claims of others.
  static func claims(_ claims: PacketSocket.Claims) -> [sock_filter] {
    var filter = PacketFilter()
    filter.loadByte(packetType)
    filter.jump(ifEqual: 4)
    switch claims {
    case .arp(let addresses):
      // The sender's protocol address, 14 bytes into ARP's 28, behind the Ethernet header.
      filter.loadWord(14 + 14)
      guard !addresses.isEmpty, addresses.count <= maximumClaims else { return filter.finishAccepting(true) }
      for address in addresses {
        filter.skip(1, unlessEqual: address.rawValue)
        filter.returnNow(accept: true)
      }
    case .neighborAdvertisements(let addresses):
      // ICMPv6 without extension headers, type 136; the target is 8 bytes into it.
      filter.loadByte(14 + 6)
      filter.skip(1, unlessEqual: 58)
      filter.skip(1)
      filter.returnNow(accept: false)
      filter.loadByte(14 + 40)
      filter.skip(1, unlessEqual: 136)
      filter.skip(1)
      filter.returnNow(accept: false)
      guard !addresses.isEmpty, addresses.count <= maximumClaims else { return filter.finishAccepting(true) }
      for address in addresses { filter.acceptTarget(address) }
    }
    return filter.finishAccepting(false)
  }

  /// Drops when A is `value`.
  private mutating func jump(ifEqual value: UInt32) {
    skip(1, unlessEqual: value)
    returnNow(accept: false)
  }

  private mutating func acceptTarget(_ address: IPv6Address) {
    let words: [(offset: UInt32, value: UInt32)] = [
      // The last word first: it tells most addresses apart.
      (14 + 48 + 12, UInt32(truncatingIfNeeded: address.low)),
      (14 + 48 + 8, UInt32(truncatingIfNeeded: address.low >> 32)),
      (14 + 48 + 4, UInt32(truncatingIfNeeded: address.high)),
      (14 + 48, UInt32(truncatingIfNeeded: address.high >> 32)),
    ]
    for (index, word) in words.enumerated() {
      loadWord(word.offset)
      // Past the words left (two instructions each) and the return.
      skip(UInt8(2 * (3 - index) + 1), unlessEqual: word.value)
    }
    returnNow(accept: true)
  }

  private mutating func finishAccepting(_ accept: Bool) -> [sock_filter] {
    returnNow(accept: accept)
    return instructions
  }
}
