/// Why a text could not be read.
public enum SourceError: Error, Hashable, Sendable {
  /// There is no such file.
  case missing
  /// The path names a directory, a device, or a file with an execute bit.
  case notRegular
  /// The system refused.
  case permissionDenied
  /// More than ``ParserLimits/fileBytes``.
  case tooLarge
  /// Anything else, in the system's words.
  case other(String)
}

/// Where configuration texts come from: a file system, a test's dictionary, an editor's buffers.
///
/// Paths are absolute, or relative to wherever the provider looks first; the parser resolves an include relative to
/// the file that asks for it, and does the matching of wildcards itself.
public protocol SourceProvider {
  /// The whole of a regular, not executable file.
  func read(_ path: String) throws(SourceError) -> [UInt8]
  /// The names in a directory, in any order, without `.` and `..`; empty when it cannot be listed.
  func list(_ directory: String) -> [String]
  /// An environment variable, for `${_ENV NAME}`.
  func environment(_ name: String) -> String?
  /// A number from 0 up to, not including, `bound`, for `${_RANDOM}`; `bound` is at least 1.
  func random(below bound: UInt64) -> UInt64
}

extension SourceProvider {
  /// No wildcards.
  public func list(_ directory: String) -> [String] { [] }
  /// No environment.
  public func environment(_ name: String) -> String? { nil }
}

/// Texts held in memory, by path.
public struct MemorySources: SourceProvider, Sendable {
  /// The files.
  public var files: [String: [UInt8]]
  /// What `${_ENV NAME}` finds.
  public var variables: [String: String]
  /// What `${_RANDOM}` adds to its lower bound, when that is in range.
  public var randomNumber: UInt64 = 0

  /// The files `path: text`, and `bytes` as they are.
  public init(_ files: [String: String] = [:], bytes: [String: [UInt8]] = [:], variables: [String: String] = [:]) {
    self.files = bytes
    for (path, text) in files { self.files[path] = Array(text.utf8) }
    self.variables = variables
  }

  public func read(_ path: String) throws(SourceError) -> [UInt8] {
    guard let bytes = files[path] else { throw .missing }
    return bytes
  }

  public func list(_ directory: String) -> [String] {
    let prefix = directory.isEmpty ? "" : directory.hasSuffix("/") ? directory : directory + "/"
    var names: Set<String> = []
    for path in files.keys where path.hasPrefix(prefix) {
      names.insert(String(path.dropFirst(prefix.count).prefix { $0 != "/" }))
    }
    return names.sorted()
  }

  public func environment(_ name: String) -> String? { variables[name] }

  public func random(below bound: UInt64) -> UInt64 { randomNumber % bound }
}
