import Glibc

/// The part of PCRE2 (its 8-bit library) that a search needs, by pcre2api(3).
struct PatternLibrary: Sendable {
  typealias Compile =
    @convention(c) (
      UnsafePointer<UInt8>?, Int, UInt32, UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int>, OpaquePointer?
    ) -> OpaquePointer?
  typealias Match =
    @convention(c) (
      OpaquePointer, UnsafePointer<UInt8>?, Int, Int, UInt32, OpaquePointer, OpaquePointer?
    ) -> Int32
  typealias Free = @convention(c) (OpaquePointer?) -> Void

  let compile: Compile
  let freeCode: Free
  let information: @convention(c) (OpaquePointer, UInt32, UnsafeMutableRawPointer?) -> Int32
  let makeMatchData: @convention(c) (UInt32, OpaquePointer?) -> OpaquePointer?
  let freeMatchData: Free
  let match: Match
  let offsets: @convention(c) (OpaquePointer) -> UnsafeMutablePointer<Int>?
  let makeContext: @convention(c) (OpaquePointer?) -> OpaquePointer?
  let freeContext: Free
  let setMatchLimit: @convention(c) (OpaquePointer, UInt32) -> Int32
  let setHeapLimit: @convention(c) (OpaquePointer, UInt32) -> Int32
  let errorText: @convention(c) (Int32, UnsafeMutablePointer<UInt8>?, Int) -> Int32

  /// Loaded at the first use.
  static let shared = Result { () throws(DynamicLibrary.Failure) in try PatternLibrary() }

  private init() throws(DynamicLibrary.Failure) {
    let library = try DynamicLibrary(["libpcre2-8.so.0"])
    compile = try library.function("pcre2_compile_8", as: Compile.self)
    freeCode = try library.function("pcre2_code_free_8", as: Free.self)
    information = try library.function(
      "pcre2_pattern_info_8", as: (@convention(c) (OpaquePointer, UInt32, UnsafeMutableRawPointer?) -> Int32).self)
    makeMatchData = try library.function(
      "pcre2_match_data_create_8", as: (@convention(c) (UInt32, OpaquePointer?) -> OpaquePointer?).self)
    freeMatchData = try library.function("pcre2_match_data_free_8", as: Free.self)
    match = try library.function("pcre2_match_8", as: Match.self)
    offsets = try library.function(
      "pcre2_get_ovector_pointer_8", as: (@convention(c) (OpaquePointer) -> UnsafeMutablePointer<Int>?).self)
    makeContext = try library.function(
      "pcre2_match_context_create_8", as: (@convention(c) (OpaquePointer?) -> OpaquePointer?).self)
    freeContext = try library.function("pcre2_match_context_free_8", as: Free.self)
    setMatchLimit = try library.function(
      "pcre2_set_match_limit_8", as: (@convention(c) (OpaquePointer, UInt32) -> Int32).self)
    setHeapLimit = try library.function(
      "pcre2_set_heap_limit_8", as: (@convention(c) (OpaquePointer, UInt32) -> Int32).self)
    errorText = try library.function(
      "pcre2_get_error_message_8", as: (@convention(c) (Int32, UnsafeMutablePointer<UInt8>?, Int) -> Int32).self)
  }

  // Numbers of pcre2.h.
  static let partialHard: UInt32 = 0x20
  static let utf: UInt32 = 0x0008_0000
  static let matchInvalidUTF: UInt32 = 0x0400_0000
  static let longestLookBehind: UInt32 = 15
  static let noMatch: Int32 = -1
  static let partialMatch: Int32 = -2
}
