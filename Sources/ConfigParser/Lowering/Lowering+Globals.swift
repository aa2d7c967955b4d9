import NetPrimitives
import VRRPCore

extension Lowering {
  /// Reads a `global_defs` block.
  mutating func lowerGlobals(_ block: Int) {
    for index in tree.children(of: block) {
      guard case (.global(let setting), let value)? = value(of: index) else { continue }
      apply(setting, value, of: index)
    }
  }

  private mutating func apply(_ setting: GlobalSetting, _ value: Value, of index: Int) {
    switch (setting, value) {
    case (.routerID, .word(let word)):
      configuration.global.routerID = text(word)
    case (.scriptUser, _):
      configuration.global.scriptUser = scriptUser(index)
    case (.scriptSecurity, _):
      configuration.global.enforcesScriptSecurity = true
    case (.version, .choice(let choice)):
      defaults.version = choice == 0 ? .v2 : .v3
    case (.messageOnlyChecksum, _):
      defaults.sendsMessageOnlyChecksum = true
    case (.announceDelay, .integer(let seconds?)):
      defaults.announcement.secondBurstDelayNanoseconds = UInt64(seconds) * 1_000_000_000
    case (.announceRepeats, .integer(let count?)):
      defaults.announcement.repeats = repeats(count, index)
    case (.announceRefresh, .integer(let seconds?)):
      defaults.announcement.refreshNanoseconds = UInt64(seconds) * 1_000_000_000
    case (.announceRefreshRepeats, .integer(let count?)):
      defaults.announcement.refreshRepeats = repeats(count, index)
    case (.downTimerAdvertisements, .integer(let count?)):
      defaults.downTimerAdvertisements = UInt8(clamping: count)
    case (.routerID, _), (.version, _), (.announceDelay, _), (.announceRepeats, _), (.announceRefresh, _),
      (.announceRefreshRepeats, _), (.downTimerAdvertisements, _):
      break
    }
  }

  /// A number of announcements: none becomes one, as keepalived has it.
  mutating func repeats(_ count: Int64, _ statement: Int) -> UInt8 {
    if count == 0 {
      report(.outOfRange, "0 announcements become 1", at: tree.statements[statement].line)
      return 1
    }
    if count > 255 {
      report(.outOfRange, "\(count) announcements become 255", at: tree.statements[statement].line)
    }
    return UInt8(clamping: count)
  }

  /// `USER [[:]GROUP]` after a keyword.
  mutating func scriptUser(_ statement: Int) -> GlobalDefinition.ScriptUser? {
    let words = arguments(tree.statements[statement])
    guard let first = words.first else { return nil }
    guard words.count > 1 else { return GlobalDefinition.ScriptUser(user: text(tree.words[first])) }
    var group = text(tree.words[first + 1])
    if group.hasPrefix(":") { group.removeFirst() }
    return GlobalDefinition.ScriptUser(user: text(tree.words[first]), group: group)
  }
}
