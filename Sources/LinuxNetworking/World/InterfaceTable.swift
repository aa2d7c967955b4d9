public import NetPrimitives
public import VRRPRuntime

/// The kernel's links and addresses, kept current from events and, when events were lost, from a new list.
public struct InterfaceTable {
  private var links: [UInt32: Link] = [:]
  /// The addresses of each link in the kernel's order.
  private var addresses: [UInt32: [InterfaceAddress]] = [:]

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
    links = [:]
    addresses = [:]
    for link in list { links[link.index.rawValue] = link }
    for address in all { addresses[address.interface.rawValue, default: []].append(address) }
    var changes = old.links.keys.filter { links[$0] == nil }.sorted().map {
      Change.removed(InterfaceIndex(rawValue: $0))
    }
    for index in links.keys.sorted() {
      guard let state = state(of: index), state != old.state(of: index) else { continue }
      changes.append(.updated(state))
    }
    return changes
  }

  /// Enters one event; `nil` when it changes nothing that matters to a virtual router.
  public mutating func enter(_ event: RouteMonitor.Event) -> Change? {
    switch event {
    case .linkChanged(let link):
      return change(link.index.rawValue) { $0.links[link.index.rawValue] = link }
    case .linkRemoved(let link):
      addresses[link.index.rawValue] = nil
      return links.removeValue(forKey: link.index.rawValue).map { .removed($0.index) }
    case .addressChanged(let address):
      return change(address.interface.rawValue) { table in
        var list = table.addresses[address.interface.rawValue] ?? []
        if let place = list.firstIndex(where: { $0.isSame(as: address) }) {
          list[place] = address
        } else {
          list.append(address)
        }
        table.addresses[address.interface.rawValue] = list
      }
    case .addressRemoved(let address):
      return change(address.interface.rawValue) { table in
        table.addresses[address.interface.rawValue]?.removeAll { $0.isSame(as: address) }
      }
    case .routeRemoved, .ruleRemoved, .overrun:
      return nil
    }
  }

  private mutating func change(_ index: UInt32, _ body: (inout Self) -> Void) -> Change? {
    let before = state(of: index)
    body(&self)
    guard let after = state(of: index), after != before else { return nil }
    return .updated(after)
  }

  private func state(of index: UInt32) -> InterfaceState? {
    guard let link = links[index] else { return nil }
    let foreign = (addresses[index] ?? []).filter { !$0.isOurs && $0.isUsable }
    return InterfaceState(
      index: link.index, name: link.name, isUp: link.isRunning, hardwareAddress: link.hardwareAddress,
      addresses: foreign.map(\.prefix.address))
  }

  /// Every address on every interface.
  public var allAddresses: [InterfaceAddress] { addresses.keys.sorted().flatMap { addresses[$0] ?? [] } }

  /// The address as the kernel has it, whoever put it there.
  func find(_ address: InterfaceAddress) -> InterfaceAddress? {
    addresses[address.interface.rawValue]?.first { $0.isSame(as: address) }
  }

  /// Bytes of the longest packet of an interface; `nil` for one that does not exist.
  func mtu(of index: InterfaceIndex) -> UInt32? { links[index.rawValue]?.mtu }

  /// The hardware address of an interface.
  func hardwareAddress(of index: InterfaceIndex) -> MACAddress? { links[index.rawValue]?.hardwareAddress }

  /// What an interface is called; `nil` for one that does not exist.
  func name(of index: InterfaceIndex) -> String? { links[index.rawValue]?.name }

  /// The interface called `name`.
  func interface(named name: String) -> InterfaceState? {
    links.values.first { $0.name == name }.flatMap { state(of: $0.index.rawValue) }
  }
}

extension InterfaceAddress {
  /// Whether the kernel takes both for one: same link, address and prefix length.
  func isSame(as other: InterfaceAddress) -> Bool { interface == other.interface && prefix == other.prefix }

  /// Whether it may be the source of a packet: a tentative or refused address may not (RFC 4862 §5.4).
  var isUsable: Bool { flags.isDisjoint(with: [.tentative, .duplicateDetectionFailed]) }
}
