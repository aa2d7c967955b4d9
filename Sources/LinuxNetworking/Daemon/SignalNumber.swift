/// The signals of keepalived that C has no name for; glibc's SIGRTMIN is 34 and SIGRTMAX 64.
enum SignalNumber {
  static let json: Int32 = 36
  static let clearStatistics: Int32 = 63
}
