import Foundation

/// The files of the repository these tests were compiled from.
enum Repository {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// What a person wrote: no builds, no recorded packets, no corpus.
  private static let places = [
    ".ci", "Benchmarks", "Examples", "Fuzz/Package.swift", "Fuzz/Sources", "Sources", "Tests", "docs", "examples",
    "packaging", "scripts", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "Package.swift", "README.md", "SECURITY.md",
  ]

  /// Every text file, by its path from the root, in order.
  static let files: [SourceFile] = places.flatMap(files(below:)).sorted { $0.path < $1.path }

  static let swiftSources = files.filter { $0.path.hasPrefix("Sources/") && $0.path.hasSuffix(".swift") }

  static let pages = files.filter { $0.path.hasSuffix(".md") }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }

  /// The folders of `Sources`.
  static var modules: Set<String> {
    let names = try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("Sources").path)
    return Set(names ?? [])
  }

  private static func files(below place: String) -> [SourceFile] {
    let start = root.appendingPathComponent(place)
    if let text = try? String(contentsOf: start, encoding: .utf8) { return [SourceFile(path: place, text: text)] }
    guard let paths = FileManager.default.subpaths(atPath: start.path) else { return [] }
    return paths.compactMap { path in
      guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".build") || $0 == "__pycache__" }) else {
        return nil
      }
      guard let text = try? String(contentsOf: start.appendingPathComponent(path), encoding: .utf8) else { return nil }
      return SourceFile(path: "\(place)/\(path)", text: text)
    }
  }
}

/// A text file.
struct SourceFile {
  let path: String
  let lines: [String]
  let text: String

  init(path: String, text: String) {
    self.path = path
    self.text = text
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
  }

  var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  /// The module of a file below `Sources`.
  var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  /// The lines without what follows `//`, each with its number from 1.
  var code: [(number: Int, text: Substring)] {
    lines.enumerated().map { index, line in
      (index + 1, line.range(of: "//").map { line[..<$0.lowerBound] } ?? line[...])
    }
  }
}
