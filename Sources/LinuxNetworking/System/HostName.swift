import Glibc

/// What this host calls itself.
public enum HostName {
  /// The whole name; empty when the system does not tell.
  static var whole: String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Up to its first dot: the name that `@ID` lines are compared with when none was given.
  public static var short: String { String(whole.prefix { $0 != "." }) }
}
