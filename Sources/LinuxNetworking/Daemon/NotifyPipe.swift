import CLinuxShims
import Glibc
import VRRPCore

/// A notify FIFO: lines for whoever reads it, dropped when nobody does.
final class NotifyPipe {
  let path: String
  private let descriptor: FileDescriptor
  private let isOurs: Bool
  /// Lines nobody read in time.
  private(set) var droppedCount: UInt64 = 0

  /// Opens the FIFO, making it when it is not there.
  init(_ definition: GlobalDefinition.NotifyFIFO) throws(SystemCallError) {
    path = definition.path
    let made = mkfifo(path, 0o644) == 0
    guard made || errno == EEXIST else { throw SystemCallError("mkfifo(\(path))") }
    isOurs = made
    // Read and write, so that opening never waits and a reader that comes and goes is not the end.
    descriptor = try FileDescriptor.open(path, flags: O_RDWR | O_NONBLOCK | O_NOFOLLOW)
    var status = stat()
    guard fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else {
      throw SystemCallError(call: "open(\(path))", errno: EINVAL, detail: "not a FIFO")
    }
    let identity = definition.owner.flatMap { UserIdentity(named: $0.user, group: $0.group) }
    guard status.st_uid == geteuid() || status.st_uid == identity?.user else {
      throw SystemCallError(call: "open(\(path))", errno: EPERM, detail: "the FIFO belongs to somebody else")
    }
    if made, let identity { _ = fchown(descriptor.rawValue, identity.user, identity.group) }
  }

  /// Writes one line whole, or drops it.
  func write(_ line: [UInt8]) {
    let number = descriptor.rawValue
    let count = line.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
    if count != line.count { droppedCount &+= 1 }
  }

  /// Removes the FIFO if it is ours.
  func remove() { if isOurs { unlink(path) } }
}
