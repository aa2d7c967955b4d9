public import NetPrimitives
public import VRRPCore

/// An advert sent by somebody who is no router of the simulation.
public struct Forgery: Hashable, Sendable {
  public var version = ProtocolVersion.v3
  /// VRID, 1…255.
  public var virtualRouterID: UInt8 = 51
  public var priority: UInt8 = 200
  public var interval = AdvertisementInterval.second
  public var source = IPAddress.v4(IPv4Address(10, 0, 0, 99))
  public var addresses: [IPAddress] = []
  public var password: SimplePassword?
  /// What makes it a packet that every router must discard; `nil` for a perfect forgery.
  public var flaw: Flaw?

  /// Reasons to discard an advert (RFC 9568 §7.1).
  public enum Flaw: String, Hashable, Sendable, CaseIterable, BitwiseCopyable {
    case checksum
    /// A hop limit of 254: it was forwarded.
    case hopLimit = "hop-limit"
    /// Fewer bytes than the header says.
    case truncated
    /// Another type than ADVERTISEMENT.
    case type
    /// A version that does not exist.
    case version
    /// Sent to a group that is not VRRP's.
    case destination
  }

  /// A forgery without flaws.
  public init() {}

  /// The bytes and the header that carries them.
  func datagram() -> Datagram {
    let family = source.family
    let destination: IPAddress = family == .ipv4 ? .v4(.vrrpGroup) : .v6(.vrrpGroup)
    let message = AdvertisementMessage(
      version: version, family: family, virtualRouterID: virtualRouterID, priority: priority,
      addressCount: UInt8(addresses.count), interval: interval,
      authentication: version == .v2 ? password.map { .simplePassword($0) } ?? .none : .none,
      checksumKind: ChecksumKind.fixed(version, over: family) ?? .pseudoHeader)
    var bytes = AdvertisementTemplate(message, addresses: addresses.span, from: source, to: destination).bytes
    var arrival = AdvertisementArrival(source: source, destination: destination, hopLimit: 255)
    switch flaw {
    case .checksum: bytes[7] ^= 0x55
    case .hopLimit: arrival.hopLimit = 254
    case .truncated: bytes.removeLast()
    case .type: bytes[0] ^= 0x02
    case .version: bytes[0] = 0x41
    case .destination: arrival.destination = family == .ipv4 ? .v4(IPv4Address(224, 0, 0, 1)) : .v6(.allNodes)
    case nil: break
    }
    return Datagram(bytes: bytes, arrival: arrival, isBogus: flaw != nil, isForged: true)
  }
}

extension Simulation {
  /// Sends `forgery` to everybody on `segment`. A perfect one is a disturbance: no router can tell.
  public mutating func forge(_ forgery: Forgery, on segment: Int) {
    if forgery.flaw == nil { disturbedAt[segment] = now }
    transmit(forgery.datagram(), from: strangerPort(on: segment), on: segment)
  }

  /// A stranger tells everybody on `segment` that `address` is at its hardware address.
  public mutating func misannounce(_ address: IPAddress, on segment: Int) {
    disturbedAt[segment] = now
    let claim = AddressClaim(
      address, at: MACAddress(rawValue: 0x0200_0000_ff01),
      kind: address.family == .ipv4 ? .gratuitousARP : .neighborAdvertisement)
    for group in groups.indices where groups[group].addresses.contains(address) {
      groups[group].owesCacheCheck = true
      spread(claim, of: group, repeats: 1, from: strangerPort(on: segment), on: segment)
    }
  }

  /// Where strangers are plugged in.
  private mutating func strangerPort(on segment: Int) -> Int {
    let name = "stranger"
    if let known = hosts.first(where: { $0.name == name && $0.segment == segment }) { return known.port }
    return hosts[addHost(name, on: segment)].port
  }
}
