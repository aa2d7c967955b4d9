import Glibc

/// Says on standard error what kept a command from its work.
func complain(_ text: String) {
  let bytes = Array("vrrpctl: \(text)\n".utf8)
  // Where standard error is closed nobody listens.
  _ = write(STDERR_FILENO, bytes, bytes.count)
}
