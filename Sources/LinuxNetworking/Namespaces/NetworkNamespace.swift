import CLinuxShims
import Glibc

/// A network namespace held open.
public struct NetworkNamespace: ~Copyable, Sendable {
  public let descriptor: FileDescriptor

  /// The calling thread's namespace.
  public static func current() throws(SystemCallError) -> NetworkNamespace {
    NetworkNamespace(descriptor: try .open("/proc/thread-self/ns/net", flags: O_RDONLY))
  }

  /// The namespace `ip netns` knows as `name`. A name with a slash is an error.
  public static func named(_ name: String) throws(SystemCallError) -> NetworkNamespace {
    guard !name.isEmpty, !name.utf8.contains(UInt8(ascii: "/")), name != ".", name != ".." else {
      throw SystemCallError(call: "open(/run/netns/\(name))", errno: EINVAL)
    }
    return NetworkNamespace(descriptor: try .open("/run/netns/\(name)", flags: O_RDONLY))
  }

  /// The host's first namespace: that of process 1. Needs the right to look into it (CAP_SYS_PTRACE).
  public static func initial() throws(SystemCallError) -> NetworkNamespace {
    NetworkNamespace(descriptor: try .open("/proc/1/ns/net", flags: O_RDONLY))
  }

  /// Moves the calling thread into a namespace of its own, empty but for a loopback that is down. Sockets opened before
  /// stay where they are. Needs CAP_SYS_ADMIN.
  public static func unshare() throws(SystemCallError) -> NetworkNamespace {
    _ = try SystemCallError.check("unshare(CLONE_NEWNET)", needs: .sysAdmin) { shim_unshare_network() }
    return try current()
  }

  /// Moves the calling thread into this namespace. Needs CAP_SYS_ADMIN.
  public borrowing func enter() throws(SystemCallError) {
    let number = descriptor.rawValue
    _ = try SystemCallError.check("setns(CLONE_NEWNET)", needs: .sysAdmin) { shim_enter_network(number) }
  }

  /// Does `body` in this namespace and comes back: sockets it opens stay here. Needs CAP_SYS_ADMIN. Throws when there
  /// was no way in, or none back; then the thread is of no use for anything else.
  public borrowing func visit<Result>(_ body: () -> Result) throws(SystemCallError) -> Result {
    let home = try NetworkNamespace.current()
    try enter()
    let result = body()
    try home.enter()
    return result
  }
}
