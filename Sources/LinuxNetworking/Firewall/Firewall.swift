import Glibc
import NetPrimitives

/// Our tables in nf_tables, which drop packets to virtual addresses whose router is not to accept any (RFC 9568
/// §6.4.3, Accept_Mode).
///
/// Opened only when something is to be dropped. The tables outlive this process on purpose: after a crash the
/// addresses are still there, and so is what protects them.
public final class Firewall {
  private let socket: NetlinkSocket
  private let settings: FirewallSettings
  /// What is in the sets; `nil` until the tables are made.
  private var elements: Set<FirewallElement>?

  /// Opens the socket. Needs CAP_NET_ADMIN.
  public init(_ settings: FirewallSettings) throws(SystemCallError) {
    // NETLINK_NETFILTER.
    socket = try NetlinkSocket(family: 12, groups: 0, receiveLimitBytes: 1 << 20)
    self.settings = settings
  }

  /// Drops packets to and from these, too. The first call makes the tables, in the place of those a predecessor left.
  public func add(_ added: some Sequence<FirewallElement>) throws(SystemCallError) {
    let wanted = (elements ?? []).union(added)
    try change(to: wanted)
  }

  /// Lets packets to and from these pass.
  public func remove(_ removed: some Sequence<FirewallElement>) throws(SystemCallError) {
    guard let elements else { return }
    try change(to: elements.subtracting(removed))
  }

  /// Removes our tables.
  public func dismantle() throws(SystemCallError) {
    elements = nil
    for family in [AddressFamily.ipv4, .ipv6] {
      var batch = FirewallBatch(settings)
      batch.removeTable(family)
      do { try socket.commit(batch.transaction) } catch  where error.errno == ENOENT {}
    }
  }

  private func change(to wanted: Set<FirewallElement>) throws(SystemCallError) {
    if let elements {
      guard elements != wanted else { return }
      var batch = FirewallBatch(settings)
      let added = Self.sorted(wanted.subtracting(elements))
      let removed = Self.sorted(elements.subtracting(wanted))
      if !removed.isEmpty { batch.remove(removed) }
      if !added.isEmpty { batch.add(added) }
      do {
        try socket.commit(batch.transaction)
        self.elements = wanted
        return
      } catch  where error.errno == ENOENT {
        // Somebody removed our tables or what was in them: all of it anew.
      }
    }
    var batch = FirewallBatch(settings)
    batch.replaceTable(.ipv4)
    batch.replaceTable(.ipv6)
    if !wanted.isEmpty { batch.add(Self.sorted(wanted)) }
    try socket.commit(batch.transaction)
    elements = wanted
  }

  /// The same change makes the same messages, whatever the order of a set.
  private static func sorted(_ elements: Set<FirewallElement>) -> [FirewallElement] {
    elements.sorted {
      ($0.address, $0.interface?.index.rawValue ?? 0) < ($1.address, $1.interface?.index.rawValue ?? 0)
    }
  }
}
