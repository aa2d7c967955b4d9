import ConfigParser
import VRRPSimulation

/// The priority sums term by term, who wins, and what each single failure does about it.
struct Explanation {
  private let world: ConfiguredWorld
  /// The settled world with everything up.
  private var settled: Simulation
  private(set) var lines: [String] = []
  private(set) var hasTraps = false

  /// Long enough for any start, delay and election.
  private var patience: UInt64

  init(_ world: ConfiguredWorld) {
    self.world = world
    settled = world.simulation
    patience = 10_000_000_000
    for node in settled.nodes {
      for definition in node.definitions {
        patience = max(
          patience, 3 * definition.preemptDelayNanoseconds + 12 * definition.interval.nanoseconds + 5_000_000_000)
      }
    }
    settled.run(for: patience)
  }

  mutating func run() {
    for group in settled.groups.indices { explain(group) }
  }

  private func members(of group: Int) -> [(node: Int, definition: VirtualRouterDefinition)] {
    settled.nodes.indices.compactMap { node in
      settled.definition(of: group, at: node).map { (node, $0) }
    }
  }

  private mutating func explain(_ group: Int) {
    let members = members(of: group)
    if !lines.isEmpty { lines.append("") }
    lines.append("\(settled.groups[group].name), VRID \(settled.groups[group].virtualRouterID)")
    for (node, definition) in members { lines.append("  " + sum(definition, at: node)) }
    let owners = settled.owners(of: group)
    switch owners.count {
    case 0: trap("nobody becomes active")
    case 1: lines.append("  \(settled.nodes[owners[0]].name) is active: \(reason(owners[0], members))")
    default: trap("\(names(owners)) are active at once: they do not understand each other")
    }
    checkAgreement(members, group)
    guard owners.count == 1, members.count > 1 else {
      if members.count == 1 { lines.append("  nobody else has this virtual router: nothing can take over") }
      return
    }
    for (node, definition) in members { tryFailures(of: node, definition, group, active: owners[0]) }
    tryReturn(of: group, best: owners[0])
  }

  /// `a: priority 150, +2 script chk while it is up = 152`.
  private func sum(_ definition: VirtualRouterDefinition, at node: Int) -> String {
    var text = "\(settled.nodes[node].name): \(definition.priority) priority"
    for item in definition.trackedItems where item.weight != 0 {
      let term = item.isReversed ? -item.weight : item.weight
      text += term > 0 ? ", +\(term)" : ", \(term)"
      text += " \(item.name) while \(item.weight > 0 ? "up" : "down")"
    }
    if let priority = settled.priority(of: node, in: settled.group(of: definition, at: node)) {
      text += "; now \(priority)"
    }
    for item in definition.trackedItems where item.weight == 0 {
      text += "; takes part only while \(item.name) is \(item.isReversed ? "down" : "up")"
    }
    if !definition.preempts { text += "; nopreempt" }
    if definition.initialRole == .active { text += "; state MASTER" }
    return text
  }

  private func reason(_ winner: Int, _ members: [(node: Int, definition: VirtualRouterDefinition)]) -> String {
    let group = members.first { $0.node == winner }.flatMap { settled.group(of: $0.definition, at: $0.node) }
    let mine = settled.priority(of: winner, in: group) ?? 0
    let others = members.filter { $0.node != winner }.compactMap { settled.priority(of: $0.node, in: group) }
    guard let best = others.max() else { return "it is alone" }
    if mine > best { return "\(mine) is more than \(best)" }
    if mine == best { return "both have \(mine), and its address is the higher one or it was first" }
    return "it was first, and nobody preempts it though \(best) is more than \(mine)"
  }

  private mutating func checkAgreement(
    _ members: [(node: Int, definition: VirtualRouterDefinition)], _ group: Int
  ) {
    guard let first = members.first else { return }
    for other in members.dropFirst() {
      let pair = "\(settled.nodes[first.node].name) and \(settled.nodes[other.node].name)"
      if first.definition.version != other.definition.version { trap("\(pair) speak different versions") }
      if first.definition.interval != other.definition.interval { trap("\(pair) have different advert_int") }
      if first.definition.authentication != other.definition.authentication {
        trap("\(pair) have different authentication")
      }
      if Set(first.definition.addresses.map(\.prefix.address)) != Set(other.definition.addresses.map(\.prefix.address))
      {
        trap("\(pair) list different virtual addresses")
      }
    }
    let masters = members.filter { $0.definition.initialRole == .active }.map(\.node)
    if masters.count > 1 { trap("state MASTER on \(names(masters)): it only hurries the start; priority decides") }
    let inert = masters.filter { world.inertNoPreempt.contains($0) }
    if !inert.isEmpty {
      trap(
        "nopreempt has no effect beside state MASTER on \(names(inert)): whoever has the higher priority takes over "
          + "when it returns")
    }
    let priorities = members.map(\.definition.priority)
    if Set(priorities).count < priorities.count {
      lines.append("  note: equal priorities; the higher address wins when both start at once, else whoever was first")
    }
  }

