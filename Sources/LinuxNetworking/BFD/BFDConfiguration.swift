import BFDCore
public import LoadBalancing
import NetPrimitives
public import VRRPCore

/// What the BFD process runs: its part of a configuration.
public struct BFDConfiguration: Hashable, Sendable {
  /// The `bfd_instance` blocks.
  public var sessions: [TrackBFDDefinition] = []
  /// How the kernel is to treat the process.
  public var process = ProcessDefinition()
  /// `max_auto_priority`.
  public var automaticPriority = AutomaticPriorityDefinition()
  /// Where dumps go.
  public var dumps = DumpDefinition()

  /// Nothing to do.
  public init() {}
}

extension BFDSessionDefinition {
  /// The session a block describes.
  init(_ definition: TrackBFDDefinition) {
    self.init(
      name: definition.name,
      path: BFDPath(to: definition.neighbor, from: definition.source, isMultihop: definition.isMultihop))
    let lowest = definition.maximumHops.map { max(0, Int(definition.leastHopLimit) - Int($0)) } ?? 0
    minimumHopLimit = UInt8(lowest)
    configuration.desiredSendMicroseconds = definition.sendIntervalMicroseconds
    configuration.requiredReceiveMicroseconds = definition.receiveIntervalMicroseconds
    configuration.idleMicroseconds = definition.idleIntervalMicroseconds
    configuration.multiplier = max(1, definition.multiplier)
    configuration.isPassive = definition.isPassive
  }
}

extension TrackBFDDefinition {
  /// The TTL or hop limit packets are sent with. keepalived's 64 over IPv6 would be refused by everybody else
  /// (RFC 5881 §5).
  var sentHopLimit: UInt8 { hopLimit ?? 255 }

  /// What a packet of a direct neighbour arrives with: over IPv6 keepalived's neighbours send 64 unless told otherwise.
  fileprivate var leastHopLimit: UInt8 { hopLimit ?? (neighbor.family == .ipv4 ? 255 : 64) }
}
