import CAllocationCounter
import Foundation
import LinuxNetworking
import NetPrimitives
import Testing
import VRRPRuntime

@Suite struct EpollReactorTests {
  @Test func `a deadline ends the wait, never early`() throws {
    var reactor = try EpollReactor()
    for _ in 0..<5 {
      let deadline = SystemClock.monotonic().advanced(byNanoseconds: 3_000_000)
      var turn = try reactor.wait(until: deadline)
      while !turn.deadlinePassed { turn = try reactor.wait(until: deadline) }
      #expect(turn.now >= deadline)
      #expect(turn.readyCount == 0)
      let none = reactor.nextReady()
      #expect(none == nil)
    }
  }

  @Test func `a deadline of the past still looks at the descriptors`() throws {
    var reactor = try EpollReactor()
    let event = try EventDescriptor()
    _ = try reactor.add(event.descriptor.rawValue, interest: .readable, key: 9)
    event.signal()
    let turn = try reactor.wait(until: MonotonicInstant(nanoseconds: 0))
    #expect(turn.deadlinePassed)
    #expect(turn.readyCount == 1)
    let event9 = reactor.nextReady()
    let none = reactor.nextReady()
    #expect(event9?.key == 9)
    #expect(none == nil)
  }

  @Test func `an event of a descriptor removed in the same turn is never delivered`() throws {
    var reactor = try EpollReactor()
    let first = try EventDescriptor()
    let second = try EventDescriptor()
    let tokens = [
      try reactor.add(first.descriptor.rawValue, interest: .readable, key: 1),
      try reactor.add(second.descriptor.rawValue, interest: .readable, key: 2),
    ]
    first.signal()
    second.signal()
    let turn = try reactor.wait(until: nil)
    #expect(turn.readyCount == 2)
    let ready = reactor.nextReady()
    let delivered = try #require(ready)
    let other = delivered.key == 1 ? 1 : 0
    reactor.remove(tokens[other])
    // Another descriptor takes the slot, and may take the number: the old event is not its event.
    let third = try EventDescriptor()
    let token = try reactor.add(third.descriptor.rawValue, interest: .readable, key: 3)
    #expect(token.slot == tokens[other].slot)
    #expect(token.generation != tokens[other].generation)
    let stale = reactor.nextReady()
    #expect(stale == nil)
    reactor.remove(tokens[other])
    third.signal()
    _ = try reactor.wait(until: nil)
    var keys: [UInt32] = []
    while let event = reactor.nextReady() { keys.append(event.key) }
    #expect(keys.contains(3))
  }

  @Test func `interest can change and a closed pipe hangs up`() throws {
    var reactor = try EpollReactor()
    let pipe = try PipeDescriptors()
    let reader = try pipe.readEnd.duplicate()
    let token = try reactor.add(reader.rawValue, interest: .readable, key: 4)
    try reactor.modify(token, interest: [])
    _ = consume pipe
    _ = try reactor.wait(until: nil)
    let ready = reactor.nextReady()
    let event = try #require(ready)
    #expect(event.readiness.contains(.hangUp))
    #expect(event.token == token)
  }

  @Test func `more descriptors than a turn holds come with the next turns`() throws {
    var reactor = try EpollReactor(maximumEventsPerTurn: 4)
    var pipes: [Int32] = []
    defer { for number in pipes { close(number) } }
    for key in UInt32(0)..<10 {
      let event = try EventDescriptor()
      event.signal()
      let copy = try event.descriptor.duplicate().release()
      pipes.append(copy)
      _ = try reactor.add(copy, interest: .readable, key: key)
    }
    var seen: Set<UInt32> = []
    var turns = 0
    while seen.count < 10, turns < 20 {
      turns += 1
      let turn = try reactor.wait(until: MonotonicInstant(nanoseconds: 0))
      #expect(turn.readyCount <= 4)
      #expect(turn.isFull)
      while let event = reactor.nextReady() { seen.insert(event.key) }
    }
    #expect(seen.count == 10)
  }

