import CLinuxShims
import Glibc

/// One end of the channel between the parent and a child of it: whole messages, in order, without waiting.
public final class HookChannel: Sendable {
  /// For the reactor.
  let descriptor: FileDescriptor

  /// Both ends of a new channel; the second is meant to become a child's standard input.
  static func pair() throws(SystemCallError) -> (ours: HookChannel, childs: HookChannel) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_SEQPACKET.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    _ = try SystemCallError.check("socketpair") { socketpair(AF_UNIX, type, 0, &ends) }
    return (HookChannel(FileDescriptor(owning: ends[0])), HookChannel(FileDescriptor(owning: ends[1])))
  }

  /// The end a parent left as our standard input; `nil` when it left something else.
  public static func inherited() -> HookChannel? {
    var type: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(0, SOL_SOCKET, SO_TYPE, &type, &length) == 0, type == Int32(SOCK_SEQPACKET.rawValue) else {
      return nil
    }
    // What we start ourselves must not inherit it.
    guard shim_set_close_on_exec(0, 1) == 0, shim_set_nonblocking(0, 1) == 0 else { return nil }
    return HookChannel(FileDescriptor(owning: 0))
  }

  private init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

  /// Sends one message; false when the other side is gone or does not read.
  func send(_ message: [UInt8]) -> Bool {
    let number = descriptor.rawValue
    return message.withUnsafeBytes { shim_send_nowait(number, $0.baseAddress, $0.count) } == message.count
  }

  /// The next message; `nil` when none waits or the other side is gone.
  func receive(into buffer: inout [UInt8]) -> ArraySlice<UInt8>? {
    let number = descriptor.rawValue
    let count = buffer.withUnsafeMutableBytes { recv(number, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT)) }
    return count > 0 ? buffer[..<count] : nil
  }

  /// Waits for the next message; `nil` when the other side is gone. For a process that has nothing else to do.
  func wait(into buffer: inout [UInt8]) -> ArraySlice<UInt8>? {
    while true {
      var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
      if poll(&entry, 1, -1) < 0, errno != EINTR { return nil }
      if let message = receive(into: &buffer) { return message }
      if entry.revents & Int16(POLLHUP | POLLERR) != 0 { return nil }
    }
  }
}
