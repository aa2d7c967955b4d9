import NetPrimitives
import VRRPCore
public import VRRPRuntime

extension Scenario {
  /// Carries out a command that breaks or mends something. False when there was nothing to do.
  mutating func performFault(_ command: Substring, _ words: inout ScenarioWords) throws(ScenarioError) -> Bool {
    switch command {
    case "start": simulation.start(try node(&words))
    case "stop": simulation.stop(try node(&words))
    case "crash": simulation.kill(try node(&words), leavesAddresses: true)
    case "respawn": simulation.respawn(try node(&words))
    case "poweroff": simulation.powerOff(try node(&words))
    case "stall": try pause(.stalled, &words)
    case "freeze": try pause(.frozen, &words)
    case "suspend": try pause(.suspended, &words)
    case "drift": simulation.drift(try node(&words), by: try words.number("ppm", in: -500_000...500_000))
    case "kernel": simulation.slowKernel(of: try node(&words), to: try words.duration("a time"))
    case "netlink": simulation.slowNotices(of: try node(&words), to: try words.duration("a time"))
    case "cut": try cut(&words)
    case "partition": try partition(&words)
    case "heal": simulation.heal()
    case "quality": simulation.setQuality(try quality(&words))
    case "link": try link(&words)
    case "check": try check(&words)
    case "address": try renumber(&words)
    case "reload": try reload(&words)
    case "forge": try forge(&words)
    case "announce": try misannounce(&words)
    case "plant": try plant(&words)
    default: throw words.failure(.unknownCommand(String(command)))
    }
    return true
  }

  private mutating func pause(
    _ kind: SimulatedNode.Pause, _ words: inout ScenarioWords
  ) throws(ScenarioError) {
    let node = try node(&words)
    simulation.pause(node, kind, for: try words.duration("a time"))
  }

  /// `cut A B` both ways, `cut A -> B` one way.
  private mutating func cut(_ words: inout ScenarioWords) throws(ScenarioError) {
    let sender = try check(name: words.word("a sender"), in: words)
    var receiver = try words.word("a receiver")
    let isOneWay = receiver == "->"
    if isOneWay { receiver = try words.word("a receiver") }
    let name = try check(name: receiver, in: words)
    simulation.cut(from: sender, to: name)
    if !isOneWay { simulation.cut(from: name, to: sender) }
  }

  /// `partition a client | b c`.
  private mutating func partition(_ words: inout ScenarioWords) throws(ScenarioError) {
    var parts: [[String]] = [[]]
    for word in words.rest() {
      if word == "|" { parts.append([]) } else { parts[parts.count - 1].append(try check(name: word, in: words)) }
    }
    simulation.partition(parts)
  }

  /// `quality loss 10% duplicates 5% delay 1ms..20ms`; what is not said is perfect.
  private func quality(_ words: inout ScenarioWords) throws(ScenarioError) -> Quality {
    var quality = Quality()
    while let word = words.next() {
      switch word {
      case "loss": quality.lossPermille = try percentage(&words)
      case "duplicates": quality.duplicationPermille = try percentage(&words)
      case "delay":
        let range = try words.word("a delay")
        guard let dots = range.firstRange(of: "..") else {
          throw words.failure(.badValue(String(range), wanted: "two times such as 1ms..20ms"))
        }
        guard let low = DurationText.parse(range[..<dots.lowerBound]),
          let high = DurationText.parse(range[dots.upperBound...]), low <= high
        else { throw words.failure(.badValue(String(range), wanted: "two times such as 1ms..20ms")) }
        quality.minimumDelay = low
        quality.maximumDelay = high
      default: throw words.failure(.unknownSetting(String(word)))
      }
    }
    return quality
  }

  private func percentage(_ words: inout ScenarioWords) throws(ScenarioError) -> UInt16 {
    let word = try words.word("a percentage")
    guard word.hasSuffix("%"), let percent = UInt16(word.dropLast()), percent <= 100 else {
      throw words.failure(.badValue(String(word), wanted: "0% to 100%"))
    }
    return percent * 10
  }

