import Foundation
import Testing

/// A page under `docs` that a test writes: compared on every run, rewritten with `VRRPD_UPDATE_DOCS=1`.
struct GeneratedPage {
  let path: String

  private var url: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: path)
  }

  func expect(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    if ProcessInfo.processInfo.environment["VRRPD_UPDATE_DOCS"] == "1" {
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
      return
    }
    let written = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    guard written != text else { return }
    let old = written.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }
    Issue.record(
      """
      \(path) is out of step at line \((line?.offset ?? min(old.count, new.count)) + 1); \
      VRRPD_UPDATE_DOCS=1 swift test --filter ConfigParserTests rewrites it
      is:     \(line.map { String($0.element.0) } ?? "")
      wanted: \(line.map { String($0.element.1) } ?? "")
      """, sourceLocation: sourceLocation)
  }
}
