/// What a diagnostic is about. Numbers are stable: tests, suppressions and documents name them; prose may change.
public enum DiagnosticCode: UInt16, Hashable, Sendable, CaseIterable {
  // Characters and lines.
  case unterminatedQuote = 1
  case embeddedNull = 2
  case invisibleCharacter = 3
  case misusedDefinition = 4
  case selfReference = 5
  case invalidSequence = 6

  // Blocks and keywords.
  case unknownKeyword = 101
  case misplacedKeyword = 102
  case missingOpeningBrace = 103
  case unexpectedOpeningBrace = 104
  case missingClosingBrace = 105
  case extraClosingBrace = 106
  case nestedTooDeeply = 107

  // Files.
  case unreadableFile = 201
  case includeWithoutMatch = 202
  case includeLoop = 203
  case limitReached = 204

  // Values.
  case missingArgument = 301
  case invalidNumber = 302
  case trailingText = 303
  case outOfRange = 304
  case invalidAddress = 305
  case unknownValue = 306
  case invalidBoolean = 307
  case roundedValue = 308
  case extraArgument = 309

  // Virtual routers.
  case missingRouterID = 401
  case missingInterface = 402
  case duplicateInstance = 403
  case duplicateRouterID = 404
  case noVirtualAddress = 405
  case mixedFamilies = 406
  case missingPrefixLength = 407
  case longPassword = 408
  case noPreemptWithMaster = 409
  case preemptDelayIgnored = 410
  case versionForced = 411
  case authenticationIgnored = 412
  case sourceWithoutPeers = 413
  case duplicateAddress = 414
  case ownInterfaceTracked = 415

  // What this program does not do.
  case notImplemented = 901

  /// How bad it usually is.
  public var severity: Diagnostic.Severity {
    switch self {
    case .unknownKeyword, .misplacedKeyword, .unexpectedOpeningBrace, .includeWithoutMatch, .trailingText,
      .roundedValue, .extraArgument, .noVirtualAddress, .missingPrefixLength, .longPassword, .noPreemptWithMaster,
      .preemptDelayIgnored, .versionForced, .authenticationIgnored, .sourceWithoutPeers, .duplicateAddress,
      .ownInterfaceTracked, .invisibleCharacter, .misusedDefinition:
      .warning
    case .unterminatedQuote, .embeddedNull, .selfReference, .invalidSequence, .missingOpeningBrace,
      .missingClosingBrace, .extraClosingBrace,
      .nestedTooDeeply, .unreadableFile, .includeLoop, .limitReached, .missingArgument, .invalidNumber, .outOfRange,
      .invalidAddress, .unknownValue, .invalidBoolean, .missingRouterID, .missingInterface, .duplicateInstance,
      .duplicateRouterID, .mixedFamilies:
      .error
    case .notImplemented: .note
    }
  }
}

extension DiagnosticCode: CustomStringConvertible {
  /// `VRC` and four digits.
  public var description: String {
    let digits = "\(rawValue)"
    return "VRC" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }
}
