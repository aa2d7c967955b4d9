import Foundation
import NetPrimitives
import VRRPCore

/// HMAC-MD5 and HMAC-SHA256 written from RFC 1321, FIPS 180-4 and RFC 2104, for tests only: slow and clear.
struct ReferenceAuthenticator: MessageAuthenticator {
  func hmacMD5(
    key: borrowing Span<UInt8>, head: borrowing Span<UInt8>, body: borrowing RawSpan, tail: borrowing Span<UInt8>
  ) -> MessageDigest {
    hmac(key: key, head: head, body: body, tail: tail, hash: md5)
  }

  func hmacSHA256(
    key: borrowing Span<UInt8>, head: borrowing Span<UInt8>, body: borrowing RawSpan, tail: borrowing Span<UInt8>
  ) -> MessageDigest {
    hmac(key: key, head: head, body: body, tail: tail, hash: sha256)
  }

  private func hmac(
    key: borrowing Span<UInt8>, head: borrowing Span<UInt8>, body: borrowing RawSpan, tail: borrowing Span<UInt8>,
    hash: ([UInt8]) -> [UInt8]
  ) -> MessageDigest {
    var block = key.indices.map { key[$0] }
    if block.count > 64 { block = hash(block) }
    block += [UInt8](repeating: 0, count: 64 - block.count)
    var message = head.indices.map { head[$0] }
    message += (0..<body.byteCount).map { body.byte(at: $0) }
    message += tail.indices.map { tail[$0] }
    let inner = hash(block.map { $0 ^ 0x36 } + message)
    return hash(block.map { $0 ^ 0x5c } + inner).span.withRawSpan { MessageDigest($0) }
  }
}

/// A digest that allocates nothing and authenticates nothing, to count allocations with.
struct SummingAuthenticator: MessageAuthenticator {
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

/// RFC 1321.
func md5(_ message: [UInt8]) -> [UInt8] {
  let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
  // floor(2^32 × |sin(i + 1)|), RFC 1321 §3.4.
  let sines = (1...64).map { UInt32(4_294_967_296 * sin(Double($0)).magnitude) }
  var state: [UInt32] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]
  let padded = padded(message, length: { UInt64($0).byteSwapped })
  for start in stride(from: 0, to: padded.count, by: 64) {
    let words = (0..<16).map { word in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(padded[start + 4 * word + $1]) << (8 * $1) }
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    for step in 0..<64 {
      let mixed: UInt32
      let word: Int
      switch step / 16 {
      case 0: (mixed, word) = (b & c | ~b & d, step)
      case 1: (mixed, word) = (d & b | ~d & c, (5 * step + 1) % 16)
      case 2: (mixed, word) = (b ^ c ^ d, (3 * step + 5) % 16)
      default: (mixed, word) = (c ^ (b | ~d), 7 * step % 16)
      }
      let sum = a &+ mixed &+ sines[step] &+ words[word]
      let shift = shifts[step / 16 * 4 + step % 4]
      (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 - shift)))
    }
    state = zip(state, [a, b, c, d]).map { $0 &+ $1 }
  }
  return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
}

/// FIPS 180-4 §6.2.
func sha256(_ message: [UInt8]) -> [UInt8] {
  let primes = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }
  // The first 32 bits of the fractions of the roots, FIPS 180-4 §4.2.2 and §5.3.3.
  let constants = primes.prefix(64).map { fraction(cbrt(Double($0))) }
  var state = primes.prefix(8).map { fraction(sqrt(Double($0))) }
  let padded = padded(message, length: { UInt64($0) })
  for start in stride(from: 0, to: padded.count, by: 64) {
    var words = (0..<16).map { word in (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(padded[start + 4 * word + $1]) } }
    for index in 16..<64 {
      let (x, y) = (words[index - 15], words[index - 2])
      let small = rotate(x, 7) ^ rotate(x, 18) ^ x >> 3
      let large = rotate(y, 17) ^ rotate(y, 19) ^ y >> 10
      words.append(words[index - 16] &+ small &+ words[index - 7] &+ large)
    }
    var v = state
    for index in 0..<64 {
      let s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
      let first = v[7] &+ s1 &+ (v[4] & v[5] ^ ~v[4] & v[6]) &+ constants[index] &+ words[index]
      let s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)
      let second = s0 &+ (v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2])
      v = [first &+ second, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
    }
    state = zip(state, v).map { $0 &+ $1 }
  }
  return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
}

private func padded(_ message: [UInt8], length: (Int) -> UInt64) -> [UInt8] {
  var result = message + [0x80]
  while result.count % 64 != 56 { result.append(0) }
  let bits = length(message.count * 8)
  return result + (0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * $0)) }
}

private func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

private func fraction(_ number: Double) -> UInt32 { UInt32((number - number.rounded(.down)) * 4_294_967_296) }
