import CLinuxShims
import Glibc
public import NetPrimitives

/// Datagrams or frames gathered for one sendmmsg(2). Made once, filled and emptied for ever; nothing allocates.
public final class TransmitBatch {
  /// How many datagrams it holds at most.
  public let capacity: Int
  /// How many bytes they may have together.
  public let byteCapacity: Int
  /// How many datagrams it holds.
  public private(set) var count = 0

  /// Room for one packet-info message of either family.
  private static let controlByteCount = ControlMessages.space(20)

  private var bytesUsed = 0
  private let storage: UnsafeMutablePointer<UInt8>
  private let slots: MessageSlots

  /// Room for `capacity` (1…1024) datagrams and `byteCapacity` bytes in all.
  public init(capacity: Int = 64, byteCapacity: Int = 16_384) {
    precondition((1...1024).contains(capacity) && (64...16_777_216).contains(byteCapacity))
    self.capacity = capacity
    self.byteCapacity = byteCapacity
    storage = .allocate(capacity: byteCapacity)
    slots = MessageSlots(capacity: capacity, controlByteCount: Self.controlByteCount)
  }

  deinit { storage.deallocate() }

  /// Whether it holds nothing.
  public var isEmpty: Bool { count == 0 }

  /// Forgets everything, keeps the memory.
  public func removeAll() {
    count = 0
    bytesUsed = 0
  }

  /// Adds a datagram that `write` fills with at most `byteCount` bytes. False, without calling `write`, when there is
  /// no room: send and empty the batch, then add again.
  ///
  /// Without a `source` the kernel chooses one. An `interface` is needed for link-local and group destinations of an
  /// unbound socket.
  public func append(
    to destination: IPAddress, from source: IPAddress?, on interface: InterfaceIndex?, byteCount: Int,
    _ write: (inout OutputSpan<UInt8>) -> Void
  ) -> Bool {
    guard hasRoom(for: byteCount) else { return false }
    let index = count
    let scope = interface?.rawValue ?? 0
    slots.headers[index].msg_hdr.msg_namelen = SocketAddress.write(
      destination, scope: scope, to: slots.name(index))
    setPacketInfo(of: index, source: source, scope: scope)
    writeBytes(byteCount, write)
    return true
  }

  /// Adds an Ethernet frame, header included, for a packet socket. False when there is no room.
  public func appendFrame(
    on interface: InterfaceIndex, byteCount: Int, _ write: (inout OutputSpan<UInt8>) -> Void
  ) -> Bool {
    guard hasRoom(for: byteCount) else { return false }
    let name = slots.name(count)
    slots.headers[count].msg_hdr.msg_namelen = PacketAddress.write(interface: interface, protocol: 0, to: name)
    slots.headers[count].msg_hdr.msg_control = nil
    slots.headers[count].msg_hdr.msg_controllen = 0
    writeBytes(byteCount, write)
    return true
  }

  private func hasRoom(for byteCount: Int) -> Bool {
    precondition(byteCount >= 0 && byteCount <= byteCapacity, "larger than the whole batch")
    return count < capacity && byteCapacity - bytesUsed >= byteCount
  }

  private func writeBytes(_ byteCount: Int, _ write: (inout OutputSpan<UInt8>) -> Void) {
    let place = UnsafeMutableBufferPointer(start: storage + bytesUsed, count: byteCount)
    var output = OutputSpan(buffer: place, initializedCount: 0)
    write(&output)
    let written = output.finalize(for: place)
    slots.vectors[count] = iovec(iov_base: storage + bytesUsed, iov_len: written)
    bytesUsed += written
    count += 1
  }

  private func setPacketInfo(of index: Int, source: IPAddress?, scope: UInt32) {
    let place = slots.control(index)
    slots.headers[index].msg_hdr.msg_control = place
    switch source {
    case nil:
      slots.headers[index].msg_hdr.msg_control = nil
      slots.headers[index].msg_hdr.msg_controllen = 0
    case .v4(let address):
      // struct in_pktinfo: interface, source, (unused) destination.
      writeHeader(place, byteCount: 12, level: Int32(IPPROTO_IP), type: SocketOptions.ipPacketInfo)
      place.storeBytes(of: scope, toByteOffset: 16, as: UInt32.self)
      place.storeBytes(of: address.rawValue.bigEndian, toByteOffset: 20, as: UInt32.self)
      place.storeBytes(of: 0, toByteOffset: 24, as: UInt32.self)
      slots.headers[index].msg_hdr.msg_controllen = ControlMessages.space(12)
    case .v6(let address):
      // struct in6_pktinfo: source, interface.
      writeHeader(place, byteCount: 20, level: Int32(IPPROTO_IPV6), type: SocketOptions.ipv6PacketInfo)
      place.storeBytes(of: address.high.bigEndian, toByteOffset: 16, as: UInt64.self)
      place.storeBytes(of: address.low.bigEndian, toByteOffset: 24, as: UInt64.self)
      place.storeBytes(of: scope, toByteOffset: 32, as: UInt32.self)
      slots.headers[index].msg_hdr.msg_controllen = ControlMessages.space(20)
    }
  }

  private func writeHeader(_ place: UnsafeMutableRawPointer, byteCount: Int, level: Int32, type: Int32) {
    place.storeBytes(of: ControlMessages.headerByteCount + byteCount, as: Int.self)
    place.storeBytes(of: level, toByteOffset: 8, as: Int32.self)
    place.storeBytes(of: type, toByteOffset: 12, as: Int32.self)
  }

  /// Sends everything in order. A datagram that fails is reported to `onFailure` with its index and passed over: one
  /// unreachable peer must not silence the rest. Returns how many were sent; the batch keeps its contents.
  func send(on descriptor: Int32, _ onFailure: (Int, SystemCallError) -> Void) -> Int {
    var next = 0
    var sent = 0
    while next < count {
      let result = shim_sendmmsg(
        descriptor, slots.headers + next, UInt32(count - next), Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
      if result > 0 {
        next += Int(result)
        sent += Int(result)
      } else if result < 0, errno != EINTR {
        onFailure(next, SystemCallError("sendmmsg"))
        next += 1
      }
    }
    return sent
  }
}
