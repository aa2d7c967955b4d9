/// Hands texts on and remembers what it handed on, so that whoever read a configuration can ask later whether reading
/// it again would give the same.
///
/// Of texts only a digest is kept: 64 bits under a key of this process.
public final class RecordingSources<Base: SourceProvider>: SourceProvider {
  private let base: Base
  private var answers: [Question: Int] = [:]
  private var drewNumbers = false

  private enum Question: Hashable {
    case text(String)
    case names(String)
    case variable(String)
  }

  /// Hands on what `base` has.
  public init(_ base: Base) { self.base = base }

  /// Whether `base` would answer everything as it did. False after ``random(below:)``: another draw is another file.
  public var isCurrent: Bool {
    !drewNumbers && answers.allSatisfy { question, answer in digest(of: question) == answer }
  }

  public func read(_ path: String) throws(SourceError) -> [UInt8] {
    do {
      let bytes = try base.read(path)
      answers[.text(path)] = Self.digest(of: bytes)
      return bytes
    } catch {
      answers[.text(path)] = error.hashValue
      throw error
    }
  }

  public func list(_ directory: String) -> [String] {
    let names = base.list(directory)
    answers[.names(directory)] = names.sorted().hashValue
    return names
  }

  public func environment(_ name: String) -> String? {
    let value = base.environment(name)
    answers[.variable(name)] = value.hashValue
    return value
  }

  public func random(below bound: UInt64) -> UInt64 {
    drewNumbers = true
    return base.random(below: bound)
  }

  /// Eight bytes at a time: one by one they take longer than reading the file.
  private static func digest(of bytes: [UInt8]) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes.count)
    var index = 0
    while index + 8 <= bytes.count {
      var word: UInt64 = 0
      for offset in 0..<8 { word = word << 8 | UInt64(bytes[index + offset]) }
      hasher.combine(word)
      index += 8
    }
    while index < bytes.count {
      hasher.combine(bytes[index])
      index += 1
    }
    return hasher.finalize()
  }

  private func digest(of question: Question) -> Int {
    switch question {
    case .text(let path):
      do { return Self.digest(of: try base.read(path)) } catch { return error.hashValue }
    case .names(let directory): return base.list(directory).sorted().hashValue
    case .variable(let name): return base.environment(name).hashValue
    }
  }
}
