import CLinuxShims
import Glibc

/// An eventfd: wakes a loop from another thread or process.
public struct EventDescriptor: ~Copyable, Sendable {
  public let descriptor: FileDescriptor

  /// An event that has not been signalled.
  public init() throws(SystemCallError) {
    descriptor = try FileDescriptor("eventfd") {
      eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    }
  }

  /// Makes the descriptor readable. Safe from any thread; signals add up until taken.
  public borrowing func signal() {
    var one: UInt64 = 1
    // The one failure, a counter at its end, leaves the descriptor readable: what was wanted.
    _ = try? withUnsafeBytes(of: &one) { bytes throws(SystemCallError) in try descriptor.write(bytes) }
  }

  /// Takes all signals; false when there was none.
  public borrowing func take() throws(SystemCallError) -> Bool {
    var count: UInt64 = 0
    let read = try withUnsafeMutableBytes(of: &count) { bytes throws(SystemCallError) in
      try descriptor.read(into: bytes)
    }
    return read != nil
  }
}
