extension LoadedConfiguration {
  /// What `vrrpd -t` exits with, in keepalived's numbers: 0 when there is nothing to say but notes, 5 for errors and
  /// warnings, 6 for scripts without script security, for an include that must not fail, and, unlike keepalived, for
  /// a configuration that cannot be read.
  public var testStatus: Int32 {
    if !isReadable || hasIncludeError { return 6 }
    if diagnostics.contains(where: { $0.code == .scriptSecurity }) { return 6 }
    return diagnostics.contains { $0.severity != .note } ? 5 : 0
  }
}
