import NetPrimitives
import VRRPCore

/// The space between announcements (`vrrp_garp_interval`, `vrrp_gna_interval`, `garp_group`): some switches and hosts
/// lose gratuitous ARPs that come in a burst. Without configured spaces it does nothing.
struct AnnouncementPacing {
  /// One announcement that waits for its turn.
  struct Entry: Hashable {
    var router: Int
    var frame: Int
  }

  /// Interfaces that share one space, and one kind of announcement.
  private struct Lane {
    var interval: UInt64
    var nextAt = MonotonicInstant(nanoseconds: 0)
    var waiting: [Entry] = []
    /// Entries of ``waiting`` that were sent.
    var sent = 0
  }
  private struct Key: Hashable {
    /// The name of an interface, or of a group of them.
    var name: String
    var family: AddressFamily
  }

  /// Far more than the addresses of any host; what comes beyond was announced too often already.
  private static let limit = 65_536

  private var intervals: [AddressFamily: UInt64] = [:]
  private var groups: [AnnouncementGroupDefinition] = []
  private var lanes: [Key: Lane] = [:]

  /// Whether any space is configured.
  private(set) var isNeeded = false
  /// When the next announcement is due; `nil` while none waits.
  private(set) var nextDeadline: MonotonicInstant?

  /// Follows a configuration. What waits goes on waiting.
  mutating func follow(_ global: GlobalDefinition) {
    intervals = [.ipv4: global.announcementSpacingNanoseconds, .ipv6: global.neighborSpacingNanoseconds]
    groups = global.announcementGroups
    isNeeded = intervals.values.contains { $0 > 0 } || !groups.isEmpty
    for key in Array(lanes.keys) {
      let interval = interval(of: key)
      lanes[key]?.interval = interval
    }
  }

  /// Takes an announcement on `interface`; false when there is no space to keep, and it may go at once.
  mutating func take(_ entry: Entry, on interface: String, _ family: AddressFamily) -> Bool {
    let group = groups.first { $0.interfaces.contains(interface) }
    let key = Key(name: group.map { $0.interfaces.joined(separator: " ") } ?? interface, family: family)
    let interval = interval(of: key)
    guard interval > 0 else { return false }
    var lane = lanes[key] ?? Lane(interval: interval)
    if lane.waiting.count - lane.sent < Self.limit { lane.waiting.append(entry) }
    lanes[key] = lane
    findDeadline()
    return true
  }

  private func interval(of key: Key) -> UInt64 {
    let group = groups.first { $0.interfaces.joined(separator: " ") == key.name }
    let own = key.family == .ipv4 ? group?.announcementSpacingNanoseconds : group?.neighborSpacingNanoseconds
    return own ?? intervals[key.family] ?? 0
  }

  /// Hands over what is due, in the order it was taken; each lane waits its interval after each.
  mutating func advance(to now: MonotonicInstant, _ send: (Entry) -> Bool) {
    guard let due = nextDeadline, due <= now else { return }
    for key in Array(lanes.keys) {
      guard var lane = lanes[key] else { continue }
      while lane.nextAt <= now, lane.sent < lane.waiting.count {
        // One that is not wanted any more costs no time.
        if send(lane.waiting[lane.sent]) { lane.nextAt = now.advanced(byNanoseconds: lane.interval) }
        lane.sent += 1
      }
      if lane.sent == lane.waiting.count {
        lane.waiting.removeAll(keepingCapacity: true)
        lane.sent = 0
      }
      lanes[key] = lane
    }
    findDeadline()
  }

  private mutating func findDeadline() {
    nextDeadline = lanes.values.filter { $0.sent < $0.waiting.count }.map(\.nextAt).min()
  }
}
