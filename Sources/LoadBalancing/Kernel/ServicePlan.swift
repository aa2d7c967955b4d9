/// What must be told the kernel so that it holds what is wanted: wanted less actual, as commands in order.
///
/// Carried out first to last, no service is ever without a destination that takes connections if it had one before and
/// is to have one after: destinations are added and raised before any is lowered or deleted. What is equal causes no
/// command. The order is the same for the same tables.
public enum ServicePlan {
  /// The commands that turn `actual` into `wanted`; linear in the size of both, but for sorting what differs.
  public static func commands(from actual: IPVSTable, to wanted: IPVSTable) -> [IPVSCommand] {
    var commands: [IPVSCommand] = []
    // New services first: a client that is moved from one to another finds it there.
    for key in wanted.services.keys.sorted() {
      append(to: &commands, [key], from: actual.services[key], to: wanted.services[key])
    }
    for key in actual.services.keys.filter({ wanted.services[$0] == nil }).sorted() {
      commands.append(.deleteService(key))
    }
    return commands
  }

  /// Appends the commands that turn one entry into another for each of `keys`, all of which hold `actual` now.
  public static func append(
    to commands: inout [IPVSCommand], _ keys: [IPVSServiceKey], from actual: IPVSEntry?, to wanted: IPVSEntry?
  ) {
    guard actual != wanted else { return }
    guard let wanted else {
      for key in keys { commands.append(.deleteService(key)) }
      return
    }
    let changes = DestinationChanges(from: actual?.destinations ?? [:], to: wanted.destinations)
    for key in keys {
      if let actual {
        if actual.service != wanted.service { commands.append(.editService(key, wanted.service)) }
      } else {
        commands.append(.addService(key, wanted.service))
      }
      for (server, destination) in changes.added { commands.append(.addDestination(key, server, destination)) }
      for (server, destination) in changes.raised { commands.append(.editDestination(key, server, destination)) }
      for (server, destination) in changes.lowered { commands.append(.editDestination(key, server, destination)) }
      for server in changes.deleted { commands.append(.deleteDestination(key, server)) }
    }
  }
}

/// The destinations that differ, by what is to become of them.
private struct DestinationChanges {
  typealias Change = (server: RealServerKey, destination: IPVSDestination)

  var added: [Change] = []
  /// Changed, and taking connections afterwards.
  var raised: [Change] = []
  /// Changed to weight 0.
  var lowered: [Change] = []
  var deleted: [RealServerKey] = []

  init(from actual: [RealServerKey: IPVSDestination], to wanted: [RealServerKey: IPVSDestination]) {
    added.reserveCapacity(actual.isEmpty ? wanted.count : 0)
    for (server, destination) in wanted {
      guard let present = actual[server] else {
        added.append((server, destination))
        continue
      }
      guard present != destination else { continue }
      if destination.weight > 0 { raised.append((server, destination)) } else { lowered.append((server, destination)) }
    }
    for server in actual.keys where wanted[server] == nil { deleted.append(server) }
    added.sort { $0.server < $1.server }
    raised.sort { $0.server < $1.server }
    lowered.sort { $0.server < $1.server }
    deleted.sort()
  }
}
