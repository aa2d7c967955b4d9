import NetPrimitives
import VRRPCore

/// Byte 0 chooses: bit 0 an Authentication Header or a trailer, bit 1 whether a valid digest is put in first, so that
/// the replay checks behind it are reached.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let bytes = Array(input.dropFirst())
  if input[0] & 1 == 0 {
    openHeader(bytes)
  } else {
    openTrailer(bytes, isSigned: input[0] & 2 != 0)
  }
  return 0
}

private func openHeader(_ datagram: [UInt8]) {
  var session = AuthenticationHeaderSession(key: [1, 2, 3])
  datagram.span.withRawSpan { datagram in
    guard let header = try? AuthenticationHeader(decodingDatagram: datagram) else { return }
    precondition(header.arrival.hasAuthenticationHeader)
    try? session.verify(header, datagram: datagram, using: Summing())
    // Whatever was carried can be sealed by us and opened once by a peer.
    let message = datagram.extracting(droppingFirst: AuthenticationHeader.messageOffset)
    var sender = AuthenticationHeaderSession(key: [1, 2, 3], lastSequence: header.sequence / 2)
    let sealed = [UInt8](capacity: datagram.byteCount) { output in
      sender.seal(
        message, from: IPv4Address(10, 0, 0, 1), to: IPv4Address(rawValue: header.sequence), into: &output,
        using: Summing())
    }
    var receiver = AuthenticationHeaderSession(key: [1, 2, 3], lastSequence: header.sequence / 2)
    let opened = (0..<2).map { _ in
      sealed.span.withRawSpan { sealed in
        guard let header = try? AuthenticationHeader(decodingDatagram: sealed) else { return false }
        return (try? receiver.verify(header, datagram: sealed, using: Summing())) != nil
      }
    }
    precondition(opened == [true, false])
  }
}

private func openTrailer(_ payload: [UInt8], isSigned: Bool) {
  guard payload.count >= AdvertisementMessage.headerByteCount + HMACTrailer.byteCount,
    let key = HMACPolicy.Key(id: 1, bytes: [UInt8](repeating: 7, count: 32))
  else { return }
  let policy = HMACPolicy(keys: [key], activeKeyID: 1, replayProtection: .time(windowSeconds: 5))
  let source = IPAddress.v4(IPv4Address(10, 0, 0, 1))
  let message = Array(payload.dropLast(HMACTrailer.byteCount))
  let now = payload.suffix(8).reduce(0) { $0 << 8 | UInt64($1) } / 4
  var verifier = HMACVerifier(policy)
  guard isSigned, var signer = HMACSigner(policy) else {
    payload.span.withRawSpan { _ = try? verifier.verify($0, from: source, utcNanoseconds: now, using: Summing()) }
    return
  }
  let trailer = message.span.withRawSpan { signer.sign($0, from: source, utcNanoseconds: now, using: Summing()) }
  let signed = message + (0..<HMACTrailer.byteCount).map { trailer.bytes[$0] }
  let opened = (0..<2).map { _ in
    signed.span.withRawSpan {
      (try? verifier.verify($0, from: source, utcNanoseconds: now, using: Summing())) != nil
    }
  }
  precondition(opened == [true, false])
}

/// Not cryptography: quick, and different for different bytes.
private struct Summing: MessageAuthenticator {
  func hmacMD5(
    key: borrowing Span<UInt8>, head: borrowing Span<UInt8>, body: borrowing RawSpan, tail: borrowing Span<UInt8>
  ) -> MessageDigest {
    hmacSHA256(key: key, head: head, body: body, tail: tail)
  }

  func hmacSHA256(
    key: borrowing Span<UInt8>, head: borrowing Span<UInt8>, body: borrowing RawSpan, tail: borrowing Span<UInt8>
  ) -> MessageDigest {
    var state: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in key.indices { state = (state ^ UInt64(key[index])) &* 0x100_0000_01b3 }
    for index in head.indices { state = (state ^ UInt64(head[index])) &* 0x100_0000_01b3 }
    for offset in 0..<body.byteCount { state = (state ^ UInt64(body.byte(at: offset))) &* 0x100_0000_01b3 }
    for index in tail.indices { state = (state ^ UInt64(tail[index])) &* 0x100_0000_01b3 }
    return MessageDigest(high: state, low: state.byteSwapped)
  }
}
