import CLinuxShims
import Glibc
import VRRPRuntime

/// What the calling process may do and how the kernel treats it.
public enum Privileges {
  /// Those of `wanted` that the process lacks, in order: for one clear line before anything is touched.
  public static func missing(_ wanted: [SystemCallError.Capability]) -> [SystemCallError.Capability] {
    let held = shim_effective_capabilities()
    return wanted.filter { held >> $0.number & 1 == 0 }
  }

  /// Gives up every capability but `kept`, for good.
  public static func keepOnly(_ kept: [SystemCallError.Capability]) throws(SystemCallError) {
    let mask = kept.reduce(UInt64(0)) { $0 | 1 << $1.number }
    _ = try SystemCallError.check("capset") { shim_keep_capabilities(mask) }
  }

  /// Takes a real-time class, SCHED_RR with a priority of 1…99, for the calling thread; children do not inherit it.
  /// `limitMicroseconds` bounds the time it may run without sleeping (RLIMIT_RTTIME), so that a defect does not take
  /// the machine along.
  public static func takeRealTime(priority: Int32, limitMicroseconds: UInt64?) throws(SystemCallError) {
    precondition((1...99).contains(priority))
    if let limitMicroseconds {
      _ = try SystemCallError.check("setrlimit(RLIMIT_RTTIME)") { shim_limit_realtime(limitMicroseconds) }
    }
    _ = try SystemCallError.check("sched_setscheduler(SCHED_RR, \(priority))", needs: .sysNice) {
      shim_set_realtime(priority)
    }
  }

  /// `max_auto_priority`: timers were late, so others had the processor. Takes the next priority; a line for the log.
  static func raise(to priority: UInt8, limitMicroseconds: UInt64) -> LogLine {
    do {
      try takeRealTime(priority: Int32(priority), limitMicroseconds: limitMicroseconds)
      return LogLine(.info, "woken too late: real-time priority is \(priority) now")
    } catch { return LogLine(.warning, "woken too late: \(error)") }
  }

  /// Goes back to the ordinary class.
  public static func leaveRealTime() throws(SystemCallError) {
    _ = try SystemCallError.check("sched_setscheduler(SCHED_OTHER)") { shim_set_realtime(0) }
  }

  /// Sets the nice value, -20…19.
  public static func setNice(_ value: Int32) throws(SystemCallError) {
    _ = try SystemCallError.check("setpriority(\(value))", needs: .sysNice) { shim_set_nice(value) }
  }

  /// Runs the process only on these processors, 0…1023; children inherit it.
  public static func setProcessors(_ processors: [UInt16]) throws(SystemCallError) {
    _ = try SystemCallError.check("sched_setaffinity(\(processors))") {
      shim_set_processors(processors, Int32(clamping: processors.count))
    }
  }

  /// Lets core dumps of this process and its children be as large as they get.
  public static func allowCoreDumps() throws(SystemCallError) {
    _ = try SystemCallError.check("setrlimit(RLIMIT_CORE)") { shim_allow_core_dumps() }
  }

  /// Keeps what memory we touch from being swapped out. Only what is touched: whole stacks and heaps would cost
  /// megabytes.
  public static func lockMemory() throws(SystemCallError) {
    _ = try SystemCallError.check("mlockall(MCL_CURRENT|MCL_FUTURE|MCL_ONFAULT)", needs: .ipcLock) {
      shim_lock_memory()
    }
  }

  /// Gives free heap back, and the pages of code and constants mapped so far: a supervisor that sleeps for months, and
  /// a router that has read its configuration, need few of them, and those few come back from the page cache one by
  /// one. Before ``lockMemory()``, which keeps what is mapped.
  public static func giveBackMemory() { shim_give_back_memory() }

  /// Names the process for ps and top; 15 bytes are kept.
  public static func setProcessName(_ name: String) { _ = shim_set_process_name(name) }

  /// Asks for `signal` when our parent ends; 0 for none. For a child, first thing: then let it check that its parent
  /// is still the one it expects.
  public static func setParentDeathSignal(_ signal: Int32) { _ = shim_set_parent_death_signal(signal) }

  /// Makes orphans of our children ours instead of init's.
  public static func becomeSubreaper() { _ = shim_become_subreaper() }

  /// Sets the file creation mask and returns the old one.
  @discardableResult
  public static func setFileMask(_ mask: UInt32) -> UInt32 { umask(mask) }

  /// A detached daemon's end of the line to the process that was started.
  public struct Detached: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    fileprivate init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

    /// Lets the process that was started exit with 0: the daemon works. The terminal is let go of, too: the standard
    /// descriptors become /dev/null, lest whoever waits for their end waits for ever.
    public consuming func announceReady() {
      _ = shim_close_standard_descriptors()
      _ = try? withUnsafeBytes(of: UInt8(1)) { bytes throws(SystemCallError) in try descriptor.write(bytes) }
    }
  }

  /// Goes on in a new process in a new session, detached from the terminal. The process that was started waits: it ends
  /// with 0 when ``Detached/announceReady()`` is called, or with the daemon's own status when that ends before. Call it
  /// before there is any other thread.
  public static func detach() throws(SystemCallError) -> Detached {
    var ready: Int32 = -1
    _ = try SystemCallError.check("fork") { shim_daemonize(&ready) }
    return Detached(FileDescriptor(owning: ready))
  }
}

extension SystemCallError.Capability {
  /// `CAP_*` of capabilities(7).
  var number: UInt64 {
    switch self {
    case .setUserID: 7
    case .netAdmin: 12
    case .netRaw: 13
    case .ipcLock: 14
    case .sysAdmin: 21
    case .sysNice: 23
    }
  }
}
