public import NetPrimitives

/// Reloads at a time that a file names (`reload_time_file`): `HH:MM:SS`, or a date before it, with `Z` behind it for
/// UTC.
///
/// The only machine that goes by the wall clock: a time of the day is what it is about. The clock may be set meanwhile,
/// so it is looked at again at least once a minute.
public struct ReloadTimer: Sendable {
  /// What local time is ahead of UTC at a moment, in seconds.
  public typealias Zone = (WallClockTime) -> Int32

  /// What came of a file.
  public enum Finding: Hashable, Sendable {
    /// No file, no reload.
    case none
    case scheduled(WallClockTime)
    /// The time it names is over.
    case past
    /// Its first line is no time.
    case senseless
  }

  /// What to do now that the time has come.
  public struct Due: Hashable, Sendable, BitwiseCopyable {
    /// The file has served and is to go, lest it be read as the time of tomorrow.
    public var removesFile: Bool
  }

  private let repeatsDaily: Bool
  private var entry: Entry?
  private var target: WallClockTime?
  /// When to look at the clock again.
  public private(set) var nextDeadline: MonotonicInstant?

  /// The longest time the clock is not looked at, in nanoseconds.
  private static let patience: UInt64 = 60_000_000_000

  /// - Parameter repeatsDaily: `reload_repeat`.
  public init(repeatsDaily: Bool) { self.repeatsDaily = repeatsDaily }

  /// Takes what the file says now; `nil` when there is none.
  public mutating func fileChanged(
    _ content: [UInt8]?, clock: WallClockTime.Reference, zone: Zone
  ) -> Finding {
    entry = nil
    target = nil
    nextDeadline = nil
    guard let content else { return .none }
    guard let entry = Entry(content.prefix { $0 != UInt8(ascii: "\n") }) else { return .senseless }
    guard let target = entry.next(after: clock.time, zone: zone) else { return .past }
    self.entry = entry
    schedule(target, clock)
    return .scheduled(target)
  }

  /// Looks at the clock: what to do when the time has come.
  public mutating func advance(_ clock: WallClockTime.Reference, zone: Zone) -> Due? {
    guard let entry, let target, let nextDeadline, nextDeadline <= clock.instant else { return nil }
    guard target.microseconds <= clock.time.microseconds else {
      schedule(target, clock)
      return nil
    }
    self.target = nil
    self.nextDeadline = nil
    guard repeatsDaily else { return Due(removesFile: true) }
    if let next = entry.next(after: clock.time, zone: zone) { schedule(next, clock) }
    return Due(removesFile: false)
  }

  private mutating func schedule(_ target: WallClockTime, _ clock: WallClockTime.Reference) {
    self.target = target
    let left = UInt64(clamping: target.microseconds &- clock.time.microseconds)
    nextDeadline = clock.instant.advanced(byNanoseconds: min(left, Self.patience / 1000) * 1000)
  }
}

extension ReloadTimer {
  /// What a file says.
  struct Entry: Hashable, Sendable {
    /// Days since 1970; `nil` for every day.
    var day: Int64?
    /// Seconds since midnight.
    var second: Int64
    var isUTC: Bool

    /// Reads exactly one of the forms, without a blank too much.
    init?(_ text: ArraySlice<UInt8>) {
      var rest = text
      isUTC = rest.last == UInt8(ascii: "Z")
      if isUTC { rest.removeLast() }
      let parts = rest.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
      guard let clock = parts.last, (1...2).contains(parts.count) else { return nil }
      guard let time = Self.numbers(clock, UInt8(ascii: ":"), [2, 2, 2]), time[0] < 24, time[1] < 60, time[2] < 60
      else { return nil }
      second = time[0] * 3600 + time[1] * 60 + time[2]
      guard parts.count == 2 else { return }
      let dash = UInt8(ascii: "-")
      guard var date = Self.numbers(parts[0], dash, [4, 2, 2]) ?? Self.numbers(parts[0], dash, [2, 2, 2]) else {
        return nil
      }
      if date[0] < 100 { date[0] += 2000 }
      guard let days = WallClockTime.days(year: date[0], month: date[1], day: date[2]) else { return nil }
      day = days
    }

    private static func numbers(_ text: ArraySlice<UInt8>, _ separator: UInt8, _ lengths: [Int]) -> [Int64]? {
      let parts = text.split(separator: separator, omittingEmptySubsequences: false)
      guard parts.map({ $0.count }) == lengths else { return nil }
      var numbers: [Int64] = []
      for part in parts {
        var number: Int64 = 0
        for byte in part {
          guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
          number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        numbers.append(number)
      }
      return numbers
    }

    /// The first moment after `now` that it means; `nil` when that is over.
    func next(after now: WallClockTime, zone: Zone) -> WallClockTime? {
      if let day { return moment(day, zone).flatMap { $0.microseconds > now.microseconds ? $0 : nil } }
      let offset = isUTC ? 0 : Int64(zone(now))
      let today = (now.microseconds / 1_000_000 + offset) / 86_400
      for day in today...today + 2 {
        if let moment = moment(day, zone), moment.microseconds > now.microseconds { return moment }
      }
      return nil
    }

    private func moment(_ day: Int64, _ zone: Zone) -> WallClockTime? {
      let local = day * 86_400 + second
      guard !isUTC else { return WallClockTime(microseconds: local * 1_000_000) }
      // The offset depends on the moment that is sought: twice is enough, for it seldom changes.
      var guess = local
      for _ in 0..<2 { guess = local - Int64(zone(WallClockTime(microseconds: guess * 1_000_000))) }
      return WallClockTime(microseconds: guess * 1_000_000)
    }
  }
}
