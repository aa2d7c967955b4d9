import HealthCheck
import LinuxNetworking
import NetPrimitives
import Testing

@Suite struct PatternSearchTests {
  /// Whether a pattern matches content that arrives in pieces of one size; `nil` when it does not compile.
  private func matches(_ pattern: PatternDefinition, _ content: [UInt8], pieces size: Int) -> Bool? {
    guard var search = SystemToolbox().makeMatcher(for: pattern) else { return nil }
    for start in stride(from: 0, to: content.count, by: size) {
      search.update(content.span.bytes.extracting(start..<min(start + size, content.count)))
    }
    return search.hasMatch
  }

  private static let cases: [(PatternDefinition, String, Bool)] = [
    (PatternDefinition("wor+ld"), "hello worrrld", true),
    (PatternDefinition("wor+ld"), "hello wold", false),
    (PatternDefinition("WORLD", options: .caseless), "hello world", true),
    // What is dropped on the way must not make a start of what follows.
    (PatternDefinition("^world"), "hello world", false),
    (PatternDefinition("\\Aworld"), "hello world", false),
    (PatternDefinition("^hello"), "hello world", true),
    (PatternDefinition("^world", options: .multiline), "hello\nworld", true),
    (PatternDefinition("world$"), "hello world", true),
    (PatternDefinition("world$"), "hello world!", false),
    (PatternDefinition("(?<=hello )world"), "hello world", true),
    (PatternDefinition("(?<=hallo )world"), "hello world", false),
    (PatternDefinition("\\bworld\\b"), "helloworld", false),
    (PatternDefinition("hello.*world"), "hello\nworld", false),
    (PatternDefinition("hello.*world", options: .dotAll), "hello\nworld", true),
    (PatternDefinition("world", minimumOffset: 6), "hello world", true),
    (PatternDefinition("world", minimumOffset: 7), "hello world", false),
    (PatternDefinition("o", minimumOffset: 5, maximumOffset: 7), "hello world", true),
    (PatternDefinition("world", maximumOffset: 6), "hello world", true),
    (PatternDefinition("world", maximumOffset: 5), "hello world", false),
    (PatternDefinition("x*", maximumOffset: 0), "hello", true),
    (
      PatternDefinition("gr\u{fc}\u{df}e", options: PatternOptions(keyword: "utf") ?? []),
      "sch\u{f6}ne gr\u{fc}\u{df}e", true
    ),
    (PatternDefinition("gr.{2}e", options: PatternOptions(keyword: "utf") ?? []), "sch\u{f6}ne gr\u{fc}\u{df}e", true),
  ]

  @Test(arguments: 0..<cases.count) func `a pattern matches or not, however the content is cut`(number: Int) {
    let (pattern, text, wanted) = Self.cases[number]
    let content = Array(text.utf8)
    for size in 1...content.count {
      #expect(matches(pattern, content, pieces: size) == wanted, "\(pattern.pattern) in \(text), pieces of \(size)")
    }
  }

  @Test func `what does not compile is told once`() {
    let toolbox = SystemToolbox()
    for _ in 0..<3 { #expect(toolbox.makeMatcher(for: PatternDefinition("a(b")) == nil) }
    let problems = toolbox.takeProblems()
    #expect(problems.count == 1 && problems.first?.hasPrefix("regex 'a(b': ") == true, "\(problems)")
    #expect(toolbox.takeProblems().isEmpty)
  }

  @Test func `bytes that are no text are not text`() {
    let pattern = PatternDefinition("ok", options: PatternOptions(keyword: "utf") ?? [])
    #expect(matches(pattern, [0xff, 0xfe, 0x80] + Array("ok".utf8) + [0xc3], pieces: 2) == true)
  }

  @Test func `a pattern that explodes ends without a match, and soon`() {
    let pattern = PatternDefinition("^(a+)+$")
    let content = [UInt8](repeating: UInt8(ascii: "a"), count: 4096) + [UInt8(ascii: "!")]
    #expect(matches(pattern, content, pieces: 4096) == false)
  }

  @Test func `a match that never ends is given up, in bounded memory`() {
    let pattern = PatternDefinition("begin.*end", options: .dotAll)
    let content = Array("begin".utf8) + [UInt8](repeating: 0x20, count: PatternSearch.longestMatch + 65_536)
    #expect(matches(pattern, content + Array("end".utf8), pieces: 16_384) == false)
    #expect(matches(pattern, Array(content[0..<100_000]) + Array("end".utf8), pieces: 16_384) == true)
  }
}
