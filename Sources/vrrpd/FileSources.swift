import ConfigParser
import Glibc
import LinuxNetworking

/// The parser's files, read from this host.
struct FileSources: SourceProvider {
  private static let byteLimit = 256 << 20

  func read(_ path: String) throws(SourceError) -> [UInt8] {
    do { return try FileReader.read(path, limit: Self.byteLimit) } catch {
      switch error.errno {
      case ENOENT, ENOTDIR: throw .missing
      case EACCES, EPERM: throw .permissionDenied
      case EISDIR, EINVAL: throw .notRegular
      case EFBIG: throw .tooLarge
      default: throw .other("\(error)")
      }
    }
  }

  func list(_ directory: String) -> [String] {
    guard let handle = opendir(directory.isEmpty ? "." : directory) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// The name `@ID` lines are compared with when none was given: the host's, up to its first dot.
  static func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
    let name = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return String(name.prefix { $0 != "." })
  }
}
