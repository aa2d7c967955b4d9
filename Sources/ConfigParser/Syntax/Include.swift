/// Paths and wildcards of `include`.
enum Include {
  /// The stretch of `line` that names the files, when the line is an include.
  static func argument(of bytes: [UInt8], _ line: Range<Int>) -> Range<Int>? {
    var index = line.lowerBound
    for byte in "include".utf8 {
      guard index < line.upperBound, bytes[index] == byte else { return nil }
      index += 1
    }
    if index < line.upperBound, variants.contains(bytes[index]) { index += 1 }
    guard index < line.upperBound, bytes[index].isBlank else { return nil }
    while index < line.upperBound, bytes[index].isBlank { index += 1 }
    var end = index
    if index < line.upperBound, bytes[index] == UInt8(ascii: "\"") {
      index += 1
      end = index
      while end < line.upperBound, bytes[end] != UInt8(ascii: "\"") { end += 1 }
    } else {
      while end < line.upperBound, !bytes[end].isBlank, bytes[end] != UInt8(ascii: "#"), bytes[end] != UInt8(ascii: "!")
      {
        end += 1
      }
    }
    return index < end ? index..<end : nil
  }

  private static let variants: [UInt8] = Array("rmwba".utf8)

  /// The part of a path up to its last slash, without it; empty for a bare name.
  static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `path` as seen from `directory`.
  static func join(_ directory: String, _ path: String) -> String {
    if path.hasPrefix("/") || directory.isEmpty { return path }
    return directory.hasSuffix("/") ? directory + path : directory + "/" + path
  }

  /// The files a pattern names, in order; `nil` when it has a wildcard that matches nothing.
  static func expand(_ pattern: String, list: (String) -> [String]) -> [String]? {
    guard
      pattern.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") })
    else { return [pattern] }
    let directory = directory(of: pattern)
    let name = directory.isEmpty ? pattern : String(pattern.dropFirst(directory == "/" ? 1 : directory.count + 1))
    let matches = list(directory).filter { Wildcard.matches(Array($0.utf8), Array(name.utf8)) }.sorted()
    return matches.isEmpty ? nil : matches.map { join(directory, $0) }
  }
}
