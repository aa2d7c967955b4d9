/// Turns files into logical lines: follows includes, drops lines of other nodes, replaces definitions, and hands what
/// is left to the ``StatementBuilder``.
struct Preprocessor<Provider: SourceProvider> {
  let provider: Provider
  let configID: String
  let limits: ParserLimits
  var sources = SourceMap()
  var diagnostics: DiagnosticList
  var builder: StatementBuilder
  /// Paths of the files being read, outermost first.
  private var including: [String] = []
  private var filesRead = 0

  init(provider: Provider, configID: String, limits: ParserLimits) {
    self.provider = provider
    self.configID = configID
    self.limits = limits
    diagnostics = DiagnosticList(limit: limits.diagnostics)
    builder = StatementBuilder(depthLimit: limits.blockDepth)
  }

  /// Reads the main file and all it includes. False when the main file cannot be read.
  mutating func run(_ path: String) -> Bool {
    let text: SourceText
    do throws(SourceError) {
      text = SourceText(path: path, bytes: try provider.read(path))
    } catch {
      let source = sources.append(SourceText(path: path, bytes: []))
      diagnostics.append(.unreadable(path, error, at: SourceRange(source: source, 0, 0)))
      return false
    }
    let source = read(text)
    let end = sources.texts[Int(source)].bytes.count
    builder.finishInput(at: SourceRange(source: source, end, end), in: sources, to: &diagnostics)
    return true
  }

  private mutating func read(_ text: SourceText) -> UInt32 {
    let source = sources.append(text)
    including.append(text.path)
    filesRead += 1
    let bytes = text.bytes
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      line(bytes, SourceRange(source: source, start, end))
      start = end + 1
    }
    including.removeLast()
    return source
  }

  /// One line, from a file or after replacement.
  private mutating func line(_ bytes: [UInt8], _ range: SourceRange) {
    var start = Int(range.lowerBound)
    let end = Int(range.upperBound)
    while start < end, bytes[start].isBlank { start += 1 }
    guard start < end else { return }
    switch bytes[start] {
    case UInt8(ascii: "!"), UInt8(ascii: "#"):
      return
    case UInt8(ascii: "@"):
      conditional(bytes, SourceRange(source: range.source, start, end))
    case UInt8(ascii: "i"):
      if let pattern = Include.argument(of: bytes, start..<end) {
        include(SourceRange(source: range.source, pattern.lowerBound, pattern.upperBound))
      } else {
        builder.append(bytes, SourceRange(source: range.source, start, end), in: sources, to: &diagnostics)
      }
    default:
      builder.append(bytes, SourceRange(source: range.source, start, end), in: sources, to: &diagnostics)
    }
  }

  /// `@ID rest` and `@^ID rest`: a line for one node, or for all others.
  private mutating func conditional(_ bytes: [UInt8], _ range: SourceRange) {
    var index = Int(range.lowerBound) + 1
    let end = Int(range.upperBound)
    let isNegated = index < end && bytes[index] == UInt8(ascii: "^")
    if isNegated { index += 1 }
    let name = index
    while index < end, !bytes[index].isBlank { index += 1 }
    let matches = bytes[name..<index].elementsEqual(configID.utf8)
    guard matches != isNegated else { return }
    line(bytes, SourceRange(source: range.source, index, end))
  }

  // MARK: Includes

  private mutating func include(_ range: SourceRange) {
    let pattern = sources.text(of: range)
    let directory = Include.directory(of: including.last ?? "")
    let paths = Include.expand(Include.join(directory, pattern)) { provider.list($0) }
    guard let paths else {
      diagnostics.append(
        Diagnostic(.includeWithoutMatch, "no file matches '\(pattern)'", at: range))
      return
    }
    for path in paths { includeFile(path, at: range) }
  }

  private mutating func includeFile(_ path: String, at range: SourceRange) {
    guard including.count < limits.includeDepth, !including.contains(path) else {
      diagnostics.append(
        Diagnostic(
          .includeLoop,
          including.contains(path)
            ? "'\(path)' is already being read: it includes itself"
            : "more than \(limits.includeDepth) files include one another", at: range))
      return
    }
    guard filesRead < limits.files else {
      diagnostics.append(Diagnostic(.limitReached, "more than \(limits.files) files are included", at: range))
      return
    }
    do throws(SourceError) {
      _ = read(SourceText(path: path, bytes: try provider.read(path)))
    } catch {
      diagnostics.append(.unreadable(path, error, at: range))
    }
  }
}

extension UInt8 {
  /// Blank, tab, line feed, vertical tab, form feed or carriage return.
  var isBlank: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
}
