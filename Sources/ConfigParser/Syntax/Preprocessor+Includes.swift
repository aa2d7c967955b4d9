extension Preprocessor {
  /// Reads the files an include names. False when the line is none.
  mutating func include(_ bytes: [UInt8], _ range: SourceRange) -> Bool {
    guard let include = Include.parse(bytes, range.offsets, includeCheck) else { return false }
    let place = SourceRange(source: range.source, include.pattern.lowerBound, include.pattern.upperBound)
    let directory = Include.directory(of: including.last ?? "")
    let alternatives = Include.alternatives(Array(bytes[include.pattern]))
    for alternative in alternatives {
      let pattern = Include.join(directory, String(decoding: alternative, as: UTF8.self))
      let paths = Include.matches(pattern) { provider.list($0) }
      if paths.isEmpty {
        fail(
          Diagnostic(.includeWithoutMatch, "no file matches '\(pattern)'", at: place),
          counts: include.check.wildcardMatch)
      }
      // Files a wildcard found and that are no configuration are left out without a failure.
      let hasWildcard = Include.hasWildcard(alternative)
      let counts = alternatives.count > 1 ? include.check.braceMatch : include.check.match
      for path in paths { includeFile(path, include.check, missingCounts: counts && !hasWildcard, at: place) }
    }
    return true
  }

  private mutating func includeFile(
    _ path: String, _ check: IncludeCheck, missingCounts: Bool, at range: SourceRange
  ) {
    guard !including.contains(path) else {
      fail(Diagnostic(.includeLoop, "'\(path)' is being read: it includes itself", at: range), counts: true)
      return
    }
    guard including.count < limits.includeDepth else {
      fail(.limit("including files", limits.includeDepth, "files inside one another", at: range), counts: true)
      return
    }
    guard filesRead < limits.files else {
      fail(.limit("including files", limits.files, "files", at: range), counts: true)
      return
    }
    do throws(SourceError) {
      let bytes = try provider.read(path)
      guard bytes.count <= limits.fileBytes else { throw .tooLarge }
      // What a file says about includes holds to its end.
      let outer = includeCheck
      _ = read(SourceText(path: path, bytes: bytes))
      includeCheck = outer
    } catch {
      let counts = error == .missing ? missingCounts : check.read
      fail(.unreadable(path, error, at: range), counts: counts)
    }
  }

  /// Reports a failed include: an error when it makes the configuration invalid, else a warning.
  private mutating func fail(_ diagnostic: Diagnostic, counts: Bool) {
    var diagnostic = diagnostic
    diagnostic.severity = counts ? .error : .warning
    diagnostics.append(diagnostic)
    if counts { hasIncludeError = true }
  }

  /// Follows `include_check`, which changes how the includes after it are judged.
  mutating func noteIncludeCheck(_ bytes: [UInt8], since first: Int) {
    for index in first..<builder.tree.statements.count
    where builder.tree.statements[index].keyword == Schema.includeCheck && Schema.includeCheck != nil {
      let words = builder.tree.statements[index].words.dropFirst()
      includeCheck.apply(words.map { sources.text(of: builder.tree.words[$0].range) })
    }
  }
}
