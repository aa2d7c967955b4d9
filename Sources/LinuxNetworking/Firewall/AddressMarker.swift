import Glibc
public import LoadBalancing
import NetPrimitives

/// Our tables in nf_tables which mark packets for IPVS (`nftables_ipvs`), in the network namespace of the thread that
/// opened it. A table that has their name is ours.
public final class AddressMarker {
  private let socket: NetlinkSocket
  private let marking: GroupMarking
  private let counts: Bool
  /// Whether it has ever succeeded; a kernel may have no maps of ranges.
  public private(set) var hasMarked = false

  /// Opens the socket. With `counts` the rules count what they mark. Needs CAP_NET_ADMIN.
  public init(_ marking: GroupMarking, counts: Bool = false) throws(SystemCallError) {
    // NETLINK_NETFILTER.
    socket = try NetlinkSocket(family: 12, groups: 0, receiveLimitBytes: 1 << 20)
    self.marking = marking
    self.counts = counts
  }

  /// What is marked at present; a predecessor's, too.
  public func marks() throws(SystemCallError) -> [AddressMark] {
    var marks: [AddressMark] = []
    for family in AddressFamily.allCases {
      for transport in TransportProtocol.allCases {
        var request = NetlinkWriter(capacity: 64)
        request.message(
          type: FirewallMessageType.getElements, flags: NetlinkFlag.request | NetlinkFlag.dump,
          sequence: request.nextSequence
        ) { writer in
          writer.appendFirewallHeader(family: family.netlinkNumber, resource: 0)
          writer.attribute(FirewallAttribute.elementsTable, marking.table)
          writer.attribute(FirewallAttribute.elementsSet, transport.mapName)
        }
        let refusal = try socket.exchange(request) { type, payload in
          guard type == FirewallMessageType.newElement else { return }
          AddressMarkDecoder.forEachMark(in: payload, transport, family) { marks.append($0) }
        }
        guard refusal == 0 || refusal == ENOENT else {
          throw SystemCallError(call: "nf_tables", errno: refusal, needs: .netAdmin)
        }
      }
    }
    return marks
  }

  /// Marks these and nothing else, from one packet to the next. They must be disjoint.
  public func replace(with marks: [AddressMark]) throws(SystemCallError) {
    var batch = AddressMarkBatch(marking, counts: counts)
    batch.replace(with: marks)
    try socket.commit(batch.transaction)
    if !marks.isEmpty { hasMarked = true }
  }

  /// Removes our tables.
  public func dismantle() throws(SystemCallError) { try replace(with: []) }
}