  /// What happens when one thing fails on one node.
  private mutating func tryFailures(of node: Int, _ definition: VirtualRouterDefinition, _ group: Int, active: Int) {
    let items = definition.trackedItems
    for item in items {
      var future = settled
      item.fail(&future, at: node)
      future.run(for: patience)
      let owners = future.owners(of: group)
      let name = settled.nodes[node].name
      if node == active, owners == [active] {
        let own = future.priority(of: active, in: group) ?? 0
        let rival = settled.nodes.indices.filter { $0 != active }.compactMap { future.priority(of: $0, in: group) }
          .max()
        var why = "\(own) is still more than \(rival ?? 0)"
        if let cost = cost(of: active, group, against: rival) { why += "; it would have to cost \(cost) at least" }
        if let rival, rival == own { why = "\(own) is as much as \(rival), and equals do not preempt" }
        if let rival, rival > own { why = "\(rival) is more than \(own), but nopreempt forbids to take over" }
        trap("when \(item.name) fails on \(name), it stays active: \(why)")
      } else if owners.count == 1, owners != [active] {
        lines.append("  when \(item.name) fails on \(name), \(names(owners)) takes over")
      } else if owners.isEmpty {
        trap("when \(item.name) fails on \(name), nobody is active")
      } else if owners == [active] {
        lines.append("  when \(item.name) fails on \(name), \(names(owners)) stays active")
      }
    }
  }

  /// What a failure must take from the priority of `active` before `rival` is more than what is left; `nil` when no
  /// weight does, or none is needed.
  private func cost(of active: Int, _ group: Int, against rival: UInt8?) -> Int? {
    guard let rival, let full = settled.priority(of: active, in: group), full != 255, full >= rival else { return nil }
    let cost = Int(full) - Int(rival) + 1
    return Int(full) - cost >= 1 ? cost : nil
  }

  /// Who is active after the winner was gone and came back.
  private mutating func tryReturn(of group: Int, best: Int) {
    var future = settled
    future.powerOff(best)
    future.run(for: patience)
    let successor = future.owners(of: group)
    future.start(best)
    future.run(for: patience)
    let after = future.owners(of: group)
    let name = settled.nodes[best].name
    guard !successor.isEmpty else { return trap("when \(name) loses its power, nobody takes over") }
    lines.append(
      "  when \(name) loses its power, \(names(successor)) takes over; when it returns, \(names(after)) is active")
  }

  private mutating func trap(_ text: String) {
    hasTraps = true
    lines.append("  TRAP: \(text)")
  }

  private func names(_ nodes: [Int]) -> String { nodes.map { settled.nodes[$0].name }.joined(separator: " and ") }
}

/// Something a router tracks, whatever its kind.
struct TrackedItem {
  var key: TrackedKey
  var weight: Int16
  var isReversed: Bool

  var name: String {
    switch key {
    case .interface(let name): "interface \(name)"
    case .script(let name): "script \(name)"
    case .file(let name): "file \(name)"
    case .process(let name): "process \(name)"
    case .bfd(let name): "BFD session \(name)"
    }
  }

  func fail(_ simulation: inout Simulation, at node: Int) {
    if case .interface(let name) = key {
      if let interface = simulation.nodes[node].interfaces.firstIndex(where: { $0.name == name }) {
        simulation.setLink(of: interface, at: node, isUp: false)
      }
    } else {
      simulation.setFailure(key, at: node, hasFailed: true)
    }
  }
}

extension VirtualRouterDefinition {
  /// Everything that is tracked, interfaces first.
  var trackedItems: [TrackedItem] {
    var items = trackedInterfaces.map {
      TrackedItem(key: .interface($0.name), weight: $0.weight, isReversed: $0.isReversed)
    }
    let kinds: [([TrackedObject], (String) -> TrackedKey)] = [
      (tracking.scripts, { .script($0) }), (tracking.files, { .file($0) }), (tracking.processes, { .process($0) }),
      (tracking.bfdSessions, { .bfd($0) }),
    ]
    for (objects, key) in kinds {
      items += objects.map { TrackedItem(key: key($0.name), weight: $0.weight, isReversed: $0.isReversed) }
    }
    return items
  }
}
