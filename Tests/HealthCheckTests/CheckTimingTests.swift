import HealthCheck
import Testing

@Suite struct `Timing of checks` {
  @Test func `has keepalived's defaults`() {
    let timing = CheckTiming(for: .tcp)
    #expect(timing.delayLoopNanoseconds == 60_000_000_000)
    #expect(timing.retries == 1)
    #expect(timing.delayBeforeRetryNanoseconds == 1_000_000_000)
    #expect(timing.warmupNanoseconds == 60_000_000_000)
    #expect(timing.connectTimeoutNanoseconds == 5_000_000_000)
    #expect(timing.deadlineNanoseconds == 15_000_000_000)
  }

  @Test(arguments: CheckKind.allCases) func `differs by kind where keepalived's does`(kind: CheckKind) {
    let timing = CheckTiming.Overrides(delayLoopNanoseconds: 7).resolved(for: kind)
    #expect(timing.retries == (kind == .misc ? 0 : kind == .dns ? 3 : 1))
    let wait: UInt64 = kind == .dns ? 7 : kind == .http || kind == .ssl || kind == .grpc ? 3_000_000_000 : 1_000_000_000
    #expect(timing.delayBeforeRetryNanoseconds == wait)
    #expect(timing.warmupNanoseconds == 7)
  }

  @Test func `takes each value from the nearest level that has one`() {
    let checker = CheckTiming.Overrides(retries: 0, warmupNanoseconds: 0)
    let realServer = CheckTiming.Overrides(retries: 4, delayBeforeRetryNanoseconds: 2)
    let virtualServer = CheckTiming.Overrides(
      delayLoopNanoseconds: 9, delayBeforeRetryNanoseconds: 8, connectTimeoutNanoseconds: 5)
    let timing = checker.inheriting(from: realServer).inheriting(from: virtualServer).resolved(for: .tcp)
    #expect(
      timing
        == CheckTiming(
          delayLoopNanoseconds: 9, retries: 0, delayBeforeRetryNanoseconds: 2, warmupNanoseconds: 0,
          connectTimeoutNanoseconds: 5, deadlineNanoseconds: 15))
  }

  @Test func `has as many bytes to send over UDP as keepalived`() {
    #expect(UDPCheck.defaultPayload.count == 32)
  }

  @Test func `knows pattern options by keepalived's words`() {
    #expect(PatternOptions(keyword: "caseless") == .caseless)
    #expect(PatternOptions(keyword: "dotall") == .dotAll)
    #expect(PatternOptions(keyword: "multiline") == .multiline)
    #expect(PatternOptions(keyword: "use_offset_limit")?.rawValue == 1 << 23)
    #expect(PatternOptions(keyword: "nonsense") == nil)
    #expect(PatternOptions.keywords.count == 24)
  }

  @Test func `knows record types in either case`() {
    #expect(DNSRecordType(keyword: "aaaa") == .aaaa)
    #expect(DNSRecordType(keyword: "DNSKEY")?.rawValue == 48)
    #expect(DNSRecordType(keyword: "PTR") == nil)
  }
}
