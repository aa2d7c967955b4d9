import LoadBalancing
import NetPrimitives
import Testing

@testable import LinuxNetworking

/// `nftables_ipvs` on the kernel: what is marked is what it says is marked, and `nft` reads it as keepalived's.
@Suite(.enabled(if: isRoot, rootOnly)) struct AddressMarkerTests {
  static func range(
    _ first: String, _ last: String, _ port: UInt16 = 80, mark: UInt32 = 1000, _ transport: TransportProtocol = .tcp
  ) throws -> AddressMark {
    AddressMark(
      transport, first: try #require(IPAddress(first)), last: try #require(IPAddress(last)), port: port, mark: mark)
  }

  @Test func `the kernel says what it was told, and changes it whole`() async throws {
    try await isolated {
      let marker = try AddressMarker(GroupMarking())
      #expect(try marker.marks().isEmpty)
      try marker.dismantle()
      let first = [
        try Self.range("10.0.0.1", "10.0.0.1"), try Self.range("10.0.0.5", "10.0.0.9"),
        try Self.range("10.4.0.0", "10.4.255.255", 443, mark: .max), try Self.range("10.0.0.7", "10.0.0.7", 53, .udp),
        try Self.range("fd64::5", "fd64::ffff", mark: 1), try Self.range("fd64::", "fd64::", 9, .sctp),
      ]
      try marker.replace(with: first)
      #expect(Set(try marker.marks()) == Set(first))
      // Ranges that overlap the old ones.
      let second = [try Self.range("10.0.0.0", "10.0.0.20", mark: 2)]
      try marker.replace(with: second)
      #expect(try marker.marks() == second)
      // A predecessor's tables are found, and go.
      let successor = try AddressMarker(GroupMarking())
      #expect(try successor.marks() == second)
      try successor.dismantle()
      #expect(try marker.marks().isEmpty)
    }
  }

  @Test func `thousands of ranges fit, and are one system call`() async throws {
    try await isolated {
      let marker = try AddressMarker(GroupMarking())
      let many = (0..<6000).map { number in
        let address = IPAddress.v6(IPv6Address(high: 0xfd64 << 48, low: UInt64(number) * 2))
        return AddressMark(.tcp, first: address, last: address, port: 80, mark: 1000)
      }
      try marker.replace(with: many)
      #expect(Set(try marker.marks()) == Set(many))
    }
  }

  @Test func `nft lists what keepalived would have made`() async throws {
    try await isolated {
      var marking = GroupMarking()
      (marking.table, marking.priority) = ("mine", -5)
      try AddressMarker(marking, counts: true).replace(with: [
        try Self.range("10.100.0.1", "10.100.0.1"), try Self.range("10.100.0.5", "10.100.0.10"),
        try Self.range("fd64::5", "fd64::9", mark: 1001),
      ])
      guard let rules = try FirewallTests.run("nft", ["list", "ruleset"]) else { return }
      let words = rules.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      for part in [
        "table ip mine", "map tcp_map { type ipv4_addr . inet_service : mark flags interval elements = {",
        "10.100.0.1 . 80 : 0x000003e8, 10.100.0.5-10.100.0.10 . 80 : 0x000003e8 }",
        "chain in { type filter hook input priority filter - 5; policy accept;",
        "meta mark set ip daddr . tcp dport map @tcp_map counter packets 0 bytes 0 return",
        "table ip6 mine", "fd64::5-fd64::9 . 80 : 0x000003e9 }",
        "meta mark set ip6 daddr . tcp dport map @tcp_map counter packets 0 bytes 0 return",
      ] { #expect(words.contains(part), "\(part) in \(rules)") }
    }
  }

  @Test func `overlapping ranges are refused, and nothing has changed`() async throws {
    try await isolated {
      let marker = try AddressMarker(GroupMarking())
      let first = [try Self.range("10.0.0.1", "10.0.0.9")]
      try marker.replace(with: first)
      #expect(throws: SystemCallError.self) {
        try marker.replace(with: [try Self.range("10.0.0.1", "10.0.0.9"), try Self.range("10.0.0.5", "10.0.0.12")])
      }
      #expect(try marker.marks() == first)
    }
  }
}
