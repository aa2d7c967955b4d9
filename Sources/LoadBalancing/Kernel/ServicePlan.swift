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
      for server in changes.added { append(IPVSCommand.addDestination, server, key, wanted, &commands) }
      for server in changes.raised { append(IPVSCommand.editDestination, server, key, wanted, &commands) }
      for server in changes.lowered { append(IPVSCommand.editDestination, server, key, wanted, &commands) }
      for server in changes.deleted { commands.append(.deleteDestination(key, server)) }
    }
  }

  private static func append(
    _ make: (IPVSServiceKey, RealServerKey, IPVSDestination) -> IPVSCommand, _ server: RealServerKey,
    _ key: IPVSServiceKey, _ wanted: IPVSEntry, _ commands: inout [IPVSCommand]
  ) {
    guard let destination = wanted.destinations[server] else { return }
    commands.append(make(key, server, destination))
  }
}

/// The destinations that differ, by what is to become of them.
private struct DestinationChanges {
  var added: [RealServerKey] = []
  /// Changed, and taking connections afterwards.
  var raised: [RealServerKey] = []
  /// Changed to weight 0.
  var lowered: [RealServerKey] = []
  var deleted: [RealServerKey] = []

  init(from actual: [RealServerKey: IPVSDestination], to wanted: [RealServerKey: IPVSDestination]) {
    for (server, destination) in wanted {
      guard let present = actual[server] else {
        added.append(server)
        continue
      }
      guard present != destination else { continue }
      if destination.weight > 0 { raised.append(server) } else { lowered.append(server) }
    }
    for server in actual.keys where wanted[server] == nil { deleted.append(server) }
    added.sort()
    raised.sort()
    lowered.sort()
    deleted.sort()
  }
}
