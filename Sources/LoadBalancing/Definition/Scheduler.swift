/// `lvs_sched`: how IPVS picks a server.
public enum Scheduler: String, Hashable, Sendable, CaseIterable {
  case rr, wrr, lc, wlc, lblc, lblcr, dh, sh, mh, sed, nq, fo, ovf, twos

  /// The kernel's name, which is the keyword.
  public var name: String { rawValue }
}

/// The flags of a scheduler, as `IP_VS_SVC_F_SCHED*` of `linux/ip_vs.h` numbers them.
public struct SchedulerFlags: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32

  /// The flags of these bits.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// `flag-1`.
  public static let flag1 = SchedulerFlags(rawValue: 0x08)
  /// `flag-2`.
  public static let flag2 = SchedulerFlags(rawValue: 0x10)
  /// `flag-3`.
  public static let flag3 = SchedulerFlags(rawValue: 0x20)
  /// `sh-fallback`: another server when the hashed one has weight 0.
  public static let sourceHashFallback = flag1
  /// `sh-port`: the port is hashed too.
  public static let sourceHashPort = flag2
  /// `mh-fallback`.
  public static let maglevFallback = flag1
  /// `mh-port`.
  public static let maglevPort = flag2
}

/// `persistence_timeout`, `persistence_granularity`, `persistence_engine`: a client comes back to its server.
public struct Persistence: Hashable, Sendable {
  /// Seconds a client is remembered, 1…2 678 400.
  public var timeoutSeconds: UInt32
  /// Bits of the client's address that count: 0…32 or 0…128; `nil` is all.
  public var granularity: UInt8?
  /// `persistence_engine`, at most 15 bytes: `sip`.
  public var engine: String?

  /// What a keyword without an argument means: 360 s.
  public static let defaultTimeoutSeconds: UInt32 = 360

  /// Persistence of single clients.
  public init(
    timeoutSeconds: UInt32 = Self.defaultTimeoutSeconds, granularity: UInt8? = nil, engine: String? = nil
  ) {
    self.timeoutSeconds = timeoutSeconds
    self.granularity = granularity
    self.engine = engine
  }
}

/// `lvs_method`: how packets reach a server.
public enum ForwardingMethod: Hashable, Sendable, BitwiseCopyable {
  /// `NAT`.
  case masquerade
  /// `DR`.
  case directRoute
  /// `TUN`.
  case tunnel(Tunnel)

  /// What packets are wrapped in.
  public struct Tunnel: Hashable, Sendable, BitwiseCopyable {
    /// `type`.
    public var kind: Kind
    /// `nocsum`, `csum`, `remcsum`.
    public var checksum: Checksum

    /// The encapsulation.
    public enum Kind: Hashable, Sendable, BitwiseCopyable {
      /// IP in IP.
      case ipip
      /// Generic UDP Encapsulation to this port, not 0.
      case gue(port: UInt16)
      /// Generic Routing Encapsulation.
      case gre
    }

    /// The checksum of the outer header, by the kernel's numbers.
    public enum Checksum: UInt16, Hashable, Sendable, BitwiseCopyable {
      /// `nocsum`.
      case none = 0
      /// `csum`.
      case full = 1
      /// `remcsum`: remote checksum offload.
      case remote = 2
    }

    /// A tunnel; IP in IP unless told otherwise.
    public init(kind: Kind = .ipip, checksum: Checksum = .none) {
      self.kind = kind
      self.checksum = checksum
    }
  }
}
