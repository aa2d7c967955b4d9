import NetPrimitives

/// Which groups have which marks, and which packets are to get them (`nftables_ipvs`).
///
/// A group keeps its mark for as long as it is configured, so that its connections go on; with ``recall(_:)`` even from
/// one process to the next. Groups with a mark of their own among their members, or with every port, have none: each
/// address stays a service of the kernel.
struct GroupMarks: Sendable {
  /// What is to be marked, in the order of the configuration; disjoint.
  private(set) var wanted: [AddressMark] = []
  private var marks: [VirtualServerID: UInt32] = [:]
  private var claims = AddressClaims()
  private var isOn = false
  /// What a predecessor's table says; until the first configuration.
  private var recalled: [AddressMark] = []

  /// Remembers what a predecessor marked: its groups are to keep their marks.
  mutating func recall(_ present: [AddressMark]) { recalled = present }

  /// Begins a configuration. Services by mark whose group is no more, or has another mark now, are returned if a
  /// predecessor left them; nobody else knows of them.
  mutating func begin(_ definitions: [VirtualServerDefinition], _ marking: GroupMarking?) -> [IPVSServiceKey] {
    wanted = []
    claims = AddressClaims()
    isOn = marking != nil
    guard let marking else {
      marks = [:]
      return []
    }
    let former = recalled
    recall(of: definitions)
    let reserved = Self.reserved(by: definitions)
    // A mark that was in use a moment ago is not given to another group: packets of the old one are under way.
    var used = reserved.union(marks.values).union(former.map { $0.mark })
    let before = marks
    marks = [:]
    var next = marking.firstMark
    for definition in definitions where definition.canBeMarked && marks[definition.id] == nil {
      if let mark = before[definition.id], !reserved.contains(mark) {
        marks[definition.id] = mark
        continue
      }
      while used.contains(next), next < .max { next += 1 }
      // Four billion groups have marks: this one does without.
      guard used.insert(next).inserted else { continue }
      marks[definition.id] = next
    }
    let kept = Set(marks.values).union(reserved)
    var seen: Set<IPVSServiceKey> = []
    return former.map({ $0.service }).filter { key in
      guard case .firewallMark(let mark, _) = key, !kept.contains(mark) else { return false }
      return seen.insert(key).inserted
    }
  }

  /// The services of the kernel that make up a virtual server. To be asked in the order of the configuration: what two
  /// claim the first has.
  mutating func keys(of definition: VirtualServerDefinition) -> [IPVSServiceKey] {
    guard isOn else { return definition.kernelKeys }
    guard let mark = marks[definition.id], case .group(let group) = definition.address,
      let transport = definition.transport
    else { return unmarkedKeys(of: definition) }
    var found: [AddressMark] = []
    for case .addresses(let first, var last, let port) in group.members {
      last = min(last, Self.limit(of: first))
      for piece in claims.claim(transport, first: first, last: last, port: port) {
        found.append(AddressMark(transport, first: piece.first, last: piece.last, port: port, mark: mark))
      }
    }
    wanted += Self.joined(found)
    var keys: [IPVSServiceKey] = []
    for key in found.map({ $0.service }) where !keys.contains(key) { keys.append(key) }
    return keys
  }

  private mutating func unmarkedKeys(of definition: VirtualServerDefinition) -> [IPVSServiceKey] {
    definition.kernelKeys.filter { key in
      guard case .address(let transport, let address, let port) = key, port != 0 else { return true }
      return !claims.claim(transport, first: address, last: address, port: port).isEmpty
    }
  }

  /// Finds the marks groups had, by what a predecessor marked for them.
  private mutating func recall(of definitions: [VirtualServerDefinition]) {
    guard !recalled.isEmpty else { return }
    let present = recalled.sorted(by: Self.isBefore)
    var taken: Set<UInt32> = []
    for definition in definitions where definition.canBeMarked && marks[definition.id] == nil {
      guard case .group(let group) = definition.address, let transport = definition.transport else { continue }
      for case .addresses(let first, _, let port) in group.members {
        let place = AddressMark(transport, first: first, last: first, port: port, mark: 0)
        guard let mark = Self.mark(at: place, in: present), taken.insert(mark).inserted else { continue }
        marks[definition.id] = mark
        break
      }
    }
    recalled = []
  }

  private static func isBefore(_ left: AddressMark, _ right: AddressMark) -> Bool {
    (left.transport.rawValue, left.port, left.first) < (right.transport.rawValue, right.port, right.first)
  }

  /// The mark that the packets to one address have by an ordered table.
  private static func mark(at place: AddressMark, in present: [AddressMark]) -> UInt32? {
    var (low, high) = (0, present.count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(place, present[middle]) { high = middle } else { low = middle + 1 }
    }
    guard low > 0 else { return nil }
    let found = present[low - 1]
    let isThere = found.transport == place.transport && found.port == place.port && place.first <= found.last
    return isThere ? found.mark : nil
  }

  /// Marks that are the operator's.
  private static func reserved(by definitions: [VirtualServerDefinition]) -> Set<UInt32> {
    var marks: Set<UInt32> = [0]
    for definition in definitions {
      switch definition.address {
      case .firewallMark(let mark): marks.insert(mark)
      case .group(let group):
        for case .firewallMark(let mark, _) in group.members { marks.insert(mark) }
      case .address: break
      }
    }
    return marks
  }

  /// The last address a line that begins with `first` may stand for.
  private static func limit(of first: IPAddress) -> IPAddress {
    let count = VirtualServerGroup.addressLimit - 1
    switch first {
    case .v4(let address):
      let (last, isOver) = address.rawValue.addingReportingOverflow(UInt32(count))
      return .v4(IPv4Address(rawValue: isOver ? .max : last))
    case .v6(let address):
      let (last, isOver) = address.low.addingReportingOverflow(UInt64(count))
      return .v6(IPv6Address(high: address.high, low: isOver ? .max : last))
    }
  }

  /// The same with neighbours in one: a hundred lines of single addresses are one range.
  private static func joined(_ marks: [AddressMark]) -> [AddressMark] {
    let sorted = marks.sorted { ($0.port, $0.first) < ($1.port, $1.first) }
    var joined: [AddressMark] = []
    for mark in sorted {
      if let end = joined.last, end.port == mark.port, let next = end.last.successor, next == mark.first {
        joined[joined.count - 1].last = mark.last
      } else {
        joined.append(mark)
      }
    }
    return joined
  }
}

extension VirtualServerDefinition {
  /// Whether a mark can stand for the whole of it: a group of addresses, each with a port.
  fileprivate var canBeMarked: Bool {
    guard case .group(let group) = address, transport != nil else { return false }
    return group.members.allSatisfy { member in
      if case .addresses(_, _, let port) = member { port != 0 } else { false }
    }
  }
}

extension IPAddress {
  /// The address after this one; `nil` at the end of IPv4, and of an upper half of IPv6.
  fileprivate var successor: IPAddress? {
    switch self {
    case .v4(let address): address.rawValue == .max ? nil : .v4(IPv4Address(rawValue: address.rawValue + 1))
    case .v6(let address): address.low == .max ? nil : .v6(IPv6Address(high: address.high, low: address.low + 1))
    }
  }
}
