import LoadBalancing
import NetPrimitives
import VRRPCore

extension Lowering {
  /// Reads a `global_defs` block.
  mutating func lowerGlobals(_ block: Int) {
    _ = value(of: block)
    for index in tree.children(of: block) {
      guard let (setting, value) = value(of: index) else { continue }
      if case .daemon(let setting) = setting { applyDaemon(setting, value, of: index) }
      if case .balancing(let setting) = setting { applyBalancing(setting, value, of: index) }
      guard case .global(let setting) = setting else { continue }
      if !applyDefault(setting, value, of: index), !applyScript(setting, value, of: index) {
        applyGlobal(setting, value, of: index)
      }
    }
    if defaults.announcesLeast { announceLeast() }
    switch defaults.policy.receiveBufferPolicy {
    case .mtu: defaults.policy.receiveBufferPolicy = .mtu(defaults.receiveBufferMultiplier)
    case .advert: defaults.policy.receiveBufferPolicy = .advert(defaults.receiveBufferMultiplier)
    case .bytes, nil: break
    }
  }

  /// `vrrp_min_garp`: one announcement and no second burst, where nothing else was said.
  private mutating func announceLeast() {
    let usual = AnnouncementPolicy()
    if defaults.announcement.repeats == usual.repeats { defaults.announcement.repeats = 1 }
    if defaults.announcement.secondBurstDelayNanoseconds == usual.secondBurstDelayNanoseconds {
      defaults.announcement.secondBurstDelayNanoseconds = 0
    }
  }

  /// What instances take when they say nothing. False for another kind of setting.
  private mutating func applyDefault(_ setting: GlobalSetting, _ value: Value, of index: Int) -> Bool {
    switch setting {
    case .version: if let choice = value.choice { defaults.version = choice == 0 ? .v2 : .v3 }
    case .messageOnlyChecksum: defaults.sendsMessageOnlyChecksum = true
    case .announceDelay:
      if let time = seconds(value) { defaults.announcement.secondBurstDelayNanoseconds = time }
    case .announceRepeats: if let count = repeats(value, index) { defaults.announcement.repeats = count }
    case .announceRefresh: if let time = seconds(value) { defaults.announcement.refreshNanoseconds = time }
    case .announceRefreshRepeats: if let count = repeats(value, index) { defaults.announcement.refreshRepeats = count }
    case .downTimerAdvertisements:
      if let count = value.integer { defaults.downTimerAdvertisements = UInt8(clamping: count) }
    case .lowerPriorityDelay: defaults.lowerPriorityDelayNanoseconds = seconds(value)
    case .lowerPriorityRepeats: if let count = value.integer { defaults.lowerPriorityRepeats = UInt8(clamping: count) }
    case .minimumAnnouncements: defaults.announcesLeast = value.boolean ?? true
    case .extraAnnouncements:
      if let extra = extraAnnouncements(index, least: 1) {
        (defaults.extraAnnouncementNanoseconds, defaults.extraAnnouncementsEverywhere) = (extra.nanoseconds, extra.all)
      }
    case .ignoreLowerPriority: defaults.policy.ignoresLowerPriority = value.boolean ?? true
    case .sendBeforeYielding: defaults.policy.sendsBeforeYielding = value.boolean ?? true
    case .ownerIgnores: defaults.policy.ignoresAsOwner = value.boolean ?? true
    case .makeBeforeBreak: defaults.policy.handsOver = value.boolean ?? true
    case .skipAddressCheck: defaults.policy.skipsAddressCheck = value.boolean ?? true
    case .checkUnicastSource: defaults.policy.checksUnicastSource = true
    case .strict: defaults.isStrict = value.boolean ?? true
    case .multicastGroup: setMulticastGroup(value, index)
    case .receiveBufferPolicy: setReceiveBufferPolicy(index)
    case .receiveBufferMultiplier:
      if let count = value.integer { defaults.receiveBufferMultiplier = UInt32(clamping: count) }
    case .notifyPriorityChanges: defaults.reportsPriorityChanges = value.boolean ?? true
    case .mail: defaults.sendsAnyMail = value.boolean
    case .mailVRRP: defaults.sendsVRRPMail = value.boolean
    case .mailChecker: defaults.sendsBalancerMail = value.boolean
    case .routerID, .scriptUser, .scriptSecurity,
      .announcementSpacing, .neighborSpacing, .startupDelay, .bootDelay,
      .firewallPriority, .firewallIndex, .firewallCounters, .virtualMACPrefix, .virtualMACAddressPrefix, .silenceGroups,
      .defaultInterface, .dynamicInterfaces, .logUnknownRouterIDs, .realTimePriority, .niceness, .processors,
      .realTimeLimit, .lockMemory, .firewallTable, .includeCheck, .logAllFailures, .initialNotifies, .onlyServerMail,
      .stateDump, .statisticsDump, .jsonDump, .jsonVersion, .dumpInstance, .namesVendorDirectory, .namesDirectory,
      .recipients, .sender, .mailServer, .heloName,
      .mailTimeout, .omitFaultMail, .startupScript, .startupTimeout,
      .shutdownScript, .shutdownTimeout, .fifo, .fifoReader, .vrrpFIFO, .vrrpFIFOReader, .balancerFIFO,
      .balancerFIFOReader, .repeatStates:
      return false
    }
    return true
  }

