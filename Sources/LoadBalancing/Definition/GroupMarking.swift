/// `nftables_ipvs` and its relatives: packets to the addresses of a virtual server group get a mark, and IPVS has one
/// service for it instead of one for each address.
public struct GroupMarking: Hashable, Sendable {
  /// `nftables_ipvs`: the name of the tables, one of family ip and one of family ip6.
  public var table = "keepalived_ipvs"
  /// `nftables_ipvs_priority`: of their chains on the input hook; smaller comes first. IPVS has 99.
  public var priority: Int32 = -1
  /// `nftables_ipvs_start_fwmark`: the first mark to be given, not 0.
  public var firstMark: UInt32 = 1000

  /// keepalived's defaults.
  public init() {}
}
