public import NetPrimitives

/// A moment on the wall clock, for dumps and mails; of all machines only ``ReloadTimer`` goes by it.
public struct WallClockTime: Hashable, Sendable, BitwiseCopyable {
  /// Since 1970-01-01 00:00 UTC.
  public var microseconds: Int64

  /// The moment so many microseconds after 1970-01-01 00:00 UTC.
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// The clocks of this machine, read together, so that instants can be shown as times.
  public struct Reference: Hashable, Sendable, BitwiseCopyable {
    public var instant: MonotonicInstant
    public var time: WallClockTime
    /// What local time is ahead of UTC, in seconds.
    public var offsetSeconds: Int32

    /// Both clocks at one moment.
    public init(instant: MonotonicInstant, time: WallClockTime, offsetSeconds: Int32 = 0) {
      self.instant = instant
      self.time = time
      self.offsetSeconds = offsetSeconds
    }

    /// When `instant` was, or will be.
    public func time(of instant: MonotonicInstant) -> WallClockTime {
      let past = self.instant.nanoseconds(since: instant)
      let future = instant.nanoseconds(since: self.instant)
      let difference = Int64(clamping: future / 1000) - Int64(clamping: past / 1000)
      return WallClockTime(microseconds: time.microseconds &+ difference)
    }
  }

  /// `SECONDS.MICROSECONDS`, as numbers are written in dumps.
  public var decimal: String {
    let (seconds, rest) = microseconds.dividingFlooring(by: 1_000_000)
    return "\(seconds).\(rest.padded(to: 6))"
  }

  /// The parts of a date, in the Gregorian calendar.
  struct Parts {
    var year: Int64
    /// 1…12.
    var month: Int
    var day: Int64
    /// 0 is Sunday.
    var weekday: Int
    var hour: Int64
    var minute: Int64
    var second: Int64
    var microsecond: Int64
  }

  /// Days from 1970-01-01 to a date of the Gregorian calendar; `nil` when there is no such date.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
    guard (1970...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
    // Years counted from March, as in parts(offset:).
    let marchYear = month <= 2 ? year - 1 : year
    let yearOfEra = marchYear % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days = marchYear / 400 * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    let parts = WallClockTime(microseconds: days * 86_400_000_000).parts(offset: 0)
    return parts.day == day && Int64(parts.month) == month ? days : nil
  }

  /// The parts in a zone that is `offset` seconds ahead of UTC.
  func parts(offset: Int32) -> Parts {
    let (seconds, microsecond) = microseconds.dividingFlooring(by: 1_000_000)
    let (days, secondOfDay) = (seconds + Int64(offset)).dividingFlooring(by: 86_400)
    // Years counted from March, so that the leap day is the last: then months have a pattern that repeats.
    let (era, dayOfEra) = (days + 719_468).dividingFlooring(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let weekday = (days + 4).dividingFlooring(by: 7).remainder
    return Parts(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: Int(month),
      day: dayOfYear - (153 * marchMonth + 2) / 5 + 1, weekday: Int(weekday), hour: secondOfDay / 3600,
      minute: secondOfDay / 60 % 60, second: secondOfDay % 60, microsecond: microsecond)
  }

  /// `Sat Nov 21 03:57:01.184137 2026`, as C's `ctime` with microseconds.
  public func text(offset: Int32) -> String {
    let parts = parts(offset: offset)
    let day = parts.day < 10 ? " \(parts.day)" : "\(parts.day)"
    let time = "\(parts.hour.padded(to: 2)):\(parts.minute.padded(to: 2)):\(parts.second.padded(to: 2))"
    let date = "\(Self.weekdays[parts.weekday]) \(Self.months[parts.month - 1]) \(day)"
    return "\(date) \(time).\(parts.microsecond.padded(to: 6)) \(parts.year)"
  }

  /// `Sat, 21 Nov 2026 03:57:01 +0000`, as RFC 5322 §3.3 has it.
  public func mailDate(offset: Int32) -> String {
    let parts = parts(offset: offset)
    let time = "\(parts.hour.padded(to: 2)):\(parts.minute.padded(to: 2)):\(parts.second.padded(to: 2))"
    let minutes = Int64(offset.magnitude / 60)
    let zone = "\(offset < 0 ? "-" : "+")\((minutes / 60).padded(to: 2))\((minutes % 60).padded(to: 2))"
    return "\(Self.weekdays[parts.weekday]), \(parts.day) \(Self.months[parts.month - 1]) \(parts.year) \(time) \(zone)"
  }

  /// `2026-11-21T03:57:01.184137Z`, as RFC 3339 has it.
  public var internetDate: String {
    let parts = parts(offset: 0)
    let date = "\(parts.year.padded(to: 4))-\(Int64(parts.month).padded(to: 2))-\(parts.day.padded(to: 2))"
    let time = "\(parts.hour.padded(to: 2)):\(parts.minute.padded(to: 2)):\(parts.second.padded(to: 2))"
    return "\(date)T\(time).\(parts.microsecond.padded(to: 6))Z"
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

extension Int64 {
  /// The quotient that is not greater than the exact one, and the remainder, which is not negative.
  fileprivate func dividingFlooring(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  /// With zeros before it until it has `count` digits; not for negative numbers.
  func padded(to count: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, count - digits.utf8.count)) + digits
  }
}
