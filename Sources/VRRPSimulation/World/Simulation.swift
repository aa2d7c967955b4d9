public import NetPrimitives
public import VRRPCore
import VRRPRuntime

/// Routers, neighbours, wires, clocks and kernels that exist only here: the daemon's own engine runs in it, packet by
/// packet, and every seed gives the same run on every machine.
///
/// A value: copy it to have a second future of the same past.
public struct Simulation: Sendable {
  /// True time in nanoseconds since the beginning.
  public internal(set) var now: UInt64 = 0
  public internal(set) var nodes: [SimulatedNode] = []
  public internal(set) var hosts: [SimulatedHost] = []
  /// The virtual routers, in the order in which they were first started.
  public internal(set) var groups: [VirtualGroup] = []
  /// What happened, as far as ``detail`` asks for it.
  public internal(set) var timeline: [TimelineEntry] = []
  /// The properties that did not hold, each once for as long as it did not.
  public internal(set) var violations: [Violation] = []
  /// How much goes into ``timeline``.
  public var detail: Detail = .events
  /// Whether nodes listen for others who claim the addresses they own, and announce again when they hear one.
  public var watchesClaims = false
  /// How many occurrences were simulated.
  public internal(set) var stepCount: UInt64 = 0

  /// How much is written down.
  public enum Detail: Int, Comparable, Sendable {
    /// Only violations.
    case none
    /// Everything but adverts.
    case events
    /// Adverts too.
    case adverts

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  var generator: SplitMix64
  var queue = EventQueue()
  var segments: [Segment] = []
  /// For each segment, the true time of the last disturbance.
  var disturbedAt: [UInt64] = []
  /// What the slowest kernel takes for a change, in nanoseconds, and how far off the worst clock is, in millionths.
  var slowestKernel: UInt64 = 0
  var worstDrift: UInt64 = 0
  /// Scratch, so that no turn allocates.
  var actions: [NodeAction] = []

  /// An empty world whose chances `seed` decides.
  public init(seed: UInt64 = 1) { generator = SplitMix64(seed: seed) }

