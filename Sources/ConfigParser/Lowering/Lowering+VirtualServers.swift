import HealthCheck
import LoadBalancing
import NetPrimitives
import VRRPCore

/// A `virtual_server` while its block is read.
struct VirtualServerDraft {
  var definition: VirtualServerDefinition
  let statement: Int
  /// What checks take when neither they nor their server say more.
  var timing = CheckTiming.Overrides()
  var transport: TransportProtocol?
  var forwarding: ForwardingMethod?
  var scheduler: Scheduler?
  var family: AddressFamily?
  var weight: Int32 = 1
  var inhibits = false
  var startsFailed = false
  var mail: Bool?
  var sorryForwarding: ForwardingMethod?
  var sorryInhibits = false
  var realServers: [Int] = []

  /// The persistence of the service; saying anything about it switches it on.
  var persistence: Persistence {
    get { definition.persistence ?? Persistence() }
    set { definition.persistence = newValue }
  }
}

extension Lowering {
  /// Reads a `virtual_server` block.
  mutating func lowerVirtualServer(_ block: Int) {
    guard let address = serviceAddress(block) else {
      checkChildren(block)
      return
    }
    var draft = VirtualServerDraft(
      definition: VirtualServerDefinition(address: address, transport: nil), statement: block)
    for index in tree.children(of: block) {
      guard case (.virtualServer(let setting), let value)? = value(of: index) else { continue }
      if !applyService(setting, value, of: index, to: &draft) { applyDefaults(setting, value, of: index, to: &draft) }
    }
    finishVirtualServer(&draft)
  }

  /// Checks the arguments of what stands in a block that cannot be used.
  private mutating func checkChildren(_ block: Int) {
    for index in tree.children(of: block) { _ = value(of: index) }
  }

  /// `IP [PORT]`, `fwmark MARK` or `group NAME`.
  private mutating func serviceAddress(_ block: Int) -> VirtualServiceAddress? {
    let words = arguments(tree.statements[block])
    guard let first = words.first else {
      report(.missingArgument, "'virtual_server' needs an address", at: tree.statements[block].line)
      return nil
    }
    if isWord(first, "fwmark") || isWord(first, "group") {
      guard words.count > 1 else {
        report(.missingArgument, "'\(text(tree.words[first]))' needs a value", at: tree.statements[block].line)
        return nil
      }
      let word = tree.words[first + 1]
      if isWord(first, "fwmark") {
        return integer(word, 1...4_294_967_295, for: "fwmark").map { .firewallMark(UInt32(clamping: $0)) }
      }
      guard let group = serverGroups[text(word)] else {
        var fixIts: [Diagnostic.FixIt] = []
        if let near = nearest(to: bytes(word), among: serverGroups.keys.sorted()) {
          fixIts = [Diagnostic.FixIt("did you mean '\(near)'?", at: word.range, replacement: near)]
        }
        report(
          .undefinedName, "there is no virtual_server_group '\(text(word))'; the virtual server is ignored",
          at: word.range, fixIts: fixIts)
        return nil
      }
      return .group(group)
    }
    guard let endpoint = endpoint(words, "virtual_server") else { return nil }
    return .address(endpoint.address, port: endpoint.port)
  }

  /// An address and a port; 0 when there is none.
  mutating func endpoint(_ words: Range<Int>, _ name: String) -> (address: IPAddress, port: UInt16)? {
    guard let first = words.first, let address = address(tree.words[first], nil) else { return nil }
    guard words.count > 1 else { return (address, 0) }
    guard let port = port(tree.words[first + 1], name) else { return nil }
    return (address, port)
  }

  /// A port by number, or by one of the names everybody uses: the pure parser has no `/etc/services`.
  mutating func port(_ word: Word, _ name: String) -> UInt16? {
    if let first = bytes(word).first, !first.isDigit, let known = Self.services[text(word)] { return known }
    return integer(word, 0...65_535, for: name).map { UInt16(clamping: $0) }
  }

  private static let services: [String: UInt16] = [
    "http": 80, "https": 443, "smtp": 25, "domain": 53, "ssh": 22, "telnet": 23, "ftp": 21, "pop3": 110, "imap": 143,
    "imap2": 143, "imaps": 993, "pop3s": 995, "submission": 587, "ldap": 389, "ldaps": 636, "ntp": 123, "snmp": 161,
    "syslog": 514, "mysql": 3306, "postgresql": 5432, "sip": 5060, "sip-tls": 5061, "radius": 1812,
    "webcache": 8080, "http-alt": 8080, "tftp": 69, "rsync": 873, "nfs": 2049, "redis": 6379,
  ]

