import ConfigParser
import Testing

@Suite struct RecordingSourcesTests {
  /// Files that can change under the reader's eyes.
  final class Files: SourceProvider {
    var memory: MemorySources
    init(_ memory: MemorySources) { self.memory = memory }
    func read(_ path: String) throws(SourceError) -> [UInt8] { try memory.read(path) }
    func list(_ directory: String) -> [String] { memory.list(directory) }
    func environment(_ name: String) -> String? { memory.environment(name) }
    func random(below bound: UInt64) -> UInt64 { memory.random(below: bound) }
  }

  static let main = "include parts/*.conf\nvrrp_instance ${_ENV NAME} {\n interface eth0\n virtual_router_id 1\n}\n"

  private func read(_ text: String = main, then change: (inout MemorySources) -> Void) -> Bool {
    let files = Files(MemorySources(["a.conf": text, "parts/b.conf": "! nothing\n"], variables: ["NAME": "A"]))
    let recording = RecordingSources(files)
    _ = loadConfiguration(from: "a.conf", sources: recording, configID: "x")
    change(&files.memory)
    return recording.isCurrent
  }

  @Test func `what is as it was need not be read again`() {
    #expect(read { _ in })
    #expect(read { $0.files["unrelated"] = [1] } == true)
  }

  @Test func `every change is seen: of the file, an include, a directory, a variable`() {
    #expect(!read { $0.files["a.conf"]?.append(10) })
    #expect(!read { $0.files["a.conf"] = nil })
    #expect(!read { $0.files["parts/b.conf"] = [] })
    #expect(!read { $0.files["parts/c.conf"] = [] })
    #expect(!read { $0.files["parts/b.conf"] = nil })
    #expect(!read { $0.variables["NAME"] = "B" })
    #expect(!read("global_defs {\n router_id r${_RANDOM 1 5}\n}\n") { _ in })
  }

  @Test(arguments: [
    "vrrp_instance A {\n", "vrrp_instance A {\n}\n}\n", "global_defs {\n router_id \"a\n}\n", "includem missing.conf\n",
  ])
  func `a file that does not hold together is not sound`(text: String) { #expect(!load(text).isSound) }

  @Test(arguments: ["", "global_defs {\n nonsense\n}\n", "vrrp_instance A {\n}\n"])
  func `a file with mistakes may be`(text: String) { #expect(load(text).isSound) }
}
