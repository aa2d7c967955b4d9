import LoadBalancing
import NetPrimitives
import Testing

/// `nftables_ipvs`: what is marked, and what IPVS is told instead of thousands of addresses.
@Suite struct GroupMarkTests {
  static func v4(_ text: String) -> IPAddress { IPAddress(text) ?? .any(.ipv4) }

  static func members(_ words: [(String, String, UInt16)]) -> [VirtualServerGroup.Member] {
    words.map { .addresses(first: v4($0.0), last: v4($0.1), port: $0.2) }
  }

  static func group(
    _ name: String, _ ranges: [(String, String, UInt16)], _ transport: TransportProtocol = .tcp
  ) -> VirtualServerDefinition {
    var value = definition([server(1)])
    value.address = .group(VirtualServerGroup(name: name, members: members(ranges)))
    value.transport = transport
    return value
  }

  static func single(_ address: String, port: UInt16) -> VirtualServerDefinition {
    var value = definition([server(1)])
    value.address = .address(v4(address), port: port)
    return value
  }

  /// A balancer, and the table it asks for.
  struct Director {
    var balancer = LoadBalancer()
    var table = IPVSTable()
    var refused: [IPVSCommand] = []
    var marking: GroupMarking? = GroupMarking()

    mutating func configure(_ definitions: [VirtualServerDefinition]) {
      var effects: [LoadBalancer.Effect] = []
      balancer.configure(definitions, marking: marking, now: at(0), effects: &effects)
      for case .kernel(let command) in effects where !table.apply(command) { refused.append(command) }
    }

    /// `tcp 10.0.0.1-10.0.0.9:80 1000`
    var marks: [String] {
      balancer.addressMarks.map { mark in
        let end = mark.first == mark.last ? "" : "-\(mark.last)"
        return "\(mark.transport.name) \(mark.first)\(end):\(mark.port) \(mark.mark)"
      }
    }

    /// The marks and addresses that are services.
    var services: [String] {
      table.services.keys.sorted().map { key in
        switch key {
        case .address(let transport, let address, let port): "\(transport.name) \(address):\(port)"
        case .firewallMark(let mark, let family): "\(mark) \(family.rawValue)"
        }
      }
    }
  }

  static var web: VirtualServerDefinition {
    group("web", [("10.0.0.1", "10.0.0.1", 80), ("10.0.0.5", "10.0.0.9", 80)])
  }

