import NetPrimitives

extension MiscCheck {
  /// How a script ended.
  public enum Ending: Hashable, Sendable, BitwiseCopyable {
    /// It exited with this status.
    case exited(UInt8)
    /// This signal ended it.
    case signalled(UInt8)
    /// It was killed because its time was up.
    case timedOut
  }

  /// What an ending says: 0 is a success, with `misc_dynamic` so are 2…255, everything else is a failure.
  public func finding(_ ending: Ending, latencyNanoseconds: UInt64 = 0) -> Finding {
    let outcome: Finding.Outcome =
      switch ending {
      case .exited(0): .success(.unchanged)
      case .exited(let status) where setsWeight && status >= 2: .success(.absolute(Int32(status) - 2))
      case .exited(let status): .failure(ProbeFailure(.execution, .exited(status)))
      case .signalled(let signal): .failure(ProbeFailure(.execution, .signalled(signal)))
      case .timedOut: .failure(ProbeFailure(.execution, .timedOut))
      }
    return Finding(outcome, latencyNanoseconds: latencyNanoseconds)
  }
}

extension BFDCheck {
  /// What the state of the session says.
  public func finding(isUp: Bool) -> Finding { isUp ? .success() : .failure(.observation, .sessionDown) }
}

extension FileCheck {
  /// What the number in the file says; a missing file counts as 0.
  ///
  /// With a weight the product of number, weight and direction is added to the server's weight, and −2³¹ or less is a
  /// failure. With weight 0 any number but 0 is a failure, or reversed, 0 is.
  public func finding(value: Int64) -> Finding {
    guard weight != 0 else {
      return (value != 0) == isReversed ? .success() : .failure(.observation, .value(Int32(clamping: value)))
    }
    let product = value.multipliedReportingOverflow(by: isReversed ? -Int64(weight) : Int64(weight))
    let isNegative = (value < 0) != ((weight < 0) != isReversed)
    let sum = product.overflow ? (isNegative ? .min : .max) : product.partialValue
    guard sum > Int64(Int32.min) else { return .failure(.observation, .value(.min)) }
    return Finding(.success(.offset(Int32(clamping: sum))))
  }

  /// Bytes of a tracked file that are looked at.
  public static let significantByteCount = 127

  /// The number at the start of a tracked file as C's `strtol` with base 0 reads it: blanks, a sign, `0x` or `0` for
  /// other bases, digits up to the first other byte. Without digits it is 0; beyond 64 bits it stops at the end.
  public static func value(of content: borrowing RawSpan) -> Int64 {
    let end = min(content.byteCount, significantByteCount)
    var offset = 0
    while offset < end, isBlank(content.byte(at: offset)) { offset += 1 }
    var isNegative = false
    if offset < end, content.byte(at: offset) == UInt8(ascii: "-") || content.byte(at: offset) == UInt8(ascii: "+") {
      isNegative = content.byte(at: offset) == UInt8(ascii: "-")
      offset += 1
    }
    var base: Int64 = 10
    if offset < end, content.byte(at: offset) == UInt8(ascii: "0") {
      base = 8
      if offset + 2 < end, content.byte(at: offset + 1) | 0x20 == UInt8(ascii: "x"),
        digit(content.byte(at: offset + 2)) < 16
      {
        base = 16
        offset += 2
      }
    }
    var value: Int64 = 0
    while offset < end {
      let next = digit(content.byte(at: offset))
      guard next < base else { break }
      // Built downwards, so that the least number fits.
      let scaled = value.multipliedReportingOverflow(by: base)
      let sum = scaled.partialValue.subtractingReportingOverflow(next)
      guard !scaled.overflow, !sum.overflow else { return isNegative ? .min : .max }
      value = sum.partialValue
      offset += 1
    }
    return isNegative ? value : (value == .min ? .max : -value)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

  /// The digit's value, or 99.
  private static func digit(_ byte: UInt8) -> Int64 {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int64(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int64(byte - UInt8(ascii: "A") + 10)
    default: 99
    }
  }
}
