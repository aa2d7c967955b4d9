import NetPrimitives
import Testing
import VRRPCore

@Suite struct AuthenticationTrailerTests {
  static let key = HMACPolicy.Key(id: 1, bytes: Array(0..<32))
  static let captured = CapturedAdvertisement.all.filter { $0.scenario.contains("hmac") }
  let reference = ReferenceAuthenticator()
  let source = IPAddress.v4(IPv4Address(10, 0, 0, 1))
  /// 2026-11-21 in nanoseconds.
  let now: UInt64 = 1_795_223_786_000_000_000

  func policy(
    _ mode: HMACPolicy.Mode = .enforce, _ protection: HMACPolicy.ReplayProtection = .time(windowSeconds: 5)
  ) throws -> HMACPolicy {
    HMACPolicy(keys: [try #require(Self.key)], activeKeyID: 1, mode: mode, replayProtection: protection)
  }

  /// A small message and its trailer, signed at `time`.
  func signed(_ signer: inout HMACSigner, at time: UInt64) -> [UInt8] {
    let message: [UInt8] = bytes("3133960100640000 0a0a0101")
    let trailer = message.span.withRawSpan {
      signer.sign($0, from: source, utcNanoseconds: time, using: reference)
    }
    return message + (0..<28).map { trailer.bytes[$0] }
  }

  func verify(
    _ payload: [UInt8], with verifier: inout HMACVerifier, from source: IPAddress? = nil, at time: UInt64
  ) throws(HMACTrailerError) {
    try payload.span.withRawSpan { payload throws(HMACTrailerError) in
      _ = try verifier.verify(payload, from: source ?? self.source, utcNanoseconds: time, using: reference)
    }
  }

  @Test(arguments: captured)
  func `captured trailers verify, once, and are made again byte for byte`(_ captured: CapturedAdvertisement) throws {
    try captured.payload.span.withRawSpan { payload throws in
      let trailer = try HMACTrailer(decodingEndOf: payload)
      let sentAt = (trailer.sequence.rawValue >> 32) * 1_000_000_000
      var verifier = HMACVerifier(try policy())
      try verifier.verify(payload, from: captured.source, utcNanoseconds: sentAt, using: reference)
      #expect(throws: HMACTrailerError.replay) {
        try verify(captured.payload, with: &verifier, from: captured.source, at: sentAt)
      }
      let message = try AdvertisementMessage(
        decoding: payload, from: captured.source, to: captured.destination, allowsTrailer: true)
      var template = AdvertisementTemplate(
        message, addresses: message.addresses(in: captured.payload).span, from: captured.source,
        to: captured.destination, hasTrailer: true)
      let before = HMACTrailer.SequenceNumber(rawValue: trailer.sequence.rawValue - 1)
      var signer = try #require(HMACSigner(try policy(.enforce, .monotonic), lastSequence: before))
      let unsigned = captured.payload.dropLast(28).map { $0 }
      let made = unsigned.span.withRawSpan {
        signer.sign($0, from: captured.source, utcNanoseconds: 0, using: reference)
      }
      #expect(made == trailer)
      template.setTrailer(made)
      #expect(template.bytes == captured.payload)
    }
  }

  @Test func `the fixture covers the captures`() {
    #expect(Self.captured.map(\.occurrences).reduce(0, +) == 56)
  }

  @Test func `every bit of message, trailer and source counts`() throws {
    var signer = try #require(HMACSigner(try policy()))
    let payload = signed(&signer, at: now)
    for bit in 0..<payload.count * 8 where !(6..<8).contains(bit / 8) {
      var spoiled = payload
      spoiled[bit / 8] ^= 1 << (bit % 8)
      var verifier = HMACVerifier(try policy())
      #expect(throws: HMACTrailerError.self, "bit \(bit)") { try verify(spoiled, with: &verifier, at: now) }
    }
    var verifier = HMACVerifier(try policy())
    #expect(throws: HMACTrailerError.invalidDigest) {
      try verify(payload, with: &verifier, from: .v4(IPv4Address(10, 0, 0, 2)), at: now)
    }
    try verify(payload, with: &verifier, at: now)
  }

  @Test func `each fault has its error`() throws {
    var signer = try #require(HMACSigner(try policy()))
    let payload = signed(&signer, at: now)
    func error(changing place: Int, to value: UInt8) -> HMACTrailerError? {
      var spoiled = payload
      spoiled[12 + place] = value
      do {
        var verifier = HMACVerifier(try policy())
        try verify(spoiled, with: &verifier, at: now)
        return nil
      } catch {
        return error as? HMACTrailerError
      }
    }
    #expect(error(changing: 0, to: 2) == .malformed)
    #expect(error(changing: 1, to: 0) == .malformed)
    #expect(error(changing: 2, to: 1) == .malformed)
    #expect(error(changing: 3, to: 1) == .malformed)
    #expect(error(changing: 1, to: 7) == .unknownKey(id: 7))
    #expect(error(changing: 27, to: payload[39] ^ 1) == .invalidDigest)
    #expect(error(changing: 8, to: payload[20] ^ 1) == .invalidDigest)
  }

