import VRRPCore

/// What instances and groups can name, with where it is defined.
struct TrackedNames {
  var scripts: [String: Named] = [:]
  var files: [String: Named] = [:]
  var processes: [String: Named] = [:]
  var bfdSessions: [String: Named] = [:]

  /// One definition.
  struct Named {
    var statement: Int
    var weight: Int16
    var isReversed: Bool
  }
}

extension Lowering {
  /// Lowers what others refer to by name, so that the order of blocks does not matter.
  mutating func collectName(_ index: Int) {
    let statement = tree.statements[index]
    guard let keyword = statement.keyword, statement.context == .root else { return }
    guard case .root(let setting)? = Schema.setting(of: keyword) else { return }
    guard isLoweredFirst(.root(setting)), setting != .globalDefinitions, value(of: index) != nil else { return }
    switch setting {
    case .script: lowerScript(index)
    case .trackProcess: lowerTrackProcess(index)
    case .trackFile: lowerTrackFile(index)
    case .bfd: lowerBFD(index)
    case .serverGroup: lowerServerGroup(index)
    case .ssl: lowerSSL(index)
    case .globalDefinitions, .instance, .staticAddresses, .staticRoutes, .staticRules, .trackGroup, .syncGroup,
      .virtualServer, .interfaceDelays, .announcementGroup, .linkPolling, .polledInterfaces:
      return
    }
  }

  /// The name a block is given.
  func blockName(_ index: Int) -> String? {
    arguments(tree.statements[index]).first.map { text(tree.words[$0]) }
  }

  /// False, with a report, for a name that is taken.
  mutating func isNewName(_ name: String, _ kind: String, _ first: TrackedNames.Named?, _ index: Int) -> Bool {
    guard let first else { return true }
    report(
      .duplicateName, "there is already a \(kind) '\(name)'; this one is ignored", at: tree.statements[index].line,
      notes: [Diagnostic.Note("the first is here", at: tree.statements[first.statement].line)])
    return false
  }

  private mutating func lowerScript(_ block: Int) {
    guard let name = blockName(block), isNewName(name, "vrrp_script", names.scripts[name], block) else { return }
    var script = TrackScriptDefinition(name: name, command: ScriptCommand([]))
    var runAs: GlobalDefinition.ScriptUser?
    for index in tree.children(of: block) {
      guard case (.script(let setting), let value)? = value(of: index) else { continue }
      switch setting {
      case .command: if let command = command(index) { script.command = command }
      case .interval: if let time = period(value, index) { script.intervalNanoseconds = time }
      case .timeout: if let time = period(value, index) { script.timeoutNanoseconds = time }
      case .weight:
        if let weight = value.weight {
          (script.weight, script.isReversed) = (narrow(weight, 253, index), weight.isReversed)
        }
      case .rise: if let count = value.integer { script.rise = UInt32(clamping: count) }
      case .fall: if let count = value.integer { script.fall = UInt32(clamping: count) }
      case .user: runAs = scriptUser(index)
      case .startFailed: script.startsFailed = true
      }
    }
    if script.command.runAs == nil { script.command.runAs = runAs }
    guard !script.command.arguments.isEmpty else {
      report(
        .missingSetting, "vrrp_script '\(name)' has no 'script'; it is ignored", at: tree.statements[block].line)
      return
    }
    names.scripts[name] = TrackedNames.Named(statement: block, weight: script.weight, isReversed: script.isReversed)
    configuration.trackScripts.append(script)
  }

  /// A time that cannot be nothing: 0 becomes a second.
  private mutating func period(_ value: Value, _ index: Int) -> UInt64? {
    guard let time = value.nanoseconds else { return nil }
    guard time == 0 else { return time }
    report(.outOfRange, "0 becomes 1 second", at: argumentRange(tree.statements[index]))
    return 1_000_000_000
  }

  /// A weight within ±`limit`.
  mutating func narrow(_ weight: Value.Weight, _ limit: Int64, _ index: Int) -> Int16 {
    guard abs(weight.value) > limit else { return Int16(clamping: weight.value) }
    let held = weight.value > 0 ? limit : -limit
    report(.outOfRange, "weight \(weight.value) becomes \(held)", at: argumentRange(tree.statements[index]))
    return Int16(clamping: held)
  }

