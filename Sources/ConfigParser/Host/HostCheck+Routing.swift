import VRRPCore

// Names of routing tables.
extension HostCheck {
  /// Lines of routes and rules: a table without a number is one the kernel cannot be told of.
  mutating func checkTables(_ statement: Statement) {
    for place in statement.words.dropLast() where reader.isWord(place, "table") || reader.isWord(place, "lookup") {
      let word = tree.words[place + 1]
      let name = reader.text(word)
      guard case .name = reader.nameOrNumber(word), !tables.contains(name),
        missing.insert("table \(name)").inserted
      else { continue }
      report(
        .undefinedName, "no routing table is called '\(name)' in \(configuration.global.namesDirectory)/rt_tables",
        at: word.range, severity: .warning)
    }
  }

  /// The names the daemon will find, where it will look for them.
  static func tables(_ configuration: Configuration, _ host: Host) -> Set<String> {
    var names: Set<String> = ["default", "main", "local"]
    for directory in [configuration.global.namesVendorDirectory, configuration.global.namesDirectory] {
      let more = host.names(in: "\(directory)/rt_tables.d").filter { $0.hasSuffix(".conf") }
      for path in ["\(directory)/rt_tables"] + more.map({ "\(directory)/rt_tables.d/\($0)" }) {
        for line in (host.text(path) ?? []).split(separator: UInt8(ascii: "\n")) {
          let words = line.prefix { $0 != UInt8(ascii: "#") }
            .split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
          if words.count > 1 { names.insert(String(decoding: words[1], as: UTF8.self)) }
        }
      }
    }
    return names
  }
}
