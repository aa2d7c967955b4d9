import NetPrimitives
import VRRPCore

/// Checks the configurations of several nodes against each other: what must be the same, who wins, and which failure
/// moves the addresses. Appends to each node's diagnostics. The answers come from the election machine itself.
public func compareNodes(_ nodes: inout [LoadedConfiguration], names: [String]) {
  var comparison = NodeComparison(nodes: nodes, names: names)
  comparison.run()
  for index in nodes.indices { nodes[index].diagnostics += comparison.found[index] }
}

/// One instance of one node.
private struct Member {
  var node: Int
  var router: VirtualRouterDefinition
  var range: SourceRange
}

/// What two instances must share to be one virtual router.
private struct RouterKey: Hashable {
  var id: UInt8
  var family: AddressFamily
}

private struct NodeComparison {
  let nodes: [LoadedConfiguration]
  let names: [String]
  var found: [[Diagnostic]]

  init(nodes: [LoadedConfiguration], names: [String]) {
    self.nodes = nodes
    self.names = names
    found = nodes.map { _ in [] }
  }

  mutating func run() {
    var order: [RouterKey] = []
    var members: [RouterKey: [Member]] = [:]
    for (index, node) in nodes.enumerated() {
      let ranges = node.instanceRanges
      for router in node.configuration.virtualRouters {
        let key = RouterKey(id: router.virtualRouterID, family: router.family)
        if members[key] == nil { order.append(key) }
        let range = ranges[router.name] ?? SourceRange(source: 0, 0, 0)
        members[key, default: []].append(Member(node: index, router: router, range: range))
      }
    }
    for key in order {
      guard let group = members[key] else { continue }
      compare(group, key)
    }
  }

  private mutating func report(
    _ code: DiagnosticCode, _ message: String, _ member: Member, notes: [Diagnostic.Note] = []
  ) {
    found[member.node].append(Diagnostic(code, message, at: member.range, notes: notes))
  }

  private func title(_ member: Member) -> String { "'\(member.router.name)' of \(names[member.node])" }

  // MARK: What must be the same

  private mutating func compare(_ group: [Member], _ key: RouterKey) {
    guard let first = group.first else { return }
    guard Set(group.map { $0.node }).count > 1 else {
      if nodes.count > 1 {
        report(
          .nodesDiffer, "no other node has virtual_router_id \(key.id) for \(key.family.name): nobody takes over", first
        )
      }
      return
    }
    for other in group.dropFirst() where other.node != first.node { compare(other, with: first) }
    let active = group.filter { $0.router.initialRole == .active && $0.router.priority != 255 }
    if active.count > 1, let last = active.last {
      report(
        .bothMaster,
        "\(active.map(title).joined(separator: " and ")) all start as MASTER; the highest priority wins anyway", last,
        notes: [Diagnostic.Note("'state BACKUP' on every node starts without a moment of two masters")])
    }
    elect(group)
  }

  private mutating func compare(_ other: Member, with first: Member) {
    func differ(_ what: String, _ here: String, _ there: String) {
      report(.nodesDiffer, "\(what) is \(here) here, but \(there) in \(title(first))", other)
    }
    let (a, b) = (other.router, first.router)
    if a.version != b.version { differ("the version", "\(a.version.rawValue)", "\(b.version.rawValue)") }
    if a.interval != b.interval {
      differ(
        "'advert_int'", decimalText(UInt64(a.interval.centiseconds), scale: 2),
        decimalText(UInt64(b.interval.centiseconds), scale: 2))
    }
    if a.authentication != b.authentication { differ("the authentication", "another", "set differently") }
    if a.keys?.keys != b.keys?.keys { differ("'auth_hmac'", "another", "set differently") }
    let here = Set(a.addresses.map { $0.prefix.address })
    let there = Set(b.addresses.map { $0.prefix.address })
    if here != there {
      let extra = here.symmetricDifference(there).sorted().map { $0.description }.joined(separator: ", ")
      report(.nodesDiffer, "only one of this and \(title(first)) has the addresses \(extra)", other)
    }
    if a.unicastPeers.isEmpty != b.unicastPeers.isEmpty {
      differ(
        "the way of adverts", a.unicastPeers.isEmpty ? "multicast" : "unicast",
        b.unicastPeers.isEmpty ? "multicast" : "unicast")
    }
    if !a.unicastPeers.isEmpty, let source = b.sourceAddress, !a.unicastPeers.contains(source) {
      report(.nodesDiffer, "\(source), the source of \(title(first)), is none of the peers", other)
    }
  }

