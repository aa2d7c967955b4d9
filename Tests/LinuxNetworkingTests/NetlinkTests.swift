import CNetlink
import Foundation
import NetPrimitives
import Testing

@testable import LinuxNetworking

/// The encoder beside libnl's, and the decoder beside anything at all.
@Suite struct NetlinkTests {
  /// The attributes of a message as a sorted list: their order means nothing.
  struct Message: Equatable {
    var type: UInt16
    var flags: UInt16
    var header: [UInt8]
    var attributes: [Attribute]

    struct Attribute: Equatable, Comparable {
      var type: UInt16
      var value: [UInt8]

      static func < (left: Self, right: Self) -> Bool { left.type < right.type }
    }

    init(_ bytes: [UInt8], headerByteCount: Int) {
      type = 0
      flags = 0
      header = []
      attributes = []
      var found = self
      let whole = NetlinkReader.forEachMessage(in: bytes.span.bytes) { head, payload in
        found.type = head.type
        found.flags = head.flags
        found.header = (0..<headerByteCount).map { payload.byte(at: $0) }
        NetlinkReader.forEachAttribute(in: payload, from: headerByteCount) { type, value in
          found.attributes.append(Attribute(type: type, value: (0..<value.byteCount).map { value.byte(at: $0) }))
        }
      }
      self = found
      attributes.sort()
      #expect(whole)
    }
  }

  static func address(_ text: String, _ family: Int32) -> OpaquePointer? {
    var address: OpaquePointer?
    guard nl_addr_parse(text, family, &address) == 0 else { return nil }
    return address
  }

  static func bytes(_ message: OpaquePointer?) -> [UInt8] {
    guard let header = nlmsg_hdr(message) else { return [] }
    return Array(UnsafeRawBufferPointer(start: header, count: Int(header.pointee.nlmsg_len)))
  }

  static func bytes(_ fill: (inout RouteBatch) -> Void) -> [UInt8] {
    var batch = RouteBatch()
    fill(&batch)
    return batch.writer.bytes
  }