  private mutating func setMulticastGroup(_ value: Value, _ index: Int) {
    guard let group = value.address else { return }
    guard group.isMulticast else {
      report(.invalidAddress, "\(group) is no multicast address", at: argumentRange(tree.statements[index]))
      return
    }
    defaults.groups[group.family] = group
  }

  /// `[all] SECONDS` after a keyword.
  mutating func extraAnnouncements(_ index: Int, least: Int64) -> (nanoseconds: UInt64, all: Bool)? {
    var words = arguments(tree.statements[index])
    let all = words.first.map { isWord($0, "all") } ?? false
    if all { words = words.dropFirst() }
    guard let first = words.first else {
      report(.missingArgument, "an interval in seconds is missing", at: tree.statements[index].line)
      return nil
    }
    guard let seconds = integer(tree.words[first], least...86_400, for: "garp_extra_if") else { return nil }
    return (UInt64(seconds) * 1_000_000_000, all)
  }

  /// Mail, scripts and pipes. False for another kind of setting.
  private mutating func applyScript(_ setting: GlobalSetting, _ value: Value, of index: Int) -> Bool {
    switch setting {
    case .recipients:
      configuration.global.mail.recipients += lineWords(index).map { text($0) }
      if lineWords(index).isEmpty {
        report(.missingArgument, "'notification_email' names nobody", at: tree.statements[index].line)
      }
    case .sender: if let word = value.word { configuration.global.mail.sender = text(word) }
    case .mailServer: setMailServer(index)
    case .heloName: if let word = value.word { configuration.global.mail.heloName = text(word) }
    case .mailTimeout:
      if let seconds = value.integer {
        if seconds == 0 { report(.outOfRange, "0 becomes 1 second", at: argumentRange(tree.statements[index])) }
        configuration.global.mail.timeoutSeconds = max(1, UInt32(clamping: seconds))
      }
    case .omitFaultMail: configuration.global.mail.omitsFaults = true
    case .startupScript: configuration.global.startupScript = first(configuration.global.startupScript, index)
    case .startupTimeout:
      if let seconds = value.integer { configuration.global.startupTimeoutSeconds = UInt16(clamping: seconds) }
    case .shutdownScript: configuration.global.shutdownScript = first(configuration.global.shutdownScript, index)
    case .shutdownTimeout:
      if let seconds = value.integer { configuration.global.shutdownTimeoutSeconds = UInt16(clamping: seconds) }
    case .fifo: configuration.global.fifo = pipe(configuration.global.fifo, index) ?? configuration.global.fifo
    case .fifoReader: configuration.global.fifo = reader(configuration.global.fifo, index) ?? configuration.global.fifo
    case .vrrpFIFO:
      configuration.global.vrrpFIFO = pipe(configuration.global.vrrpFIFO, index) ?? configuration.global.vrrpFIFO
    case .vrrpFIFOReader:
      configuration.global.vrrpFIFO = reader(configuration.global.vrrpFIFO, index) ?? configuration.global.vrrpFIFO
    case .balancerFIFO:
      configuration.global.balancerFIFO =
        pipe(configuration.global.balancerFIFO, index) ?? configuration.global.balancerFIFO
    case .balancerFIFOReader:
      configuration.global.balancerFIFO =
        reader(configuration.global.balancerFIFO, index) ?? configuration.global.balancerFIFO
    case .repeatStates: configuration.global.repeatsStatesOnReload = true
    case .version, .messageOnlyChecksum, .announceDelay, .announceRepeats, .announceRefresh, .announceRefreshRepeats,
      .downTimerAdvertisements, .lowerPriorityDelay, .lowerPriorityRepeats, .minimumAnnouncements,
      .extraAnnouncements, .ignoreLowerPriority, .sendBeforeYielding, .ownerIgnores, .skipAddressCheck,
      .makeBeforeBreak,
      .checkUnicastSource, .strict, .multicastGroup, .notifyPriorityChanges, .mail, .mailVRRP, .mailChecker,
      .receiveBufferPolicy, .receiveBufferMultiplier, .routerID,
      .firewallPriority, .firewallIndex, .firewallCounters, .virtualMACPrefix, .virtualMACAddressPrefix, .silenceGroups,
      .scriptUser, .scriptSecurity, .announcementSpacing, .neighborSpacing, .startupDelay, .bootDelay,
      .defaultInterface, .dynamicInterfaces, .logUnknownRouterIDs, .realTimePriority, .niceness, .processors,
      .realTimeLimit, .lockMemory, .firewallTable, .includeCheck, .logAllFailures, .initialNotifies, .onlyServerMail,
      .stateDump, .statisticsDump, .jsonDump, .jsonVersion, .dumpInstance, .namesVendorDirectory, .namesDirectory:
      return false
    }
    return true
  }

