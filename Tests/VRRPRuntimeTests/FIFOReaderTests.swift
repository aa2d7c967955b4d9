import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct `The readers of FIFOs` {
  struct Bench {
    var readers = FIFOReaders()
    var wanted: [String] = []

    mutating func at(_ seconds: UInt64, _ event: (inout FIFOReaders, MonotonicInstant) -> Void) {
      event(&readers, MonotonicInstant(nanoseconds: seconds * 1_000_000_000))
      for effect in readers.takeEffects() {
        switch effect {
        case .run(let path, let command): wanted.append("\(seconds): \(command.arguments[0]) \(path)")
        case .terminate(let path): wanted.append("\(seconds): end \(path)")
        case .kill(let path): wanted.append("\(seconds): kill \(path)")
        }
      }
    }
  }

  static let one = ["/f": ScriptCommand(["a"])]

  @Test func `a reload leaves what runs alone, and replaces what changed`() {
    var bench = Bench()
    bench.at(0) { $0.keep(Self.one, now: $1) }
    bench.at(1) { $0.keep(Self.one, now: $1) }
    #expect(bench.wanted == ["0: a /f"])
    bench.at(2) { $0.keep(["/f": ScriptCommand(["b"]), "/g": ScriptCommand(["c"])], now: $1) }
    #expect(bench.wanted.suffix(2) == ["2: end /f", "2: c /g"])
    bench.at(2) { $0.ended("/f", now: $1) }
    #expect(bench.wanted.last == "2: b /f")
    bench.at(3) { $0.keep([:], now: $1) }
    bench.at(4) { $0.advance(to: $1) }
    #expect(bench.wanted.suffix(2) == ["4: kill /f", "4: kill /g"])
    bench.at(5) { $0.ended("/f", now: $1) }
    bench.at(5) { $0.ended("/g", now: $1) }
    #expect(bench.readers.isIdle)
  }

  @Test func `one that dies is started again, ever more slowly`() {
    var bench = Bench()
    bench.at(0) { $0.keep(Self.one, now: $1) }
    var now: UInt64 = 0
    var pauses: [UInt64] = []
    for _ in 0..<8 {
      bench.at(now) { $0.ended("/f", now: $1) }
      let deadline = (bench.readers.nextDeadline?.nanoseconds(since: MonotonicInstant(nanoseconds: 0)) ?? 0)
      pauses.append(deadline / 1_000_000_000 - now)
      now = deadline / 1_000_000_000
      bench.at(now) { $0.advance(to: $1) }
    }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 32, 32])
    #expect(bench.wanted.count == 9)
    // One that lived long enough had a reason of its own.
    bench.at(now + 60) { $0.ended("/f", now: $1) }
    #expect(bench.wanted.last == "\(now + 60): a /f")
  }

  @Test func `at the end it may read to the end, but not for ever`() {
    var bench = Bench()
    bench.at(0) { $0.keep(Self.one, now: $1) }
    bench.at(1) { $0.stop(now: $1) }
    #expect(bench.wanted.count == 1 && !bench.readers.isIdle)
    bench.at(2) { $0.advance(to: $1) }
    #expect(bench.wanted.last == "2: end /f")
    bench.at(3) { $0.advance(to: $1) }
    #expect(bench.wanted.last == "3: kill /f")
    #expect(bench.readers.nextDeadline == nil)
    bench.at(4) { $0.ended("/f", now: $1) }
    #expect(bench.readers.isIdle)
  }
}
