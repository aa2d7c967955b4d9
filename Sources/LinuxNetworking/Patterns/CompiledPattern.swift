import HealthCheck

/// A pattern PCRE2 has compiled, with limits to the work one search may be: a pattern that explodes on some content
/// must not hold up the other checks.
///
/// The code is read only; the match data and context are used by the one thread that owns the toolbox.
final class CompiledPattern {
  /// Steps of one call (`pcre2_set_match_limit`): a tenth of PCRE2's own limit, some milliseconds of work.
  static let matchLimit: UInt32 = 1_000_000
  /// KiB of heap of one call.
  static let heapLimit: UInt32 = 16_384

  private let library: PatternLibrary
  private let isUTF: Bool
  private let code: OpaquePointer
  private let matchData: OpaquePointer
  private let context: OpaquePointer
  /// Bytes before a match that decide whether it is one, at least 1: what is behind the first byte is never taken for
  /// the start of the content.
  let lookBehind: Int

  enum Result {
    /// A match that begins here.
    case match(at: Int)
    /// What follows may complete a match that begins here.
    case partial(from: Int)
    /// No match begins before this offset.
    case none(before: Int)
    /// The limits were reached.
    case tooDear
  }

  /// Compiles a pattern. The error is for an operator.
  init(_ pattern: PatternDefinition) throws(DynamicLibrary.Failure) {
    let library = try PatternLibrary.shared.get()
    let text = Array(pattern.pattern.utf8)
    var error: Int32 = 0
    var place = 0
    // The bits of our options are those of PCRE2. Servers send what they like: what is no UTF-8 matches nothing.
    let isUTF = pattern.options.rawValue & PatternLibrary.utf != 0
    let options = pattern.options.rawValue | (isUTF ? PatternLibrary.matchInvalidUTF : 0)
    let code = text.withUnsafeBufferPointer {
      library.compile($0.baseAddress, $0.count, options, &error, &place, nil)
    }
    guard let code else {
      throw DynamicLibrary.Failure(
        description: "regex '\(pattern.pattern)': \(Self.text(error, library)) at offset \(place)")
    }
    guard let matchData = library.makeMatchData(1, nil), let context = library.makeContext(nil) else {
      library.freeCode(code)
      throw DynamicLibrary.Failure(description: "regex '\(pattern.pattern)': no memory")
    }
    _ = library.setMatchLimit(context, Self.matchLimit)
    _ = library.setHeapLimit(context, Self.heapLimit)
    var characters: UInt32 = 0
    _ = library.information(code, PatternLibrary.longestLookBehind, &characters)
    lookBehind = max(1, Int(characters) * (isUTF ? 4 : 1))
    self.isUTF = isUTF
    self.library = library
    self.code = code
    self.matchData = matchData
    self.context = context
  }

  deinit {
    library.freeContext(context)
    library.freeMatchData(matchData)
    library.freeCode(code)
  }

  /// Searches `content` for a match that begins at `start` or later. With `mayGrow` a match that more content could
  /// change is only partial.
  func search(_ content: [UInt8], from start: Int, mayGrow: Bool) -> Result {
    let end = mayGrow && isUTF ? Self.wholeCharacters(content) : content.count
    guard start <= end else { return .partial(from: start) }
    let status = content.withUnsafeBufferPointer {
      library.match(
        code, $0.baseAddress, end, start, mayGrow ? PatternLibrary.partialHard : 0, matchData, context)
    }
    switch status {
    case PatternLibrary.noMatch: return .none(before: end)
    case PatternLibrary.partialMatch: return .partial(from: firstOffset)
    case 0...: return .match(at: firstOffset)
    default: return .tooDear
    }
  }

  private var firstOffset: Int { library.offsets(matchData)?[0] ?? 0 }

  /// Bytes up to a character of UTF-8 that is still incomplete at the end.
  private static func wholeCharacters(_ content: [UInt8]) -> Int {
    for length in 1...3 where length <= content.count {
      let byte = content[content.count - length]
      guard byte & 0xc0 == 0x80 else {
        let wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
        return wanted > length ? content.count - length : content.count
      }
    }
    return content.count
  }

  private static func text(_ error: Int32, _ library: PatternLibrary) -> String {
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = library.errorText(error, &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[0..<Int(count)], as: UTF8.self) : "error \(error)"
  }
}
