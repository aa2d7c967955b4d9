import VRRPCore
import VRRPRuntime

// `linkbeat_use_polling`: some interfaces are asked for their link.

extension VRRPProcess {
  /// Polls as `definition` says, from now on; what is asked is asked before anybody acts on what the kernel says.
  mutating func follow(_ definition: LinkPollingDefinition, now: MonotonicInstant) {
    if !definition.isEmpty, linkProbe == nil {
      do { linkProbe = try LinkProbe() } catch { engine.world.fail("links cannot be polled: \(error)") }
    }
    let released = linkPolls.apply(definition, now: now)
    follow(released.compactMap { engine.world.table.interface(named: $0) }.map { .updated($0) }, now: now)
    pollLinks(now: now)
  }

  /// Asks who is due, and passes on what is news.
  mutating func pollLinks(now: MonotonicInstant) {
    var changes: [InterfaceTable.Change] = []
    for interface in linkPolls.due(now: now, present: engine.world.table.names) {
      let isNews = linkPolls.answered(interface.name, isUp: linkProbe?.isUp(interface))
      if isNews, let state = engine.world.table.interface(named: interface.name) { changes.append(.updated(state)) }
    }
    follow(changes, now: now)
  }
}