  @Test func `the window is closed on both sides`() throws {
    let second: UInt64 = 1_000_000_000
    for (offset, isAccepted) in [(-5, true), (5, true), (-6, false), (6, false)] {
      let sentAt = now &+ UInt64(bitPattern: Int64(offset)) &* second
      var signer = try #require(HMACSigner(try policy()))
      var verifier = HMACVerifier(try policy())
      let payload = signed(&signer, at: sentAt)
      if isAccepted {
        try verify(payload, with: &verifier, at: now)
      } else {
        #expect(throws: HMACTrailerError.stale(skewMilliseconds: Int64(offset) * 1000)) {
          try verify(payload, with: &verifier, at: now)
        }
      }
      var monotonic = HMACVerifier(try policy(.enforce, .monotonic))
      try verify(payload, with: &monotonic, at: now)
    }
  }

  @Test func `a clock that stands still or was put back within the window is out-counted`() throws {
    var signer = try #require(HMACSigner(try policy()))
    var verifier = HMACVerifier(try policy())
    for offset: UInt64 in [0, 0, 3_000_000_000, 4_000_000_000] {
      let payload = signed(&signer, at: now - offset)
      try verify(payload, with: &verifier, at: now - offset)
    }
  }

  @Test func `after a corrected clock step the sender starts from the clock and the mark has expired`() throws {
    var signer = try #require(HMACSigner(try policy()))
    var verifier = HMACVerifier(try policy())
    try verify(signed(&signer, at: now), with: &verifier, at: now)
    let corrected = now - 60_000_000_000
    try verify(signed(&signer, at: corrected), with: &verifier, at: corrected)
    #expect(signer.lastSequence == HMACTrailer.SequenceNumber(utcNanoseconds: corrected))
  }

  @Test func `the seconds wrap in 2106`() throws {
    let end = UInt64(UInt32.max) * 1_000_000_000
    var signer = try #require(HMACSigner(try policy()))
    var verifier = HMACVerifier(try policy())
    try verify(signed(&signer, at: end), with: &verifier, at: end)
    let old = signed(&signer, at: end)
    try verify(signed(&signer, at: end + 1_000_000_000), with: &verifier, at: end + 1_000_000_000)
    #expect(throws: HMACTrailerError.replay) { try verify(old, with: &verifier, at: end + 1_000_000_000) }
  }

  @Test func `four multicast senders are remembered, the least recent goes`() throws {
    var verifier = HMACVerifier(try policy())
    var first: [[UInt8]] = []
    for index in 0..<5 {
      let sender = IPAddress.v4(IPv4Address(10, 0, 0, UInt8(index)))
      var signer = try #require(HMACSigner(try policy()))
      let message = bytes("3133960000640000")
      let trailer = message.span.withRawSpan {
        signer.sign($0, from: sender, utcNanoseconds: now, using: reference)
      }
      first.append(message + (0..<28).map { trailer.bytes[$0] })
      try verify(first[index], with: &verifier, from: sender, at: now)
    }
    for index in 1..<5 {
      #expect(throws: HMACTrailerError.replay) {
        try verify(first[index], with: &verifier, from: .v4(IPv4Address(10, 0, 0, UInt8(index))), at: now)
      }
    }
    try verify(first[0], with: &verifier, from: .v4(IPv4Address(10, 0, 0, 0)), at: now)
  }

  @Test func `policies know their bounds`() throws {
    #expect(HMACPolicy.Key(id: 0, bytes: Array(0..<32)) == nil)
    #expect(HMACPolicy.Key(id: 1, bytes: Array(0..<31)) == nil)
    #expect(HMACPolicy.Key(id: 1, bytes: Array(0..<65)) == nil)
    #expect(HMACPolicy.Key(id: 255, bytes: Array(0..<64)) != nil)
    #expect(HMACPolicy.defaultWindowSeconds(for: .second) == 5)
    #expect(HMACPolicy.defaultWindowSeconds(for: .longestV3) == 123)
    #expect(try #require(AdvertisementInterval(centiseconds: 25_500)).defaultWindow == 300)
    #expect(HMACSigner(try policy(.receiveOnly)) == nil)
    #expect(try policy(.enforce).trailerRule == .required)
    #expect(try policy(.permissive).trailerRule == .optional)
  }
}

extension AdvertisementInterval {
  fileprivate var defaultWindow: UInt16 { HMACPolicy.defaultWindowSeconds(for: self) }
}
