/// Diagnostics for programs: an object with the files' diagnostics, and SARIF 2.1.0 for code scanners.
public struct JSONRenderer: Sendable {
  /// A renderer.
  public init() {}

  /// `{"diagnostics":[…]}` with place, code, severity, message, notes and fixes of each.
  public func render(_ results: [LoadedConfiguration]) -> String {
    var items: [String] = []
    for result in results {
      for diagnostic in result.diagnostics { items.append(object(diagnostic, result.sources)) }
    }
    return "{\"version\":1,\"diagnostics\":[" + items.joined(separator: ",\n") + "]}\n"
  }

  private func object(_ diagnostic: Diagnostic, _ sources: SourceMap) -> String {
    let notes = diagnostic.notes.map { note in
      "{" + field("message", note.message) + (note.range.map { "," + place($0, sources) } ?? "") + "}"
    }
    let fixes = diagnostic.fixIts.map { fix in
      "{" + field("message", fix.message) + "," + field("replacement", fix.replacement) + ","
        + place(fix.range, sources) + "}"
    }
    return "{" + place(diagnostic.range, sources) + "," + field("code", diagnostic.code.description) + ","
      + field("severity", diagnostic.severity.word) + "," + field("message", diagnostic.message)
      + ",\"notes\":[\(notes.joined(separator: ","))],\"fixes\":[\(fixes.joined(separator: ","))]}"
  }

  private func place(_ range: SourceRange, _ sources: SourceMap) -> String {
    let written = sources.written(range)
    let start = sources.location(of: written)
    let end = sources.location(of: written.end)
    return field("file", start.path) + ",\"line\":\(start.line),\"column\":\(start.column),\"endLine\":\(end.line),"
      + "\"endColumn\":\(end.column)"
  }

  /// SARIF 2.1.0, one run.
  public func renderSARIF(_ results: [LoadedConfiguration]) -> String {
    var items: [String] = []
    var used: Set<DiagnosticCode> = []
    for result in results {
      for diagnostic in result.diagnostics {
        used.insert(diagnostic.code)
        items.append(sarifResult(diagnostic, result.sources))
      }
    }
    let rules = DiagnosticCode.allCases.filter { used.contains($0) }.map { code in
      "{" + field("id", code.description) + "}"
    }
    return "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{"
      + "\"tool\":{\"driver\":{\"name\":\"vrrpctl\",\"rules\":[\(rules.joined(separator: ","))]}},"
      + "\"results\":[" + items.joined(separator: ",\n") + "]}]}\n"
  }

  private func sarifResult(_ diagnostic: Diagnostic, _ sources: SourceMap) -> String {
    let related = diagnostic.notes.compactMap { note -> String? in
      guard let range = note.range else { return nil }
      return "{" + sarifPlace(range, sources) + ",\"message\":{" + field("text", note.message) + "}}"
    }
    var text = "{" + field("ruleId", diagnostic.code.description) + "," + field("level", diagnostic.severity.word)
    text += ",\"message\":{" + field("text", diagnostic.message) + "}"
    text += ",\"locations\":[{" + sarifPlace(diagnostic.range, sources) + "}]"
    if !related.isEmpty { text += ",\"relatedLocations\":[\(related.joined(separator: ","))]" }
    return text + "}"
  }

  private func sarifPlace(_ range: SourceRange, _ sources: SourceMap) -> String {
    let written = sources.written(range)
    let start = sources.location(of: written)
    let end = sources.location(of: written.end)
    return "\"physicalLocation\":{\"artifactLocation\":{" + field("uri", start.path) + "},\"region\":{"
      + "\"startLine\":\(start.line),\"startColumn\":\(start.column),\"endLine\":\(end.line),"
      + "\"endColumn\":\(end.column)}}"
  }

  private func field(_ name: String, _ value: String) -> String { "\"\(name)\":\(Self.quoted(value))" }

  /// `text` as a JSON string.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case let scalar where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
