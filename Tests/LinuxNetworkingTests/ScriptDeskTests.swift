import Foundation
@testable import LinuxNetworking
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct ScriptDeskTests {
  private static let now = MonotonicInstant(nanoseconds: 1_000_000_000)

  /// One tracked script that does not exist, under the rules of `global`.
  private static func configuration(_ global: GlobalDefinition) -> VRRPConfiguration {
    var configuration = VRRPConfiguration()
    configuration.global = global
    configuration.tracking.scripts = [
      TrackScriptDefinition(name: "probe", command: ScriptCommand(["/nowhere/probe", "a"]))
    ]
    return configuration
  }

  private static func orders(_ parent: HookChannel) -> [(number: UInt64, order: ScriptOrder)] {
    var buffer = [UInt8](repeating: 0, count: HookRequest.byteLimit)
    var found: [(number: UInt64, order: ScriptOrder)] = []
    while let bytes = parent.receive(into: &buffer) {
      if case .run(let number, let order)? = try? HookRequest(decoding: bytes) { found.append((number, order)) }
    }
    return found
  }

  @Test func `what a script is to be judged by goes to the parent, which says no; that is told once, until a reload`()
    throws
  {
    let (parent, child) = try HookChannel.pair()
    var desk = ScriptDesk(channel: child)
    var global = GlobalDefinition(scriptUser: .init(user: "nobody"), enforcesScriptSecurity: true)
    global.keepsSymbolicLinks = true
    desk.apply(Self.configuration(global), isReload: false, now: Self.now)
    var now = Self.now
    var lines: [String] = []
    for round in 0..<3 {
      let asked = Self.orders(parent)
      let run = try #require(asked.first)
      #expect(asked.count == 1)
      #expect(run.order == ScriptOrder(ScriptCommand(["/nowhere/probe", "a"]), as: global))
      #expect(run.order.enforcesSecurity && run.order.keepsSymbolicLinks && run.order.user == "nobody")
      #expect(parent.send(HookReply(number: run.number, end: .refused("there is no such file")).encoded))
      desk.takeReplies(now: now)
      lines += desk.takeLines().map(\.text).filter { $0.contains("not run") }
      #expect(lines.count == (round < 2 ? 1 : 2))
      if round == 1 { desk.apply(Self.configuration(global), isReload: true, now: now) }
      now = now.advanced(byNanoseconds: 10_000_000_000)
      desk.advance(to: now)
    }
    #expect(lines[0] == "a script of probe is not run: there is no such file")
  }
}
