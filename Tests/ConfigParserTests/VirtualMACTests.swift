import ConfigParser
import Testing

@Suite struct VirtualMACTests {
  private func router(_ lines: String, globals: String = "") throws -> VirtualRouterDefinition {
    let loaded = load(
      "global_defs {\n\(globals)\n}\n"
        + instance("  virtual_ipaddress {\n    10.0.0.1/24\n    10.0.1.1/24 dev eth1 use_vmac\n  }\n\(lines)", id: 0x33)
    )
    return try #require(loaded.configuration.virtualRouters.first)
  }

  @Test func `use_vmac alone, with a name, with a MAC`() throws {
    #expect(try router("").virtualMAC == nil)
    #expect(try router("  use_vmac").virtualMAC == VirtualMACDefinition())
    let lines = "  vmac_prepare_addresses\n  use_vmac name vm0 group 7\n  vmac_xmit_base"
    let named = try #require(try router(lines).virtualMAC)
    #expect(named.preparesAddresses)
    #expect(named.name == "vm0" && named.group == .number(7) && named.sendsFromBase && named.kind == .macvlan)
    #expect(try router("  use_vmac vm0 02:00:00:00:00:09").virtualMAC?.address == MACAddress("02:00:00:00:00:09"))
  }

  @Test func `five octets are completed by the VRID, wherever that stands`() throws {
    let text =
      "vrrp_instance A {\n  use_vmac 02:00:00:00:01\n  interface eth0\n  virtual_router_id 51\n"
      + "  virtual_ipaddress {\n    10.0.0.1/24\n  }\n}\n"
    let router = try #require(load(text).configuration.virtualRouters.first)
    #expect(router.virtualMAC?.address == MACAddress("02:00:00:00:01:33"))
  }

  @Test(arguments: ["00:00:5e:00:01:33", "00:00:5e:00:02", "01:00:00:00:00:01", "00:00:00:00:00:00"])
  func `no MAC of the RFC, of a group or of nobody`(text: String) throws {
    let loaded = load(instance("  virtual_ipaddress {\n    10.0.0.1/24\n  }\n  use_vmac \(text)"))
    #expect(loaded.problems == [.invalidAddress])
    #expect(loaded.configuration.virtualRouters.first?.virtualMAC?.address == nil)
  }

  @Test func `use_ipvlan gives a source`() throws {
    let definition = try router("  use_ipvlan ip0 10.0.0.9/24 private")
    #expect(definition.virtualMAC?.kind == .ipvlan(.private))
    #expect(definition.virtualMAC?.source == IPPrefix("10.0.0.9/24"))
    #expect(definition.sourceAddress == IPAddress("10.0.0.9"))
    #expect(try router("  mcast_src_ip 10.0.0.8\n  use_ipvlan 10.0.0.9/24").sourceAddress == IPAddress("10.0.0.8"))
  }

  @Test func `use_vmac_addr is use_vmac on each address`() throws {
    #expect(try router("").addresses.map(\.usesVirtualMAC) == [false, true])
    #expect(try router("  use_vmac_addr").addresses.map(\.usesVirtualMAC) == [true, true])
  }

  @Test func `what may be accepted`() throws {
    #expect(try router("").acceptsPackets)
    #expect(try !router("  no_accept").acceptsPackets)
    #expect(try router("  no_accept\n  accept").acceptsPackets)
    #expect(try !router("  version 3\n  strict_mode").acceptsPackets)
    #expect(try router("  version 3\n  strict_mode\n  accept").acceptsPackets)
  }

  @Test func `strict mode knows one MAC, and adverts from it`() throws {
    let definition = try router("  version 3\n  strict_mode\n  use_vmac 02:00:00:00:00:09\n  vmac_xmit_base")
    #expect(definition.virtualMAC == VirtualMACDefinition())
  }

  @Test func `global settings of interfaces and rules`() {
    let global = load(
      """
      global_defs {
        vmac_prefix vm
        vmac_addr_prefix va
        nftables mine
        nftables_priority -7
        nftables_ifindex
        nftables_counters
        disable_local_igmp
        dynamic_interfaces
      }
      """
    ).configuration.global
    #expect(global.virtualMACPrefix == "vm" && global.virtualAddressMACPrefix == "va")
    #expect(global.firewallTable == "mine" && global.firewallPriority == -7)
    #expect(global.firewallMatchesIndex && global.firewallCounts)
    #expect(global.silencesLocalGroups && global.allowsMissingInterfaces)
  }
}
