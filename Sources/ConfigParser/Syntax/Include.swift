/// The paths and wildcards of an `include` line.
struct Include {
  /// Which of the errors make the configuration invalid, from the letter after the word.
  var check: IncludeCheck
  /// The stretch of the line that names the files.
  var pattern: Range<Int>

  /// The include that `line` is, if it is one.
  static func parse(_ bytes: [UInt8], _ line: Range<Int>, _ current: IncludeCheck) -> Include? {
    guard bytes[line].starts(with: "include".utf8) else { return nil }
    var index = line.lowerBound + 7
    var check = current
    if index < line.upperBound, let variant = IncludeCheck(variant: bytes[index]) {
      check = variant
      index += 1
    }
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
    return index < end ? Include(check: check, pattern: index..<end) : nil
  }

  /// The part of a path up to its last slash, without it; `.` for a bare name.
  static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `path` as seen from `directory`.
  static func join(_ directory: String, _ path: String) -> String {
    if path.hasPrefix("/") || directory.isEmpty || directory == "." { return path }
    return directory.hasSuffix("/") ? directory + path : directory + "/" + path
  }

  /// The patterns that `{a,b}` stands for, in order; at most 1000.
  static func alternatives(_ pattern: [UInt8]) -> [[UInt8]] {
    var done: [[UInt8]] = []
    var open = [pattern]
    while let next = open.popLast(), done.count + open.count < 1000 {
      guard let braces = braces(next) else {
        done.append(next)
        continue
      }
      let head = next[..<braces.lowerBound]
      let tail = next[(braces.upperBound + 1)...]
      let members = LineSequence.items(next[(braces.lowerBound + 1)..<braces.upperBound])
      // The last one is taken first, so the first alternative goes on top.
      for member in members.reversed() { open.append(Array(head) + member + tail) }
    }
    return done
  }

  /// The first pair of braces that belong together.
  private static func braces(_ pattern: [UInt8]) -> Range<Int>? {
    guard let start = pattern.firstIndex(of: UInt8(ascii: "{")) else { return nil }
    var depth = 0
    for index in start..<pattern.count {
      if pattern[index] == UInt8(ascii: "{") { depth += 1 }
      if pattern[index] == UInt8(ascii: "}") {
        depth -= 1
        if depth == 0 { return start..<index }
      }
    }
    return nil
  }

  static func hasWildcard(_ pattern: some Sequence<UInt8>) -> Bool {
    pattern.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "[") }
  }

  /// The paths that match, in order; a pattern without wildcards is its own match.
  static func matches(_ pattern: String, list: (String) -> [String]) -> [String] {
    guard hasWildcard(pattern.utf8) else { return [pattern] }
    var found = [pattern.hasPrefix("/") ? "/" : ""]
    for part in pattern.split(separator: "/") {
      let component = String(part)
      if hasWildcard(component.utf8) {
        let bytes = Array(component.utf8)
        found = found.flatMap { directory in
          list(directory).filter { Wildcard.matches(Array($0.utf8), bytes) }.sorted().map { join(directory, $0) }
        }
      } else {
        found = found.map { join($0, component) }
      }
    }
    return found
  }
}

/// Which failures of an include make the whole configuration invalid (`include_check`).
struct IncludeCheck: Hashable, Sendable {
  /// A file that cannot be read.
  var read = false
  /// A name without wildcards that is not there.
  var match = false
  /// Wildcards that match nothing.
  var wildcardMatch = false
  /// An alternative in braces that is not there.
  var braceMatch = false

  /// Nothing: problems are only reported.
  init() {}

  /// What the letter after `include` asks for.
  init?(variant: UInt8) {
    switch variant {
    case UInt8(ascii: "r"): read = true
    case UInt8(ascii: "m"): (read, match) = (true, true)
    case UInt8(ascii: "w"): (read, match, wildcardMatch) = (true, true, true)
    case UInt8(ascii: "b"): (read, braceMatch) = (true, true)
    case UInt8(ascii: "a"): setAll(true)
    default: return nil
    }
  }

  private mutating func setAll(_ value: Bool) {
    (read, match, wildcardMatch, braceMatch) = (value, value, value, value)
  }

  /// Applies the words of an `include_check` line; none means all.
  mutating func apply(_ words: [String]) {
    if words.isEmpty { setAll(true) }
    for (index, word) in words.enumerated() {
      let isOff = word.hasPrefix("-")
      let isOn = word.hasPrefix("+")
      // Without a sign the words name all that holds.
      if index == 0, !isOff, !isOn { setAll(false) }
      switch isOff || isOn ? String(word.dropFirst()) : word {
      case "read", "readable": read = !isOff
      case "match": match = !isOff
      case "wildcard_match": wildcardMatch = !isOff
      case "brace_match": braceMatch = !isOff
      default: break
      }
    }
  }
}
