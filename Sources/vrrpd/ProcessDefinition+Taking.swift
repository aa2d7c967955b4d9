import LinuxNetworking
import LoadBalancing

extension ProcessDefinition {
  /// Makes the calling process what `checker_priority`, `bfd_priority` and their relatives say. Not to have the right
  /// is no reason not to run: `complain` is told.
  ///
  /// - Returns: The real-time priority it has now; 0 without.
  func take(_ complain: (SystemCallError) -> Void) -> UInt8 {
    if let name { Privileges.setProcessName(name) }
    do { if !processors.isEmpty { try Privileges.setProcessors(processors) } } catch { complain(error) }
    do { if let niceness { try Privileges.setNice(Int32(niceness)) } } catch { complain(error) }
    do {
      guard let realTimePriority else { return 0 }
      try Privileges.takeRealTime(
        priority: Int32(realTimePriority), limitMicroseconds: realTimeLimitMicroseconds ?? 10_000)
      return realTimePriority
    } catch {
      complain(error)
      return 0
    }
  }
}
