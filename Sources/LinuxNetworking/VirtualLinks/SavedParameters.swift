/// Kernel parameters and the values they had before us, as text: kept in the alias of our interfaces, so that whoever
/// comes after a crash can still put them back.
enum SavedParameters {
  static let separator: Character = "|"
  /// The kernel's limit of an alias (`IFALIASZ`), less the terminating zero.
  private static let byteLimit = 255

  /// `mark` followed by `NAME=VALUE` for each of `saved` that has room.
  static func alias(_ mark: String, _ saved: [(name: String, value: String)]) -> String {
    var text = mark
    for (name, value) in saved {
      let next = "\(separator)\(name)=\(value)"
      if text.utf8.count + next.utf8.count <= byteLimit { text += next }
    }
    return text
  }

  /// What an alias tells; nothing of what is not plainly a name and a value.
  static func decode(_ alias: String) -> [(name: String, value: String)] {
    alias.split(separator: separator).dropFirst().compactMap { part in
      guard let equals = part.firstIndex(of: "=") else { return nil }
      let name = String(part[..<equals])
      // An alias is anybody's to write who may change interfaces, but only these are ours to put back.
      guard name.hasPrefix("net/ipv4/conf/") || name.hasPrefix("net/ipv6/conf/") else { return nil }
      return (name, String(part[part.index(after: equals)...]))
    }
  }
}
