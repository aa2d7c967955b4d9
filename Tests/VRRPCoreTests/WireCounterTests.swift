import Testing
import VRRPCore

@Suite struct WireCounterTests {
  typealias Counter = @Sendable (AdvertisementCounters) -> UInt64

  @Test(
    arguments: [
      (.malformed(.truncated(byteCount: 1)), \.lengthErrors),
      (.malformed(.unsupportedVersion(1)), \.versionErrors),
      (.malformed(.unknownType(2)), \.invalidTypes),
      (.malformed(.reservedVirtualRouterID), \.virtualRouterIDMismatches),
      (.malformed(.unknownAuthenticationType(3)), \.invalidAuthenticationTypes),
      (.malformed(.lengthMismatch(addressCount: 1, byteCount: 8)), \.lengthErrors),
      (.malformed(.badChecksum), \.checksumErrors),
      (.malformed(.zeroInterval), \.intervalErrors),
      (.authenticationHeader(.truncated(byteCount: 1)), \.lengthErrors),
      (.authenticationHeader(.unsupportedIPHeader), \.lengthErrors),
      (.authenticationHeader(.fragmented), \.lengthErrors),
      (.authenticationHeader(.unexpectedProtocol(4)), \.lengthErrors),
      (.authenticationHeader(.unexpectedHeaderLength(5)), \.lengthErrors),
      (.authenticationHeader(.unexpectedSecurityParametersIndex(6)), \.authenticationFailures),
      (.authenticationHeader(.invalidIntegrityCheckValue), \.authenticationFailures),
      (.authenticationHeader(.replay(sequence: 7)), \.authenticationHeaderReplays),
      (.trailer(.missing), \.trailersMissing),
      (.trailer(.malformed), \.trailersMalformed),
      (.trailer(.unknownKey(id: 1)), \.trailersOfUnknownKey),
      (.trailer(.invalidDigest), \.trailersInvalid),
      (.trailer(.stale(skewMilliseconds: 1)), \.trailersStale),
      (.trailer(.replay), \.trailersReplayed),
    ] as [(AdvertisementRejection, Counter)])
  func `every error of a part has its counter`(_ rejection: AdvertisementRejection, _ counter: Counter) {
    var counters = AdvertisementCounters()
    counters.count(rejection)
    counters.count(rejection)
    #expect(counter(counters) == 2)
    #expect(counters.received == 0)
  }
}
