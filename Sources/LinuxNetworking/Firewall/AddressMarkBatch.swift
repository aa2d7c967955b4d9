import LoadBalancing
import NetPrimitives

/// Changes to the tables that mark packets for IPVS, all of which happen or none. Maps, chains and rules are as
/// keepalived makes them.
struct AddressMarkBatch {
  private(set) var transaction = FirewallTransaction()
  private let marking: GroupMarking
  private let counts: Bool

  /// What an attribute can hold, with room to spare.
  private static let elementsPerMessage = 500

  /// With `counts` the rules count what they mark.
  init(_ marking: GroupMarking, counts: Bool) {
    self.marking = marking
    self.counts = counts
  }

  /// Marks these and nothing else, whatever is marked at present.
  mutating func replace(with marks: [AddressMark]) {
    for family in AddressFamily.allCases {
      transaction.addTable(marking.table, family)
      removeTable(family)
      let some = marks.filter { $0.first.family == family }
      guard !some.isEmpty else { continue }
      transaction.addTable(marking.table, family)
      transaction.addChain(.input, family, table: marking.table, priority: marking.priority)
      for (number, transport) in TransportProtocol.allCases.enumerated() {
        let elements = some.filter { $0.transport == transport }
        guard !elements.isEmpty else { continue }
        addMap(transport, family, id: UInt32(number + 1))
        add(elements, transport, family)
        addRule(transport, family)
      }
    }
  }

  /// Removes the table of a family; one that is not there fails the whole batch (ENOENT).
  mutating func removeTable(_ family: AddressFamily) { transaction.removeTable(marking.table, family) }

  /// `type ipv4_addr . inet_service : mark; flags interval`.
  private mutating func addMap(_ transport: TransportProtocol, _ family: AddressFamily, id: UInt32) {
    let address = UInt32(family.addressByteCount)
    transaction.append(FirewallMessageType.newSet, NetlinkFlag.create, family) { [table = marking.table] writer in
      writer.attribute(FirewallAttribute.setTable, table)
      writer.attribute(FirewallAttribute.setName, transport.mapName)
      // NFT_SET_INTERVAL, NFT_SET_MAP, NFT_SET_CONCAT.
      writer.number(FirewallAttribute.setFlags, 0x8c)
      // nft's numbers of its types, which only matter to people who list the map: addresses, inet_service, mark.
      writer.number(FirewallAttribute.setKeyType, (family == .ipv4 ? 7 : 8) << 6 | 13)
      writer.number(FirewallAttribute.setKeyLength, address + 4)
      writer.number(FirewallAttribute.setDataType, 19)
      writer.number(FirewallAttribute.setDataLength, 4)
      writer.number(FirewallAttribute.setID, id)
      writer.nest(FirewallAttribute.setDescription) { writer in
        writer.nest(FirewallAttribute.descriptionFields) { writer in
          for length in [address, 2] {
            writer.nest(FirewallAttribute.listElement) { $0.number(FirewallAttribute.fieldLength, length) }
          }
        }
      }
      // The byte orders of key and data, for people, too: type, length, 0 for none of one's own and 1 for the host's.
      writer.attribute(FirewallAttribute.setUserData) { writer in
        for (type, order) in [(UInt8(0), UInt32(0)), (1, 1)] {
          writer.append(type)
          writer.append(UInt8(4))
          writer.append(order)
        }
      }
    }
  }

  private mutating func add(_ marks: [AddressMark], _ transport: TransportProtocol, _ family: AddressFamily) {
    for start in stride(from: 0, to: marks.count, by: Self.elementsPerMessage) {
      let slice = marks[start..<min(start + Self.elementsPerMessage, marks.count)]
      transaction.append(FirewallMessageType.newElement, NetlinkFlag.create, family) { [table = marking.table] writer in
        writer.attribute(FirewallAttribute.elementsTable, table)
        writer.attribute(FirewallAttribute.elementsSet, transport.mapName)
        writer.nest(FirewallAttribute.elements) { writer in
          for mark in slice { writer.element(mark) }
        }
      }
    }
  }

