import NetPrimitives
import VRRPCore
import VRRPRuntime

/// What the wires do.
extension Simulation {
  /// One advert leaves `node`.
  mutating func send(
    _ advertisement: AdvertisementTemplate, behind headers: AuthenticationHeader.Bytes?, of group: Int,
    by node: Int, isMoving: Bool
  ) {
    guard group >= 0, let definition = definition(of: group, at: node),
      let interface = nodes[node].interface(named: definition.interface)
    else { return }
    var advertisement = advertisement
    guard !suppresses(&advertisement, of: definition, at: node) else { return }
    judge(advertisement, of: group, at: node, isMoving: isMoving)
    if detail >= .adverts {
      note(.advertised(node: node, group: group, priority: advertisement.priority))
    }
    let arrival = AdvertisementArrival(
      source: advertisement.source, destination: advertisement.destination, hopLimit: 255,
      hasAuthenticationHeader: headers != nil)
    let sealed = headers.map { headers in headers.indices.map { headers[$0] } + advertisement.bytes } ?? []
    let datagram = Datagram(bytes: advertisement.bytes, sealed: sealed, arrival: arrival, isBogus: false)
    guard nodes[node].interfaces[interface].isUp, let place = nodes[node].interfaces[interface].place else { return }
    if let virtual = definition.virtualHardwareAddress, definition.virtualMAC?.sendsFromBase == false {
      segments[place.segment].learn(virtual, at: place.port)
    }
    transmit(datagram, from: place.port, on: place.segment)
  }

  /// A datagram leaves a port, for the group or for one node.
  mutating func transmit(_ datagram: Datagram, from port: Int, on segment: Int) {
    let isForAll = datagram.arrival.destination.isMulticast
    for receiver in segments[segment].ports.indices where receiver != port {
      guard case .node(let node, let interface) = segments[segment].ports[receiver],
        isForAll || nodes[node].interfaces[interface].addresses.contains(datagram.arrival.destination)
      else { continue }
      guard segments[segment].carries(from: port, to: receiver) else {
        excuse(datagram, unheardBy: node, on: segment)
        continue
      }
      let copies = self.copies(on: segment)
      if copies == 0, nodes[node].isRunning {
        disturbedAt[segment] = now
        excuse(datagram, unheardBy: node, on: segment)
      }
      for _ in 0..<copies {
        queue.insert(.arrival(node: node, interface: interface, datagram), at: now + delay(on: segment))
      }
    }
  }

  /// An advert that an owner does not hear may be the only word of a rival whose announcements the neighbours heard:
  /// nobody can be blamed for not contradicting them.
  mutating func excuse(_ datagram: Datagram, unheardBy node: Int, on segment: Int) {
    // Strangers announce nothing, whatever they advertise.
    guard !datagram.isForged, datagram.bytes.count > 1 else { return }
    for group in groups.indices
    where groups[group].segment == segment && nodes[node].installed[group]
      && datagram.bytes[1] == groups[group].virtualRouterID
    {
      groups[group].unheardRivals |= 1 << UInt64(node)
    }
  }

  /// How many copies of a frame arrive.
  private mutating func copies(on segment: Int) -> Int {
    let quality = segments[segment].quality
    if generator.happens(permille: quality.lossPermille) { return 0 }
    return generator.happens(permille: quality.duplicationPermille) ? 2 : 1
  }

  private mutating func delay(on segment: Int) -> UInt64 {
    let quality = segments[segment].quality
    guard quality.maximumDelay > quality.minimumDelay else { return quality.minimumDelay }
    return generator.within(quality.minimumDelay...quality.maximumDelay)
  }

  /// Gratuitous ARPs or neighbour advertisements for every address of `group` leave `node`.
  mutating func announce(_ group: Int, repeats: UInt8, by node: Int) {
    guard group >= 0, nodes[node].kernelLives, let definition = definition(of: group, at: node) else { return }
    if nodes[node].defect == .forgetsContest, repeats != definition.announcement.repeats { return }
    note(.announced(node: node, group: group, repeats: repeats))
    for virtual in definition.addresses + definition.excludedAddresses {
      guard let interface = nodes[node].interface(named: virtual.interface ?? definition.interface),
        nodes[node].interfaces[interface].isUp, let place = nodes[node].interfaces[interface].place
      else { continue }
      let hardwareAddress = definition.virtualHardwareAddress ?? nodes[node].interfaces[interface].hardwareAddress
      segments[place.segment].learn(hardwareAddress, at: place.port)
      let claim = AddressClaim(
        virtual.prefix.address, at: hardwareAddress,
        kind: virtual.prefix.address.family == .ipv4 ? .gratuitousARP : .neighborAdvertisement)
      spread(claim, of: group, repeats: repeats, from: place.port, on: place.segment)
    }
  }

