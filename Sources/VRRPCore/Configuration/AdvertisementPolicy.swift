public import NetPrimitives

/// How an instance deals with adverts beyond the rules of the RFC.
public struct AdvertisementPolicy: Hashable, Sendable {
  /// `lower_prio_no_advert`: a lower-priority advert is not answered at once.
  public var ignoresLowerPriority = false
  /// `higher_prio_send_advert`: one more advert before giving way, so that whoever wins announces again. `nil`, where
  /// nothing was said, is on, too (docs/decisions/0008).
  public var sendsBeforeYielding: Bool?
  /// `make_before_break`: a router that gives way serves on until its successor speaks (docs/decisions/0006).
  public var handsOver = true
  /// `owner_ignore_adverts`.
  public var ignoresAsOwner = false
  /// `skip_check_adv_addr`: the list of addresses is compared once per sender only.
  public var skipsAddressCheck = false
  /// `check_unicast_src`: only configured peers are heard.
  public var checksUnicastSource = false
  /// `unicast_fault_no_peer`.
  public var faultsWithoutPeer = false
  /// Unicast is configured, but no peer.
  public var lacksPeers = false
  /// `unicast_ttl`; `nil` for 255, or the kernel's over IPv6.
  public var unicastHopLimit: UInt8?
  /// `min_ttl` and `max_ttl` of peers that have them.
  public var peerHopLimits: [IPAddress: HopLimits] = [:]
  /// `mcast_dst_ip` or `vrrp_mcast_group4/6`; `nil` for the group of the RFC.
  public var destination: IPAddress?
  /// `old_unicast_checksum`: the checksum of keepalived 1.3.6 and before.
  public var usesOldUnicastChecksum: Bool?
  /// `kernel_rx_buf_size` in bytes.
  public var receiveBufferBytes: UInt32?
  /// `vrrp_rx_bufs_policy`, for instances without `kernel_rx_buf_size`; `nil` for our default.
  public var receiveBufferPolicy: ReceiveBufferPolicy?
  /// `timer_expired_backup`: the highest priority of the others, after a late timer; `nil` when off.
  public var stepsDownWhenLate: UInt8?

  /// How much room a socket has for adverts that wait, for each instance that uses it.
  public enum ReceiveBufferPolicy: Hashable, Sendable, BitwiseCopyable {
    case bytes(UInt32)
    /// So many times the interface's MTU.
    case mtu(UInt32)
    /// So many times the instance's own advert.
    case advert(UInt32)
  }

  /// The RFC's rules alone.
  public init() {}
}
