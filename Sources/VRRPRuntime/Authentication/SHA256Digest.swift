import VRRPCore

/// SHA-256 (FIPS 180-4 §6.2).
struct SHA256Digest: BlockDigest {
  /// The first 32 bits of the fractions of the square roots of the first eight primes (FIPS 180-4 §5.3.3).
  private(set) var words: InlineArray<8, UInt32> = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]

  static var byteCount: Int { 32 }

  mutating func absorb(_ block: borrowing InlineArray<64, UInt8>) {
    var schedule = InlineArray<16, UInt32>(repeating: 0)
    for index in 0..<16 {
      let start = 4 &* index
      schedule[index] =
        UInt32(block[start]) << 24 | UInt32(block[start &+ 1]) << 16 | UInt32(block[start &+ 2]) << 8
        | UInt32(block[start &+ 3])
    }
    var (a, b, c, d) = (words[0], words[1], words[2], words[3])
    var (e, f, g, h) = (words[4], words[5], words[6], words[7])
    for step in 0..<64 {
      let place = step & 15
      if step >= 16 {
        let x = schedule[(step &+ 1) & 15]
        let y = schedule[(step &+ 14) & 15]
        let small = x.rotatedLeft(by: 25) ^ x.rotatedLeft(by: 14) ^ x >> 3
        let large = y.rotatedLeft(by: 15) ^ y.rotatedLeft(by: 13) ^ y >> 10
        schedule[place] = schedule[place] &+ small &+ schedule[(step &+ 9) & 15] &+ large
      }
      let large = e.rotatedLeft(by: 26) ^ e.rotatedLeft(by: 21) ^ e.rotatedLeft(by: 7)
      let first = h &+ large &+ (e & f ^ ~e & g) &+ Self.constants[step] &+ schedule[place]
      let small = a.rotatedLeft(by: 30) ^ a.rotatedLeft(by: 19) ^ a.rotatedLeft(by: 10)
      let second = small &+ (a & b ^ a & c ^ b & c)
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    let sums: InlineArray<8, UInt32> = [a, b, c, d, e, f, g, h]
    for index in sums.indices { words[index] &+= sums[index] }
  }

  /// FIPS 180-4 §5.1.1: the most significant byte of the length first.
  static func length(_ bitCount: UInt64) -> UInt64 { bitCount }

  /// The first 32 bits of the fractions of the cube roots of the first 64 primes (FIPS 180-4 §4.2.2).
  private static let constants: InlineArray<64, UInt32> = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]
}
