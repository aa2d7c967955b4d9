import Glibc

/// Reads configuration: whole regular files of bounded size, and the names a pattern matches.
public enum FileReader {
  /// The content of a regular file. Anything else (directories, FIFOs, devices: reading some would never end) is
  /// EINVAL, and more than `limit` bytes is EFBIG.
  public static func read(_ path: String, limit: Int = 16 << 20) throws(SystemCallError) -> [UInt8] {
    // Without O_NONBLOCK opening a FIFO would wait for a writer.
    let file = try FileDescriptor.open(path, flags: O_RDONLY | O_NONBLOCK | O_NOCTTY)
    var status = stat()
    guard fstat(file.rawValue, &status) == 0 else { throw SystemCallError("fstat(\(path))") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isDirectory = status.st_mode & S_IFMT == S_IFDIR
      throw SystemCallError(
        call: "open(\(path))", errno: isDirectory ? EISDIR : EINVAL, detail: "not a regular file")
    }
    // Files of /proc say 0 and are read all the same.
    var content = [UInt8](repeating: 0, count: min(limit, max(Int(status.st_size), 4095)) + 1)
    var count = 0
    while true {
      let found = try file.read(into: &content, at: count)
      count += found ?? 0
      guard count <= limit else {
        throw SystemCallError(call: "read(\(path))", errno: EFBIG, detail: "more than \(limit) bytes")
      }
      guard let found, found > 0 else { break }
      if count == content.count { content.append(contentsOf: repeatElement(0, count: min(count, limit + 1 - count))) }
    }
    content.removeSubrange(count...)
    return content
  }

  /// The paths `pattern` matches (glob(7)), sorted; empty when none does. A name without special characters matches
  /// itself when it exists. Braces give alternatives, `{a,b}`, which keepalived's `include` knows, too.
  public static func matches(_ pattern: String, allowsBraces: Bool = true) throws(SystemCallError) -> [String] {
    var result = glob_t()
    defer { globfree(&result) }
    // GLOB_BRACE; GLOB_MARK would add a slash to directories, as keepalived's include does.
    switch glob(pattern, allowsBraces ? 1 << 10 : 0, nil, &result) {
    case 0:
      return (0..<Int(result.gl_pathc)).compactMap { index in result.gl_pathv[index].map { String(cString: $0) } }
    case GLOB_NOMATCH: return []
    case GLOB_NOSPACE: throw SystemCallError(call: "glob(\(pattern))", errno: ENOMEM)
    default: throw SystemCallError("glob(\(pattern))")
    }
  }
}
