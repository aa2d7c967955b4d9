import LoadBalancing
import Testing

@Suite struct FixedKernelSettingTests {
  @Test func `whose IPVS it is stays so until the end`() {
    var first = KernelDefinition()
    first.namespace = .named("front")
    var next = first
    next.namespace = .initial
    next.flushesAtStop = true
    #expect(next.keepFixed(of: first) == ["net_namespace_ipvs"])
    #expect(next.namespace == .named("front") && next.flushesAtStop)
    #expect(next.keepFixed(of: first).isEmpty)
  }

  @Test func `how groups are marked stays so, too`() {
    let first = KernelDefinition()
    var next = first
    next.marksGroups = true
    next.marking.priority = 3
    next.marking.firstMark = 3
    #expect(
      next.keepFixed(of: first) == ["nftables_ipvs", "nftables_ipvs_priority", "nftables_ipvs_start_fwmark"])
    #expect(next == first)
    next.marking.table = "other"
    #expect(next.keepFixed(of: first) == ["nftables_ipvs"])
  }
}
