import CLinuxShims
import Glibc

/// A descriptor with exactly one owner; closed when the owner goes away.
public struct FileDescriptor: ~Copyable, Sendable {
  /// The kernel's number, for calls only: closing it is this value's business.
  public let rawValue: Int32

  /// Takes over `rawValue`, which must be open and owned by nobody else.
  public init(owning rawValue: Int32) {
    precondition(rawValue >= 0, "not a descriptor")
    self.rawValue = rawValue
  }

  /// The result of a call that opens a descriptor, or its error.
  init(
    _ call: @autoclosure () -> String, needs: SystemCallError.Capability? = nil, _ body: () -> Int32
  ) throws(SystemCallError) {
    self.init(owning: try SystemCallError.check(call(), needs: needs, body))
  }

  deinit { _ = close(rawValue) }

  /// Gives the number away; the caller closes it.
  public consuming func release() -> Int32 {
    let number = rawValue
    discard self
    return number
  }

  /// Another descriptor for the same open file, closed on exec.
  public borrowing func duplicate() throws(SystemCallError) -> FileDescriptor {
    let number = rawValue
    return try FileDescriptor("fcntl(F_DUPFD_CLOEXEC)") { fcntl(number, F_DUPFD_CLOEXEC, 0) }
  }

  /// Opens a file, closed on exec. `flags` are those of open(2).
  static func open(_ path: String, flags: Int32, mode: UInt32 = 0) throws(SystemCallError) -> FileDescriptor {
    try FileDescriptor("open(\(path))") { shim_open_flags_cloexec(path, flags, mode) }
  }

  /// Reads up to `bytes.count` bytes; `nil` when reading would block, 0 at the end.
  func read(into bytes: UnsafeMutableRawBufferPointer) throws(SystemCallError) -> Int? {
    while true {
      let count = Glibc.read(rawValue, bytes.baseAddress, bytes.count)
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: return nil
      default: throw SystemCallError("read")
      }
    }
  }

  /// Writes up to `bytes.count` bytes; `nil` when writing would block.
  func write(_ bytes: UnsafeRawBufferPointer) throws(SystemCallError) -> Int? {
    while true {
      let count = Glibc.write(rawValue, bytes.baseAddress, bytes.count)
      if count >= 0 { return count }
      switch errno {
      case EINTR: continue
      case EAGAIN: return nil
      default: throw SystemCallError("write")
      }
    }
  }
}

extension FileDescriptor {
  /// Reads into `bytes` from `offset` on; `nil` when reading would block, 0 at the end.
  func read(into bytes: inout [UInt8], at offset: Int) throws(SystemCallError) -> Int? {
    try bytes.withUnsafeMutableBufferPointer { buffer throws(SystemCallError) in
      try read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[offset...])))
    }
  }

  /// Writes as much as is taken; `nil` when writing would block.
  func write(_ bytes: [UInt8]) throws(SystemCallError) -> Int? {
    try bytes.withUnsafeBufferPointer { buffer throws(SystemCallError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }
}

/// Both ends of a pipe, closed on exec, non-blocking on request.
public struct PipeDescriptors: ~Copyable, Sendable {
  public let readEnd: FileDescriptor
  public let writeEnd: FileDescriptor

  /// A new pipe.
  public init(isNonBlocking: Bool = true) throws(SystemCallError) {
    var ends: (Int32, Int32) = (-1, -1)
    let result = withUnsafeMutableBytes(of: &ends) { bytes in
      shim_pipe(bytes.assumingMemoryBound(to: Int32.self).baseAddress, O_CLOEXEC | (isNonBlocking ? O_NONBLOCK : 0))
    }
    guard result == 0 else { throw SystemCallError("pipe2") }
    readEnd = FileDescriptor(owning: ends.0)
    writeEnd = FileDescriptor(owning: ends.1)
  }
}
