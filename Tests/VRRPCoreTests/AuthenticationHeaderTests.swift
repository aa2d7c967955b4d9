import NetPrimitives
import Testing
import VRRPCore

@Suite struct AuthenticationReferenceTests {
  @Test func `the digests of the test target are those of their RFCs`() {
    #expect(md5(Array("abc".utf8)) == bytes("900150983cd24fb0d6963f7d28e17f72"))
    #expect(
      sha256(Array("abc".utf8)) == bytes("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
    // RFC 2202 §2 case 2 and RFC 4231 §4.3, in three pieces.
    let reference = ReferenceAuthenticator()
    let key = Array("Jefe".utf8)
    let (head, body, tail) = (Array("what do ya ".utf8), Array("want for ".utf8), Array("nothing?".utf8))
    let md5Digest = body.span.withRawSpan {
      reference.hmacMD5(key: key.span, head: head.span, body: $0, tail: tail.span)
    }
    #expect(md5Digest == MessageDigest(high: 0x750c_783e_6ab0_b503, low: 0xeaa8_6e31_0a5d_b738))
    let sha256Digest = body.span.withRawSpan {
      reference.hmacSHA256(key: key.span, head: head.span, body: $0, tail: tail.span)
    }
    #expect(sha256Digest == MessageDigest(high: 0x5bdc_c146_bf60_754e, low: 0x6a04_2426_0895_75c7))
  }
}

@Suite struct AuthenticationHeaderTests {
  static let key = Array("s3cret".utf8)
  let reference = ReferenceAuthenticator()

  /// The gate the routers of the captures would have: unicast when the destination is.
  func gate(for header: AuthenticationHeader, _ payload: borrowing RawSpan) throws -> AdvertisementGate {
    let message = try AdvertisementMessage(
      decoding: payload, from: header.arrival.source, to: header.arrival.destination)
    let addresses = (0..<Int(message.addressCount)).map { message.address(at: $0, in: payload) }
    return AdvertisementGate(
      virtualRouterID: 51, version: .v2, family: .ipv4, interval: .second,
      addressList: AdvertisedAddressList(addresses),
      audience: header.arrival.destination.isMulticast ? .group : .peers([.init(header.arrival.source)]),
      authentication: .authenticationHeader)
  }

  @Test func `the fixture covers the captures`() {
    #expect(CapturedBytes.authenticationHeaders.map(\.occurrences).reduce(0, +) == 70)
  }

  @Test(arguments: CapturedBytes.authenticationHeaders)
  func `captured headers verify, once, and are made again byte for byte`(_ captured: CapturedBytes) throws {
    try captured.bytes.span.withRawSpan { datagram throws in
      let header = try AuthenticationHeader(decodingDatagram: datagram)
      let message = datagram.extracting(droppingFirst: AuthenticationHeader.messageOffset)
      let admitted = try gate(for: header, message).admit(header.arrival, payload: message)
      #expect([0, 100, 150].contains(admitted.priority))

      var session = AuthenticationHeaderSession(key: Self.key, lastSequence: header.sequence - 1)
      try session.verify(header, datagram: datagram, using: reference)
      #expect(session.lastSequence == header.sequence)
      #expect(throws: AuthenticationHeaderError.replay(sequence: header.sequence)) {
        try captured.bytes.span.withRawSpan { datagram throws in
          try session.verify(header, datagram: datagram, using: reference)
        }
      }

      guard case .v4(let source) = header.arrival.source, case .v4(let destination) = header.arrival.destination else {
        preconditionFailure("captured over IPv4")
      }
      var signer = AuthenticationHeaderSession(
        key: Self.key, lastSequence: header.sequence - 1, lastIdentification: datagram.bigEndian16(at: 4) - 1)
      let sealed = [UInt8](capacity: datagram.byteCount) { output in
        signer.seal(message, from: source, to: destination, into: &output, using: reference)
      }
      #expect(sealed == captured.bytes)
    }
  }

