import Testing

@Suite struct SourceTests {
  /// Code is the formatter's business (`make lint`); comments it leaves alone.
  @Test func `comments fit in 120 columns`() {
    for file in Repository.swiftSources {
      for (index, line) in file.lines.enumerated() where line.drop(while: { $0 == " " }).hasPrefix("//") {
        #expect(line.count <= 120, "\(file.path):\(index + 1) has \(line.count) columns")
      }
    }
  }

  @Test(arguments: ["try!", "fatalError(", "as!", "TODO", "FIXME", "XXX"])
  func `sources do without`(_ phrase: String) {
    for file in Repository.files where file.path.hasPrefix("Sources/") {
      for (index, line) in file.lines.enumerated() {
        #expect(!line.contains(phrase), "\(file.path):\(index + 1) contains \(phrase)")
      }
    }
  }

  @Test func `file names say what is inside`() {
    let vague = ["Util", "Helper", "Manager", "Common", "Misc"]
    for file in Repository.files where file.path.hasPrefix("Sources/") || file.path.hasPrefix("Tests/") {
      for word in vague {
        #expect(!file.name.contains(word), "\(file.path): what is it about?")
      }
    }
  }

  @Test func `files stay short`() {
    let long = Repository.swiftSources.filter { $0.lines.count > Architecture.longestFile }
    #expect(sizes(long.map { ($0.path, $0.lines.count) }) == Architecture.longFiles)
  }

  @Test func `functions stay short`() {
    let long = Repository.swiftSources.flatMap { file in
      functions(in: file).filter { $0.1 > Architecture.longestFunction }
    }
    #expect(sizes(long) == Architecture.longFunctions)
  }

  @Test func `the measure of functions sees their last line`() {
    let file = SourceFile(
      path: "F.swift",
      text: """
        protocol P {
          func first()
          func second()
        }
        struct S {
          init() { count = 0 }
          public mutating func long(
            _ x: Int
          ) -> Int {
            if x > 0 {
              return 1
            }
            return 0
          }
        }
        """)
    #expect(sizes(functions(in: file)) == ["F.swift long": 8])
  }

  private func sizes(_ pairs: [(String, Int)]) -> [String: Int] { Dictionary(pairs, uniquingKeysWith: max) }

  /// The functions of more than one line, with their lengths. The formatter indents, so the end of a function is the
  /// next closing brace in its own column.
  private func functions(in file: SourceFile) -> [(String, Int)] {
    var result: [(String, Int)] = []
    for (start, line) in file.lines.enumerated() {
      guard let name = functionName(line), let column = line.firstIndex(where: { $0 != " " }) else { continue }
      let margin = line[..<column]
      for end in (start + 1)..<max(start + 1, file.lines.count) {
        let other = file.lines[end]
        guard other.hasPrefix(margin) || other.isEmpty else { break }
        let isInside = other.isEmpty || other.dropFirst(margin.count).hasPrefix(" ")
        if isInside || other.dropFirst(margin.count).hasPrefix(")") { continue }
        if other == margin + "}" { result.append(("\(file.path) \(name)", end - start + 1)) }
        break
      }
    }
    return result
  }

  private func functionName(_ line: String) -> String? {
    let words = line.split(whereSeparator: { " (<:".contains($0) })
    for (index, word) in words.enumerated() {
      if word == "func" { return words.dropFirst(index + 1).first.map(String.init) }
      if word == "init" || word == "init?" || word == "deinit" || word == "subscript" { return String(word) }
      guard modifiers.contains(word) || word.hasPrefix("@") else { return nil }
    }
    return nil
  }

  private let modifiers: Set<Substring> = [
    "public", "package", "internal", "fileprivate", "private", "static", "mutating", "consuming", "borrowing",
    "nonisolated", "override", "final",
  ]
}
