import NetPrimitives
import VRRPCore
import VRRPRuntime

/// Where planted defects bite.
extension Simulation {
  /// What a defective node makes of what it hears.
  func falsify(
    _ received: inout SimulatedNode.Received, at node: Int, group: Int, machine: VirtualRouter
  ) {
    switch nodes[node].defect {
    case .obeysDiscarded:
      if received.datagram.isBogus, let good = nodes[node].lastGood {
        received.datagram.bytes = good.bytes
        received.datagram.arrival = good.arrival
      }
    case .wrongTieBreak:
      let bytes = received.datagram.bytes
      if machine.role == .active, bytes.count > 2, bytes[2] == machine.priority { received.datagram.bytes = [] }
    case .losesFarewell, .forgetsContest, .keepsWeight, .keepsAddresses, .skipsAdverts, .hastyTimers, .timersFirst,
      .ignoresNoPreempt, .advertisesBase, nil:
      break
    }
  }

  /// Whether a defective node does not send `advertisement`, which it may change instead.
  mutating func suppresses(
    _ advertisement: inout AdvertisementTemplate, of definition: VirtualRouterDefinition, at node: Int
  ) -> Bool {
    switch nodes[node].defect {
    case .losesFarewell: return advertisement.priority == 0
    case .skipsAdverts:
      nodes[node].advertCount += 1
      return nodes[node].advertCount % 3 == 0
    case .advertisesBase:
      if advertisement.priority != 0 { advertisement.priority = definition.priority }
      return false
    case .obeysDiscarded, .wrongTieBreak, .forgetsContest, .keepsWeight, .keepsAddresses, .hastyTimers, .timersFirst,
      .ignoresNoPreempt, nil:
      return false
    }
  }

  /// A process that tells its engine of every timer before it reads, as if it had never been away.
  mutating func advanceInSteps(_ node: Int) {
    let local = nodes[node].clock.local(at: now)
    var budget = 64
    while budget > 0, let deadline = nodes[node].engine?.nextDeadline, deadline <= local {
      nodes[node].engine?.advance(to: deadline)
      budget -= 1
    }
  }
}
