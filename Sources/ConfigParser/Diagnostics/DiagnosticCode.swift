/// What a diagnostic is about. Numbers are stable: tests, suppressions and documents name them; prose may change.
public enum DiagnosticCode: UInt16, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  // Characters and lines.
  case unterminatedQuote = 1
  case embeddedNull = 2
  case invisibleCharacter = 3
  case misusedDefinition = 4
  case selfReference = 5
  case invalidSequence = 6
  case undefinedDefinition = 7

  // Blocks and keywords.
  case unknownKeyword = 101
  case misplacedKeyword = 102
  case missingOpeningBrace = 103
  case unexpectedOpeningBrace = 104
  case missingClosingBrace = 105
  case extraClosingBrace = 106
  case nestedTooDeeply = 107
  case commentWithoutHash = 108

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
  case unknownOption = 310
  case missingSetting = 311
  case duplicateName = 312
  case duplicateSetting = 313
  case undefinedName = 314
  case definedLater = 315
  case redundantZero = 316
  case ignoredPrefixLength = 317

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
  case versionTwoWithIPv6 = 411
  case authenticationIgnored = 412
  case sourceWithoutPeers = 413
  case duplicateAddress = 414
  case ownInterfaceTracked = 415
  case ownerAsBackup = 416
  case weightOnOwner = 417
  case weightInSyncGroup = 418
  case lonelySyncGroup = 419
  case missingPreference = 420
  case masterWithAuthenticationHeader = 421
  case strictMode = 422

  // Scripts.
  case relativeCommand = 501
  case shellSyntax = 502
  case unquotedCommand = 503
  case scriptSecurity = 504

  // Virtual servers.
  case defaultedSetting = 601
  case duplicateServer = 602
  case emptyServer = 603
  case adjustedSetting = 604
  case checkDropped = 605

  // Several nodes.
  case nodesDiffer = 701
  case nodesTie = 702
  case bothMaster = 703
  case weightNeverMoves = 704
  case nodesSummary = 705

  // This host, when it is looked at.
  case interfaceNotOnHost = 801
  case interfaceCannotSend = 802
  case interfaceWithoutAddress = 803
  case sourceNotOnHost = 804
  case peerIsOurselves = 805
  case advertisementTooLong = 806
  case addressAlreadyThere = 807
  case ownerWithoutAddress = 808
  case userNotOnHost = 811
  case scriptMissing = 812
  case scriptNotExecutable = 813
  case insecureScript = 814
  case fileMissing = 815
  case pathUnusable = 816
  case kernelSetting = 817

  // What this program does not do.
  case notImplemented = 901
  case noEffect = 902
  case deprecatedKeyword = 903

  /// How bad it usually is.
  public var severity: Diagnostic.Severity {
    switch self {
    case .unknownKeyword, .misplacedKeyword, .unexpectedOpeningBrace, .includeWithoutMatch, .trailingText,
      .roundedValue, .extraArgument, .noVirtualAddress, .longPassword, .noPreemptWithMaster, .preemptDelayIgnored,
      .versionTwoWithIPv6, .authenticationIgnored, .sourceWithoutPeers, .duplicateAddress, .ownInterfaceTracked,
      .invisibleCharacter, .misusedDefinition, .undefinedDefinition, .commentWithoutHash, .unknownOption,
      .duplicateSetting, .definedLater, .redundantZero, .ownerAsBackup, .weightOnOwner, .weightInSyncGroup,
      .lonelySyncGroup, .missingPreference, .masterWithAuthenticationHeader, .strictMode, .relativeCommand,
      .shellSyntax,
      .unquotedCommand, .scriptSecurity,
      .defaultedSetting, .duplicateServer, .adjustedSetting, .bothMaster, .weightNeverMoves, .nodesTie,
      .deprecatedKeyword, .interfaceCannotSend, .interfaceWithoutAddress, .addressAlreadyThere, .ownerWithoutAddress,
      .insecureScript, .kernelSetting:
      .warning
    case .unterminatedQuote, .embeddedNull, .selfReference, .invalidSequence, .missingOpeningBrace,
      .missingClosingBrace, .extraClosingBrace, .nestedTooDeeply, .unreadableFile, .includeLoop, .limitReached,
      .missingArgument, .invalidNumber, .outOfRange, .invalidAddress, .unknownValue, .invalidBoolean, .missingSetting,
      .duplicateName, .undefinedName, .missingRouterID, .missingInterface, .duplicateInstance, .duplicateRouterID,
      .mixedFamilies, .emptyServer, .checkDropped, .nodesDiffer, .interfaceNotOnHost, .sourceNotOnHost,
      .peerIsOurselves, .advertisementTooLong, .userNotOnHost, .scriptMissing, .scriptNotExecutable, .fileMissing,
      .pathUnusable:
      .error
    case .missingPrefixLength, .ignoredPrefixLength, .notImplemented, .noEffect, .nodesSummary: .note
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