  /// Begins the chances anew.
  public mutating func reseed(_ seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// The segment called `name`, made when there is none.
  @discardableResult
  public mutating func segment(named name: String) -> Int {
    if let known = segments.firstIndex(where: { $0.name == name }) { return known }
    segments.append(Segment(name: name))
    disturbedAt.append(now)
    return segments.count - 1
  }

  /// Adds a node that is switched on but runs no process yet. Its interfaces are plugged into segments, or into `nil`
  /// when they are only tracked.
  ///
  /// - Precondition: There are fewer than 64 nodes.
  /// - Returns: Its index in ``nodes``.
  @discardableResult
  public mutating func addNode(
    _ name: String, interfaces: [(name: String, addresses: [IPAddress], segment: Int?)],
    definitions: [VirtualRouterDefinition] = []
  ) -> Int {
    precondition(nodes.count < 64, "a simulation has at most 64 nodes")
    let index = nodes.count
    var plugged: [SimulatedInterface] = []
    for (place, interface) in interfaces.enumerated() {
      var new = SimulatedInterface(
        name: interface.name,
        hardwareAddress: MACAddress(rawValue: 0x0200_0000_0000 | UInt64(index + 1) << 8 | UInt64(place)),
        addresses: interface.addresses)
      if let segment = interface.segment {
        let port = segments[segment].plug(.node(index, interface: place))
        new.place = SimulatedInterface.Place(segment: segment, port: port)
      }
      plugged.append(new)
    }
    // Clocks of different hosts have nothing to do with each other.
    let clock = SimulatedClock(reading: UInt64(index + 1) * 1_000_000_000_000, at: now)
    var node = SimulatedNode(name: name, interfaces: plugged, definitions: definitions, clock: clock)
    node.installed = [Bool](repeating: false, count: groups.count)
    node.traces = [RouterTrace](repeating: RouterTrace(), count: groups.count)
    nodes.append(node)
    return index
  }

  /// Adds a neighbour on `segment` that asks every virtual address each `questionInterval` nanoseconds; 0 for never.
  ///
  /// - Returns: Its index in ``hosts``.
  @discardableResult
  public mutating func addHost(_ name: String, on segment: Int, questionInterval: UInt64 = 0) -> Int {
    let index = hosts.count
    let port = segments[segment].plug(.host(index))
    hosts.append(SimulatedHost(name: name, segment: segment, port: port))
    hosts[index].questionInterval = questionInterval
    if questionInterval > 0 { queue.insert(.question(host: index), at: now + questionInterval) }
    return index
  }

  /// The node called `name`.
  public func node(named name: String) -> Int? { nodes.firstIndex { $0.name == name } }

  /// The host called `name`.
  public func host(named name: String) -> Int? { hosts.firstIndex { $0.name == name } }

  /// The role of `node` in the virtual router `group`; `nil` when it does not take part.
  public func role(of node: Int, in group: Int) -> VirtualRouter.Role? { nodes[node].role(of: group) }

  /// The nodes whose kernels answer for the addresses of `group`.
  public func owners(of group: Int) -> [Int] {
    nodes.indices.filter { groups[group].owners >> UInt64($0) & 1 == 1 }
  }

  mutating func note(_ event: TimelineEntry.Event) {
    guard detail >= .events else { return }
    timeline.append(TimelineEntry(time: now, event: event))
  }

  /// Lets `duration` nanoseconds pass.
  public mutating func run(for duration: UInt64) {
    let end = now + duration
    while let time = queue.nextTime, time <= end, let next = queue.removeFirst() {
      now = next.time
      stepCount += 1
      perform(next.occurrence)
    }
    now = end
    for group in groups.indices { checkGroup(group) }
  }

  private mutating func perform(_ occurrence: Occurrence) {
    switch occurrence {
    case .arrival(let node, let interface, let datagram): arrive(datagram, on: interface, of: node)
    case .claim(let host, let claim, let sentAt): hosts[host].hear(claim, sentAt: sentAt, at: now)
    case .lostClaim(let host, let address, let sentAt): hosts[host].miss(address, sentAt: sentAt)
    case .rivalClaim(let node, let interface, let claim): overhear(claim, on: interface, of: node)
    case .wake(let node): wake(node)
    case .kernelDone(let node): finishKernelWork(of: node)
    case .resume(let node, let generation): if nodes[node].pauseGeneration == generation { resume(node) }
    case .linkNotice(let node, let interface, let isUp, let changedAt):
      // What happened before the process began it has seen for itself.
      if changedAt >= nodes[node].launchedAt { noticeLink(interface, of: node, isUp: isUp) }
    case .question(let host): ask(host)
    }
  }
}

extension Simulation {
  /// The definition that makes `node` a member of `group`; `nil` when it is none.
  public func definition(of group: Int, at node: Int) -> VirtualRouterDefinition? {
    definitionIndex(of: group, at: node).map { nodes[node].definitions[$0] }
  }

  /// Its place among the definitions of `node`: what is read of one at every advert is read there, for a copy of it, or
  /// of the node, takes longer than all else.
  func definitionIndex(of group: Int, at node: Int) -> Int? {
    for index in nodes[node].definitions.indices
    where nodes[node].definitions[index].virtualRouterID == groups[group].virtualRouterID
      && nodes[node].definitions[index].family == groups[group].family
    {
      let name = nodes[node].definitions[index].interface
      var segment: Int?
      for place in nodes[node].interfaces.indices where nodes[node].interfaces[place].name == name {
        segment = nodes[node].interfaces[place].place?.segment
        break
      }
      // What is plugged in nowhere speaks on a segment of its own.
      if segment == nil || segment == groups[group].segment { return index }
    }
    return nil
  }

  /// The virtual router `definition` makes `node` a member of, once it was started.
  public func group(of definition: VirtualRouterDefinition, at node: Int) -> Int? {
    groups.indices.first { self.definition(of: $0, at: node) == definition }
  }

  /// The priority `node` contends with; `nil` when it takes no part.
  public func priority(of node: Int, in group: Int?) -> UInt8? {
    group.flatMap { nodes[node].priority(of: $0) }
  }
}
