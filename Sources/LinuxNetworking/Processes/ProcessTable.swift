import Glibc
import VRRPCore

/// The processes of `/proc`.
enum ProcessTable {
  /// A command line is compared from its beginning; of longer ones the rest does not matter.
  private static let commandLineLimit = 64 << 10

  /// What is known of a process; `nil` when there is none of that number.
  static func candidate(_ process: Int32) -> ProcessPattern.Candidate? {
    guard var name = try? FileReader.read("/proc/\(process)/comm", limit: 256) else { return nil }
    if name.last == UInt8(ascii: "\n") { name.removeLast() }
    let line = (try? FileReader.read("/proc/\(process)/cmdline", limit: commandLineLimit)) ?? []
    var words = line.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    // Each word ends with a zero.
    if words.last == "" { words.removeLast() }
    return ProcessPattern.Candidate(name: String(decoding: name, as: UTF8.self), commandLine: words)
  }

  /// All processes there are, threads not counted.
  static func all() -> [Int32: ProcessPattern.Candidate] {
    guard let directory = opendir("/proc") else { return [:] }
    defer { closedir(directory) }
    var found: [Int32: ProcessPattern.Candidate] = [:]
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let number = Int32(name), let candidate = candidate(number) else { continue }
      found[number] = candidate
    }
    return found
  }
}