  /// `meta mark set ip daddr . tcp dport map @tcp_map return`.
  private mutating func addRule(_ transport: TransportProtocol, _ family: AddressFamily) {
    transaction.addRule(.input, family, table: marking.table) { [counts] writer in
      // NFT_META_L4PROTO.
      writer.meta(16, to: FirewallRegister.first)
      writer.compare(FirewallRegister.first, with: transport.rawValue)
      let (offset, length): (UInt32, UInt32) = family == .ipv4 ? (16, 4) : (24, 16)
      writer.load(1, offset: offset, length: length, to: FirewallRegister.first)
      // The destination's port, in the same place for all three.
      writer.load(
        2, offset: 2, length: 2, to: family == .ipv4 ? FirewallRegister.second : FirewallRegister.fifth)
      writer.expression("lookup") { writer in
        writer.attribute(FirewallAttribute.lookupSet, transport.mapName)
        writer.number(FirewallAttribute.lookupRegister, FirewallRegister.first)
        writer.number(FirewallAttribute.lookupResult, FirewallRegister.first)
      }
      writer.expression("meta") { writer in
        // NFT_META_MARK.
        writer.number(FirewallAttribute.metaKey, 3)
        writer.number(FirewallAttribute.metaSource, FirewallRegister.first)
      }
      if counts { writer.expression("counter") { _ in } }
      writer.verdict(.leaveChain)
    }
  }
}

/// Takes the elements of our maps apart, as the kernel lists them.
enum AddressMarkDecoder {
  /// Calls `body` with each element of a message about the map of `transport`. What is not as we make it is left out.
  static func forEachMark(
    in payload: RawSpan, _ transport: TransportProtocol, _ family: AddressFamily, _ body: (AddressMark) -> Void
  ) {
    guard payload.byteCount >= 4 else { return }
    NetlinkReader.forEachAttribute(in: payload, from: 4) { type, list in
      guard type == FirewallAttribute.elements else { return }
      NetlinkReader.forEachAttribute(in: list) { _, element in
        if let mark = mark(element, transport, family) { body(mark) }
      }
    }
  }

  private static func mark(
    _ element: RawSpan, _ transport: TransportProtocol, _ family: AddressFamily
  ) -> AddressMark? {
    var first: (address: IPAddress, port: UInt16)?
    var last: (address: IPAddress, port: UInt16)?
    var mark: UInt32?
    NetlinkReader.forEachAttribute(in: element) { type, nest in
      NetlinkReader.forEachAttribute(in: nest) { inner, value in
        guard inner == FirewallAttribute.dataValue else { return }
        switch type {
        case FirewallAttribute.elementKey: first = place(value, family)
        case FirewallAttribute.elementKeyEnd: last = place(value, family)
        case FirewallAttribute.elementData: mark = value.exactly32
        default: break
        }
      }
    }
    guard let first, let mark, mark != 0, first.port != 0 else { return nil }
    let end = last ?? first
    guard end.port == first.port, first.address <= end.address else { return nil }
    return AddressMark(transport, first: first.address, last: end.address, port: first.port, mark: mark)
  }

  private static func place(_ value: RawSpan, _ family: AddressFamily) -> (address: IPAddress, port: UInt16)? {
    let length = family.addressByteCount
    guard value.byteCount == length + 4, let address = NetlinkReader.address(value.extracting(0..<length)) else {
      return nil
    }
    return (address, value.bigEndian16(at: length))
  }
}

// MARK: - Words

extension TransportProtocol {
  /// keepalived's name for the map of a protocol.
  var mapName: String { "\(name)_map" }
}

extension NetlinkWriter {
  fileprivate mutating func element(_ mark: AddressMark) {
    nest(FirewallAttribute.listElement) { writer in
      for (type, address) in [(FirewallAttribute.elementKey, mark.first), (FirewallAttribute.elementKeyEnd, mark.last)]
      {
        writer.nest(type) { writer in
          writer.attribute(FirewallAttribute.dataValue) { writer in
            writer.append(address)
            // Fields begin at multiples of four bytes.
            writer.appendNetworkOrder(UInt64(mark.port), count: 2)
            writer.append(UInt16(0))
          }
        }
      }
      writer.nest(FirewallAttribute.elementData) { $0.attribute(FirewallAttribute.dataValue, mark.mark) }
    }
  }
}
