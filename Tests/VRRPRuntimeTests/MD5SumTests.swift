import Testing
import VRRPRuntime

@Suite struct MD5SumTests {
  @Test(arguments: [
    ("", "d41d8cd98f00b204e9800998ecf8427e"),
    ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"),
    (
      "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
      "57edf4a22be3c955ac49da2e2107b67a"
    ),
  ])
  func `the vectors of RFC 1321, in pieces of every size`(text: String, wanted: String) {
    let bytes = Array(text.utf8)
    for size in 1...(bytes.count + 1) {
      var digest = MD5Sum()
      for start in stride(from: 0, to: bytes.count, by: size) {
        digest.update(bytes.span.bytes.extracting(start..<min(start + size, bytes.count)))
      }
      let hex = digest.finish().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
      #expect(hex == wanted, "pieces of \(size)")
    }
  }
}
