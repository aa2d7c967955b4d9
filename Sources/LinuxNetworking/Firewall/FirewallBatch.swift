import NetPrimitives

/// Changes to our tables, all of which happen or none.
///
/// Pure; ``FirewallSocket/commit(_:)`` sends it. Only what we need of nf_tables is known here: tables, chains on hooks,
/// sets of addresses, and rules that drop what is in a set.
struct FirewallBatch {
  private(set) var writer = NetlinkWriter(capacity: 4096)
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

  init(_ settings: FirewallSettings) {
    self.settings = settings
    writer.message(
      type: FirewallMessageType.batchBegin, flags: NetlinkFlag.request, sequence: writer.nextSequence
    ) { $0.appendFirewallHeader(family: 0, resource: FirewallMessageType.batchSubsystem) }
  }

  /// The finished batch: the last change asks for an answer, and the end follows.
  consuming func finished() -> NetlinkWriter {
    writer.addFlagsToLastMessage(NetlinkFlag.acknowledge)
    writer.message(
      type: FirewallMessageType.batchEnd, flags: NetlinkFlag.request, sequence: writer.nextSequence
    ) { $0.appendFirewallHeader(family: 0, resource: FirewallMessageType.batchSubsystem) }
    return writer
  }

  /// Makes the table of a family anew, without elements, in the place of one that may be there.
  mutating func replaceTable(_ family: AddressFamily) {
    addTable(family)
    removeTable(family)
    addTable(family)
    addSet(.addresses, family)
    if family == .ipv6 { addSet(.linkLocal, family) }
    for hook in FirewallHook.allCases {
      addChain(hook, family)
      if family == .ipv6 {
        // RFC 9568 §6.4.3: neighbour discovery goes on whatever Accept_Mode says.
        for type: UInt8 in [135, 136] { addNeighborRule(type, hook) }
        addDropRule(.linkLocal, family, hook)
      }
      addDropRule(.addresses, family, hook)
    }
  }

  /// Removes the table of a family; one that is not there fails the whole batch (ENOENT).
  mutating func removeTable(_ family: AddressFamily) {
    append(FirewallMessageType.deleteTable, 0, family) { [table = settings.table] writer in
      writer.attribute(FirewallAttribute.tableName, table)
    }
  }

  /// Drops packets to these from now on.
  mutating func add(_ elements: [FirewallElement]) {
    change(elements, FirewallMessageType.newElement, NetlinkFlag.create)
  }

  /// Lets packets to these pass again; one that is not there fails the whole batch (ENOENT).
  mutating func remove(_ elements: [FirewallElement]) { change(elements, FirewallMessageType.deleteElement, 0) }
}

// MARK: - Messages

extension FirewallBatch {
  private mutating func append(
    _ type: UInt16, _ flags: UInt16, _ family: AddressFamily, _ body: (inout NetlinkWriter) -> Void
  ) {
    writer.message(type: type, flags: NetlinkFlag.request | flags, sequence: writer.nextSequence) { writer in
      writer.appendFirewallHeader(family: family.netlinkNumber, resource: 0)
      body(&writer)
    }
  }

  private mutating func addTable(_ family: AddressFamily) {
    append(FirewallMessageType.newTable, NetlinkFlag.create, family) { [table = settings.table] writer in
      writer.attribute(FirewallAttribute.tableName, table)
      // A comment as nft writes it: its type, its length, its text.
      let remark = Array("made by vrrpd".utf8) + [0]
      writer.attribute(FirewallAttribute.tableUserData) { writer in
        writer.append(UInt8(0))
        writer.append(UInt8(remark.count))
        for byte in remark { writer.append(byte) }
      }
    }
  }

  private mutating func addChain(_ hook: FirewallHook, _ family: AddressFamily) {
    append(FirewallMessageType.newChain, NetlinkFlag.create, family) { [settings] writer in
      writer.attribute(FirewallAttribute.chainTable, settings.table)
      writer.attribute(FirewallAttribute.chainName, hook.chainName)
      writer.nest(FirewallAttribute.chainHook) { writer in
        writer.number(FirewallAttribute.hookNumber, hook.rawValue)
        writer.number(FirewallAttribute.hookPriority, UInt32(bitPattern: settings.priority))
      }
      writer.number(FirewallAttribute.chainPolicy, FirewallVerdict.accept.rawValue)
      writer.attribute(FirewallAttribute.chainType, "filter")
    }
  }

