import Testing

@Suite struct ArchitectureTests {
  @Test func `the sources are found`() {
    #expect(Repository.swiftSources.count > 200)
    #expect(Repository.pages.count > 5)
  }

  @Test func `every module is listed and every listed module exists`() {
    #expect(Repository.modules == Set(Architecture.modules.keys))
  }

  @Test func `modules import only what the architecture allows`() {
    for file in Repository.swiftSources {
      let allowed = Architecture.modules[file.module]?.imports ?? []
      for (number, line) in file.code {
        guard let name = importedModule(line) else { continue }
        #expect(allowed.contains(name), "\(file.path):\(number): \(file.module) must not import \(name)")
      }
    }
  }

  @Test func `pure modules depend on pure modules alone`() {
    for (name, module) in Architecture.modules where module.isPure {
      for imported in module.imports {
        #expect(Architecture.modules[imported]?.isPure == true, "\(name) is pure, \(imported) is not")
      }
    }
  }

  @Test func `arrows between modules point one way`() {
    // A module is settled when everything it imports is; what never settles is a circle.
    var settled: Set<String> = ["Glibc", "Foundation", "Synchronization", "ArgumentParser"]
    var progress = true
    while progress {
      let ready = Architecture.modules.filter { !settled.contains($0.key) && $0.value.imports.isSubset(of: settled) }
      settled.formUnion(ready.keys)
      progress = !ready.isEmpty
    }
    #expect(settled.isSuperset(of: Architecture.modules.keys))
  }

  @Test func `the page about the architecture names every module`() throws {
    let page = try #require(Repository.files.first { $0.path == "docs/architecture.md" })
    for module in Repository.modules {
      #expect(page.text.contains("`\(module)`"), "docs/architecture.md does not mention \(module)")
    }
  }

  @Test func `the page about the architecture has the arrows right`() throws {
    let page = try #require(Repository.files.first { $0.path == "docs/architecture.md" })
    for (name, module) in Architecture.modules where module.isPure {
      let row = try #require(page.lines.first { $0.hasPrefix("| `\(name)` |") }, "\(name) has no row of its own")
      let cell = row.split(separator: "|").last.map(words) ?? []
      #expect(Set(cell) == (module.imports.isEmpty ? ["nothing"] : module.imports), "\(name)")
    }
  }

  @Test func `targets link what their files may import, no more and no less`() throws {
    let package = try #require(Repository.files.first { $0.path == "Package.swift" })
    for (name, module) in Architecture.modules where !module.isForeign {
      let target = try #require(
        package.text.split(separator: "arget(").first { $0.drop { $0.isWhitespace }.hasPrefix("name: \"\(name)\"") })
      let list = target.firstRange(of: /dependencies: \[[^\]]*\]/).map { target[$0] } ?? ""
      let quoted = list.matches(of: /"([A-Za-z]+)"/).map { String($0.output.1) }
      #expect(Set(quoted) == module.imports.subtracting(["Glibc", "Foundation", "Synchronization"]), "\(name)")
    }
  }

  @Test func `unsafe code stays in the adapter and in the loads of bytes`() {
    var counts: [String: Int] = [:]
    for file in Repository.swiftSources where file.module != "LinuxNetworking" {
      for (_, line) in file.code where isUnsafe(line) { counts[file.path, default: 0] += 1 }
    }
    #expect(counts == Architecture.unsafeLines)
  }

  private func words(_ text: Substring) -> [String] {
    text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  /// `M` of `public import struct M.Name` and its variants.
  private func importedModule(_ line: Substring) -> String? {
    let words = line.split(separator: " ")
    guard let place = words.firstIndex(of: "import") else { return nil }
    let access: Set<Substring> = ["public", "package", "internal", "fileprivate", "private"]
    guard words[..<place].allSatisfy({ access.contains($0) || $0.hasPrefix("@") }) else { return nil }
    let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var"]
    let name = words[(place + 1)...].first { !kinds.contains($0) }
    return name?.split(separator: ".").first.map(String.init)
  }

  private func isUnsafe(_ line: Substring) -> Bool {
    line.contains("unsafe") || line.contains("Unsafe") || line.contains("@unchecked")
  }
}
