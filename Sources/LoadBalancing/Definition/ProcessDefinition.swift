/// How the kernel is to treat the check process (`checker_priority` and its relatives) or the BFD process
/// (`bfd_priority` and its relatives).
public struct ProcessDefinition: Hashable, Sendable {
  /// `checker_process_name`, `bfd_process_name`: at most 15 bytes are kept; `nil` for our own.
  public var name: String?
  /// `checker_priority`, `bfd_priority`, -20…19.
  public var niceness: Int8?
  /// `checker_rt_priority`, `bfd_rt_priority`, 1…99.
  public var realTimePriority: UInt8?
  /// `checker_rlimit_rttime`, `bfd_rlimit_rttime` in microseconds.
  public var realTimeLimitMicroseconds: UInt64?
  /// `checker_cpu_affinity`, `bfd_cpu_affinity`.
  public var processors: [UInt16] = []
  /// `checker_no_swap`, `bfd_no_swap`.
  public var locksMemory = false

  /// As the parent is treated.
  public init() {}
}
