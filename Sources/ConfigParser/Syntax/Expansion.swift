/// A line being rewritten, with the origin of each of its parts.
struct Expansion {
  var bytes: [UInt8] = []
  var pieces: [SourceText.Piece] = []

  /// Copies what was typed.
  mutating func copy(_ source: [UInt8], _ range: SourceRange) {
    guard range.lowerBound < range.upperBound else { return }
    pieces.append(SourceText.Piece(offset: UInt32(truncatingIfNeeded: bytes.count), origin: range, isVerbatim: true))
    bytes += source[range.offsets]
  }

  /// Puts `text` in the place of `origin`.
  mutating func substitute(_ text: some Collection<UInt8>, for origin: SourceRange) {
    guard !text.isEmpty else { return }
    pieces.append(SourceText.Piece(offset: UInt32(truncatingIfNeeded: bytes.count), origin: origin, isVerbatim: false))
    bytes += text
  }
}

extension Preprocessor {
  /// Replaces what is defined and works out the result. False when nothing in the line is.
  mutating func expand(_ bytes: [UInt8], _ range: SourceRange) -> Bool {
    guard !isExhausted else { return false }
    guard depth < limits.expansionDepth else {
      diagnostics.append(
        .limit("replacing definitions", limits.expansionDepth, "rounds (does one stand in itself?)", at: range))
      return true
    }
    var first = Expansion()
    var rest: [[UInt8]] = []
    var isChanged = false
    var copied = Int(range.lowerBound)
    var index = copied
    let end = Int(range.upperBound)
    while index < end {
      guard bytes[index] == UInt8(ascii: "$"), let reference = reference(bytes, index, end) else {
        index += 1
        continue
      }
      let origin = SourceRange(source: range.source, index, reference.end)
      guard let lines = replacement(for: reference, at: origin, isLast: isBlank(bytes, reference.end, end)) else {
        index = reference.isBraced ? index + 1 : reference.end
        continue
      }
      first.copy(bytes, SourceRange(source: range.source, copied, index))
      first.substitute(lines.first ?? [], for: origin)
      rest = Array(lines.dropFirst())
      isChanged = true
      index = reference.end
      copied = index
      guard first.bytes.count <= limits.lineBytes else {
        diagnostics.append(.limit("a line after replacing definitions", limits.lineBytes, "bytes", at: range))
        return true
      }
    }
    guard isChanged else { return false }
    first.copy(bytes, SourceRange(source: range.source, copied, end))
    if first.bytes.elementsEqual(bytes[range.offsets]), rest.isEmpty {
      diagnostics.append(.selfReference(range))
      return true
    }
    workOut(first, rest, of: range)
    return true
  }

  private mutating func workOut(_ first: Expansion, _ rest: [[UInt8]], of range: SourceRange) {
    depth += 1
    defer { depth -= 1 }
    expandedLine(first.bytes, first.pieces, of: range)
    for line in rest where !isExhausted {
      expandedLine(line, [SourceText.Piece(offset: 0, origin: range, isVerbatim: false)], of: range)
    }
  }

  private mutating func expandedLine(_ bytes: [UInt8], _ pieces: [SourceText.Piece], of range: SourceRange) {
    guard let expansion = appendExpansion(bytes, pieces, of: range) else { return }
    // Definitions may have brought comment signs; what is behind them goes.
    let end = Comment.strip(bytes, 0..<bytes.count).end
    line(bytes, SourceRange(source: expansion.source, 0, end), mayHoldReferences: true)
  }

  /// Keeps a rewritten line as a text of its own; `nil` when there have been too many.
  mutating func appendExpansion(
    _ bytes: [UInt8], _ pieces: [SourceText.Piece], of range: SourceRange
  ) -> SourceRange? {
    guard !bytes.isEmpty else { return nil }
    guard spend(bytes.count, at: range) else { return nil }
    let path = sources.texts[Int(range.source)].path
    let source = sources.append(SourceText(path: path, expansion: bytes, pieces: pieces))
    return SourceRange(source: source, 0, bytes.count)
  }

  /// Counts one more line of expansion. False, once with a report, when there have been too many.
  mutating func spend(_ bytes: Int, at range: SourceRange) -> Bool {
    guard !isExhausted else { return false }
    expandedBytes += bytes
    expandedLines += 1
    if expandedBytes > limits.expandedBytes {
      diagnostics.append(.limit("all replaced text", limits.expandedBytes, "bytes", at: range), isUrgent: true)
      isExhausted = true
    } else if expandedLines > limits.expandedLines {
      diagnostics.append(
        .limit("all replaced and repeated text", limits.expandedLines, "lines", at: range), isUrgent: true)
      isExhausted = true
    }
    return !isExhausted
  }

  private func isBlank(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Bool {
    bytes[start..<end].allSatisfy { $0.isBlank }
  }
}
