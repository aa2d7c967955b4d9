import Foundation
import Testing

@Suite struct DocumentationTests {
  @Test func `links between pages lead somewhere`() throws {
    for page in Repository.pages {
      for link in links(in: page) where !link.contains("://") && !link.hasPrefix("mailto:") {
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let target = parts[0].isEmpty ? page.path : resolve(String(parts[0]), from: page.path)
        #expect(Repository.exists(target), "\(page.path): \(link) leads nowhere")
        guard parts.count == 2, let other = Repository.files.first(where: { $0.path == target }) else { continue }
        #expect(anchors(of: other).contains(String(parts[1])), "\(page.path): \(link) names no heading")
      }
    }
  }

  @Test func `paths that comments and pages name exist`() {
    let pattern = /docs\/(?:decisions\/[0-9]{4}|[a-z-]+\.md)/
    let decisions = decisionNames()
    for file in Repository.files {
      for match in file.text.matches(of: pattern) {
        let path = String(match.output)
        let number = path.hasPrefix("docs/decisions/") ? String(path.suffix(4)) : nil
        let exists = number.map { number in decisions.contains { $0.hasPrefix("\(number)-") } }
        #expect(exists ?? Repository.exists(path), "\(file.path) names \(path)")
      }
    }
  }

  @Test func `decisions have numbers of their own and say what they must`() {
    // Several are written at the same time, each with a number that was given out: there may be gaps.
    let numbers = decisionNames().map { $0.prefix(5) }
    #expect(numbers.allSatisfy { $0.wholeMatch(of: /[0-9]{4}-/) != nil })
    #expect(Set(numbers).count == numbers.count)
    for page in Repository.pages where page.path.hasPrefix("docs/decisions/") {
      for heading in ["## Context", "## Decision", "## Consequences"] {
        #expect(page.lines.contains(heading), "\(page.path) has no \(heading)")
      }
    }
  }

  @Test func `pages list every decision`() throws {
    let page = try #require(Repository.files.first { $0.path == "docs/architecture.md" })
    for name in decisionNames() { #expect(page.text.contains("decisions/\(name)"), "\(name) is not listed") }
  }

  @Test func `every line of the change log begins with its area`() throws {
    let areas = ["vrrp:", "bfd:", "check:", "config:", "linux:", "sim:", "ctl:", "daemon:"]
    let page = try #require(Repository.files.first { $0.path == "CHANGELOG.md" })
    for line in page.lines where line.hasPrefix("- ") {
      #expect(areas.contains { line.dropFirst(2).hasPrefix($0) }, "\(line)")
    }
  }

  @Test func `examples of the read-me are code that is compiled and run here`() throws {
    let page = try #require(Repository.files.first { $0.path == "README.md" })
    let source = try #require(Repository.files.first { $0.path == "Tests/TidyTests/ReadmeExamples.swift" })
    let compiled = squeezed(source.text)
    let examples = page.text.components(separatedBy: "```swift\n").dropFirst()
    #expect(!examples.isEmpty)
    for example in examples {
      let text = squeezed(example.components(separatedBy: "```")[0])
      #expect(compiled.contains(text), "not in ReadmeExamples.swift:\n\(text)")
    }
  }

  @Test func `nothing speaks of the machine it was written on`() {
    let places = [["/", "work/"], ["../", "shared"], ["/", "root/"], ["/home/", "runner"]].map { $0.joined() }
    for file in Repository.files {
      for place in places {
        #expect(!file.text.contains(place), "\(file.path) mentions \(place)")
      }
    }
  }

  // MARK: - Reading pages

  private func decisionNames() -> [String] {
    Repository.pages.filter { $0.path.hasPrefix("docs/decisions/") }.map(\.name).sorted()
  }

  /// The targets of inline links, outside code.
  private func links(in page: SourceFile) -> [String] {
    var isCode = false
    return page.lines.flatMap { line -> [String] in
      if line.hasPrefix("```") { isCode.toggle() }
      guard !isCode else { return [] }
      return line.replacing(/`[^`]*`/, with: "code").matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
    }
  }

  /// Headings as the usual hosts turn them into anchors.
  private func anchors(of page: SourceFile) -> Set<String> {
    Set(
      page.lines.filter { $0.hasPrefix("#") }.map { line in
        let title = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
        return String(title.filter { $0.isLetter || $0.isNumber || " -_".contains($0) }.map { $0 == " " ? "-" : $0 })
      })
  }

  private func resolve(_ link: String, from path: String) -> String {
    var parts = path.split(separator: "/").dropLast().map(String.init)
    for part in link.split(separator: "/").map(String.init) where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }

  /// The lines without margins and empty lines.
  private func squeezed(_ text: String) -> String {
    text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      .joined(separator: "\n")
  }
}
