public import HealthCheck
import NetPrimitives

/// MD5 (RFC 1321): what genhash prints and `digest` is compared with. It tells contents apart and protects nothing.
public struct MD5Digest: MessageDigest, Sendable {
  private var state: InlineArray<4, UInt32> = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476]
  private var pending = InlineArray<64, UInt8>(repeating: 0)
  private var byteCount: UInt64 = 0

  /// The digest of nothing so far.
  public init() {}

  public mutating func update(_ bytes: borrowing RawSpan) {
    var offset = 0
    var filled = Int(byteCount % 64)
    byteCount &+= UInt64(bytes.byteCount)
    while offset < bytes.byteCount {
      if filled == 0, bytes.byteCount - offset >= 64 {
        var words = InlineArray<16, UInt32>(repeating: 0)
        for index in 0..<16 { words[index] = bytes.bigEndian32(at: offset + index * 4).byteSwapped }
        mix(words)
        offset += 64
        continue
      }
      pending[filled] = bytes.byte(at: offset)
      offset += 1
      filled += 1
      if filled == 64 {
        mix(pendingWords)
        filled = 0
      }
    }
  }

  public mutating func finish() -> [UInt8] {
    let bits = byteCount &* 8
    let filled = Int(byteCount % 64)
    var padding = [UInt8](repeating: 0, count: (filled < 56 ? 56 : 120) - filled)
    padding[0] = 0x80
    for index in 0..<8 { padding.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(index)))) }
    update(padding.span.bytes)
    var digest: [UInt8] = []
    digest.reserveCapacity(16)
    for index in 0..<16 { digest.append(UInt8(truncatingIfNeeded: state[index / 4] >> UInt32(8 * (index % 4)))) }
    return digest
  }

  private var pendingWords: InlineArray<16, UInt32> {
    var words = InlineArray<16, UInt32>(repeating: 0)
    for index in 0..<64 { words[index / 4] |= UInt32(pending[index]) << UInt32(8 * (index % 4)) }
    return words
  }

  /// RFC 1321 §3.4, step 4.
  private mutating func mix(_ words: InlineArray<16, UInt32>) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    for step in 0..<64 {
      var sum: UInt32
      let word: Int
      switch step >> 4 {
      case 0: (sum, word) = ((b & c) | (~b & d), step)
      case 1: (sum, word) = ((d & b) | (~d & c), (5 &* step &+ 1) & 15)
      case 2: (sum, word) = (b ^ c ^ d, (3 &* step &+ 5) & 15)
      default: (sum, word) = (c ^ (b | ~d), (7 &* step) & 15)
      }
      sum = sum &+ a &+ Self.sines[step] &+ words[word]
      let shift = Self.shifts[(step >> 4) &* 4 &+ (step & 3)]
      (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 &- shift)))
    }
    state[0] &+= a
    state[1] &+= b
    state[2] &+= c
    state[3] &+= d
  }

  private static let shifts: InlineArray<16, UInt32> = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

  /// The integer parts of 2³² · |sin(i)|, i from 1 in radians.
  private static let sines: InlineArray<64, UInt32> = [
    0xd76a_a478, 0xe8c7_b756, 0x2420_70db, 0xc1bd_ceee, 0xf57c_0faf, 0x4787_c62a, 0xa830_4613, 0xfd46_9501,
    0x6980_98d8, 0x8b44_f7af, 0xffff_5bb1, 0x895c_d7be, 0x6b90_1122, 0xfd98_7193, 0xa679_438e, 0x49b4_0821,
    0xf61e_2562, 0xc040_b340, 0x265e_5a51, 0xe9b6_c7aa, 0xd62f_105d, 0x0244_1453, 0xd8a1_e681, 0xe7d3_fbc8,
    0x21e1_cde6, 0xc337_07d6, 0xf4d5_0d87, 0x455a_14ed, 0xa9e3_e905, 0xfcef_a3f8, 0x676f_02d9, 0x8d2a_4c8a,
    0xfffa_3942, 0x8771_f681, 0x6d9d_6122, 0xfde5_380c, 0xa4be_ea44, 0x4bde_cfa9, 0xf6bb_4b60, 0xbebf_bc70,
    0x289b_7ec6, 0xeaa1_27fa, 0xd4ef_3085, 0x0488_1d05, 0xd9d4_d039, 0xe6db_99e5, 0x1fa2_7cf8, 0xc4ac_5665,
    0xf429_2244, 0x432a_ff97, 0xab94_23a7, 0xfc93_a039, 0x655b_59c3, 0x8f0c_cc92, 0xffef_f47d, 0x8584_5dd1,
    0x6fa8_7e4f, 0xfe2c_e6e0, 0xa301_4314, 0x4e08_11a1, 0xf753_7e82, 0xbd3a_f235, 0x2ad7_d2bb, 0xeb86_d391,
  ]
}
