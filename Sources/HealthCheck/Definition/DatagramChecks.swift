public import NetPrimitives

/// `DNS_CHECK`: one question over UDP (RFC 1035 §4).
public struct DNSCheck: Hashable, Sendable {
  /// Whom to ask.
  public var connection: ProbeConnection
  /// `type`.
  public var type: DNSRecordType
  /// `name`, labels separated by dots; `.` or empty is the root.
  public var name: String
  /// What the answer must say.
  public var expectation: Expectation

  /// What an answer must say beyond its response code being 0.
  public enum Expectation: Hashable, Sendable {
    /// Nothing: keepalived's check.
    case any
    /// At least this many answers of the type asked for.
    case answers(atLeast: UInt16)
    /// An answer with this address (A or AAAA).
    case address(IPAddress)
    /// An answer whose name is this one: CNAME, NS, the exchange of an MX, the first name of a SOA.
    case name(String)
    /// A TXT answer that contains these bytes.
    case text([UInt8])
  }

  /// A check with keepalived's defaults: the SOA of the root.
  public init(
    connection: ProbeConnection, type: DNSRecordType = .soa, name: String = ".", expectation: Expectation = .any
  ) {
    self.connection = connection
    self.type = type
    self.name = name
    self.expectation = expectation
  }
}

/// The record types `DNS_CHECK` asks for, by their numbers (RFC 1035 §3.2.2 and later ones).
public enum DNSRecordType: UInt16, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case a = 1
  case ns = 2
  case cname = 5
  case soa = 6
  case mx = 15
  case txt = 16
  case aaaa = 28
  case rrsig = 46
  case dnskey = 48

  /// The type's name, in upper case.
  public var keyword: String {
    switch self {
    case .a: "A"
    case .ns: "NS"
    case .cname: "CNAME"
    case .soa: "SOA"
    case .mx: "MX"
    case .txt: "TXT"
    case .aaaa: "AAAA"
    case .rrsig: "RRSIG"
    case .dnskey: "DNSKEY"
    }
  }

  /// The type called `keyword` in either case; `nil` when keepalived knows none of the name.
  public init?(keyword: String) {
    let wanted = keyword.uppercased()
    guard let type = Self.allCases.first(where: { $0.keyword == wanted }) else { return nil }
    self = type
  }
}

/// `UDP_CHECK`: a datagram, and if asked for its answer.
public struct UDPCheck: Hashable, Sendable {
  /// Where to send.
  public var connection: ProbeConnection
  /// `payload`.
  public var payload: [UInt8]
  /// `require_reply`; without it silence is a success and only an ICMP error a failure.
  public var reply: Reply?

  /// What must come back.
  public struct Reply: Hashable, Sendable {
    /// The bytes the reply must begin with, over the shorter of the two lengths; empty for any.
    public var pattern: [PatternByte]
    /// `min_reply_length` in bytes. keepalived applies the two limits only beside a pattern; we always do.
    public var minimumLength: UInt16
    /// `max_reply_length` in bytes; `nil` when not configured: 255 beside a pattern, else no limit.
    public var maximumLength: UInt16?

    /// A reply that begins like `pattern`.
    public init(pattern: [PatternByte] = [], minimumLength: UInt16 = 0, maximumLength: UInt16? = nil) {
      self.pattern = pattern
      self.minimumLength = minimumLength
      self.maximumLength = maximumLength
    }
  }

  /// One octet of `require_reply`; a nibble written `x` is masked out.
  public struct PatternByte: Hashable, Sendable, BitwiseCopyable {
    /// The bits wanted, 0 where they do not matter.
    public var value: UInt8
    /// The bits that matter.
    public var mask: UInt8

    /// An octet of which the bits in `mask` matter.
    public init(value: UInt8, mask: UInt8 = 0xff) {
      self.value = value & mask
      self.mask = mask
    }

    /// Whether `byte` fits.
    public func matches(_ byte: UInt8) -> Bool { byte & mask == value }
  }

  /// The 32 bytes sent when no payload is configured.
  public static let defaultPayload: [UInt8] = Array("keepalived check - liveness test".utf8)

  /// A check with keepalived's defaults: silence is good.
  public init(connection: ProbeConnection, payload: [UInt8] = Self.defaultPayload, reply: Reply? = nil) {
    self.connection = connection
    self.payload = payload
    self.reply = reply
  }
}

/// `PING_CHECK`: one ICMP or ICMPv6 echo.
public struct PingCheck: Hashable, Sendable {
  /// Whom to ping; the port is not used.
  public var connection: ProbeConnection

  /// A ping.
  public init(connection: ProbeConnection) { self.connection = connection }
}
