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
      case .receiveInterval: if let time = milliseconds(value) { session.receiveIntervalMilliseconds = time }
      case .sendInterval: if let time = milliseconds(value) { session.sendIntervalMilliseconds = time }
      case .idleInterval: if let time = milliseconds(value) { session.idleIntervalMilliseconds = time }
      case .multiplier: if let count = value.integer { session.multiplier = UInt8(clamping: count) }
      case .passive: session.isPassive = true
      case .hopLimit: session.hopLimit = value.integer.map { UInt8(clamping: $0) }
      case .maximumHops: if let hops = value.integer { session.maximumHops = hops < 0 ? nil : UInt8(clamping: hops) }
      case .multihop: if value.boolean ?? true, session.maximumHops == 0 { session.maximumHops = nil }
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
    names.bfdSessions[name] = TrackedNames.Named(
      statement: block, weight: session.weight, isReversed: session.isReversed)
    configuration.bfdSessions.append(session)
  }

  /// A time of the table in whole milliseconds.
  private func milliseconds(_ value: Value) -> UInt32? {
    value.nanoseconds.map { UInt32(clamping: ($0 + 500_000) / 1_000_000) }
  }
}