  private mutating func addSet(_ name: SetName, _ family: AddressFamily) {
    var type = family == .ipv4 ? KeyType.ipv4 : KeyType.ipv6
    var length: UInt32 = family == .ipv4 ? 4 : 16
    if name == .linkLocal {
      type = type << 6 | (settings.matchesIndex ? KeyType.interfaceIndex : KeyType.interfaceName)
      length += settings.matchesIndex ? 4 : UInt32(Self.interfaceNameBytes)
    }
    append(FirewallMessageType.newSet, NetlinkFlag.create, family) { [table = settings.table] writer in
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
          append(type, flags, family) { [settings] writer in
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

  private mutating func addRule(
    _ hook: FirewallHook, _ family: AddressFamily, _ expressions: (inout NetlinkWriter) -> Void
  ) {
    append(FirewallMessageType.newRule, NetlinkFlag.create | NetlinkFlag.append, family) { [settings] writer in
      writer.attribute(FirewallAttribute.ruleTable, settings.table)
      writer.attribute(FirewallAttribute.ruleChain, hook.chainName)
      writer.nest(FirewallAttribute.ruleExpressions, expressions)
    }
  }

  /// `icmpv6 type … accept`.
  private mutating func addNeighborRule(_ type: UInt8, _ hook: FirewallHook) {
    addRule(hook, .ipv6) { writer in
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
    addRule(hook, family) { [settings] writer in
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
  /// `struct nfgenmsg`: family, version 0, resource in network order.
  fileprivate mutating func appendFirewallHeader(family: UInt8, resource: UInt16) {
    append(family)
    append(UInt8(0))
    appendNetworkOrder(UInt64(resource), count: 2)
  }

  /// A number in network order, as nf_tables has them all.
  fileprivate mutating func number(_ type: UInt16, _ value: UInt32) {
    attribute(type) { $0.appendNetworkOrder(UInt64(value), count: 4) }
  }

  fileprivate mutating func expression(_ name: String, _ body: (inout NetlinkWriter) -> Void) {
    nest(FirewallAttribute.listElement) { writer in
      writer.attribute(FirewallAttribute.expressionName, name)
      writer.nest(FirewallAttribute.expressionData, body)
    }
  }

  fileprivate mutating func meta(_ key: UInt32, to register: UInt32) {
    expression("meta") { writer in
      writer.number(FirewallAttribute.metaKey, key)
      writer.number(FirewallAttribute.metaRegister, register)
    }
  }

  /// Loads bytes of the network (1) or the transport (2) header.
  fileprivate mutating func load(_ base: UInt32, offset: UInt32, length: UInt32, to register: UInt32) {
    expression("payload") { writer in
      writer.number(FirewallAttribute.payloadRegister, register)
      writer.number(FirewallAttribute.payloadBase, base)
      writer.number(FirewallAttribute.payloadOffset, offset)
      writer.number(FirewallAttribute.payloadLength, length)
    }
  }

  /// Goes on when the register's first byte is `value`.
  fileprivate mutating func compare(_ register: UInt32, with value: UInt8) {
    expression("cmp") { writer in
      writer.number(FirewallAttribute.compareRegister, register)
      // NFT_CMP_EQ.
      writer.number(FirewallAttribute.compareOperation, 0)
      writer.nest(FirewallAttribute.compareData) { $0.attribute(FirewallAttribute.dataValue, value) }
    }
  }

  fileprivate mutating func verdict(_ verdict: FirewallVerdict) {
    expression("immediate") { writer in
      writer.number(FirewallAttribute.immediateRegister, FirewallRegister.verdict)
      writer.nest(FirewallAttribute.immediateData) { writer in
        writer.nest(FirewallAttribute.dataVerdict) { $0.number(FirewallAttribute.verdictCode, verdict.rawValue) }
      }
    }
  }

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
