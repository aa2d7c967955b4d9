import ConfigParser
import Foundation
import Testing

/// Real configurations, which are not part of the repository: `VRRPD_CORPUS=DIRECTORY` names a directory of `.conf`
/// files.
@Suite(.enabled(if: Corpus.directory != nil, "set VRRPD_CORPUS to a directory of configurations"))
struct CorpusTests {
  @Test(arguments: Corpus.files)
  func `a file is read within a tenth of a second and comes back byte for byte`(name: String) throws {
    let bytes = try Corpus.bytes(name)
    let sources = MemorySources([:], bytes: [name: bytes])
    // The fastest of three: other tests run at the same time.
    let time = (0..<3).map { _ in
      ContinuousClock().measure { _ = loadConfiguration(from: name, sources: sources, configID: "node") }
    }.min()
    #expect(try #require(time) < Corpus.timeLimit)
    #expect(SyntaxTree(bytes).text == bytes)
  }

  @Test(arguments: Corpus.files)
  func `formatting changes neither the meaning nor, again, the file`(name: String) throws {
    let bytes = try Corpus.bytes(name)
    let once = Formatter.format(bytes)
    #expect(Formatter.format(once) == once)
    let before = loadConfiguration(from: name, sources: MemorySources([:], bytes: [name: bytes]), configID: "low")
    let after = loadConfiguration(from: name, sources: MemorySources([:], bytes: [name: once]), configID: "low")
    #expect(before.configuration == after.configuration)
  }
}

enum Corpus {
  /// A tenth of a second, and ten times that without optimisation.
  static var timeLimit: Duration {
    #if DEBUG
      .seconds(1)
    #else
      .milliseconds(100)
    #endif
  }

  static var directory: String? { ProcessInfo.processInfo.environment["VRRPD_CORPUS"] }

  static var files: [String] {
    guard let directory else { return [] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    return names.filter { $0.hasSuffix(".conf") }.sorted()
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: directory ?? "").appending(path: name)))
  }
}
