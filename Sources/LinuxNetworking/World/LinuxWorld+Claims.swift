import CLinuxShims
import Glibc
import NetPrimitives
import VRRPCore
import VRRPRuntime

/// Listening for others who claim the addresses our routers own: ARP and neighbour advertisements of another hardware
/// address, exactly for these addresses and only while they are ours, so that nothing else wakes the process.
extension LinuxWorld {
  /// One listening socket and what it hears.
  struct ClaimSocket {
    let key: ClaimKey
    let socket: PacketSocket
    var addresses: Set<IPAddress>
  }

  /// Sockets hear one kind of claim on one interface.
  struct ClaimKey: Hashable {
    var interface: InterfaceIndex
    var family: AddressFamily
  }

  /// Somebody else's claim to an address of one of our routers.
  struct RivalClaim {
    var router: RouterHandle
    var claim: AddressClaim
  }

  /// How often the sockets are told of other addresses at most: a thousand routers that take over one after the other
  /// must not cost a thousand looks at all of them. Whoever owns something advertises it, and so gets here again.
  private static let claimSpacingNanoseconds: UInt64 = 10_000_000

  /// Hears of exactly the addresses that are ours now. Called after everything that matters more.
  mutating func watchClaims(now: MonotonicInstant) {
    guard claimsChanged, now.nanoseconds(since: claimsWatchedAt) >= Self.claimSpacingNanoseconds else { return }
    claimsChanged = false
    claimsWatchedAt = now
    var wanted: [ClaimKey: Set<IPAddress>] = [:]
    addressOwners.removeAll(keepingCapacity: true)
    for router in plans.indices where plans[router]?.objects.isWanted == true {
      for address in plans[router]?.objects.addresses ?? [] {
        let ip = address.prefix.address
        addressOwners[ip] = router
        wanted[ClaimKey(interface: address.interface, family: ip.family), default: []].insert(ip)
      }
    }
    for index in claimSockets.indices {
      guard let open = claimSockets[index] else { continue }
      let addresses = wanted.removeValue(forKey: open.key) ?? []
      guard addresses != open.addresses else { continue }
      claimSockets[index]?.addresses = addresses
      do {
        guard !addresses.isEmpty, table.name(of: open.key.interface) != nil else {
          retire(index)
          continue
        }
        try open.socket.hear(Self.claims(of: addresses, open.key.family))
      } catch {
        fail("cannot listen for claims to our addresses: \(error)")
        retire(index)
      }
    }
    for key in wanted.keys.sorted(by: { $0.interface.rawValue < $1.interface.rawValue }) {
      open(key, wanted[key] ?? [])
    }
  }

  private mutating func open(_ key: ClaimKey, _ addresses: Set<IPAddress>) {
    do {
      let socket = try PacketSocket(hearing: Self.claims(of: addresses, key.family), on: key.interface)
      let open = ClaimSocket(key: key, socket: socket, addresses: addresses)
      if let free = claimSockets.firstIndex(where: { $0 == nil }) {
        claimSockets[free] = open
      } else {
        claimSockets.append(open)
      }
      socketGeneration += 1
    } catch {
      // An interface that is gone is told of elsewhere; without this socket we only notice a rival later.
      if error.errno != ENODEV { fail("cannot listen for claims to our addresses: \(error)") }
    }
  }

  private mutating func retire(_ index: Int) {
    guard let open = claimSockets[index] else { return }
    retiredClaims.append(open.socket)
    claimSockets[index] = nil
    socketGeneration += 1
  }

  private static func claims(of addresses: Set<IPAddress>, _ family: AddressFamily) -> PacketSocket.Claims {
    switch family {
    case .ipv4: .arp(addresses.compactMap { if case .v4(let address) = $0 { address } else { nil } })
    case .ipv6:
      .neighborAdvertisements(addresses.compactMap { if case .v6(let address) = $0 { address } else { nil } })
    }
  }

  /// Reads what was claimed; our own frames that came back are no claims.
  mutating func receiveClaims(from index: Int, into buffer: ReceiveBuffer) -> [RivalClaim] {
    guard claimSockets.indices.contains(index), let open = claimSockets[index] else { return [] }
    let own = table.hardwareAddress(of: open.key.interface)
    var claims: [RivalClaim] = []
    do {
      try open.socket.receive(into: buffer) { frame, _ in
        guard let claim = AddressClaim(decodingFrame: frame), claim.hardwareAddress != own,
          let router = addressOwners[claim.address]
        else { return }
        claims.append(RivalClaim(router: RouterHandle(rawValue: router), claim: claim))
      }
    } catch {
      fail("cannot hear claims to our addresses: \(error)")
    }
    return claims
  }
}
