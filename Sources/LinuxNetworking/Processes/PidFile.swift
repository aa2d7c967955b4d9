import CLinuxShims
import Glibc

/// A file with our process number, locked while we live: a number that a dead process left never stands in the way.
public struct PidFile: ~Copyable, Sendable {
  /// Where it is.
  public let path: String
  private let descriptor: FileDescriptor

  /// Why a pid file could not be taken.
  public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// A process that lives holds it; its number, when the file tells.
    case held(path: String, by: Int32?)
    case system(SystemCallError)

    /// One line for the operator.
    public var description: String {
      switch self {
      case .held(let path, let holder):
        "\(path) is held by process \(holder.map(String.init) ?? "?"): already running"
      case .system(let error): error.description
      }
    }
  }

  /// Takes the file: locks it and writes our number. Symbolic links are not followed.
  public init(path: String, mode: UInt32 = 0o644) throws(Failure) {
    do {
      while true {
        let file = try FileDescriptor.open(path, flags: O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode: mode)
        if shim_ofd_lock(file.rawValue, 1) != 0 {
          let error = SystemCallError("fcntl(F_OFD_SETLK, \(path))")
          guard error.errno == EAGAIN || error.errno == EACCES else { throw error }
          throw Failure.held(path: path, by: Self.read(file))
        }
        // Its last owner may have removed it between our open and our lock: then we hold a file without a name.
        guard Self.isSame(file, as: path) else { continue }
        try Self.write("\(getpid())\n", to: file)
        self.path = path
        descriptor = file
        return
      }
    } catch let error as SystemCallError {
      throw .system(error)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw .held(path: path, by: nil)
    }
  }

  /// Writes our number again; a lock taken before a fork is the child's as much as the parent's.
  public borrowing func update() throws(SystemCallError) {
    try Self.write("\(getpid())\n", to: descriptor)
  }

  /// Removes the file, while it is still locked.
  public consuming func remove() {
    unlink(path)
  }

  /// The number in the file at `path`; `nil` when there is none. Whether it lives is another question.
  public static func read(_ path: String) -> Int32? {
    guard let file = try? FileDescriptor.open(path, flags: O_RDONLY | O_NONBLOCK) else { return nil }
    return read(file)
  }

  private static func read(_ file: borrowing FileDescriptor) -> Int32? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = bytes.withUnsafeMutableBytes { pread(file.rawValue, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return nil }
    let digits = bytes[..<count].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return Int32(String(decoding: digits, as: UTF8.self))
  }

  /// Over the old content first, then cut: a reader never finds the file empty.
  private static func write(_ text: String, to file: borrowing FileDescriptor) throws(SystemCallError) {
    let bytes = Array(text.utf8)
    let number = file.rawValue
    let written = bytes.withUnsafeBytes { pwrite(number, $0.baseAddress, $0.count, 0) }
    guard written == bytes.count else { throw SystemCallError("pwrite") }
    _ = try SystemCallError.check("ftruncate") { ftruncate(number, off_t(bytes.count)) }
  }

  private static func isSame(_ file: borrowing FileDescriptor, as path: String) -> Bool {
    var open = stat()
    var named = stat()
    return fstat(file.rawValue, &open) == 0 && lstat(path, &named) == 0
      && open.st_ino == named.st_ino && open.st_dev == named.st_dev
  }
}
