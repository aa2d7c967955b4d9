import CLinuxShims
import Glibc

/// An epoll set with 64 bits of the caller's own beside each descriptor.
struct Epoll: ~Copyable, Sendable {
  let descriptor: FileDescriptor

  init() throws(SystemCallError) {
    descriptor = try FileDescriptor("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) }
  }

  borrowing func add(_ target: Int32, events: UInt32, data: UInt64) throws(SystemCallError) {
    try control(EPOLL_CTL_ADD, target, events: events, data: data)
  }

  borrowing func modify(_ target: Int32, events: UInt32, data: UInt64) throws(SystemCallError) {
    try control(EPOLL_CTL_MOD, target, events: events, data: data)
  }

  /// A descriptor closed before its removal is gone already: not an error.
  borrowing func remove(_ target: Int32) {
    _ = epoll_ctl(descriptor.rawValue, EPOLL_CTL_DEL, target, nil)
  }

  /// Fills `events` with what is ready and says how many; -1 milliseconds waits for ever. 0 when a signal interrupted.
  borrowing func wait(
    into events: UnsafeMutableBufferPointer<epoll_event>, milliseconds: Int32
  ) throws(SystemCallError) -> Int {
    let count = epoll_wait(descriptor.rawValue, events.baseAddress, Int32(events.count), milliseconds)
    if count >= 0 { return Int(count) }
    if errno == EINTR { return 0 }
    throw SystemCallError("epoll_wait")
  }

  private borrowing func control(
    _ operation: Int32, _ target: Int32, events: UInt32, data: UInt64
  ) throws(SystemCallError) {
    var event = epoll_event(events: events, data: epoll_data_t(u64: data))
    guard epoll_ctl(descriptor.rawValue, operation, target, &event) == 0 else { throw SystemCallError("epoll_ctl") }
  }
}
