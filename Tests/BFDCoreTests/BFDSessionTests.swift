import BFDCore
import NetPrimitives
import Testing

@Suite struct BFDSessionTests {
  @Test func `a session comes up in three packets`() {
    var line = BFDTimeline()
    line.at(10, .start)
    #expect(line.nextDeadline == 10)
    line.at(10, .deadlineReached)
    // Slowly while it is not up.
    #expect(line.nextDeadline == 760)
    line.at(760, .deadlineReached)
    line.hear(1000, .down, send: 1000)
    line.hear(1100, .up, .poll)
    #expect(line.nextDeadline == 1175)
    line.at(1175, .deadlineReached)
    line.hear(1180, .up, .final)
    line.at(1250, .deadlineReached)
    #expect(
      line.told == [
        "10: send Down to 0, 1000", "760: send Down to 0, 1000", "1000: Init, No Diagnostic",
        "1000: send Init to 9, 1000", "1100: Up, No Diagnostic", "1100: send Up F to 9, 100",
        "1175: send Up P to 9, 100", "1250: send Up to 9, 100",
      ])
  }

  @Test func `the table of states`() {
    // Ours, theirs, what becomes of ours.
    let table: [(BFDState, BFDState, BFDState)] = [
      (.down, .adminDown, .down), (.down, .down, .initializing), (.down, .initializing, .up), (.down, .up, .down),
      (.initializing, .adminDown, .down), (.initializing, .down, .initializing), (.initializing, .initializing, .up),
      (.initializing, .up, .up), (.up, .adminDown, .down), (.up, .down, .down), (.up, .initializing, .up),
      (.up, .up, .up),
    ]
    for (ours, theirs, expected) in table {
      var line = BFDTimeline()
      line.at(0, .start)
      if ours != .down { line.hear(1, .down) }
      if ours == .up { line.hear(2, .initializing) }
      #expect(line.session.state == ours)
      line.hear(3, theirs)
      #expect(line.session.state == expected, "\(ours) hears \(theirs)")
      let reason: BFDDiagnostic = ours != .down && expected == .down ? .neighborSignaledDown : .none
      #expect(line.session.diagnostic == reason)
    }
  }

  @Test func `silence takes it down after the detection time`() {
    var line = BFDTimeline()
    line.goUp()
    // The neighbour sends every 200 ms and its multiplier is 4: the slower of both ends counts.
    line.hear(1200, .up, send: 200, multiplier: 4)
    line.at(1999, .deadlineReached)
    _ = line.takeTold()
    line.at(2000, .deadlineReached)
    #expect(line.takeTold() == ["2000: Down, Control Detection Time Expired", "2000: send Down to 0, 1000"])
    #expect(line.session.remote.discriminator == 0)
    // It goes on slowly.
    #expect(line.nextDeadline == 2750)
  }

  @Test func `the detection time counts from when the kernel had the packet`() {
    var line = BFDTimeline()
    line.goUp()
    // Frozen until 2300: what was read late had come in time.
    line.hear(2300, .up, receivedAt: 2100)
    line.at(2399, .deadlineReached)
    #expect(line.session.state == .up)
    line.at(2400, .deadlineReached)
    #expect(line.session.state == .down)
  }

  @Test func `a stranger is forgotten while down, too`() {
    var line = BFDTimeline()
    line.at(0, .start)
    line.hear(10, .up, receive: 0)
    #expect(line.session.remote.discriminator == 9)
    // It wants to hear nothing periodically.
    #expect(line.nextDeadline == 310)
    line.at(310, .deadlineReached)
    #expect(line.session.remote.discriminator == 0)
    #expect(line.session.state == .down)
    #expect(line.nextDeadline != nil)
  }

  @Test func `waking early or twice changes nothing`() {
    var line = BFDTimeline()
    line.goUp()
    let before = line.session
    line.at(1102, .deadlineReached)
    line.at(1102, .start)
    #expect(line.session == before)
    #expect(line.told == [])
  }

  @Test func `packets come before their interval is over, and after three quarters of it`() {
    for (multiplier, latest) in [(UInt8(3), UInt64(100)), (1, 90)] {
      var line = BFDTimeline { $0.multiplier = multiplier }
      line.goUp()
      var gaps: [UInt64] = []
      var now = 1175_000_000 as UInt64
      for round: UInt64 in 0..<200 {
        line.jitter = round &* 0x9e37_79b9_7f4a_7c15
        line.hear(now / 1_000_000, .up)
        var effects = BFDEffects()
        guard let next = line.session.nextDeadline else { return }
        line.session.handle(.deadlineReached, jitter: line.jitter, now: next, effects: &effects)
        #expect(effects.count == 1)
        gaps.append((next.nanoseconds - now) / 1_000_000)
        now = next.nanoseconds
      }
      gaps.removeFirst()
      #expect(gaps.allSatisfy { (75...latest).contains($0) }, "\(gaps)")
      #expect(Set(gaps).count > 10)
    }
  }

  @Test func `a neighbour that wants less gets less, and more when it wants more`() {
    var line = BFDTimeline()
    line.goUp()
    line.hear(1110, .up, receive: 400)
    #expect(line.nextDeadline == 1400)
    line.hear(1120, .up, receive: 100)
    #expect(line.nextDeadline == 1175)
  }

  @Test func `a late wake-up does not shift the cadence`() {
    var line = BFDTimeline()
    line.goUp()
    #expect(line.nextDeadline == 1175)
    line.at(1190, .deadlineReached)
    #expect(line.nextDeadline == 1250)
    line.hear(1300, .up)
    // Later than half an interval: a new cadence, no burst.
    line.at(1390, .deadlineReached)
    #expect(line.nextDeadline == 1465 || line.nextDeadline == 1450)
    #expect(line.takeTold().filter { $0.contains("send") }.count <= 3)
  }

  @Test func `a poll is answered at once, up or down`() {
    var line = BFDTimeline()
    line.at(0, .start)
    line.at(0, .deadlineReached)
    _ = line.takeTold()
    line.hear(5, .up, .poll)
    #expect(line.takeTold() == ["5: send Down F to 9, 1000"])
    line.goUp()
    line.hear(1110, .up, .poll)
    #expect(line.takeTold() == ["1110: send Up F to 9, 100"])
  }

  @Test func `who is passive waits to be spoken to`() {
    var line = BFDTimeline { $0.isPassive = true }
    line.at(0, .start)
    #expect(line.nextDeadline == nil)
    line.hear(500, .down)
    #expect(line.takeTold() == ["500: Init, No Diagnostic", "500: send Init to 9, 1000"])
    line.hear(510, .up)
    line.at(810, .deadlineReached)
    #expect(line.session.state == .down)
    #expect(line.takeTold().last == "810: Down, Control Detection Time Expired")
    // The neighbour is forgotten: silence again.
    #expect(line.nextDeadline == nil)
  }

  @Test func `a neighbour in demand mode hears nothing while both are up`() {
    var line = BFDTimeline()
    line.goUp()
    line.hear(1110, .up, .demand)
    #expect(line.nextDeadline == 1410)
    line.hear(1120, .up, [.demand, .poll])
    #expect(line.takeTold() == ["1120: send Up F to 9, 100"])
    line.hear(1130, .up)
    #expect(line.nextDeadline == 1175)
  }

  @Test func `disabled it says so, for one detection time or once`() {
    var line = BFDTimeline()
    line.goUp()
    var other = line
    line.at(1150, .disable(lingers: true))
    #expect(
      line.takeTold() == ["1150: AdminDown, Administratively Down", "1150: send AdminDown to 9, 1000"])
    line.hear(1160, .up, .poll)
    #expect(line.takeTold() == [])
    line.at(1900, .deadlineReached)
    line.at(2650, .deadlineReached)
    line.at(3400, .deadlineReached)
    #expect(line.takeTold().count == 3)
    #expect(!line.session.isOver)
    line.at(4150, .deadlineReached)
    #expect(line.session.isOver)

    other.at(1150, .disable(lingers: false))
    #expect(other.takeTold().count == 2)
    #expect(other.session.isOver)
  }
}