  mutating func spread(_ claim: AddressClaim, of group: Int, repeats: UInt8, from port: Int, on segment: Int) {
    // A broadcast reaches everybody at once: who answers a stranger is heard after the stranger.
    let delay = delay(on: segment)
    for receiver in segments[segment].ports.indices where receiver != port {
      let isHeard = segments[segment].carries(from: port, to: receiver)
      switch segments[segment].ports[receiver] {
      case .host(let host):
        var survivors = 0
        if isHeard { for _ in 0..<repeats { survivors += copies(on: segment) } }
        if survivors == 0 {
          // What is lost is missed in its turn: a stranger's word that is still on its way does not make up for it.
          queue.insert(.lostClaim(host: host, claim.address, sentAt: now), at: now + delay)
        } else {
          queue.insert(.claim(host: host, claim, sentAt: now), at: now + delay)
        }
      case .node(let node, let interface):
        guard watchesClaims, nodes[node].installed[group] else { continue }
        guard isHeard, copies(on: segment) > 0 else {
          groups[group].unheardRivals |= 1 << UInt64(node)
          continue
        }
        queue.insert(.rivalClaim(node: node, interface: interface, claim), at: now + delay)
      }
    }
  }

  /// A node hears that another hardware address has an address it owns itself.
  mutating func overhear(_ claim: AddressClaim, on interface: Int, of node: Int) {
    guard let place = nodes[node].interfaces[interface].place else { return }
    guard nodes[node].isAwake(at: now), nodes[node].interfaces[interface].isUp else {
      for group in groups.indices
      where groups[group].segment == place.segment && groups[group].addresses.contains(claim.address) {
        groups[group].unheardRivals |= 1 << UInt64(node)
      }
      return
    }
    for group in groups.indices
    where groups[group].segment == place.segment && groups[group].addresses.contains(claim.address)
      && nodes[node].installed[group]
    {
      guard let handle = nodes[node].handle(of: group) else { continue }
      let local = nodes[node].clock.local(at: now)
      nodes[node].engine?.claimed(claim.address, of: handle, by: claim.hardwareAddress, now: local)
    }
    settle(node)
  }
}

// MARK: - Questions

extension Simulation {
  /// A host asks every virtual address of its segment, and will ask again.
  mutating func ask(_ host: Int) {
    guard hosts[host].questionInterval > 0 else { return }
    queue.insert(.question(host: host), at: now + hosts[host].questionInterval)
    for group in groups.indices where groups[group].segment == hosts[host].segment {
      for address in groups[group].addresses { ask(address, of: group, by: host) }
    }
  }

  /// A host asks one address: by its cache, or by ARP when it knows nothing.
  @discardableResult
  mutating func ask(_ address: IPAddress, of group: Int, by host: Int) -> Int? {
    if let entry = hosts[host].entry(of: address), now - entry.confirmedAt > SimulatedHost.patience {
      hosts[host].forget(address)
    }
    if hosts[host].entry(of: address) == nil { resolve(address, of: group, by: host) }
    var answer: Int?
    if let entry = hosts[host].entry(of: address) {
      answer = owner(of: group, at: entry.hardwareAddress, reachableBy: host)
      if answer != nil { hosts[host].confirm(address, at: now) }
    }
    if hosts[host].note(answer: answer, from: address, at: now) {
      note(.service(host: host, address: address, answeredBy: answer))
    }
    return answer
  }

  /// ARP: whoever has the address answers; of several answers the last one stays.
  private mutating func resolve(_ address: IPAddress, of group: Int, by host: Int) {
    for node in owners(of: group) {
      guard let interface = reachableInterface(of: node, in: group, by: host) else { continue }
      let place = nodes[node].interfaces[interface].place
      let virtual = definition(of: group, at: node)?.virtualHardwareAddress
      // The answer passes the switch as well.
      if let virtual, let place { segments[place.segment].learn(virtual, at: place.port) }
      hosts[host].learn(address, at: virtual ?? nodes[node].interfaces[interface].hardwareAddress, now: now)
    }
    // Whoever asks while two kernels have the address may believe the wrong one until the next announcement.
    if groups[group].owners & (groups[group].owners &- 1) != 0 { hosts[host].missed(address) }
  }

  private func owner(of group: Int, at hardwareAddress: MACAddress, reachableBy host: Int) -> Int? {
    let port = segments[hosts[host].segment].port(of: hardwareAddress, seenFrom: hosts[host].port)
    return owners(of: group).first { node in
      guard let interface = reachableInterface(of: node, in: group, by: host) else { return false }
      if let port, nodes[node].interfaces[interface].place?.port != port { return false }
      return hardwareAddresses(of: node, for: group).contains(hardwareAddress)
    }
  }

  /// The interface of `node` on the segment of `group`, if it and the host reach each other.
  private func reachableInterface(of node: Int, in group: Int, by host: Int) -> Int? {
    nodes[node].interfaces.firstIndex { interface in
      guard interface.isUp, let place = interface.place, place.segment == groups[group].segment else { return false }
      return segments[place.segment].carriesBothWays(hosts[host].port, place.port)
    }
  }
}