  @Test func `every bit that the check value covers counts`() throws {
    let captured = try #require(CapturedBytes.authenticationHeaders.first { $0.scenario.contains("v2-ah-1vip") })
    // TOS, flags, fragment offset and header checksum may change on the way; the TTL is covered in multicast.
    let mutable = Set([1, 6, 7, 10, 11])
    for bit in 0..<captured.bytes.count * 8 {
      var spoiled = captured.bytes
      spoiled[bit / 8] ^= 1 << (bit % 8)
      let isAccepted = spoiled.span.withRawSpan { datagram in
        var session = AuthenticationHeaderSession(key: Self.key)
        guard let header = try? AuthenticationHeader(decodingDatagram: datagram) else { return false }
        return (try? session.verify(header, datagram: datagram, using: reference)) != nil
      }
      // RFC 2402 zeroes the TTL, and with the TTL at 255 alone keepalived's form and the RFC's differ.
      let isCovered = !mutable.contains(bit / 8)
      // More fragments and a fragment offset are errors of their own.
      let isFragment = bit / 8 == 6 && bit % 8 < 6 || bit / 8 == 7
      #expect(isAccepted == (!isCovered && !isFragment), "bit \(bit)")
    }
  }

  @Test(
    arguments: [
      (0..<43, [:], .truncated(byteCount: 43)),
      (0..<63, [:], .truncated(byteCount: 63)),
      (0..<64, [0: 0x46], .unsupportedIPHeader),
      (0..<64, [0: 0x65], .unsupportedIPHeader),
      (0..<64, [6: 0x20], .fragmented),
      (0..<64, [7: 0x01], .fragmented),
      (0..<64, [9: 112], .unexpectedProtocol(112)),
      (0..<64, [20: 4], .unexpectedProtocol(4)),
      (0..<64, [21: 5], .unexpectedHeaderLength(5)),
      (0..<64, [24: 9], .unexpectedSecurityParametersIndex(0x090a_0001)),
    ] as [(Range<Int>, [Int: UInt8], AuthenticationHeaderError)])
  func `each fault has its error`(
    _ range: Range<Int>, _ changes: [Int: UInt8], _ expected: AuthenticationHeaderError
  ) throws {
    let captured = try #require(CapturedBytes.authenticationHeaders.first { $0.scenario.contains("v2-ah-1vip") })
    var spoiled = Array(captured.bytes[range])
    for (place, value) in changes { spoiled[place] = value }
    #expect(throws: expected) {
      try spoiled.span.withRawSpan { datagram throws in try AuthenticationHeader(decodingDatagram: datagram) }
    }
  }

  @Test func `who signs continues from the highest number heard`() throws {
    let router = IPv4Address(10, 10, 0, 1)
    let peer = IPv4Address(10, 10, 0, 2)
    let message: [UInt8] = [1, 2, 3, 4]
    var ours = AuthenticationHeaderSession(key: Self.key)
    var theirs = AuthenticationHeaderSession(key: Self.key, lastSequence: 41)
    let fromPeer = message.span.withRawSpan { message in
      [UInt8](capacity: 48) { theirs.seal(message, from: peer, to: .vrrpGroup, into: &$0, using: reference) }
    }
    try fromPeer.span.withRawSpan { datagram throws in
      try ours.verify(AuthenticationHeader(decodingDatagram: datagram), datagram: datagram, using: reference)
    }
    #expect(ours.lastSequence == 42)
    let fromUs = message.span.withRawSpan { message in
      [UInt8](capacity: 48) { ours.seal(message, from: router, to: .vrrpGroup, into: &$0, using: reference) }
    }
    try fromUs.span.withRawSpan { datagram throws in
      try theirs.verify(AuthenticationHeader(decodingDatagram: datagram), datagram: datagram, using: reference)
    }
    #expect(theirs.lastSequence == 43)
  }

  @Test func `another key is an invalid check value and moves no sequence`() throws {
    let captured = try #require(CapturedBytes.authenticationHeaders.first)
    var session = AuthenticationHeaderSession(key: Array("other".utf8))
    #expect(throws: AuthenticationHeaderError.invalidIntegrityCheckValue) {
      try captured.bytes.span.withRawSpan { datagram throws in
        try session.verify(AuthenticationHeader(decodingDatagram: datagram), datagram: datagram, using: reference)
      }
    }
    #expect(session.lastSequence == 0)
  }
}
