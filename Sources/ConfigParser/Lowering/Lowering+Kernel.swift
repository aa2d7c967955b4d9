import LoadBalancing
import NetPrimitives

extension Lowering {
  /// The lines of `global_defs`, and outside of all blocks, that concern IPVS and the check process.
  mutating func applyBalancing(_ setting: BalancingSetting, _ value: Value, of index: Int) {
    switch setting {
    case .namespace:
      guard value.word != nil else {
        configuration.kernel.namespace = .initial
        return
      }
      if let name = fileName(value) { configuration.kernel.namespace = .named(name) }
    case .markingTable:
      configuration.kernel.marksGroups = true
      if let word = value.word { configuration.kernel.marking.table = text(word) }
    case .markingPriority:
      if let number = value.integer { configuration.kernel.marking.priority = Int32(clamping: number) }
    case .firstMark:
      if let number = value.integer { configuration.kernel.marking.firstMark = UInt32(clamping: number) }
    case .flushAtStart: configuration.kernel.flushesAtStart = true
    case .flushAtStop: setFlushAtStop(index)
    case .timeouts: setTimeouts(index)
    case .syncDaemon: setSyncDaemon(index)
    case .process(let setting):
      var process = configuration.checkProcess
      apply(setting, value, of: index, to: &process)
      configuration.checkProcess = process
    }
  }

  /// A line that says how the kernel is to treat a process.
  mutating func apply(
    _ setting: ProcessSetting, _ value: Value, of index: Int, to process: inout ProcessDefinition
  ) {
    switch setting {
    case .name: if let word = value.word { process.name = text(word) }
    case .niceness: if let number = value.integer { process.niceness = Int8(clamping: number) }
    case .realTimePriority: if let number = value.integer { process.realTimePriority = UInt8(clamping: number) }
    case .realTimeLimit:
      if let number = value.integer { process.realTimeLimitMicroseconds = UInt64(max(0, number)) }
    case .lockMemory: process.locksMemory = true
    case .processors:
      let keyword = text(tree.words[tree.statements[index].words.lowerBound])
      for word in arguments(tree.statements[index]) {
        guard let number = integer(tree.words[word], 0...4095, for: keyword) else { continue }
        process.processors.append(UInt16(clamping: number))
      }
    }
  }

  /// `process_names`: names for the processes that were given none.
  mutating func finishProcessNames() {
    guard configuration.daemon.usesProcessNames else { return }
    if configuration.daemon.routerProcessName == nil { configuration.daemon.routerProcessName = "keepalived_vrrp" }
    if configuration.checkProcess.name == nil { configuration.checkProcess.name = "keepalived_lvs" }
    if configuration.bfdProcess.name == nil { configuration.bfdProcess.name = "keepalived_bfd" }
  }

  /// `lvs_flush_on_stop [VS]`. With `VS` only our own services go, whole: what always happens here.
  private mutating func setFlushAtStop(_ index: Int) {
    guard let word = arguments(tree.statements[index]).first.map({ tree.words[$0] }) else {
      configuration.kernel.flushesAtStop = true
      return
    }
    guard !isWord(word, "VS") else { return }
    report(.unknownValue, "'\(text(word))' is not VS; without a word everything is flushed", at: word.range)
  }

  /// `lvs_timeouts [tcp SECONDS] [tcpfin SECONDS] [udp SECONDS]`.
  private mutating func setTimeouts(_ index: Int) {
    var timeouts = ConnectionTimeouts()
    var words = arguments(tree.statements[index])[...]
    guard !words.isEmpty else {
      report(.missingArgument, "write 'tcp', 'tcpfin' or 'udp' and seconds", at: tree.statements[index].line)
      return
    }
    while let key = words.popFirst().map({ tree.words[$0] }) {
      guard let place = words.popFirst() else {
        report(.missingArgument, "'\(text(key))' needs seconds", at: key.range)
        return
      }
      guard let seconds = integer(tree.words[place], 0...2_678_400, for: text(key)).map({ UInt32(clamping: $0) }) else {
        continue
      }
      switch text(key) {
      case "tcp": timeouts.tcp = seconds
      case "tcpfin": timeouts.tcpFin = seconds
      case "udp": timeouts.udp = seconds
      default: report(.unknownValue, "'\(text(key))' is none of tcp, tcpfin, udp", at: key.range)
      }
    }
    configuration.kernel.timeouts = timeouts
  }

