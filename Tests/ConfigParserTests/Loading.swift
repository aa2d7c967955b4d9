import ConfigParser

/// Loads one text as `/etc/test.conf`.
func load(_ text: String, configID: String = "node", files: [String: String] = [:]) -> LoadedConfiguration {
  var all = files
  all["/etc/test.conf"] = text
  return loadConfiguration(from: "/etc/test.conf", sources: MemorySources(all), configID: configID)
}

extension LoadedConfiguration {
  /// `line:column code` of each diagnostic.
  var places: [String] {
    diagnostics.map {
      let place = sources.location(of: $0.range)
      return "\(place.line):\(place.column) \($0.code)"
    }
  }

  /// The codes alone, without notes.
  var problems: [DiagnosticCode] { diagnostics.filter { $0.severity != .note }.map(\.code) }
}

/// An instance with the least there must be, and `lines` in it.
func instance(_ lines: String, name: String = "A", id: Int = 51) -> String {
  "vrrp_instance \(name) {\n  interface eth0\n  virtual_router_id \(id)\n\(lines)\n}\n"
}
