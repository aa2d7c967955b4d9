import Foundation
@testable import LinuxNetworking
import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct CheckDeskTests {
  private static let now = MonotonicInstant(nanoseconds: 1_000_000_000)

  /// The requests that wait at the parent's end.
  private static func requests(_ parent: HookChannel) -> [HookRequest] {
    var buffer = [UInt8](repeating: 0, count: HookRequest.byteLimit)
    var found: [HookRequest] = []
    while let bytes = parent.receive(into: &buffer) {
      if let request = try? HookRequest(decoding: bytes) { found.append(request) }
    }
    return found
  }

  @Test func `news of sessions is not taken for anything else`() throws {
    let (parent, child) = try HookChannel.pair()
    var desk = CheckDesk(channel: child)
    let news = [SessionNews(name: "a", isUp: true), SessionNews(name: "b", isUp: false, informsRouters: false)]
    for item in news { #expect(parent.send(item.encoded)) }
    #expect(parent.send(RouterNews(name: "c", isActive: true).encoded))
    desk.takeMessages(now: Self.now)
    let heard = desk.takeSessionNews()
    #expect(heard == news)
    let routers = desk.takeNews()
    #expect(routers == [RouterNews(name: "c", isActive: true)])
    let again = desk.takeSessionNews()
    #expect(again == [])
  }

  @Test func `who reads the pipes is started with their path, and comes to the end with the process`() throws {
    let path = NSTemporaryDirectory() + "vrrpd-fifo-\(UUID().uuidString)"
    defer { unlink(path) }
    let (parent, child) = try HookChannel.pair()
    var desk = CheckDesk(channel: child)
    var configuration = CheckConfiguration()
    configuration.global.balancerFIFO = GlobalDefinition.NotifyFIFO(path: path, reader: ScriptCommand(["/bin/cat"]))
    desk.apply(configuration, now: Self.now)
    let requests = Self.requests(parent)
    guard requests.count == 1, case .run(let number, let order) = requests[0] else {
      Issue.record("\(requests)")
      return
    }
    #expect(order.arguments == ["/bin/cat", path])
    #expect(access(path, F_OK) == 0)
    desk.stop(now: Self.now)
    let isIdle = desk.isIdle
    #expect(!isIdle)
    desk.finish(now: Self.now)
    #expect(access(path, F_OK) != 0)
    let isDone = desk.isIdle
    #expect(!isDone)
    #expect(parent.send(HookReply(number: number, end: .exited(0)).encoded))
    desk.takeMessages(now: Self.now)
    let isOver = desk.isIdle
    #expect(isOver)
  }
}