  @Test func `an address is asked for as libnl asks`() throws {
    let theirs = rtnl_addr_alloc()
    defer { rtnl_addr_put(theirs) }
    let local = Self.address("10.1.2.3/24", AF_INET)
    let broadcast = Self.address("10.1.2.255", AF_INET)
    defer {
      nl_addr_put(local)
      nl_addr_put(broadcast)
    }
    rtnl_addr_set_ifindex(theirs, 77)
    rtnl_addr_set_local(theirs, local)
    rtnl_addr_set_broadcast(theirs, broadcast)
    rtnl_addr_set_scope(theirs, 253)
    rtnl_addr_set_label(theirs, "eth0:1")
    var message: OpaquePointer?
    let result = rtnl_addr_build_add_request(theirs, 0, &message)
    #expect(result == 0)
    defer { nlmsg_free(message) }

    var ours = InterfaceAddress(try #require(IPPrefix("10.1.2.3/24")), on: InterfaceIndex(rawValue: 77))
    ours.broadcast = IPv4Address(10, 1, 2, 255)
    ours.scope = 253
    ours.label = "eth0:1"
    ours.owner = 0
    var expected = Message(Self.bytes(message), headerByteCount: 8)
    let encoded = Message(Self.bytes { $0.add(ours) }, headerByteCount: 8)
    // libnl leaves out IFA_ADDRESS when there is no peer, and the kernel takes IFA_LOCAL for it; libnl's flags are
    // the caller's.
    expected.attributes.append(.init(type: 1, value: [10, 1, 2, 3]))
    expected.attributes = Array(Dictionary(expected.attributes.map { ($0.type, $0) }) { $1 }.values).sorted()
    expected.flags = encoded.flags
    #expect(encoded == expected)
    #expect(encoded.flags == 0x605)
  }

  @Test func `a macvlan is asked for as libnl asks`() {
    let theirs = rtnl_link_macvlan_alloc()
    defer { rtnl_link_put(theirs) }
    rtnl_link_set_name(theirs, "vrrp.51")
    rtnl_link_set_link(theirs, 3)
    rtnl_link_macvlan_set_mode(theirs, rtnl_link_macvlan_str2mode("private").magnitude)
    let address = Self.address("00:00:5e:00:01:33", AF_LLC)
    rtnl_link_set_addr(theirs, address)
    nl_addr_put(address)
    var message: OpaquePointer?
    let result = rtnl_link_build_add_request(theirs, 0, &message)
    #expect(result == 0)
    defer { nlmsg_free(message) }

    var ours = LinkSpecification("vrrp.51", .macvlan(parent: InterfaceIndex(rawValue: 3), mode: .private))
    ours.hardwareAddress = .virtualRouter(51, .ipv4)
    var expected = Message(Self.bytes(message), headerByteCount: 16)
    let encoded = Message(Self.bytes { $0.add(ours) }, headerByteCount: 16)
    expected.flags = encoded.flags
    expected.header[0] = 0
    #expect(Self.kindless(encoded) == Self.kindless(expected))
  }

  /// libnl writes the kind without its zero; the kernel takes both.
  static func kindless(_ message: Message) -> Message {
    var message = message
    message.attributes = message.attributes.map { attribute in
      guard attribute.type == 18 else { return attribute }
      var text: [UInt8] = []
      NetlinkReader.forEachAttribute(in: attribute.value.span.bytes) { type, value in
        text += [UInt8(type)] + (0..<value.byteCount).map { value.byte(at: $0) }.filter { type == 2 || $0 != 0 }
      }
      return .init(type: 18, value: text)
    }
    return message
  }

  /// This kind of machine may lack the drivers, so that only libnl can tell whether the message is right.
  @Test func `a VLAN and an ipvlan are asked for as libnl asks`() {
    let parent = InterfaceIndex(rawValue: 3)
    let vlan = rtnl_link_vlan_alloc()
    rtnl_link_set_name(vlan, "lan7")
    rtnl_link_set_link(vlan, 3)
    rtnl_link_vlan_set_id(vlan, 7)
    let ipvlan = rtnl_link_ipvlan_alloc()
    rtnl_link_set_name(ipvlan, "ip")
    rtnl_link_set_link(ipvlan, 3)
    rtnl_link_ipvlan_set_mode(ipvlan, 2)
    let ours = [
      LinkSpecification("lan7", .vlan(parent: parent, id: 7)),
      LinkSpecification("ip", .ipvlan(parent: parent, mode: .layer3Symmetric, sharing: .bridge)),
    ]
    for (theirs, ours) in zip([vlan, ipvlan], ours) {
      var message: OpaquePointer?
      let result = rtnl_link_build_add_request(theirs, 0, &message)
      #expect(result == 0)
      var expected = Message(Self.bytes(message), headerByteCount: 16)
      let encoded = Message(Self.bytes { $0.add(ours) }, headerByteCount: 16)
      expected.flags = encoded.flags
      expected.header[0] = 0
      #expect(Self.kindless(encoded) == Self.kindless(expected))
      nlmsg_free(message)
      rtnl_link_put(theirs)
    }
  }

  @Test func `a route is asked for as libnl asks`() throws {
    let theirs = rtnl_route_alloc()
    defer { rtnl_route_put(theirs) }
    let destination = Self.address("10.9.0.0/16", AF_INET)
    let gateway = Self.address("10.0.0.2", AF_INET)
    rtnl_route_set_family(theirs, UInt8(AF_INET))
    rtnl_route_set_dst(theirs, destination)
    rtnl_route_set_table(theirs, 1000)
    rtnl_route_set_protocol(theirs, 112)
    rtnl_route_set_scope(theirs, 0)
    rtnl_route_set_type(theirs, 1)
    rtnl_route_set_priority(theirs, 5)
    rtnl_route_set_metric(theirs, 2, 1400)
    let hop = rtnl_route_nh_alloc()
    rtnl_route_nh_set_gateway(hop, gateway)
    rtnl_route_nh_set_ifindex(hop, 7)
    rtnl_route_add_nexthop(theirs, hop)
    var message: OpaquePointer?
    let result = rtnl_route_build_add_request(theirs, 0, &message)
    #expect(result == 0)
    defer {
      nlmsg_free(message)
      nl_addr_put(destination)
      nl_addr_put(gateway)
    }
    var ours = Route(
      to: try #require(IPPrefix("10.9.0.0/16")),
      by: .init(gateway: .v4(IPv4Address(10, 0, 0, 2)), interface: InterfaceIndex(rawValue: 7)))
    ours.table = 1000
    ours.metric = 5
    ours.metrics = [.mtu: 1400]
    var expected = Message(Self.bytes(message), headerByteCount: 12)
    let encoded = Message(Self.bytes { $0.add(ours) }, headerByteCount: 12)
    expected.flags = encoded.flags
    // Tables above 255 are named by the attribute alone; libnl puts RT_TABLE_COMPAT's 252 into the old field.
    expected.header[4] = 0
    #expect(encoded == expected)
  }

  @Test func `sequence numbers count up and only the last message asks for an answer`() throws {
    var batch = RouteBatch()
    for number in UInt8(1)...3 {
      let host = IPPrefix(host: .v4(IPv4Address(10, 0, 0, number)))
      batch.add(InterfaceAddress(host, on: InterfaceIndex(rawValue: 1)))
    }
    var seen: [(UInt32, UInt16)] = []
    NetlinkReader.forEachMessage(in: batch.writer.bytes.span.bytes) { header, _ in
      seen.append((header.sequence, header.flags & NetlinkFlag.acknowledge))
    }
    #expect(seen.map(\.0) == [1, 2, 3])
    #expect(seen.map(\.1) == [0, 0, NetlinkFlag.acknowledge])
    #expect(batch.count == 3)
    batch.removeAll()
    #expect(batch.isEmpty)
  }

  @Test func `an IPv6 address of ours, byte by byte`() throws {
    let address = InterfaceAddress(try #require(IPPrefix("2001:db8::7/64")), on: InterfaceIndex(rawValue: 2))
    let ip: [UInt8] = [0x20, 1, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [7]
    var expected: [UInt8] = [72, 0, 0, 0, 20, 0, 0x05, 0x06, 1, 0, 0, 0, 0, 0, 0, 0]
    expected += [10, 64, 2, 0, 2, 0, 0, 0]
    expected += [20, 0, 2, 0] + ip
    expected += [20, 0, 1, 0] + ip
    expected += [5, 0, 11, 0, 112, 0, 0, 0]
    #expect(Self.bytes { $0.add(address) } == expected)
  }

  @Test func `nothing the kernel could send makes the reader trap`() {
    var state: UInt64 = 42
    func random() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let seeds = [
      Self.bytes { $0.add(InterfaceAddress(IPPrefix(host: .v4(.vrrpGroup)), on: InterfaceIndex(rawValue: 1))) },
      Self.bytes { $0.add(LinkSpecification("a", .veth(peer: "b", namespaceDescriptor: 1))) },
      Self.bytes { $0.add(Route(to: IPPrefix(host: .v6(.vrrpGroup)), by: .init(), .init())) },
      Self.bytes { $0.add(RoutingRule(.ipv4, .lookUp(table: 300))) },
    ]
    var decoded = 0
    for round in 0..<20_000 {
      var bytes = seeds[round % seeds.count]
      for _ in 0..<(random() % 6) { bytes[Int(random()) % bytes.count] = UInt8(truncatingIfNeeded: random()) }
      if random() % 3 == 0 { bytes.removeLast(Int(random()) % bytes.count) }
      NetlinkReader.forEachMessage(in: bytes.span.bytes) { header, payload in
        if InterfaceAddress(netlink: payload) != nil { decoded += 1 }
        if Link(netlink: payload) != nil { decoded += 1 }
        if Route(netlink: payload) != nil { decoded += 1 }
        if RoutingRule(netlink: payload) != nil { decoded += 1 }
        _ = NetlinkReader.errorNumber(payload)
        _ = NetlinkReader.errorText(header, payload)
        _ = RouteMonitor.Event(header, payload)
      }
      ControlMessages.forEach(in: bytes.span.bytes) { _, _, _ in }
      _ = SocketAddress.read(bytes.span.bytes)
    }
    #expect(decoded > 10_000)
  }

  @Test func `what a bridge says of its ports is not taken for the link`() {
    func decoded(family: UInt8) -> Link? {
      let message = Self.bytes { batch in
        batch.append(NetlinkMessageType.newLink, 0) { writer in
          writer.append(UInt32(family))
          writer.append(UInt32(5))
          writer.append(UInt32(0x1_1043))
          writer.append(UInt32(0))
          writer.attribute(LinkAttribute.name, "port")
          writer.attribute(LinkAttribute.operationalState, UInt8(6))
        }
      }
      var link: Link?
      NetlinkReader.forEachMessage(in: message.span.bytes) { link = Link(netlink: $1) }
      return link
    }
    #expect(decoded(family: 7) == nil)
    let link = decoded(family: 0)
    #expect(link?.name == "port")
    #expect(link?.index == InterfaceIndex(rawValue: 5))
    #expect(link?.operationalState == .up)
    #expect(link?.isRunning == true)
    #expect(link?.hardwareAddress == nil)
  }

  @Test(.enabled(if: isRoot, "only root may send to another's netlink socket"))
  func `an event that the kernel did not send is passed over`() async throws {
    try await isolated {
      let monitor = try RouteMonitor([.links])
      var address = sockaddr_nl()
      var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
      let named = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(monitor.rawDescriptor, $0, &length) }
      }
      try #require(named == 0)
      let forger = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue), 0)
      defer { close(forger) }
      var batch = RouteBatch()
      batch.change(InterfaceIndex(rawValue: 1), LinkChange(isUp: false))
      let bytes = batch.writer.bytes
      let sent = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(forger, bytes, bytes.count, 0, $0, length) }
      }
      #expect(sent == bytes.count)
      try monitor.receive { _ in Issue.record("believed the forger") }
    }
  }

  @Test func `the kernel's own words come with an error`() {
    let writer = NetlinkTests.bytes { batch in
      batch.append(NetlinkMessageType.error, NetlinkFlag.capped | NetlinkFlag.extendedAcknowledgement) { writer in
        writer.append(UInt32(bitPattern: -22))
        for _ in 0..<4 { writer.append(UInt32(0)) }
        writer.attribute(1, "no such thing")
      }
    }
    var text = ""
    var number: Int32?
    NetlinkReader.forEachMessage(in: writer.span.bytes) { header, payload in
      text = NetlinkReader.errorText(header, payload)
      number = NetlinkReader.errorNumber(payload)
    }
    #expect(text == "no such thing")
    #expect(number == 22)
  }
}
