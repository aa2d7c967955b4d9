import NetPrimitives

/// Changes to the tables that drop packets, all of which happen or none.
///
/// Only what we need of nf_tables is known: tables, chains on hooks, sets of addresses, and rules that drop what is in
/// a set.
struct FirewallBatch {
  private(set) var transaction = FirewallTransaction()
  private let settings: FirewallSettings

  /// The sets of a table.
  enum SetName: String {
    /// Addresses.
    case addresses = "vips"
    /// Link-local addresses, each with its interface.
    case linkLocal = "vips_link_local"
  }

  /// `nft`'s names for types of keys: they only matter to people who list a set.
  private enum KeyType {
    static let ipv4: UInt32 = 7
    static let ipv6: UInt32 = 8
    static let interfaceIndex: UInt32 = 20
    static let interfaceName: UInt32 = 41
  }

  /// The longest name of an interface, with its zero.
  private static let interfaceNameBytes = 16
  /// What an attribute can hold, with room to spare.
  private static let elementsPerMessage = 1000

  init(_ settings: FirewallSettings) { self.settings = settings }

  /// Makes the table of a family anew, without elements, in the place of one that may be there.
  mutating func replaceTable(_ family: AddressFamily) {
    transaction.addTable(settings.table, family)
    removeTable(family)
    transaction.addTable(settings.table, family)
    addSet(.addresses, family)
    if family == .ipv6 { addSet(.linkLocal, family) }
    for hook in FirewallHook.allCases {
      transaction.addChain(hook, family, table: settings.table, priority: settings.priority)
      if family == .ipv6 {
        // RFC 9568 §6.4.3: neighbour discovery goes on whatever Accept_Mode says.
        for type: UInt8 in [135, 136] { addNeighborRule(type, hook) }
        addDropRule(.linkLocal, family, hook)
      }
      addDropRule(.addresses, family, hook)
    }
  }

  /// Removes the table of a family; one that is not there fails the whole batch (ENOENT).
  mutating func removeTable(_ family: AddressFamily) { transaction.removeTable(settings.table, family) }

  /// Drops packets to these from now on.
  mutating func add(_ elements: [FirewallElement]) {
    change(elements, FirewallMessageType.newElement, NetlinkFlag.create)
  }

  /// Lets packets to these pass again; one that is not there fails the whole batch (ENOENT).
  mutating func remove(_ elements: [FirewallElement]) { change(elements, FirewallMessageType.deleteElement, 0) }
}

// MARK: - Messages

extension FirewallBatch {
  private mutating func addSet(_ name: SetName, _ family: AddressFamily) {
    var type = family == .ipv4 ? KeyType.ipv4 : KeyType.ipv6
    var length: UInt32 = family == .ipv4 ? 4 : 16
    if name == .linkLocal {
      type = type << 6 | (settings.matchesIndex ? KeyType.interfaceIndex : KeyType.interfaceName)
      length += settings.matchesIndex ? 4 : UInt32(Self.interfaceNameBytes)
    }
    transaction.append(FirewallMessageType.newSet, NetlinkFlag.create, family) { [table = settings.table] writer in
      writer.attribute(FirewallAttribute.setTable, table)
      writer.attribute(FirewallAttribute.setName, name.rawValue)
      writer.number(FirewallAttribute.setKeyType, type)
      writer.number(FirewallAttribute.setKeyLength, length)
      writer.number(FirewallAttribute.setID, name == .linkLocal ? 2 : 1)
    }
  }

  private mutating func change(_ elements: [FirewallElement], _ type: UInt16, _ flags: UInt16) {
    for family in [AddressFamily.ipv4, .ipv6] {
      for (name, isLinkLocal) in [(SetName.addresses, false), (.linkLocal, true)] {
        let some = elements.filter { $0.address.family == family && ($0.interface != nil) == isLinkLocal }
        for start in stride(from: 0, to: some.count, by: Self.elementsPerMessage) {
          let slice = some[start..<min(start + Self.elementsPerMessage, some.count)]
          transaction.append(type, flags, family) { [settings] writer in
            writer.attribute(FirewallAttribute.elementsTable, settings.table)
            writer.attribute(FirewallAttribute.elementsSet, name.rawValue)
            writer.nest(FirewallAttribute.elements) { writer in
              for element in slice { writer.element(element, byIndex: settings.matchesIndex) }
            }
          }
        }
      }
    }
  }

  /// `icmpv6 type … accept`.
  private mutating func addNeighborRule(_ type: UInt8, _ hook: FirewallHook) {
    transaction.addRule(hook, .ipv6, table: settings.table) { writer in
      // NFT_META_L4PROTO.
      writer.meta(16, to: FirewallRegister.first)
      writer.compare(FirewallRegister.first, with: 58)
      // The first byte of the transport header.
      writer.load(2, offset: 0, length: 1, to: FirewallRegister.first)
      writer.compare(FirewallRegister.first, with: type)
      writer.verdict(.accept)
    }
  }

  /// `ip daddr @vips drop`, and for what goes out `ip saddr @vips drop`.
  private mutating func addDropRule(_ set: SetName, _ family: AddressFamily, _ hook: FirewallHook) {
    let (source, destination): (UInt32, UInt32) = family == .ipv4 ? (12, 16) : (8, 24)
    transaction.addRule(hook, family, table: settings.table) { [settings] writer in
      writer.load(
        1, offset: hook == .input ? destination : source, length: family == .ipv4 ? 4 : 16,
        to: FirewallRegister.first)
      if set == .linkLocal {
        writer.meta(hook.interfaceKey(byIndex: settings.matchesIndex), to: FirewallRegister.fifth)
      }
      writer.expression("lookup") { writer in
        writer.attribute(FirewallAttribute.lookupSet, set.rawValue)
        writer.number(FirewallAttribute.lookupRegister, FirewallRegister.first)
      }
      if settings.counts { writer.expression("counter") { _ in } }
      writer.verdict(.drop)
    }
  }
}

// MARK: - Words

extension NetlinkWriter {
  fileprivate mutating func element(_ element: FirewallElement, byIndex: Bool) {
    nest(FirewallAttribute.listElement) { writer in
      writer.nest(FirewallAttribute.elementKey) { writer in
        writer.attribute(FirewallAttribute.dataValue) { writer in
          writer.append(element.address)
          guard let interface = element.interface else { return }
          // The kernel compares the number as it keeps it, and the name with all of its zeros.
          if byIndex { return writer.append(interface.index.rawValue) }
          let name = interface.name.utf8.prefix(15)
          for byte in name { writer.append(byte) }
          for _ in name.count..<16 { writer.append(UInt8(0)) }
        }
      }
    }
  }
}