  @Test func `another loop can embed it`() throws {
    var reactor = try EpollReactor()
    let deadline = SystemClock.monotonic().advanced(byNanoseconds: 2_000_000)
    try reactor.prepare(deadline: deadline)
    var request = pollfd(fd: reactor.embeddableDescriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&request, 1, 5000) == 1)
    let turn = try reactor.wait(until: deadline)
    #expect(turn.deadlinePassed)
    #expect(poll(&request, 1, 0) == 0)
  }

  @Test func `a deadline that moves on needs no setting, and one that comes nearer is met`() throws {
    var reactor = try EpollReactor()
    let start = SystemClock.monotonic()
    try reactor.prepare(deadline: start.advanced(byNanoseconds: 2_000_000))
    let later = start.advanced(byNanoseconds: 6_000_000)
    let turn = try reactor.wait(until: later)
    #expect(turn.deadlinePassed && turn.now >= later)
    let far = turn.now.advanced(byNanoseconds: 60_000_000_000)
    try reactor.prepare(deadline: far)
    let near = try reactor.wait(until: turn.now.advanced(byNanoseconds: 1_000_000))
    #expect(near.deadlinePassed && near.now < far)
  }

  @Test func `the first instant of the clock is a deadline like any other`() throws {
    var reactor = try EpollReactor()
    try reactor.prepare(deadline: MonotonicInstant(nanoseconds: 0))
    var request = pollfd(fd: reactor.embeddableDescriptor, events: Int16(POLLIN), revents: 0)
    #expect(poll(&request, 1, 5000) == 1)
    try reactor.prepare(deadline: nil)
    let timer = try TimerDescriptor()
    try timer.set(MonotonicInstant(nanoseconds: 1))
    usleep(1000)
    #expect(try timer.expirations() == 1)
    try timer.set(nil)
    #expect(try timer.expirations() == 0)
  }

  @Test func `signals come as events`() async throws {
    try await onThread {
      let signals = try SignalDescriptor([SIGUSR2])
      var reactor = try EpollReactor()
      _ = try reactor.add(signals.descriptor.rawValue, interest: .readable, key: 5)
      pthread_kill(pthread_self(), SIGUSR2)
      _ = try reactor.wait(until: SystemClock.monotonic().advanced(byNanoseconds: 2_000_000_000))
      let ready = reactor.nextReady()
      #expect(ready?.key == 5)
      #expect(try signals.next()?.number == SIGUSR2)
      #expect(try signals.next() == nil)
    }
  }

  @Test(.enabled(if: allocation_count_is_live(), "a sanitizer owns malloc"))
  func `a turn allocates nothing`() throws {
    var reactor = try EpollReactor()
    let event = try EventDescriptor()
    _ = try reactor.add(event.descriptor.rawValue, interest: .readable, key: 1)
    var allocations: UInt = 0
    for round in 0..<3 {
      let before = allocation_count()
      for _ in 0..<100 {
        event.signal()
        _ = try reactor.wait(until: SystemClock.monotonic().advanced(byNanoseconds: 1_000_000))
        while let ready = reactor.nextReady() { precondition(ready.key == 1) }
        _ = try event.take()
        _ = try reactor.wait(until: SystemClock.monotonic().advanced(byNanoseconds: 10_000))
      }
      if round > 0 { allocations += allocation_count() - before }
    }
    #expect(allocations == 0)
  }

  /// A hundred random histories: what is delivered was added, not removed since, and ready.
  @Test func `only what is watched and ready is ever delivered`() throws {
    var random = RepeatableRandom(seed: 7)
    for _ in 0..<100 {
      var reactor = try EpollReactor(maximumEventsPerTurn: 3)
      // The eventfds and, by key, which of them is watched under which token.
      var watched: [UInt32: (number: Int32, token: ReactorToken)] = [:]
      var signalled: Set<UInt32> = []
      var dead: [ReactorToken] = []
      defer { for entry in watched.values { close(entry.number) } }
      var nextKey: UInt32 = 0
      for _ in 0..<60 {
        switch random.below(4) {
        case 0:
          let number = try EventDescriptor().descriptor.duplicate().release()
          watched[nextKey] = (number, try reactor.add(number, interest: .readable, key: nextKey))
          nextKey += 1
        case 1:
          guard let key = watched.keys.sorted().dropFirst(random.below(max(1, watched.count))).first else { continue }
          var one: UInt64 = 1
          if let entry = watched[key] { write(entry.number, &one, 8) }
          signalled.insert(key)
        default:
          _ = try reactor.wait(until: MonotonicInstant(nanoseconds: 0))
          while let event = reactor.nextReady() {
            let entry = try #require(watched[event.key], "delivered after its removal")
            #expect(entry.token == event.token && signalled.contains(event.key))
            // Somebody in the middle of a turn closes another one, and a new one takes its number.
            if random.below(2) == 0, let victim = watched.keys.sorted().last, let old = watched[victim] {
              reactor.remove(old.token)
              dead.append(old.token)
              close(old.number)
              watched[victim] = nil
              let number = try EventDescriptor().descriptor.duplicate().release()
              watched[nextKey] = (number, try reactor.add(number, interest: .readable, key: nextKey))
              nextKey += 1
            }
          }
          for token in dead { reactor.remove(token) }
        }
      }
    }
  }
}

/// A generator that repeats itself.
private struct RepeatableRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func below(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
