import Glibc

/// Settings under /proc/sys that are changed while we run and put back afterwards.
public struct KernelParameters: Sendable {
  private let root: String
  /// What each was before our first change, in the order of those changes.
  private var saved: [(name: String, value: String)] = []

  /// Settings of the calling thread's network namespace. `root` is for tests.
  public init(root: String = "/proc/sys") { self.root = root }

  /// The value of `name`, `net/ipv4/ip_nonlocal_bind` for instance, without the line's end. Slashes, not dots: names of
  /// interfaces may have dots.
  public func value(of name: String) throws(SystemCallError) -> String {
    let bytes = try FileReader.read(try path(name), limit: 4096)
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  /// What was changed and what it was before, in the order of the changes.
  public var originals: [(name: String, value: String)] { saved }

  /// Takes over what a predecessor remembered: the present values are its doing, and these are to be put back.
  public mutating func adopt(_ originals: [(name: String, value: String)]) {
    for original in originals where !saved.contains(where: { $0.name == original.name }) { saved.append(original) }
  }

  /// Changes a setting of a device that is ours and goes away with us: there is nothing to put back.
  public func assign(_ name: String, to value: String) throws(SystemCallError) { try write(name, value) }

  /// Changes a setting and remembers what it was. Nothing is written when it has the value already.
  public mutating func set(_ name: String, to value: String) throws(SystemCallError) {
    let old = try self.value(of: name)
    guard old != value else { return }
    try write(name, value)
    if !saved.contains(where: { $0.name == name }) { saved.append((name, old)) }
  }

  /// Forgets what is remembered under `prefix`: its device is gone and its settings with it.
  public mutating func forget(prefix: String) { saved.removeAll { $0.name.hasPrefix(prefix) } }

  /// Puts back, last change first, what is not to stay changed.
  public mutating func restore(except isWanted: (String) -> Bool) {
    for (name, value) in saved.reversed() where !isWanted(name) { try? write(name, value) }
    saved.removeAll { !isWanted($0.name) }
  }

  /// Puts everything back, last change first, as far as it can be put back: devices may be gone.
  public mutating func restore() { restore { _ in false } }

  private func write(_ name: String, _ value: String) throws(SystemCallError) {
    let file = try FileDescriptor.open(try path(name), flags: O_WRONLY)
    _ = try file.write(Array(value.utf8))
  }

  /// A name that climbs out of the tree is refused: it may hold an interface's name from outside.
  private func path(_ name: String) throws(SystemCallError) -> String {
    guard !name.split(separator: "/").contains(".."), !name.hasPrefix("/") else {
      throw SystemCallError(call: "open(\(root)/\(name))", errno: EINVAL)
    }
    return "\(root)/\(name)"
  }
}
