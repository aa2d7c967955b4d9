import NetPrimitives
import VRRPCore

extension Lowering {
  /// Reads a `bfd_instance` block.
  mutating func lowerBFD(_ block: Int) {
    guard let name = blockName(block), isNewName(name, "bfd_instance", names.bfdSessions[name], block) else { return }
    var session = TrackBFDDefinition(name: name, neighbor: .any(.ipv4))
    var informs: (routers: Bool, checks: Bool) = (false, false)
    for index in tree.children(of: block) {
      guard case (.bfd(let setting), let value)? = value(of: index) else { continue }
      switch setting {
      case .source: session.source = value.address
      case .neighbor: if let address = value.address { session.neighbor = address }
      case .receiveInterval: if let time = microseconds(value) { session.receiveIntervalMicroseconds = time }
      case .sendInterval: if let time = microseconds(value) { session.sendIntervalMicroseconds = time }
      case .idleInterval: if let time = microseconds(value) { session.idleIntervalMicroseconds = time }
      case .multiplier: if let count = value.integer { session.multiplier = UInt8(clamping: count) }
      case .passive: session.isPassive = true
      case .hopLimit: session.hopLimit = value.integer.map { UInt8(clamping: $0) }
      case .maximumHops: if let hops = value.integer { session.maximumHops = hops < 0 ? nil : UInt8(clamping: hops) }
      case .multihop:
        session.isMultihop = value.boolean ?? true
        // Any number of routers, unless it is said how many.
        if session.isMultihop, session.maximumHops == 0 { session.maximumHops = nil }
      case .weight:
        if let weight = value.weight {
          (session.weight, session.isReversed) = (Int16(clamping: weight.value), weight.isReversed)
        }
      case .informRouters: informs.routers = true
      case .informChecks: informs.checks = true
      }
    }
    // Naming one leaves the other out; naming none means both.
    if informs.routers || informs.checks {
      (session.informsRouters, session.informsChecks) = (informs.routers, informs.checks)
    }
    guard !session.neighbor.isUnspecified else {
      report(
        .missingSetting, "bfd_instance '\(name)' has no 'neighbor_ip'; it is ignored", at: tree.statements[block].line)
      return
    }
    guard isUsable(&session, block) else { return }
    names.bfdSessions[name] = TrackedNames.Named(
      statement: block, weight: session.weight, isReversed: session.isReversed)
    configuration.bfdSessions.append(session)
  }

  /// keepalived's rules for the ends of a session; false, with a report, for one that is ignored.
  private mutating func isUsable(_ session: inout TrackBFDDefinition, _ block: Int) -> Bool {
    let (name, neighbor, line) = (session.name, session.neighbor, tree.statements[block].line)
    if let other = configuration.bfdSessions.first(where: { $0.neighbor == neighbor }) {
      report(
        .duplicateName, "bfd_instance '\(name)' has the neighbour of '\(other.name)'; it is ignored", at: line)
      return false
    }
    if let source = session.source, source.family != neighbor.family {
      report(
        .mixedFamilies, "source_ip and neighbor_ip of bfd_instance '\(name)' are of different families; it is ignored",
        at: line)
      return false
    }
    if let hopLimit = session.hopLimit, let hops = session.maximumHops, hops > hopLimit {
      report(.adjustedSetting, "'max_hops' is above 'ttl'; \(hopLimit) is taken", at: line)
      session.maximumHops = hopLimit
    }
    return true
  }

  /// Sessions virtual routers hear of, or health checks; what one of them may not hear it does not find.
  func heardSessions(_ informs: (TrackBFDDefinition) -> Bool) -> [String: TrackedNames.Named] {
    let heard = Set(configuration.bfdSessions.filter { informs($0) }.map { $0.name })
    return names.bfdSessions.filter { heard.contains($0.key) }
  }

  /// A time of the table in microseconds.
  private func microseconds(_ value: Value) -> UInt32? {
    value.nanoseconds.map { UInt32(clamping: $0 / 1000) }
  }
}
