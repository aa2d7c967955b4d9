import Glibc

/// A system call that failed, in the words an operator needs: what was tried, what the kernel said, what would cure it.
public struct SystemCallError: Error, Hashable, Sendable {
  /// What was called, with the arguments that matter: `socket(AF_INET, SOCK_RAW, 112)`.
  public let call: String
  /// The kernel's number of the error; Linux's values.
  public let errno: Int32
  /// What the call needs, for the message when permission is missing.
  public let needs: Capability?
  /// The kernel's own words, where it gave some (netlink's extended acknowledgement).
  public let detail: String

  /// The privileges our calls need.
  public enum Capability: String, Hashable, Sendable {
    case netAdmin = "CAP_NET_ADMIN"
    case netRaw = "CAP_NET_RAW"
    case sysNice = "CAP_SYS_NICE"
    case sysAdmin = "CAP_SYS_ADMIN"
    case ipcLock = "CAP_IPC_LOCK"
    case setUserID = "CAP_SETUID"
  }

  /// A failure of `call`; pass a literal, which costs no allocation.
  public init(call: String, errno: Int32, needs: Capability? = nil, detail: String = "") {
    self.call = call
    self.errno = errno
    self.needs = needs
    self.detail = detail
  }

  /// Right after a failed call: takes the calling thread's `errno`.
  init(_ call: String, needs: Capability? = nil) {
    self.init(call: call, errno: Glibc.errno, needs: needs)
  }

  /// Conditions that pass by themselves and must never end a daemon: a full queue, a firewall rule, a link that is
  /// down.
  public var isTemporary: Bool {
    switch errno {
    case EAGAIN, EINTR, ENOBUFS, ENOMEM, ENETDOWN, ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, EPERM, EADDRNOTAVAIL, ENODEV,
      ENXIO:
      true
    default: false
    }
  }
}

extension SystemCallError: CustomStringConvertible {
  /// `call: text (NAME); needs CAP_…`.
  public var description: String {
    var text = "\(call): \(ErrorNumber.text(errno)) (\(ErrorNumber.name(errno)))"
    if !detail.isEmpty { text += ": \(detail)" }
    if let needs, errno == EPERM || errno == EACCES { text += "; needs \(needs.rawValue)" }
    return text
  }
}

extension SystemCallError {
  /// Runs `body` until it is not interrupted; a negative result becomes an error.
  @inline(__always)
  static func check(
    _ call: @autoclosure () -> String, needs: Capability? = nil, _ body: () -> Int32
  ) throws(SystemCallError) -> Int32 {
    while true {
      let result = body()
      if result >= 0 { return result }
      let number = Glibc.errno
      if number == EINTR { continue }
      throw SystemCallError(call: call(), errno: number, needs: needs)
    }
  }
}