  /// `lvs_sync_daemon IFACE [[inst] INSTANCE] [id N] [maxlen N] [port N] [ttl N] [group ADDRESS]`, or as it was once
  /// written `IFACE INSTANCE [ID]`.
  private mutating func setSyncDaemon(_ index: Int) {
    var words = arguments(tree.statements[index])[...]
    guard let interface = words.popFirst().map({ text(tree.words[$0]) }) else {
      report(.missingArgument, "an interface is missing", at: tree.statements[index].line)
      return
    }
    var daemon = SyncDaemonDefinition(interface: interface)
    var hasNumber = false
    while let place = words.popFirst() {
      let key = tree.words[place]
      let keyword = text(key)
      guard Self.syncDaemonWords.contains(keyword) else {
        if daemon.instance == nil {
          daemon.instance = keyword
        } else if let id = integer(key, 0...255, for: "id") {
          (daemon.id, hasNumber) = (UInt8(clamping: id), true)
        }
        continue
      }
      guard let argument = words.popFirst().map({ tree.words[$0] }) else {
        report(.missingArgument, "'\(keyword)' needs a value", at: key.range)
        break
      }
      if keyword == "id" { hasNumber = true }
      set(keyword, argument, of: &daemon)
    }
    configuration.kernel.syncDaemon = daemon
    syncDaemonPlace = (tree.statements[index].line, hasNumber)
  }

  /// `lvs_sync_daemon_interface IFACE` of an instance; `lvs_sync_daemon` goes before it.
  mutating func setSyncDaemon(_ interface: String, of router: String, at index: Int) {
    guard configuration.kernel.syncDaemon == nil else { return }
    var daemon = SyncDaemonDefinition(interface: interface)
    daemon.instance = router
    configuration.kernel.syncDaemon = daemon
    syncDaemonPlace = (tree.statements[index].line, false)
  }

  private static var syncDaemonWords: Set<String> { ["inst", "id", "maxlen", "port", "ttl", "group"] }

  private mutating func set(_ keyword: String, _ word: Word, of daemon: inout SyncDaemonDefinition) {
    switch keyword {
    case "inst": daemon.instance = text(word)
    case "id": if let id = integer(word, 0...255, for: keyword) { daemon.id = UInt8(clamping: id) }
    case "maxlen":
      if let count = integer(word, 1...65_507, for: keyword) { daemon.maximumMessageBytes = UInt16(clamping: count) }
    case "port": if let port = integer(word, 1...65_535, for: keyword) { daemon.port = UInt16(clamping: port) }
    case "ttl": if let limit = integer(word, 1...255, for: keyword) { daemon.hopLimit = UInt8(clamping: limit) }
    default:
      guard let group = address(word, nil) else { return }
      if group.isMulticast {
        daemon.group = group
      } else {
        report(.invalidAddress, "\(group) is no multicast address", at: word.range)
      }
    }
  }

  /// What the sync daemon takes from its virtual router: the number, where none was given.
  mutating func finishSyncDaemon() {
    guard let name = configuration.kernel.syncDaemon?.instance else { return }
    guard let router = configuration.virtualRouters.first(where: { $0.name == name }) else {
      if let place = syncDaemonPlace {
        report(.undefinedName, "there is no vrrp_instance '\(name)'; no sync daemon is started", at: place.range)
      }
      configuration.kernel.syncDaemon = nil
      return
    }
    if syncDaemonPlace?.hasNumber == false { configuration.kernel.syncDaemon?.id = router.virtualRouterID }
  }

  /// `active_on master_of INSTANCE`.
  mutating func followedRouter(_ index: Int) -> String? {
    let words = arguments(tree.statements[index]).map { tree.words[$0] }
    guard words.count >= 2 else {
      report(.missingArgument, "write 'master_of' and the name of a vrrp_instance", at: tree.statements[index].line)
      return nil
    }
    guard isWord(words[0], "master_of") else {
      report(.unknownValue, "'\(text(words[0]))' is not master_of", at: words[0].range)
      return nil
    }
    routerReferences.append((text(words[1]), words[1].range))
    return text(words[1])
  }

  /// A virtual server that follows nobody would never serve.
  mutating func finishFollowedRouters() {
    let known = Set(configuration.virtualRouters.map { $0.name })
    for (name, range) in routerReferences where !known.contains(name) {
      report(.undefinedName, "there is no vrrp_instance '\(name)'; the line is ignored", at: range)
    }
    for index in configuration.virtualServers.indices {
      guard let name = configuration.virtualServers[index].activeOnMasterOf, !known.contains(name) else { continue }
      configuration.virtualServers[index].activeOnMasterOf = nil
    }
  }
}