  private mutating func lowerTrackFile(_ block: Int) {
    guard let name = blockName(block), isNewName(name, "track_file", names.files[name], block) else { return }
    var file = TrackFileDefinition(name: name, path: "")
    for index in tree.children(of: block) {
      guard case (.trackFile(let setting), let value)? = value(of: index) else { continue }
      switch setting {
      case .path:
        guard let word = value.word else { break }
        if file.path.isEmpty {
          file.path = text(word)
        } else {
          report(.duplicateSetting, "the file is '\(file.path)' already; this one is ignored", at: word.range)
        }
      case .weight:
        if let weight = value.weight {
          (file.weight, file.isReversed) = (Int16(clamping: weight.value), weight.isReversed)
        }
      case .initialize: lowerInitialValue(index, into: &file)
      }
    }
    guard !file.path.isEmpty else {
      report(.missingSetting, "track_file '\(name)' has no 'file'; it is ignored", at: tree.statements[block].line)
      return
    }
    names.files[name] = TrackedNames.Named(statement: block, weight: file.weight, isReversed: file.isReversed)
    configuration.trackFiles.append(file)
  }

  private mutating func lowerInitialValue(_ index: Int, into file: inout TrackFileDefinition) {
    file.initialValue = 0
    for word in arguments(tree.statements[index]) {
      if isWord(word, "overwrite") {
        file.overwrites = true
      } else if let number = integer(tree.words[word], -2_147_483_648...2_147_483_647, for: "init_file") {
        file.initialValue = number
        if abs(number) > 254 {
          report(
            .adjustedSetting, "priorities have a range of 254: \(number) is more than any of them",
            at: tree.words[word].range)
        }
      }
    }
  }

  private mutating func lowerTrackProcess(_ block: Int) {
    guard let name = blockName(block), isNewName(name, "vrrp_track_process", names.processes[name], block) else {
      return
    }
    var process = TrackProcessDefinition(name: name, command: [])
    var match: TrackProcessDefinition.ParameterMatch?
    for index in tree.children(of: block) {
      guard case (.trackProcess(let setting), let value)? = value(of: index) else { continue }
      switch setting {
      case .command:
        process.command = commandWords(index).map { String(decoding: $0, as: UTF8.self) }
      case .parameterMatch: match = parameterMatch(value)
      case .weight:
        if let weight = value.weight {
          (process.weight, process.isReversed) = (Int16(clamping: weight.value), weight.isReversed)
        }
      case .quorum: if let count = value.integer { process.quorum = UInt16(clamping: count) }
      case .maximum: if let count = value.integer { process.maximum = UInt16(clamping: count) }
      case .delay:
        if let time = value.nanoseconds {
          (process.forkDelayNanoseconds, process.terminateDelayNanoseconds) = (time, time)
        }
      case .terminateDelay: if let time = value.nanoseconds { process.terminateDelayNanoseconds = time }
      case .forkDelay: if let time = value.nanoseconds { process.forkDelayNanoseconds = time }
      case .fullCommand: process.comparesFullCommand = true
      }
    }
    guard !process.command.isEmpty else {
      report(
        .missingSetting, "vrrp_track_process '\(name)' has no 'process'; it is ignored",
        at: tree.statements[block].line)
      return
    }
    process.parameterMatch = match ?? (process.command.count > 1 ? .exact : .none)
    names.processes[name] = TrackedNames.Named(
      statement: block, weight: process.weight, isReversed: process.isReversed)
    configuration.trackProcesses.append(process)
  }

  private mutating func parameterMatch(_ value: Value) -> TrackProcessDefinition.ParameterMatch? {
    guard let word = value.word else { return .exact }
    if isWord(word, "initial") { return .initial }
    if isWord(word, "partial") { return .partial }
    report(.unknownValue, "'\(text(word))' is not 'initial' or 'partial'", at: word.range)
    return nil
  }
}
