import CAllocationCounter
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct `The digests` {
  private static let authenticator = DigestAuthenticator()

  private static func digest(_ isMD5: Bool, key: [UInt8], _ message: [UInt8]) -> MessageDigest {
    let head = Array(message.prefix(message.count / 3))
    let body = Array(message[head.count..<(message.count - message.count / 4)])
    let tail = Array(message.suffix(message.count / 4))
    return body.span.withRawSpan {
      isMD5
        ? authenticator.hmacMD5(key: key.span, head: head.span, body: $0, tail: tail.span)
        : authenticator.hmacSHA256(key: key.span, head: head.span, body: $0, tail: tail.span)
    }
  }

  @Test func `are those of RFC 2202 and RFC 4231`() {
    let message = Array("what do ya want for nothing?".utf8)
    let key = Array("Jefe".utf8)
    #expect(
      Self.digest(true, key: key, message) == MessageDigest(high: 0x750c_783e_6ab0_b503, low: 0xeaa8_6e31_0a5d_b738))
    #expect(
      Self.digest(false, key: key, message) == MessageDigest(high: 0x5bdc_c146_bf60_754e, low: 0x6a04_2426_0895_75c7))
  }

  /// Every length of message from 0 to 200, with keys of 0 to 99 bytes, folded into one number that Python's `hmac`
  /// gave: each boundary of a block, and keys longer than one.
  @Test(
    arguments: [
      (true, 0x8d00_e447_d682_5ffa, 0x3b71_f77e_14c7_5400), (false, 0x4227_81f9_1600_2c35, 0x9e20_0bdd_fd16_7908),
    ] as [(Bool, UInt64, UInt64)])
  func `are right for every length`(isMD5: Bool, high: UInt64, low: UInt64) {
    var folded = MessageDigest(high: 0, low: 0)
    for count in 0...200 {
      let key = (0..<(count % 100)).map { UInt8(truncatingIfNeeded: $0 * 7 + count) }
      let message = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 13 + count) }
      let digest = Self.digest(isMD5, key: key, message)
      folded = MessageDigest(high: folded.high &* 3 ^ digest.high, low: folded.low &* 3 ^ digest.low)
    }
    #expect(folded == MessageDigest(high: high, low: low))
  }

  @Test(.enabled(if: allocation_count_is_live(), "a sanitizer owns malloc"))
  func `allocate nothing`() {
    let key = [UInt8](repeating: 7, count: 32)
    let part = [UInt8](repeating: 9, count: 40)
    var sum: UInt64 = 0
    var allocations: UInt = 0
    for round in 0..<3 {
      let before = allocation_count()
      part.span.withRawSpan {
        sum &+= Self.authenticator.hmacMD5(key: key.span, head: part.span, body: $0, tail: part.span).high
        sum &+= Self.authenticator.hmacSHA256(key: key.span, head: part.span, body: $0, tail: part.span).high
      }
      if round > 0 { allocations += allocation_count() - before }
    }
    #expect(sum != 0)
    #expect(allocations == 0)
  }
}