  /// `link a up|down [INTERFACE]`.
  private mutating func link(_ words: inout ScenarioWords) throws(ScenarioError) {
    let node = try node(&words)
    let isUp = try words.isOn("up or down")
    let name = words.next().map(String.init) ?? simulation.nodes[node].interfaces.first?.name ?? ""
    guard let interface = simulation.nodes[node].interface(named: name) else {
      throw words.failure(.unknownName(name))
    }
    simulation.setLink(of: interface, at: node, isUp: isUp)
  }

  /// `check a NAME up|down`: what a tracked script, process, file or session of that name finds from now on.
  private mutating func check(_ words: inout ScenarioWords) throws(ScenarioError) {
    let node = try node(&words)
    let name = String(try words.word("what is tracked"))
    let isUp = try words.isOn("up or down")
    let keys = simulation.nodes[node].trackedKeys.filter { $0.name == name }
    guard let key = keys.first else { throw words.failure(.unknownName(name)) }
    simulation.setFailure(key, at: node, hasFailed: !isUp)
  }

  /// `address a ADDRESS`: the interface has another address.
  private mutating func renumber(_ words: inout ScenarioWords) throws(ScenarioError) {
    let node = try node(&words)
    simulation.setAddresses([try words.address("an address")], of: 0, at: node)
  }

  /// `reload a setting…` changes the first virtual router, `reload a vrid N setting…` the one with that VRID.
  private mutating func reload(_ words: inout ScenarioWords) throws(ScenarioError) {
    let node = try node(&words)
    var definitions = simulation.nodes[node].definitions
    var rest = words
    var place = 0
    if rest.next() == "vrid" {
      let id: UInt8 = try rest.number("a VRID", in: 1...255)
      guard let known = definitions.firstIndex(where: { $0.virtualRouterID == id }) else {
        throw words.failure(.unknownName("V\(id)"))
      }
      place = known
      words = rest
    }
    try definitions[place].apply(settings: &words)
    addTracked(by: definitions[place], to: node)
    simulation.reload(node, with: definitions)
  }

  /// `plant a DEFECT`.
  private mutating func plant(_ words: inout ScenarioWords) throws(ScenarioError) {
    let node = try node(&words)
    let word = String(try words.word("a defect"))
    guard let defect = PlantedDefect(rawValue: word) else { throw words.failure(.badValue(word, wanted: "a defect")) }
    simulation.plant(defect, in: node)
  }
}

// MARK: - Strangers

extension Scenario {
  /// `forge from ADDRESS [setting…]`: somebody on the wire sends an advert that no router here sends.
  private mutating func forge(_ words: inout ScenarioWords) throws(ScenarioError) {
    var forgery = Forgery()
    while let word = words.next() {
      switch word {
      case "from": forgery.source = try words.address("a source")
      case "vrid": forgery.virtualRouterID = try words.number("a VRID", in: 1...255)
      case "priority": forgery.priority = try words.number("a priority", in: 0...255)
      case "interval": forgery.interval = try VirtualRouterDefinition.interval(&words)
      case "version": forgery.version = try words.number("a version", in: 2...3) == 2 ? .v2 : .v3
      case "vip": forgery.addresses.append(try words.address("an address"))
      case "password": forgery.password = SimplePassword(truncating: try words.word("a password").utf8)
      case "flaw":
        let word = String(try words.word("a flaw"))
        guard let flaw = Forgery.Flaw(rawValue: word) else { throw words.failure(.badValue(word, wanted: "a flaw")) }
        forgery.flaw = flaw
      default: throw words.failure(.unknownSetting(String(word)))
      }
    }
    simulation.forge(forgery, on: simulation.segment(named: Self.segment))
  }

  /// `announce ADDRESS`: a stranger claims an address by gratuitous ARP.
  private mutating func misannounce(_ words: inout ScenarioWords) throws(ScenarioError) {
    let address = try words.address("an address")
    simulation.misannounce(address, on: simulation.segment(named: Self.segment))
  }
}

extension TrackedKey {
  /// What the configuration calls it.
  public var name: String {
    switch self {
    case .interface(let name), .script(let name), .file(let name), .process(let name), .bfd(let name): name
    }
  }
}