  /// The rest: the daemon itself.
  private mutating func applyGlobal(_ setting: GlobalSetting, _ value: Value, of index: Int) {
    switch setting {
    case .routerID: if let word = value.word { configuration.global.routerID = text(word) }
    case .scriptUser: configuration.global.scriptUser = scriptUser(index)
    case .scriptSecurity: configuration.global.enforcesScriptSecurity = true
    case .announcementSpacing:
      configuration.global.announcementSpacingNanoseconds =
        spacing(value, index) ?? configuration.global.announcementSpacingNanoseconds
    case .neighborSpacing:
      configuration.global.neighborSpacingNanoseconds =
        spacing(value, index) ?? configuration.global.neighborSpacingNanoseconds
    case .startupDelay: if let time = value.nanoseconds { configuration.global.startupDelayNanoseconds = time }
    case .bootDelay: if let time = value.nanoseconds { configuration.global.bootDelayNanoseconds = time }
    case .defaultInterface: if let word = value.word { configuration.global.defaultInterface = text(word) }
    case .dynamicInterfaces:
      configuration.global.allowsMissingInterfaces = true
      if let word = value.word, !isWord(word, "allow_if_changes") {
        report(.unknownValue, "'\(text(word))' is not 'allow_if_changes'", at: word.range)
      }
    case .namesVendorDirectory: if let word = value.word { configuration.global.namesVendorDirectory = text(word) }
    case .namesDirectory: if let word = value.word { configuration.global.namesDirectory = text(word) }
    case .logUnknownRouterIDs: configuration.global.logsUnknownRouterIDs = true
    case .realTimePriority:
      if let priority = value.integer { configuration.global.realTimePriority = UInt8(clamping: priority) }
    case .niceness: if let niceness = value.integer { configuration.global.niceness = Int8(clamping: niceness) }
    case .processors: setProcessors(index)
    case .realTimeLimit:
      if let limit = value.integer { configuration.global.realTimeLimitMicroseconds = UInt64(max(2, limit)) }
    case .lockMemory: configuration.global.locksMemory = true
    case .firewallTable: configuration.global.firewallTable = value.word.map { text($0) } ?? "keepalived"
    case .firewallPriority:
      if let priority = value.integer { configuration.global.firewallPriority = Int32(clamping: priority) }
    case .firewallIndex: configuration.global.firewallMatchesIndex = true
    case .firewallCounters: configuration.global.firewallCounts = true
    case .virtualMACPrefix: if let word = value.word { configuration.global.virtualMACPrefix = text(word) }
    case .virtualMACAddressPrefix:
      if let word = value.word { configuration.global.virtualAddressMACPrefix = text(word) }
    case .silenceGroups: configuration.global.silencesLocalGroups = true
    case .logAllFailures: logsEveryCheckFailure = value.boolean ?? true
    case .initialNotifies: configuration.balancing.notifiesInitialServers = value.boolean ?? true
    case .onlyServerMail: configuration.balancing.mailsOnlyServerChanges = value.boolean ?? true
    case .stateDump: configuration.dumps.statePath = value.word.map { text($0) }
    case .statisticsDump: configuration.dumps.statisticsPath = value.word.map { text($0) }
    case .jsonDump: configuration.dumps.jsonPath = value.word.map { text($0) }
    case .jsonVersion: configuration.dumps.jsonVersion = value.choice == 1 ? .v2 : .v1
    case .dumpInstance: configuration.dumps.usesInstanceName = value.boolean ?? true
    case .includeCheck, .receiveBufferPolicy, .receiveBufferMultiplier, .version, .messageOnlyChecksum, .announceDelay,
      .announceRepeats, .announceRefresh,
      .announceRefreshRepeats, .downTimerAdvertisements, .lowerPriorityDelay, .lowerPriorityRepeats,
      .minimumAnnouncements, .extraAnnouncements, .ignoreLowerPriority, .sendBeforeYielding, .ownerIgnores,
      .skipAddressCheck, .makeBeforeBreak, .checkUnicastSource, .strict, .multicastGroup, .notifyPriorityChanges, .mail,
      .mailVRRP,
      .mailChecker, .recipients, .sender, .mailServer, .heloName, .mailTimeout, .omitFaultMail, .startupScript,
      .startupTimeout, .shutdownScript, .shutdownTimeout, .fifo, .fifoReader, .vrrpFIFO, .vrrpFIFOReader,
      .balancerFIFO, .balancerFIFOReader, .repeatStates:
      break
    }
  }

