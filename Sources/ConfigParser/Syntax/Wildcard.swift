/// Shell wildcards in one path component: `*`, `?`, `[a-z]`, `[!a-z]`.
enum Wildcard {
  /// Whether `name` matches `pattern`. A leading dot is matched only by a dot. Quadratic at worst.
  static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
    if name.first == UInt8(ascii: "."), pattern.first != UInt8(ascii: ".") { return false }
    var n = 0
    var p = 0
    var star: (pattern: Int, name: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        star = (p, n)
        p += 1
      } else if p < pattern.count, let next = one(name[n], pattern, p) {
        p = next
        n += 1
      } else if let last = star {
        // Let the last star take one more character.
        star = (last.pattern, last.name + 1)
        p = last.pattern + 1
        n = last.name + 1
      } else {
        return false
      }
    }
    while p < pattern.count, pattern[p] == UInt8(ascii: "*") { p += 1 }
    return p == pattern.count
  }

  /// Where the pattern goes on when its element at `index` matches `byte`.
  private static func one(_ byte: UInt8, _ pattern: [UInt8], _ index: Int) -> Int? {
    switch pattern[index] {
    case UInt8(ascii: "?"):
      return index + 1
    case UInt8(ascii: "["):
      return set(byte, pattern, index) ?? (byte == UInt8(ascii: "[") ? index + 1 : nil)
    case UInt8(ascii: "\\") where index + 1 < pattern.count:
      return pattern[index + 1] == byte ? index + 2 : nil
    default:
      return pattern[index] == byte ? index + 1 : nil
    }
  }

  private static func set(_ byte: UInt8, _ pattern: [UInt8], _ start: Int) -> Int? {
    var index = start + 1
    guard index < pattern.count else { return nil }
    let isNegated = pattern[index] == UInt8(ascii: "!") || pattern[index] == UInt8(ascii: "^")
    if isNegated { index += 1 }
    let first = index
    var found = false
    while index < pattern.count, pattern[index] != UInt8(ascii: "]") || index == first {
      let low = pattern[index]
      if index + 2 < pattern.count, pattern[index + 1] == UInt8(ascii: "-"), pattern[index + 2] != UInt8(ascii: "]") {
        if low <= byte, byte <= pattern[index + 2] { found = true }
        index += 3
      } else {
        if low == byte { found = true }
        index += 1
      }
    }
    guard index < pattern.count, found != isNegated else { return nil }
    return index + 1
  }
}
