public import NetPrimitives

// Every choice a simulation makes.
extension SplitMix64 {
  /// A number from 0 up to, not including, `bound`.
  ///
  /// - Precondition: `bound` is not 0.
  public mutating func below(_ bound: UInt64) -> UInt64 {
    precondition(bound != 0, "there is no number below zero")
    return next().multipliedFullWidth(by: bound).high
  }

  /// A number of `range`.
  public mutating func within(_ range: ClosedRange<UInt64>) -> UInt64 {
    let width = range.upperBound - range.lowerBound
    return width == .max ? next() : range.lowerBound + below(width + 1)
  }

  /// Whether something that happens `permille` times in a thousand happens now. Draws nothing for 0.
  public mutating func happens(permille: UInt16) -> Bool {
    permille > 0 && below(1000) < UInt64(permille)
  }

  /// One element of `choices`.
  ///
  /// - Precondition: There is one.
  public mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int(below(UInt64(choices.count)))]
  }
}
