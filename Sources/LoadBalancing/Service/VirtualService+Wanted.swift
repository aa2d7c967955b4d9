import NetPrimitives

extension VirtualService {
  /// What the kernel should hold for each of ``VirtualServerDefinition/kernelKeys``; `nil` for nothing at all.
  public var wanted: IPVSEntry? {
    guard isRunning, isActive else { return nil }
    var entry = IPVSEntry(
      IPVSService(
        scheduler: definition.scheduler, flags: definition.schedulerFlags,
        schedulesEachPacket: definition.schedulesEachPacket, persistence: definition.persistence))
    entry.destinations.reserveCapacity(servers.count + 1)
    for server in servers {
      guard let weight = kernelWeight(of: server) else { continue }
      entry.destinations[server.key] = IPVSDestination(
        forwarding: server.definition.forwarding, weight: weight,
        upperThreshold: server.definition.upperThreshold, lowerThreshold: server.definition.lowerThreshold)
    }
    if let sorry = definition.sorryServer {
      let key = RealServerKey(address: sorry.address, port: sorry.port)
      if isSorry {
        entry.destinations[key] = IPVSDestination(forwarding: sorry.forwarding, weight: 1)
      } else if sorry.inhibits, indexOfServer[key] == nil {
        entry.destinations[key] = IPVSDestination(forwarding: sorry.forwarding, weight: 0)
      }
    }
    return entry
  }

  /// The weight the kernel should give a server; `nil` when it should not have it.
  private func kernelWeight(of server: RealServer) -> Int32? {
    // Whoever drains a server wants its connections to end in peace, also while others fail.
    let staysAtZero = server.definition.inhibitsOnFailure || server.override == .drain
    guard server.isAlive, !isSorry else { return staysAtZero ? 0 : nil }
    return server.presentWeight
  }
}
