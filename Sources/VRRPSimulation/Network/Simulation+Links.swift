public import NetPrimitives
import VRRPCore
import VRRPRuntime

/// What happens to links and wires. Everything here counts as a disturbance.
extension Simulation {
  /// The link of an interface goes down or comes up. The node hears of it a little later.
  public mutating func setLink(of interface: Int, at node: Int, isUp: Bool) {
    guard nodes[node].interfaces[interface].isUp != isUp else { return }
    disturb(node)
    nodes[node].interfaces[interface].isUp = isUp
    note(.link(node: node, interface: nodes[node].interfaces[interface].name, isUp: isUp))
    reckonOwners(at: node)
    scheduleNotice(of: interface, at: node)
  }

  /// The addresses an interface has by itself change.
  public mutating func setAddresses(_ addresses: [IPAddress], of interface: Int, at node: Int) {
    disturb(node)
    nodes[node].interfaces[interface].addresses = addresses
    scheduleNotice(of: interface, at: node)
  }

  private mutating func scheduleNotice(of interface: Int, at node: Int) {
    // However quick the kernel has become, it tells in the order in which things happened.
    let time = max(now + nodes[node].noticeDelay, nodes[node].interfaces[interface].noticeDueAt)
    nodes[node].interfaces[interface].noticeDueAt = time
    let isUp = nodes[node].interfaces[interface].isUp
    queue.insert(.linkNotice(node: node, interface: interface, isUp: isUp, changedAt: now), at: time)
  }

  /// From now on the kernel of `node` takes `delay` nanoseconds to tell of a link or an address.
  public mutating func slowNotices(of node: Int, to delay: UInt64) { nodes[node].noticeDelay = delay }

  mutating func noticeLink(_ interface: Int, of node: Int, isUp: Bool) {
    guard nodes[node].isRunning else { return }
    guard nodes[node].isAwake(at: now) else {
      nodes[node].owesNotices = true
      return
    }
    // What a process does about a link begins when it hears of it.
    disturb(node)
    tellEngine(of: interface, at: node, isUp: isUp)
    settle(node)
  }

  mutating func noticeLinks(of node: Int) {
    nodes[node].owesNotices = false
    for interface in nodes[node].interfaces.indices {
      tellEngine(of: interface, at: node, isUp: nodes[node].interfaces[interface].isUp)
    }
    let local = nodes[node].clock.local(at: now)
    for key in nodes[node].trackedKeys {
      let finding = nodes[node].finding(of: key)
      nodes[node].engine?.track(key, finding, now: local)
    }
  }

  private mutating func tellEngine(of interface: Int, at node: Int, isUp: Bool) {
    var state = interfaceState(interface, of: node)
    state.isUp = isUp
    if nodes[node].defect == .keepsWeight, nodes[node].interfaces[interface].place == nil, state.isUp { return }
    let local = nodes[node].clock.local(at: now)
    nodes[node].engine?.update(state, now: local)
  }

  func interfaceState(_ index: Int, of node: Int) -> InterfaceState {
    let interface = nodes[node].interfaces[index]
    return InterfaceState(
      index: InterfaceIndex(rawValue: UInt32(index + 1)), name: interface.name, isUp: interface.isUp,
      hardwareAddress: interface.hardwareAddress, addresses: interface.addresses)
  }

  /// What is plugged into segments under the name of a node or host: segment and port.
  func ports(of name: String) -> [SimulatedInterface.Place] {
    var places: [SimulatedInterface.Place] = []
    for node in nodes where node.name == name { places += node.interfaces.compactMap(\.place) }
    for host in hosts where host.name == name {
      places.append(SimulatedInterface.Place(segment: host.segment, port: host.port))
    }
    return places
  }

  /// Frames of `sender` no longer reach `receiver`, wherever both are plugged in. Both are names of nodes or hosts.
  public mutating func cut(from sender: String, to receiver: String) {
    for one in ports(of: sender) {
      for other in ports(of: receiver) where one.segment == other.segment && one.port != other.port {
        segments[one.segment].cut(from: one.port, to: other.port)
        disturbedAt[one.segment] = now
      }
    }
    for group in groups.indices { reckonContest(of: group) }
  }

  /// Splits every segment: only members of the same part hear each other. Whoever is not named forms a part of its own.
  public mutating func partition(_ parts: [[String]]) {
    func part(of name: String) -> Int { parts.firstIndex { $0.contains(name) } ?? parts.count }
    let names = nodes.map(\.name) + hosts.map(\.name)
    for one in names {
      for other in names where one != other && part(of: one) != part(of: other) { cut(from: one, to: other) }
    }
  }

  /// Every wire is whole again.
  public mutating func heal() {
    for segment in segments.indices where !segments[segment].isWhole {
      segments[segment].heal()
      disturbedAt[segment] = now
    }
    for group in groups.indices { reckonContest(of: group) }
  }

  /// How well the segments carry frames from now on.
  public mutating func setQuality(_ quality: Quality) {
    for segment in segments.indices {
      segments[segment].quality = quality
      disturbedAt[segment] = now
    }
  }

  mutating func disturb(_ node: Int) {
    nodes[node].factCount += 1
    for interface in nodes[node].interfaces {
      if let place = interface.place { disturbedAt[place.segment] = now }
    }
  }
}

extension Simulation {
  /// Gives `node` an interface that is plugged in nowhere and can only be tracked, unless it has one of that name.
  public mutating func addInterface(_ name: String, to node: Int) {
    guard nodes[node].interface(named: name) == nil else { return }
    let place = nodes[node].interfaces.count
    nodes[node].interfaces.append(
      SimulatedInterface(
        name: name, hardwareAddress: MACAddress(rawValue: 0x0200_0000_0000 | UInt64(node + 1) << 8 | UInt64(place)),
        addresses: []))
    nodes[node].factCount += 1
    noticeLink(place, of: node, isUp: true)
  }
}