  /// The stock sample sets 0, which keepalived itself refuses; it is what holds anyway.
  private mutating func spacing(_ value: Value, _ index: Int) -> UInt64? {
    if value.nanoseconds == 0 {
      report(.redundantZero, "0 is the default here, and keepalived refuses the line", at: tree.statements[index].line)
    }
    return value.nanoseconds
  }

  private mutating func setProcessors(_ index: Int) {
    configuration.global.processors = []
    for word in arguments(tree.statements[index]) {
      if let number = integer(tree.words[word], 0...65_535, for: "vrrp_cpu_affinity") {
        configuration.global.processors.append(UInt16(clamping: number))
      }
    }
  }

  private mutating func setMailServer(_ index: Int) {
    let words = arguments(tree.statements[index])
    guard let first = words.first else { return }
    configuration.global.mail.server = text(tree.words[first])
    if words.count > 1, let port = integer(tree.words[first + 1], 1...65_535, for: "smtp_server") {
      configuration.global.mail.port = UInt16(clamping: port)
    }
  }

  /// A pipe; of several of a kind the first counts, as keepalived has it.
  private mutating func pipe(_ old: GlobalDefinition.NotifyFIFO?, _ index: Int) -> GlobalDefinition.NotifyFIFO? {
    let words = commandWords(index)
    guard let path = words.first else { return nil }
    if let old, !old.path.isEmpty {
      report(
        .duplicateSetting, "the pipe is '\(old.path)' already; this one is ignored", at: tree.statements[index].line)
      return nil
    }
    var owner: GlobalDefinition.ScriptUser?
    if words.count > 1 {
      var group = words.count > 2 ? String(decoding: words[2], as: UTF8.self) : nil
      if let name = group, name.hasPrefix(":") { group = String(name.dropFirst()) }
      owner = GlobalDefinition.ScriptUser(user: String(decoding: words[1], as: UTF8.self), group: group)
    }
    return GlobalDefinition.NotifyFIFO(
      path: String(decoding: path, as: UTF8.self), owner: owner, reader: old?.reader)
  }

  /// The program that reads a pipe, which may be named later.
  private mutating func reader(
    _ old: GlobalDefinition.NotifyFIFO?, _ index: Int
  ) -> GlobalDefinition.NotifyFIFO? {
    guard let command = command(index) else { return nil }
    return GlobalDefinition.NotifyFIFO(path: old?.path ?? "", owner: old?.owner, reader: command)
  }

  // MARK: Numbers

  /// Whole seconds as nanoseconds.
  func seconds(_ value: Value) -> UInt64? {
    value.integer.map { UInt64(max(0, $0)).multipliedSaturated(by: 1_000_000_000) }
  }

  /// A number of announcements: none becomes one, as keepalived has it.
  mutating func repeats(_ value: Value, _ statement: Int) -> UInt8? {
    guard let count = value.integer else { return nil }
    if count == 0 || count > 255 {
      report(
        .outOfRange, "\(count) announcements become \(count == 0 ? 1 : 255)",
        at: argumentRange(tree.statements[statement]))
    }
    return max(1, UInt8(clamping: count))
  }

  /// `USER [[:]GROUP]` after a keyword.
  mutating func scriptUser(_ statement: Int) -> GlobalDefinition.ScriptUser? {
    let words = arguments(tree.statements[statement])
    guard let first = words.first else { return nil }
    guard words.count > 1 else { return GlobalDefinition.ScriptUser(user: text(tree.words[first])) }
    var group = text(tree.words[first + 1])
    let takesOtherGroups = group.hasPrefix(":")
    if takesOtherGroups { group.removeFirst() }
    return GlobalDefinition.ScriptUser(
      user: text(tree.words[first]), group: group.isEmpty ? nil : group, takesOtherGroups: takesOtherGroups)
  }
}
