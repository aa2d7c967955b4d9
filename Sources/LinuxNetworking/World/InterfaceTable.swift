public import NetPrimitives
public import VRRPRuntime

/// The kernel's links and addresses, kept current from events and, when events were lost, from a new list.
public struct InterfaceTable {
  private var links: [UInt32: Link] = [:]
  private var indices: [String: UInt32] = [:]
  /// Links made for virtual routers. The kernel tells of them before they can carry their mark.
  private var virtualLinks: Set<UInt32> = []
  /// The addresses of each link.
  private var addresses: [UInt32: Addresses] = [:]

  /// The addresses of one link. Ours are apart from everybody else's, who alone matter to an election: there may be
  /// thousands of ours, each of which makes an event.
  private struct Addresses {
    var ours: [IPPrefix: InterfaceAddress] = [:]
    /// With the kernel's order.
    var others: [IPPrefix: (order: UInt64, address: InterfaceAddress)] = [:]
    private var nextOrder: UInt64 = 0

    mutating func enter(_ address: InterfaceAddress) {
      if address.isOurs {
        ours[address.prefix] = address
        others[address.prefix] = nil
        return
      }
      ours[address.prefix] = nil
      let order = others[address.prefix]?.order ?? nextOrder
      nextOrder += 1
      others[address.prefix] = (order, address)
    }

    mutating func remove(_ prefix: IPPrefix) {
      ours[prefix] = nil
      others[prefix] = nil
    }

    /// Usable addresses of others, in the kernel's order.
    var usable: [IPAddress] {
      others.values.sorted { $0.order < $1.order }.filter(\.address.isUsable).map(\.address.prefix.address)
    }
  }

  /// What a change means for those who use interfaces.
  public enum Change: Hashable, Sendable {
    case updated(InterfaceState)
    case removed(InterfaceIndex)
  }

  /// An empty table.
  public init() {}

  /// Replaces everything by a list and tells what differs.
  public mutating func replace(links list: [Link], addresses all: [InterfaceAddress]) -> [Change] {
    let old = self
    self = InterfaceTable()
    virtualLinks = old.virtualLinks
    for link in list { enter(link) }
    for address in all { addresses[address.interface.rawValue, default: Addresses()].enter(address) }
    var changes = old.links.keys.filter { links[$0] == nil }.sorted().map {
      Change.removed(InterfaceIndex(rawValue: $0))
    }
    for index in links.keys.sorted() {
      guard let state = state(of: index), state != old.state(of: index) else { continue }
      changes.append(.updated(state))
    }
    return changes
  }

  /// Enters events in their order and tells what matters to virtual routers. Changes of addresses are told together,
  /// every change of a link by itself: that a link was away for a moment is worth knowing.
  public mutating func enter(_ events: [RouteMonitor.Event]) -> [Change] {
    var changes: [Change] = []
    /// Links whose addresses changed, with their state before; in order.
    var before: [(index: UInt32, state: InterfaceState?)] = []
    func tell(_ table: Self, _ index: UInt32? = nil) {
      for entry in before where index == nil || entry.index == index {
        if let after = table.state(of: entry.index), after != entry.state { changes.append(.updated(after)) }
      }
      before.removeAll { index == nil || $0.index == index }
    }
    for event in events {
      switch event {
      case .linkChanged(let link):
        let index = link.index.rawValue
        tell(self, index)
        let old = state(of: index)
        enter(link)
        if let new = state(of: index), new != old { changes.append(.updated(new)) }
      case .linkRemoved(let link):
        let index = link.index.rawValue
        before.removeAll { $0.index == index }
        addresses[index] = nil
        virtualLinks.remove(index)
        guard let old = links.removeValue(forKey: index) else { continue }
        if indices[old.name] == index { indices[old.name] = nil }
        changes.append(.removed(old.index))
      case .addressChanged(let address):
        let index = address.interface.rawValue
        if !address.isOurs || addresses[index]?.others[address.prefix] != nil { note(index, in: &before) }
        addresses[index, default: Addresses()].enter(address)
      case .addressRemoved(let address):
        let index = address.interface.rawValue
        if addresses[index]?.others[address.prefix] != nil { note(index, in: &before) }
        addresses[index]?.remove(address.prefix)
      case .routeRemoved, .ruleRemoved, .overrun: continue
      }
    }
    tell(self)
    return changes
  }

  /// Remembers how a link was before its addresses change.
  private func note(_ index: UInt32, in before: inout [(index: UInt32, state: InterfaceState?)]) {
    if !before.contains(where: { $0.index == index }) { before.append((index, state(of: index))) }
  }

  private mutating func enter(_ link: Link) {
    if let old = links[link.index.rawValue], old.name != link.name, indices[old.name] == link.index.rawValue {
      indices[old.name] = nil
    }
    links[link.index.rawValue] = link
    indices[link.name] = link.index.rawValue
  }

  private func state(of index: UInt32) -> InterfaceState? {
    // What a virtual router has for itself is no interface to run one on, or to follow.
    guard let link = links[index], !link.isVirtualRouters, !virtualLinks.contains(index) else { return nil }
    return Self.state(of: link, addresses: addresses[index]?.usable ?? [])
  }

  private static func state(of link: Link, addresses: [IPAddress]) -> InterfaceState {
    InterfaceState(
      index: link.index, name: link.name, isUp: link.isRunning, hardwareAddress: link.hardwareAddress,
      addresses: addresses)
  }

  /// Every address of ours on every interface.
  var ourAddresses: [InterfaceAddress] { addresses.values.flatMap { $0.ours.values } }

  /// The address as the kernel has it, whoever put it there.
  func find(_ address: InterfaceAddress) -> InterfaceAddress? {
    let place = addresses[address.interface.rawValue]
    return place?.ours[address.prefix] ?? place?.others[address.prefix]?.address
  }

  /// Bytes of the longest packet of an interface; `nil` for one that does not exist.
  func mtu(of index: InterfaceIndex) -> UInt32? { links[index.rawValue]?.mtu }

  /// The hardware address of an interface.
  func hardwareAddress(of index: InterfaceIndex) -> MACAddress? { links[index.rawValue]?.hardwareAddress }

  /// What an interface is called; `nil` for one that does not exist.
  func name(of index: InterfaceIndex) -> String? { links[index.rawValue]?.name }

  /// The names of all interfaces, in order.
  public var names: [String] { indices.keys.sorted() }

  /// The interface called `name`.
  func interface(named name: String) -> InterfaceState? { indices[name].flatMap { state(of: $0) } }

  /// The link called `name`.
  func link(named name: String) -> Link? { indices[name].flatMap { links[$0] } }

  /// Enters a link that was made for a virtual router.
  mutating func enter(virtual link: Link) {
    virtualLinks.insert(link.index.rawValue)
    enter(link)
  }

  /// A link that fits, virtual routers' own included.
  func firstLink(where fits: (Link) -> Bool) -> Link? { links.values.first(where: fits) }

  /// All links, virtual routers' own included, by number.
  var allLinks: [Link] { links.values.sorted { $0.index.rawValue < $1.index.rawValue } }

  /// The link with this index.
  func link(_ index: InterfaceIndex) -> Link? { links[index.rawValue] }
}

extension InterfaceAddress {
  /// Whether it may be the source of a packet: a tentative or refused address may not (RFC 4862 §5.4).
  var isUsable: Bool { flags.isDisjoint(with: [.tentative, .duplicateDetectionFailed]) }
}
