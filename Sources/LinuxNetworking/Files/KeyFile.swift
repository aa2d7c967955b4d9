import Glibc
public import VRRPCore

/// A key of `auth_hmac` in a file of its own: text, or `hex:` and digits, one line.
enum KeyFile {
  /// Far more than 64 bytes in hexadecimal digits; no key is longer.
  private static let byteLimit = 4096

  /// The key in the file at `path`.
  static func read(_ path: String) throws(SystemCallError) -> [UInt8] {
    var text = try FileReader.read(path, limit: byteLimit)
    while let last = text.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { text.removeLast() }
    guard text.starts(with: "hex:".utf8) else { return text }
    let digits = text.dropFirst(4).compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
    guard digits.count == text.count - 4, digits.count.isMultiple(of: 2) else {
      throw SystemCallError(call: "read(\(path))", errno: EINVAL, detail: "'hex:' takes pairs of hexadecimal digits")
    }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// Whether others than the owner may read it.
  static func isExposed(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
  }
}

extension VirtualRouterDefinition {
  /// Reads the keys that stand in files. One that cannot be read stays as it is, and the router out of the election.
  ///
  /// - Parameter tell: Hears what is wrong, a line each.
  public mutating func readKeyFiles(_ tell: (String) -> Void) {
    guard let wanted = keys?.keys else { return }
    for (id, secret) in wanted.sorted(by: { $0.key < $1.key }) {
      guard case .file(let path) = secret else { continue }
      do {
        let bytes = try KeyFile.read(path)
        guard HMACPolicy.Key(id: id, bytes: bytes) != nil else {
          tell("(\(name)) key \(id) in \(path) has \(bytes.count) bytes; it must have 32 to 64")
          continue
        }
        keys?.keys[id] = .bytes(bytes)
        if KeyFile.isExposed(path) { tell("(\(name)) \(path) can be read by others than its owner") }
      } catch {
        tell("(\(name)) cannot read key \(id): \(error)")
      }
    }
  }
}
