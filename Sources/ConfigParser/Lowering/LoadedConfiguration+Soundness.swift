extension LoadedConfiguration {
  /// Whether quotes and braces match and everything included could be read, so that what was understood is all there
  /// is.
  public var isSound: Bool {
    !hasIncludeError
      && !diagnostics.contains { diagnostic in
        switch diagnostic.code {
        case .unterminatedQuote, .embeddedNull, .missingOpeningBrace, .unexpectedOpeningBrace, .missingClosingBrace,
          .extraClosingBrace, .nestedTooDeeply, .includeLoop, .limitReached:
          true
        default: false
        }
      }
  }
}
