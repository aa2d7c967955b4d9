@testable import LinuxNetworking
import NetPrimitives
import Testing
import VRRPCore

@Suite struct AnnouncementPacingTests {
  private static func pacing(_ change: (inout GlobalDefinition) -> Void) -> AnnouncementPacing {
    var global = GlobalDefinition()
    change(&global)
    var pacing = AnnouncementPacing()
    pacing.follow(global)
    return pacing
  }

  /// When each of `frames` announcements on `interface`, all taken at 1 s, goes out.
  private static func times(_ pacing: inout AnnouncementPacing, frames: [(Int, String)]) -> [UInt64: [Int]] {
    for (frame, interface) in frames {
      #expect(pacing.take(.init(router: 0, frame: frame), on: interface, .ipv4))
    }
    var times: [UInt64: [Int]] = [:]
    var now = MonotonicInstant(nanoseconds: 1_000_000_000)
    while let deadline = pacing.nextDeadline {
      now = max(now, deadline)
      pacing.advance(to: now) { entry in
        times[now.nanoseconds / 1_000_000, default: []].append(entry.frame)
        return true
      }
    }
    return times
  }

  @Test func `without spaces nothing waits`() {
    var pacing = Self.pacing { _ in }
    #expect(!pacing.isNeeded)
    #expect(!pacing.take(.init(router: 0, frame: 0), on: "eth0", .ipv4))
    #expect(pacing.nextDeadline == nil)
  }

  @Test func `vrrp_garp_interval spaces each interface by itself, and says nothing of IPv6`() {
    var pacing = Self.pacing { $0.announcementSpacingNanoseconds = 100_000_000 }
    #expect(!pacing.take(.init(router: 0, frame: 9), on: "eth0", .ipv6))
    let times = Self.times(&pacing, frames: [(1, "eth0"), (2, "eth0"), (3, "eth0"), (4, "eth1")])
    #expect(times[1000]?.sorted() == [1, 4])
    #expect(times[1100] == [2])
    #expect(times[1200] == [3])
  }

  @Test func `a garp_group shares one space`() {
    var pacing = Self.pacing {
      $0.announcementGroups = [AnnouncementGroupDefinition(interfaces: ["eth0", "eth1"])]
      $0.announcementGroups[0].announcementSpacingNanoseconds = 50_000_000
    }
    #expect(!pacing.take(.init(router: 0, frame: 9), on: "eth2", .ipv4))
    let times = Self.times(&pacing, frames: [(1, "eth0"), (2, "eth1"), (3, "eth0")])
    #expect(times == [1000: [1], 1050: [2], 1100: [3]])
  }

  @Test func `what is not wanted any more costs no time`() {
    var pacing = Self.pacing { $0.announcementSpacingNanoseconds = 100_000_000 }
    for frame in 0..<10 { _ = pacing.take(.init(router: frame == 9 ? 1 : 0, frame: frame), on: "eth0", .ipv4) }
    var sent: [Int] = []
    pacing.advance(to: MonotonicInstant(nanoseconds: 1_000_000_000)) { entry in
      guard entry.router == 1 else { return false }
      sent.append(entry.frame)
      return true
    }
    #expect(sent == [9])
    #expect(pacing.nextDeadline == nil)
  }
}