  /// What the service itself is. False for another kind of setting.
  private mutating func applyService(
    _ setting: VirtualServerSetting, _ value: Value, of index: Int, to draft: inout VirtualServerDraft
  ) -> Bool {
    switch setting {
    case .family: draft.family = value.choice.map { $0 == 0 ? .ipv4 : .ipv6 }
    case .scheduler: draft.scheduler = scheduler(index)
    case .hashed: break
    case .onePacket: draft.definition.schedulesEachPacket = true
    case .flag1: draft.definition.schedulerFlags.insert(.flag1)
    case .flag2: draft.definition.schedulerFlags.insert(.flag2)
    case .flag3: draft.definition.schedulerFlags.insert(.flag3)
    case .forwarding: draft.forwarding = forwarding(index)
    case .persistenceEngine:
      if let word = value.word {
        let name = String(decoding: bytes(word).prefix(15), as: UTF8.self)
        if bytes(word).count > 15 {
          report(.adjustedSetting, "a name of the kernel has 15 bytes; it becomes '\(name)'", at: word.range)
        }
        draft.persistence.engine = name
      }
    case .persistenceTimeout:
      if case .integer(let seconds) = value {
        draft.persistence.timeoutSeconds = seconds.map { UInt32(clamping: $0) } ?? Persistence.defaultTimeoutSeconds
      }
    case .persistenceGranularity:
      if let word = value.word {
        if let length = granularity(word) { draft.persistence.granularity = length }
      }
    case .transport: if let choice = value.choice { draft.transport = [.tcp, .udp, .sctp][choice] }
    case .suspend: draft.definition.suspendsWithoutAddress = true
    case .activeOn: draft.definition.activeOnMasterOf = followedRouter(index) ?? draft.definition.activeOnMasterOf
    case .omega: draft.definition.notifiesAtShutdown = true
    case .snmpName: if let word = value.word { draft.definition.snmpName = text(word) }
    case .quorumUp: setHook(&draft.definition.quorumUp, index)
    case .quorumDown: setHook(&draft.definition.quorumDown, index)
    case .quorum: if let count = value.integer { draft.definition.quorum = UInt32(clamping: count) }
    case .hysteresis: if let count = value.integer { draft.definition.hysteresis = UInt32(clamping: count) }
    case .sorryServer:
      if let endpoint = endpoint(arguments(tree.statements[index]), "sorry_server") {
        draft.definition.sorryServer = SorryServer(address: endpoint.address, port: endpoint.port)
      }
    case .sorryInhibit: draft.sorryInhibits = true
    case .sorryForwarding: draft.sorryForwarding = forwarding(index)
    case .realServer: draft.realServers.append(index)
    case .inhibit, .mail, .virtualHost, .alpha, .weight, .retries, .delayBeforeRetry, .warmup, .connectTimeout,
      .delayLoop:
      return false
    }
    return true
  }

  /// What its real servers and their checks take from it.
  private mutating func applyDefaults(
    _ setting: VirtualServerSetting, _ value: Value, of index: Int, to draft: inout VirtualServerDraft
  ) {
    switch setting {
    case .inhibit: draft.inhibits = true
    case .mail: draft.mail = value.boolean
    case .virtualHost: if let word = value.word { draft.definition.virtualHost = text(word) }
    case .alpha: draft.startsFailed = true
    case .weight: if let weight = value.integer { draft.weight = Int32(clamping: weight) }
    case .retries: draft.timing.retries = value.integer.map { UInt32(clamping: $0) }
    case .delayBeforeRetry: draft.timing.delayBeforeRetryNanoseconds = value.nanoseconds
    case .warmup: draft.timing.warmupNanoseconds = value.nanoseconds
    case .connectTimeout: draft.timing.connectTimeoutNanoseconds = value.nanoseconds
    case .delayLoop: draft.timing.delayLoopNanoseconds = value.nanoseconds
    case .family, .scheduler, .hashed, .onePacket, .flag1, .flag2, .flag3, .forwarding, .persistenceEngine,
      .persistenceTimeout, .persistenceGranularity, .transport, .suspend, .activeOn, .omega, .snmpName, .quorumUp,
      .quorumDown,
      .quorum, .hysteresis, .sorryServer, .sorryInhibit, .sorryForwarding, .realServer:
      break
    }
  }
}
