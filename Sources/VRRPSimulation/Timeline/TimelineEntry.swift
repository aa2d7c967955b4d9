public import NetPrimitives
public import VRRPCore
public import VRRPRuntime

/// Something worth telling about a simulation, as a value: text, JSON and pictures are made of it afterwards.
public struct TimelineEntry: Hashable, Sendable {
  /// True time in nanoseconds since the simulation began.
  public var time: UInt64
  public var event: Event

  /// What happened. Nodes, hosts and groups are indices into the simulation's arrays.
  public enum Event: Hashable, Sendable {
    case transition(node: Int, group: Int, VirtualRouter.Transition, priority: UInt8)
    case advertised(node: Int, group: Int, priority: UInt8)
    /// The kernel put the addresses on, or took them off.
    case ownership(node: Int, group: Int, isOwner: Bool)
    case announced(node: Int, group: Int, repeats: UInt8)
    case contest(node: Int, group: Int, source: IPAddress, priority: UInt8)
    case rejected(node: Int, group: Int, AdvertisementRejection, source: IPAddress)
    case addressListMismatch(node: Int, group: Int, source: IPAddress)
    case priority(node: Int, group: Int, from: UInt8, to: UInt8)
    case eligibility(node: Int, group: Int, Ineligibility)
    case link(node: Int, interface: String, isUp: Bool)
    /// Somebody else, or nobody, answers the host's questions now.
    case service(host: Int, address: IPAddress, answeredBy: Int?)
    /// A fault or its end, in the words of a scenario.
    case remark(String)
    /// An answer to the scenario's `show`.
    case statement(String)
    case violation(Violation)
  }
}