  @Test func `a group of thousands of addresses is one service`() {
    var director = Director()
    let many = Self.group("many", [("10.4.0.0", "10.4.255.255", 80), ("10.5.0.1", "10.5.0.1", 443)])
    director.configure([many, Self.web])
    #expect(
      director.marks == [
        "tcp 10.4.0.0-10.4.255.255:80 1000", "tcp 10.5.0.1:443 1000", "tcp 10.0.0.1:80 1001",
        "tcp 10.0.0.5-10.0.0.9:80 1001",
      ])
    #expect(director.services == ["1000 4", "1001 4"])
    #expect(director.table == director.balancer.wanted)
    #expect(director.table.services.values.allSatisfy { $0.destinations.count == 1 })
    director.marking = nil
    director.configure([Self.web])
    #expect(director.marks.isEmpty && director.services.count == 6 && director.refused.isEmpty)
  }

  @Test func `each protocol and each family of a group has a service`() {
    var director = Director()
    var both = Self.group("both", [("10.0.0.1", "10.0.0.1", 80), ("fd64::5", "fd64::9", 80)])
    var datagrams = both
    datagrams.transport = .udp
    director.configure([both, datagrams])
    #expect(director.services == ["1000 4", "1000 6", "1001 4", "1001 6"])
    #expect(director.marks[1...2] == ["tcp fd64::5-fd64::9:80 1000", "udp 10.0.0.1:80 1001"])
    both.transport = .sctp
    director.configure([both])
    #expect(director.services == ["1002 4", "1002 6"])
  }

  @Test func `every port, and marks of the operator's own, stay as they are`() {
    var director = Director()
    let everyPort = Self.group("every", [("10.0.0.1", "10.0.0.2", 0), ("10.0.0.3", "10.0.0.3", 80)])
    var mixed = definition([server(1)])
    mixed.address = .group(
      VirtualServerGroup(
        name: "mixed",
        members: Self.members([("10.0.1.1", "10.0.1.1", 80)]) + [.firewallMark(1000, family: nil)]))
    director.configure([everyPort, mixed, Self.web, Self.single("10.9.9.9", port: 80)])
    #expect(
      director.services == [
        "tcp 10.0.0.1:0", "tcp 10.0.0.2:0", "tcp 10.0.0.3:80", "tcp 10.0.1.1:80", "tcp 10.9.9.9:80", "1000 4",
        "1001 4",
      ])
    #expect(director.marks.allSatisfy { $0.hasSuffix(" 1001") }, "1000 is the operator's")
  }

  @Test func `what two claim the first has, and what is marked is disjoint`() {
    var director = Director()
    let wide = Self.group("wide", [("10.0.0.0", "10.0.0.9", 80), ("10.0.0.8", "10.0.0.12", 80)])
    director.configure([Self.single("10.0.0.5", port: 80), wide, Self.web, Self.single("10.0.0.11", port: 80)])
    #expect(
      director.marks == ["tcp 10.0.0.0-10.0.0.4:80 1000", "tcp 10.0.0.6-10.0.0.12:80 1000"])
    #expect(director.services == ["tcp 10.0.0.5:80", "1000 4"])
    // Another port and another protocol are other places.
    director.configure([wide, Self.group("other", [("10.0.0.5", "10.0.0.5", 81)]), Self.group("wide", [], .udp)])
    #expect(director.marks == ["tcp 10.0.0.0-10.0.0.12:80 1000", "tcp 10.0.0.5:81 1002"])
    #expect(director.refused.isEmpty)
  }

  @Test func `a group keeps its mark, and a mark of a moment ago is nobody's`() {
    var director = Director()
    let mail = Self.group("mail", [("10.0.2.1", "10.0.2.1", 25)])
    director.configure([Self.web, mail])
    director.configure([Self.group("new", [("10.0.3.1", "10.0.3.1", 80)]), mail])
    #expect(director.marks == ["tcp 10.0.3.1:80 1002", "tcp 10.0.2.1:25 1001"])
    director.configure([Self.web, mail])
    #expect(director.marks.last == "tcp 10.0.2.1:25 1001" && director.marks.first == "tcp 10.0.0.1:80 1000")
    #expect(director.refused.isEmpty)
  }

  @Test func `a successor learns the marks, and removes services of groups that are no more`() {
    var first = Director()
    let mail = Self.group("mail", [("10.0.2.1", "10.0.2.1", 25)])
    first.configure([Self.web, mail])
    first.configure([Self.group("new", [("10.0.3.1", "10.0.3.1", 80)]), mail, Self.web])
    var next = Director()
    next.balancer.recallMarks(first.balancer.addressMarks)
    next.table = first.table
    next.configure([Self.group("renamed", [("10.0.0.7", "10.0.0.8", 80)]), mail])
    #expect(next.marks == ["tcp 10.0.0.7-10.0.0.8:80 1000", "tcp 10.0.2.1:25 1001"])
    #expect(next.services == ["1000 4", "1001 4"], "1002 was the predecessor's")
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `whatever is claimed, each place is marked once, for the first that claims it`(seed: UInt64) {
    var random = Random(seed: seed)
    var owners: [UInt32: Int] = [:]
    var definitions: [VirtualServerDefinition] = []
    for number in 0..<6 {
      let ranges = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        let first = UInt32.random(in: 0...40, using: &random)
        return (first, first + UInt32.random(in: 0...9, using: &random))
      }
      for (first, last) in ranges { for place in first...last where owners[place] == nil { owners[place] = number } }
      let base: UInt32 = 0x0a00_0000
      var value = definition([server(1)])
      value.address = .group(
        VirtualServerGroup(
          name: "\(number)",
          members: ranges.map {
            .addresses(
              first: .v4(IPv4Address(rawValue: base + $0.0)), last: .v4(IPv4Address(rawValue: base + $0.1)), port: 80)
          }))
      definitions.append(value)
    }
    var director = Director()
    director.configure(definitions)
    var marked: [UInt32: Int] = [:]
    for mark in director.balancer.addressMarks {
      guard case .v4(let first) = mark.first, case .v4(let last) = mark.last else { continue }
      for address in first.rawValue...last.rawValue {
        #expect(marked.updateValue(Int(mark.mark) - 1000, forKey: address & 0xff) == nil, "twice")
      }
    }
    #expect(marked == owners)
  }
}
