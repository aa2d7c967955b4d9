import LinuxNetworking
import LoadBalancing

extension ProcessDefinition {
  /// Makes the calling process what `checker_priority`, `bfd_priority` and their relatives say. Not to have the right
  /// is no reason not to run: `complain` is told.
  func take(_ complain: (SystemCallError) -> Void) {
    if let name { Privileges.setProcessName(name) }
    do { if !processors.isEmpty { try Privileges.setProcessors(processors) } } catch { complain(error) }
    do { if let niceness { try Privileges.setNice(Int32(niceness)) } } catch { complain(error) }
    do {
      guard let realTimePriority else { return }
      try Privileges.takeRealTime(
        priority: Int32(realTimePriority), limitMicroseconds: realTimeLimitMicroseconds ?? 10_000)
    } catch { complain(error) }
  }
}
