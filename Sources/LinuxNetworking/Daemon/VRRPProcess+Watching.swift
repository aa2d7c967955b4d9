import VRRPRuntime

extension VRRPProcess {
  /// Watches the sockets the world has now, and no others; those it retired are closed.
  mutating func watchSockets() throws(SystemCallError) {
    while watched.count < engine.world.sockets.count { watched.append(nil) }
    for index in watched.indices {
      let wanted = engine.world.sockets[index]?.socket.rawDescriptor
      watched[index] = try watch(wanted, insteadOf: watched[index], key: Key.firstSocket + UInt32(index))
    }
    while watchedClaims.count < engine.world.claimSockets.count { watchedClaims.append(nil) }
    for index in watchedClaims.indices {
      let wanted = engine.world.claimSockets[index]?.socket.rawDescriptor
      watchedClaims[index] = try watch(wanted, insteadOf: watchedClaims[index], key: Key.firstClaim + UInt32(index))
    }
    engine.world.retired.removeAll()
    engine.world.retiredClaims.removeAll()
    watchedGeneration = engine.world.socketGeneration
  }

  /// Watches the descriptor `wanted`, and `old` no longer when that is another one.
  private mutating func watch(
    _ wanted: Int32?, insteadOf old: Watched?, key: UInt32
  ) throws(SystemCallError) -> Watched? {
    guard old?.descriptor != wanted else { return old }
    if let old { reactor.remove(old.token) }
    guard let wanted else { return nil }
    return Watched(descriptor: wanted, token: try reactor.add(wanted, interest: .readable, key: key))
  }

  mutating func watchProcesses() throws(SystemCallError) {
    watchedProcesses = try watch(
      desk.processDescriptor, insteadOf: watchedProcesses, key: Key.processes)
    desk.closeRetired()
  }
}