  // MARK: Who wins

  private mutating func elect(_ group: [Member]) {
    let configurations = group.enumerated().map { index, member in
      VirtualRouter.Configuration(
        member.router, primaryAddress: member.router.sourceAddress ?? standIn(index, member.router.family))
    }
    let priorities = group.map { effectivePriority($0.router, failing: nil) ?? $0.router.priority }
    var trial = ElectionTrial(configurations, priorities: priorities)
    guard let winner = trial.settle() else {
      report(.nodesDiffer, "these settings never lead to one active router", group[group.count - 1])
      return
    }
    let others = group.indices.filter { $0 != winner }
    if let rival = others.first(where: { priorities[$0] == priorities[winner] }) {
      let known = group[rival].router.sourceAddress != nil && group[winner].router.sourceAddress != nil
      report(
        .nodesTie,
        "\(title(group[rival])) has the same priority \(priorities[winner]) as \(title(group[winner])): "
          + (known ? "the higher address wins" : "the higher address of the interfaces wins"), group[rival])
    }
    report(
      .nodesSummary,
      "\(title(group[winner])) wins with priority \(priorities[winner])"
        + others.map { ", before \(title(group[$0])) with \(priorities[$0])" }.joined(), group[winner])
    for tracker in trackers(group[winner].router) where tracker.weight != 0 {
      var failing = ElectionTrial(configurations, priorities: priorities)
      _ = failing.settle()
      let after = effectivePriority(group[winner].router, failing: tracker.name)
      failing.setPriority(after, of: winner)
      guard failing.settle() == winner else { continue }
      report(
        .weightNeverMoves,
        "when '\(tracker.name)' fails, the priority of \(title(group[winner])) becomes \(after ?? 0) and the addresses "
          + "stay: weight \(tracker.weight) is too small, or the others may not preempt", group[winner])
    }
  }

  /// An address for a router whose own is not written down; a tie is reported, not decided by it.
  private func standIn(_ index: Int, _ family: AddressFamily) -> IPAddress {
    switch family {
    case .ipv4: .v4(IPv4Address(192, 0, 2, UInt8(truncatingIfNeeded: 254 - index)))
    case .ipv6: .v6(IPv6Address(high: 0xfe80 << 48, low: UInt64(254 - min(index, 250))))
    }
  }

  private func trackers(_ router: VirtualRouterDefinition) -> [TrackedObject] {
    router.trackedInterfaces.map { TrackedObject(name: $0.name, weight: $0.weight, isReversed: $0.isReversed) }
      + router.tracking.scripts + router.tracking.processes + router.tracking.bfdSessions
  }

  /// The priority with all trackers good but one; `nil` at fault.
  private func effectivePriority(_ router: VirtualRouterDefinition, failing: String?) -> UInt8? {
    let all = trackers(router)
    var ledger = PriorityLedger(base: router.priority, count: all.count)
    for (index, tracker) in all.enumerated() {
      let isUp = (tracker.name != failing) != tracker.isReversed
      switch TrackedContribution(isUp: isUp, weight: tracker.weight, isReversed: tracker.isReversed) {
      case .requirement(let isMet): if !isMet { return nil }
      case .weight(let weight): ledger.set(weight, at: index)
      }
    }
    return ledger.effectivePriority
  }
}

extension LoadedConfiguration {
  /// Where each instance is defined, by name.
  var instanceRanges: [String: SourceRange] {
    var result: [String: SourceRange] = [:]
    for index in statements.children(of: nil) {
      let statement = statements.statements[index]
      guard let keyword = statement.keyword, Schema[keyword].block == .instance, statement.words.count > 1 else {
        continue
      }
      let name = sources.text(of: statements.words[statement.words.lowerBound + 1].range)
      if result[name] == nil { result[name] = statement.line }
    }
    return result
  }
}
