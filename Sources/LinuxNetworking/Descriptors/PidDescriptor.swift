import CLinuxShims
import Glibc

/// How a process ended.
public enum ProcessOutcome: Hashable, Sendable, BitwiseCopyable {
  /// It called exit with this code, 0…255.
  case exited(Int32)
  /// This signal killed it.
  case killed(signal: Int32)
}

/// A pidfd: readable when the process has ended, and never another process of the same number.
public struct PidDescriptor: ~Copyable, Sendable {
  public let descriptor: FileDescriptor
  /// The process's number.
  public let processID: Int32

  /// Opens the process `processID`, which must be our child not yet waited for, or the caller must bear the race.
  public init(processID: Int32) throws(SystemCallError) {
    self.processID = processID
    descriptor = try FileDescriptor("pidfd_open(\(processID))") { shim_pidfd_open(processID, 0) }
    // Before Linux 5.10 there is no PIDFD_NONBLOCK; waiting uses WNOHANG instead.
  }

  /// Sends a signal to exactly this process; false when it has ended.
  @discardableResult
  public borrowing func signal(_ number: Int32) throws(SystemCallError) -> Bool {
    if shim_pidfd_send_signal(descriptor.rawValue, number) == 0 { return true }
    if errno == ESRCH { return false }
    throw SystemCallError("pidfd_send_signal", needs: .setUserID)
  }

  /// Reaps the child when it has ended; `nil` while it runs.
  public borrowing func outcome() throws(SystemCallError) -> ProcessOutcome? {
    var status: Int32 = 0
    let child = processID
    let result = try SystemCallError.check("waitpid(\(child))") { waitpid(child, &status, WNOHANG) }
    guard result == child else { return nil }
    return ProcessOutcome(waitStatus: status)
  }
}

extension ProcessOutcome {
  /// Decodes wait(2)'s status word, whose macros Swift cannot import.
  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7f
    self = signal == 0 ? .exited(waitStatus >> 8 & 0xff) : .killed(signal: signal)
  }
}
