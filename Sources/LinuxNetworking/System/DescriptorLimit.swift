import Glibc

/// How many descriptors this process may open (`RLIMIT_NOFILE`).
public enum DescriptorLimit {
  /// The number now.
  public static var current: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
    return Int(clamping: limit.rlim_cur)
  }

  /// Raises the number to `wanted` as far as the hard limit lets, never lowers it; says what it is now. Children
  /// inherit it.
  @discardableResult
  public static func raise(to wanted: Int) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return current }
    let number = min(rlim_t(clamping: wanted), limit.rlim_max)
    guard number > limit.rlim_cur else { return current }
    limit.rlim_cur = number
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return current
  }
}
