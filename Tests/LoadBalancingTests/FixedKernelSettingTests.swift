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
}
