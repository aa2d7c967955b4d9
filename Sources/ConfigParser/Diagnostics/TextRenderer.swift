/// Diagnostics as compilers write them: `file:line:column: severity: message [code]`, the line, a caret.
public struct TextRenderer: Sendable {
  /// Whether to use terminal colours.
  public var usesColour: Bool
  /// Whether to show the source line and the caret.
  public var showsSource: Bool

  /// A renderer without colour that shows the source.
  public init(usesColour: Bool = false, showsSource: Bool = true) {
    self.usesColour = usesColour
    self.showsSource = showsSource
  }

  /// One diagnostic with its notes, each line ended by a newline.
  public func render(_ diagnostic: Diagnostic, in sources: SourceMap) -> String {
    var text = ""
    line(
      diagnostic.severity.word, colour: diagnostic.severity.colour,
      "\(diagnostic.message) [\(diagnostic.code.description)]", at: diagnostic.range, in: sources, to: &text)
    for fixIt in diagnostic.fixIts { text += "  help: \(fixIt.message)\n" }
    for note in diagnostic.notes {
      if let range = note.range {
        line("note", colour: "36", note.message, at: range, in: sources, to: &text)
      } else {
        text += "  note: \(note.message)\n"
      }
    }
    return text
  }

  /// The first line alone, for a log.
  public func headline(_ diagnostic: Diagnostic, in sources: SourceMap) -> String {
    let place = sources.location(of: diagnostic.range)
    return "\(place.path):\(place.line):\(place.column): \(diagnostic.severity.word): \(diagnostic.message) "
      + "[\(diagnostic.code.description)]"
  }

  private func line(
    _ word: String, colour: String, _ message: String, at range: SourceRange, in sources: SourceMap,
    to text: inout String
  ) {
    let place = sources.location(of: range)
    text += paint("\(place.path):\(place.line):\(place.column):", "1") + " " + paint("\(word):", "1;" + colour)
    text += " " + paint(message, "1") + "\n"
    guard showsSource else { return }
    excerpt(of: sources.written(range), colour: colour, in: sources, to: &text)
    let source = sources.texts[Int(range.source)]
    if !source.pieces.isEmpty, source.bytes.count <= 400 {
      text += "  note: after replacement the line is '\(Self.printable(source.bytes[...]))'\n"
    }
  }

  /// The line a range starts in and a caret under it. Tabs stay tabs, so that the caret stays in place.
  private func excerpt(of range: SourceRange, colour: String, in sources: SourceMap, to text: inout String) {
    let source = sources.texts[Int(range.source)]
    guard !source.bytes.isEmpty else { return }
    let lineNumber = source.line(holding: Int(range.lowerBound))
    let content = source.content(ofLine: lineNumber)
    // A line of a megabyte helps nobody.
    guard content.count <= 400 else { return }
    let gutter = "\(lineNumber + 1)"
    let margin = String(repeating: " ", count: max(0, 5 - gutter.utf8.count))
    text += "\(margin)\(gutter) | " + Self.printable(source.bytes[content]) + "\n"
    text += "      | "
    let caret = min(Int(range.lowerBound), content.upperBound)
    for byte in source.bytes[content.lowerBound..<caret] where byte & 0xc0 != 0x80 {
      text += byte == UInt8(ascii: "\t") ? "\t" : " "
    }
    var marks = "^"
    let end = min(Int(range.upperBound), content.upperBound)
    if end > caret + 1 {
      for byte in source.bytes[(caret + 1)..<end] where byte & 0xc0 != 0x80 { marks += "~" }
    }
    text += paint(marks, "1;" + colour) + "\n"
  }

  /// The bytes as text in which control characters cannot move the cursor.
  private static func printable(_ bytes: ArraySlice<UInt8>) -> String {
    var shown: [UInt8] = []
    shown.reserveCapacity(bytes.count)
    for byte in bytes {
      shown.append((byte < 0x20 && byte != UInt8(ascii: "\t")) || byte == 0x7f ? UInt8(ascii: "?") : byte)
    }
    return String(decoding: shown, as: UTF8.self)
  }

  private func paint(_ text: String, _ attributes: String) -> String {
    usesColour ? "\u{1b}[\(attributes)m\(text)\u{1b}[0m" : text
  }
}

extension Diagnostic.Severity {
  /// `error`, `warning` or `note`.
  public var word: String {
    switch self {
    case .note: "note"
    case .warning: "warning"
    case .error: "error"
    }
  }

  var colour: String {
    switch self {
    case .note: "36"
    case .warning: "35"
    case .error: "31"
    }
  }
}
