import CLinuxShims
import Glibc
import NetPrimitives

/// Memory for one recvmmsg(2), made once and shared by all sockets of a loop.
///
/// Pages are touched only as datagrams need them, so a generous size costs nothing while the network is quiet.
public final class ReceiveBuffer {
  /// How many datagrams one call takes at most.
  public let capacity: Int
  /// The longest datagram kept whole; longer ones are dropped and counted by the socket.
  public let bytesPerDatagram: Int

  private static let controlByteCount = 192

  private let storage: UnsafeMutableRawPointer
  private let slots: MessageSlots

  /// Room for `capacity` (1…1024) datagrams of `bytesPerDatagram` (64…65,536) bytes. The defaults hold the longest
  /// advert there is: 255 IPv6 addresses.
  public init(capacity: Int = 32, bytesPerDatagram: Int = 4352) {
    precondition((1...1024).contains(capacity) && (64...65_536).contains(bytesPerDatagram))
    self.capacity = capacity
    self.bytesPerDatagram = bytesPerDatagram
    storage = .allocate(byteCount: capacity * bytesPerDatagram, alignment: 16)
    slots = MessageSlots(capacity: capacity, controlByteCount: Self.controlByteCount)
    for index in 0..<capacity {
      slots.vectors[index] = iovec(iov_base: storage + index * bytesPerDatagram, iov_len: bytesPerDatagram)
    }
  }

  deinit { storage.deallocate() }

  /// Takes up to `limit` waiting datagrams without blocking; 0 when none waits.
  func fill(from descriptor: Int32, limit: Int) throws(SystemCallError) -> Int {
    let count = min(limit, capacity)
    for index in 0..<count {
      slots.headers[index].msg_hdr.msg_namelen = socklen_t(SocketAddress.byteCount)
      slots.headers[index].msg_hdr.msg_controllen = Self.controlByteCount
      slots.headers[index].msg_hdr.msg_flags = 0
    }
    while true {
      let received = shim_recvmmsg(descriptor, slots.headers, UInt32(count), Int32(MSG_DONTWAIT))
      if received >= 0 { return Int(received) }
      switch errno {
      case EINTR: continue
      case EAGAIN: return 0
      default: throw SystemCallError("recvmmsg")
      }
    }
  }

  /// Takes what waits, at most `limit` datagrams, without blocking, and hands `body` the index of each. Returns true
  /// when the queue is empty; after false there may be more. Nothing that is in the queue arrived before `emptySince`,
  /// which is moved on when it is empty.
  func drain(
    _ descriptor: Int32, limit: Int, emptySince: inout MonotonicInstant, _ body: (Int, TimestampConverter) -> Void
  ) throws(SystemCallError) -> Bool {
    var left = limit
    while left > 0 {
      let wanted = min(left, capacity)
      let before = SystemClock.monotonic()
      let count = try fill(from: descriptor, limit: wanted)
      let clocks = TimestampConverter(earliest: emptySince)
      for index in 0..<count { body(index, clocks) }
      left -= count
      guard count == wanted else {
        emptySince = before
        return true
      }
    }
    return false
  }

  /// Whether datagram `index` was longer than its place.
  func isTruncated(_ index: Int) -> Bool {
    slots.headers[index].msg_hdr.msg_flags & Int32(MSG_TRUNC | MSG_CTRUNC) != 0
  }

  /// Hands out datagram `index` of the last ``fill(from:limit:)``.
  func withDatagram<Result, Failure: Error>(
    _ index: Int, _ body: (_ bytes: RawSpan, _ control: RawSpan, _ name: RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(index < capacity)
    let header = slots.headers[index]
    let length = min(Int(header.msg_len), bytesPerDatagram)
    let bytes = UnsafeRawBufferPointer(start: storage + index * bytesPerDatagram, count: length)
    let control = UnsafeRawBufferPointer(
      start: slots.control(index), count: min(Self.controlByteCount, header.msg_hdr.msg_controllen))
    let name = UnsafeRawBufferPointer(
      start: slots.name(index),
      count: min(SocketAddress.byteCount, Int(header.msg_hdr.msg_namelen)))
    return try body(bytes.bytes, control.bytes, name.bytes)
  }
}
