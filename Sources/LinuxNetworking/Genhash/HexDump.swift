/// Sixteen bytes a line: the offset, the bytes in hexadecimal, and as text.
enum HexDump {
  static func text(_ bytes: [UInt8]) -> String {
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 16) {
      let line = bytes[start..<min(start + 16, bytes.count)]
      let offset = String(start)
      text += String(repeating: "0", count: max(0, 4 - offset.count)) + offset + "  "
      for place in start..<(start + 16) {
        if place == start + 8 { text += "- " }
        text += line.indices.contains(place) ? hexadecimal(line[place]) + " " : "   "
      }
      text += "  "
      for place in start..<(start + 16) {
        let byte = line.indices.contains(place) ? line[place] : UInt8(ascii: " ")
        text.unicodeScalars.append(Unicode.Scalar((0x20...0x7e).contains(byte) ? byte : UInt8(ascii: ".")))
      }
      text += "\n"
    }
    return text
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
  }
}