@Suite struct BFDReloadTests {
  private func changed(
    _ line: BFDTimeline, _ change: (inout BFDSession.Configuration) -> Void
  ) -> BFDSession.Configuration {
    var configuration = line.session.configuration
    change(&configuration)
    return configuration
  }

  @Test func `nothing changed, nothing happens`() {
    var line = BFDTimeline()
    line.goUp()
    let before = line.session
    line.session.reconfigure(changed(line) { $0.discriminator = 99 }, jitter: 5, now: .milliseconds(1110))
    #expect(line.session == before)
  }

  @Test func `sending more slowly waits for the neighbour to agree`() {
    var line = BFDTimeline()
    line.goUp()
    let wanted = changed(line) { $0.desiredSendMicroseconds = 400_000 }
    line.session.reconfigure(wanted, jitter: 0, now: .milliseconds(1110))
    #expect(line.session.isPolling)
    line.at(1175, .deadlineReached)
    #expect(line.takeTold() == ["1175: send Up P to 9, 400"])
    #expect(line.nextDeadline == 1250)
    line.hear(1180, .up, .final)
    #expect(!line.session.isPolling)
    #expect(line.nextDeadline == 1475)
  }

  @Test func `hearing more often is expected once the neighbour agrees`() {
    var line = BFDTimeline()
    line.goUp()
    line.session.reconfigure(
      changed(line) { $0.requiredReceiveMicroseconds = 20_000 }, jitter: 0, now: .milliseconds(1110))
    line.hear(1120, .up, send: 20)
    #expect(line.session.detectionNanoseconds == 300_000_000)
    line.hear(1130, .up, .final, send: 20)
    #expect(line.session.detectionNanoseconds == 60_000_000)
    #expect(line.session.state == .up)
  }

  @Test func `hearing less often is put up with at once`() {
    var line = BFDTimeline()
    line.goUp()
    line.session.reconfigure(
      changed(line) { $0.requiredReceiveMicroseconds = 500_000 }, jitter: 0, now: .milliseconds(1110))
    line.hear(1120, .up)
    #expect(line.session.detectionNanoseconds == 1_500_000_000)
  }
}
