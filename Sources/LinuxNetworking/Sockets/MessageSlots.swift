import CLinuxShims
import Glibc

/// What recvmmsg(2) and sendmmsg(2) work on: for each datagram a header, and what it points to but the bytes
/// themselves. Pages are touched only as they are used.
final class MessageSlots {
  let headers: UnsafeMutablePointer<shim_mmsghdr>
  let vectors: UnsafeMutablePointer<iovec>
  private let names: UnsafeMutableRawPointer
  private let control: UnsafeMutableRawPointer
  private let controlByteCount: Int

  init(capacity: Int, controlByteCount: Int) {
    self.controlByteCount = controlByteCount
    headers = .allocate(capacity: capacity)
    vectors = .allocate(capacity: capacity)
    names = .allocate(byteCount: capacity * SocketAddress.byteCount, alignment: 16)
    control = .allocate(byteCount: capacity * controlByteCount, alignment: 16)
    headers.initialize(repeating: shim_mmsghdr(), count: capacity)
    vectors.initialize(repeating: iovec(), count: capacity)
    for index in 0..<capacity {
      headers[index].msg_hdr.msg_iov = vectors + index
      headers[index].msg_hdr.msg_iovlen = 1
      headers[index].msg_hdr.msg_name = name(index)
      headers[index].msg_hdr.msg_control = control(index)
    }
  }

  deinit {
    headers.deallocate()
    vectors.deallocate()
    names.deallocate()
    control.deallocate()
  }

  /// Where the address of datagram `index` lies, ``SocketAddress/byteCount`` bytes.
  func name(_ index: Int) -> UnsafeMutableRawPointer { names + index * SocketAddress.byteCount }

  /// Where the control data of datagram `index` lie.
  func control(_ index: Int) -> UnsafeMutableRawPointer { control + index * controlByteCount }
}
