import VRRPCore

/// Runs scenarios: commands, one a line, that make routers, break things and let time pass.
///
/// The language is described in `docs/simulation.md`. Searches write their findings in it, so that every finding is a
/// file that can be read, kept and run again.
public struct Scenario: Sendable {
  /// The world so far.
  public internal(set) var simulation: Simulation
  /// Nodes that were described and start when time first passes.
  var unstarted: [Int] = []
  /// Where every router is plugged in unless it says otherwise.
  static let segment = "lan"

  /// An empty world.
  public init(seed: UInt64 = 1) { self.init(Simulation(seed: seed)) }

  /// How much goes into the timeline; commands may change it.
  public var detail: Simulation.Detail {
    get { simulation.detail }
    set { simulation.detail = newValue }
  }

  /// A world somebody made, whose nodes and hosts the commands may name.
  public init(_ simulation: Simulation) { self.simulation = simulation }

  /// Carries out one line. Empty lines and those that begin with `#` do nothing.
  ///
  /// - Throws: What is wrong with the line; nothing of it was done then.
  public mutating func perform(_ line: String) throws(ScenarioError) {
    var words = ScenarioWords(line)
    guard let command = words.next(), command.first != "#" else { return }
    switch command {
    case "seed": simulation.reseed(try words.number("a seed", in: 0...UInt64.max))
    case "adverts": simulation.detail = try words.isOn("on or off") ? .adverts : .events
    case "watch-claims": simulation.watchesClaims = try words.isOn("on or off")
    case "router": try describe(&words)
    case "sync": try synchronize(&words)
    case "client": try addClient(&words)
    case "run":
      let duration = try words.duration("a time")
      startAll()
      simulation.run(for: duration)
    case "show": show()
    default:
      startAll()
      if try performFault(command, &words) { simulation.note(.remark(line)) }
    }
  }

  private mutating func startAll() {
    for node in unstarted { simulation.start(node) }
    unstarted = []
  }

  /// `router NAME ADDRESS setting…`, or `router NAME setting…` for one more virtual router on the same node.
  private mutating func describe(_ words: inout ScenarioWords) throws(ScenarioError) {
    let name = String(try words.word("a name"))
    if let node = simulation.node(named: name) {
      let family = simulation.nodes[node].definitions.first?.family ?? .ipv4
      var definition = VirtualRouterDefinition(scenarioRouterOf: family)
      try definition.apply(settings: &words)
      addTracked(by: definition, to: node)
      let definitions = simulation.nodes[node].definitions + [definition]
      simulation.reload(node, with: definitions)
      return
    }
    let address = try words.address("an address")
    var definition = VirtualRouterDefinition(scenarioRouterOf: address.family)
    try definition.apply(settings: &words)
    let segment = simulation.segment(named: Self.segment)
    let node = simulation.addNode(
      name, interfaces: [(name: "eth0", addresses: [address], segment: segment)], definitions: [definition])
    addTracked(by: definition, to: node)
    unstarted.append(node)
  }

  mutating func addTracked(by definition: VirtualRouterDefinition, to node: Int) {
    for tracked in definition.trackedInterfaces { simulation.addInterface(tracked.name, to: node) }
  }

  /// `sync NAME V51 V52`: these virtual routers of a node that has not started are active together or not at all.
  private mutating func synchronize(_ words: inout ScenarioWords) throws(ScenarioError) {
    let node = try node(&words)
    simulation.addSyncGroup(SyncGroupDefinition(name: "group", members: words.rest().map(String.init)), to: node)
  }

  /// `client NAME [asks TIME]`.
  private mutating func addClient(_ words: inout ScenarioWords) throws(ScenarioError) {
    let name = String(try words.word("a name"))
    var interval: UInt64 = 0
    if let word = words.next() {
      guard word == "asks" else { throw words.failure(.unknownSetting(String(word))) }
      interval = try words.duration("a time")
    }
    simulation.addHost(name, on: simulation.segment(named: Self.segment), questionInterval: interval)
  }

  mutating func node(_ words: inout ScenarioWords) throws(ScenarioError) -> Int {
    let word = String(try words.word("a router"))
    guard let node = simulation.node(named: word) else { throw words.failure(.unknownName(word)) }
    return node
  }

  func check(name: Substring, in words: ScenarioWords) throws(ScenarioError) -> String {
    let name = String(name)
    guard simulation.node(named: name) != nil || simulation.host(named: name) != nil else {
      throw words.failure(.unknownName(name))
    }
    return name
  }

  /// Writes down who is what, and what the neighbours believe.
  private mutating func show() {
    for group in simulation.groups.indices {
      for node in simulation.nodes.indices { simulation.note(.statement(simulation.status(of: node, in: group))) }
      for host in simulation.hosts where host.segment == simulation.groups[group].segment {
        for line in simulation.beliefs(of: host, about: group) { simulation.note(.statement(line)) }
      }
    }
  }
}
