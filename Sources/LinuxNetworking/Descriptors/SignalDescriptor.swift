import CLinuxShims
import Glibc

/// A signal as a loop sees it.
public struct ReceivedSignal: Hashable, Sendable, BitwiseCopyable {
  /// Which signal.
  public var number: Int32
  /// Who sent it; for SIGCHLD, the child.
  public var sender: Int32
}

/// A set of signal numbers 1…64.
public struct SignalSet: Hashable, Sendable, BitwiseCopyable, ExpressibleByArrayLiteral {
  private var bits: UInt64 = 0

  public init(arrayLiteral numbers: Int32...) {
    for number in numbers { insert(number) }
  }

  /// No signal.
  public init() {}

  /// Adds a signal; traps outside 1…64.
  public mutating func insert(_ number: Int32) {
    precondition((1...64).contains(number), "not a signal")
    bits |= 1 << UInt64(number - 1)
  }

  /// Whether the signal is in the set.
  public func contains(_ number: Int32) -> Bool {
    (1...64).contains(number) && bits & (1 << UInt64(number - 1)) != 0
  }

  var system: sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in Int32(1)...64 where contains(number) { sigaddset(&set, number) }
    return set
  }
}

/// A signalfd. Make it before any other thread starts: threads inherit the mask.
public struct SignalDescriptor: ~Copyable, Sendable {
  public let descriptor: FileDescriptor

  /// Blocks `signals` in the calling thread and delivers them here instead. They stay blocked afterwards.
  public init(_ signals: SignalSet) throws(SystemCallError) {
    var set = signals.system
    let result = pthread_sigmask(SIG_BLOCK, &set, nil)
    guard result == 0 else { throw SystemCallError(call: "pthread_sigmask", errno: result) }
    descriptor = try FileDescriptor("signalfd") {
      signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
    }
  }

  /// The next signal, `nil` when none waits.
  public borrowing func next() throws(SystemCallError) -> ReceivedSignal? {
    var info = signalfd_siginfo()
    let read = try withUnsafeMutableBytes(of: &info) { bytes throws(SystemCallError) in
      try descriptor.read(into: bytes)
    }
    guard read == MemoryLayout<signalfd_siginfo>.size else { return nil }
    return ReceivedSignal(number: Int32(bitPattern: info.ssi_signo), sender: Int32(bitPattern: info.ssi_pid))
  }
}
