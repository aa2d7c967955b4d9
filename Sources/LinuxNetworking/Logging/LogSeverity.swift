/// syslog(3)'s severities; the raw value is the protocol's.
public enum LogSeverity: UInt8, Hashable, Sendable, Comparable, BitwiseCopyable {
  case emergency = 0
  case alert = 1
  case critical = 2
  case error = 3
  case warning = 4
  case notice = 5
  case info = 6
  case debug = 7

  /// The graver the smaller.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// syslog(3)'s facilities we offer; the raw value is the protocol's.
public enum LogFacility: UInt8, Hashable, Sendable, BitwiseCopyable {
  case user = 1
  case daemon = 3
  case local0 = 16
  case local1 = 17
  case local2 = 18
  case local3 = 19
  case local4 = 20
  case local5 = 21
  case local6 = 22
  case local7 = 23
}
