import Glibc
import VRRPCore
import VRRPRuntime

/// Where dumps go: what was configured, else keepalived's places.
struct DumpPaths {
  let dataPath: String
  let statisticsPath: String
  let jsonPath: String
  /// Of the check process: `state_dump_file` with `_check` before its extension.
  let checkPath: String
  /// Of the BFD process: with `_bfd`.
  let bfdPath: String

  init(_ dumps: DumpDefinition) {
    let directory = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    let place = dumps.usesInstanceName && !dumps.placeName.isEmpty ? ".\(dumps.placeName)" : ""
    dataPath = dumps.statePath ?? "\(directory)/keepalived\(place).data"
    statisticsPath = dumps.statisticsPath ?? "\(directory)/keepalived.stats"
    jsonPath = dumps.jsonPath ?? "\(directory)/keepalived.json"
    checkPath = dumps.statePath.map { Self.inserting("_check", in: $0) } ?? "\(directory)/keepalived_check\(place).data"
    bfdPath = dumps.statePath.map { Self.inserting("_bfd", in: $0) } ?? "\(directory)/keepalived_bfd\(place).data"
  }

  /// Puts `word` before the extension of a path's last part, or at its end when that has none.
  private static func inserting(_ word: String, in path: String) -> String {
    let nameStart = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[nameStart...].lastIndex(of: ".") else { return path + word }
    return path[..<dot] + word + path[dot...]
  }
}

extension SystemClock {
  /// Both clocks at one moment, and how far local time is from UTC.
  static func wallClock() -> WallClockTime.Reference {
    let real = realTime()
    var seconds = time_t(real.nanoseconds / 1_000_000_000)
    var parts = tm()
    localtime_r(&seconds, &parts)
    return WallClockTime.Reference(
      instant: monotonic(), time: WallClockTime(microseconds: Int64(real.nanoseconds / 1000)),
      offsetSeconds: Int32(parts.tm_gmtoff))
  }
}
