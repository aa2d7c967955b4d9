import NetPrimitives
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct SessionTrackingTests {
  /// A router that follows the session `path`, and whose group follows it, too, as the lists say.
  private func engine(_ own: [TrackedObject], _ group: [TrackedObject] = []) -> VRRPEngine<RecordingWorld> {
    var engine = VRRPEngine(in: RecordingWorld())
    engine.update(.eth0(), now: .ms(0))
    engine.track(.bfd("path"), .verdict(.down), now: .ms(0))
    var definition = SyncGroupDefinition(name: "G", members: ["V51"])
    definition.tracking.bfdSessions = group
    engine.apply([.v51 { $0.tracking.bfdSessions = own }], groups: group.isEmpty ? [] : [definition], now: .ms(0))
    return engine
  }

  private func state(_ engine: VRRPEngine<RecordingWorld>) throws -> (role: VirtualRouter.Role, priority: UInt8) {
    let record = try #require(engine.handles.first.flatMap { engine[$0] })
    return (record.machine.role, record.machine.priority)
  }

  @Test func `without weight its end is a fault`() throws {
    var engine = engine([TrackedObject(name: "path")])
    #expect(try state(engine).role == .fault)
    engine.track(.bfd("path"), .verdict(.up), now: .ms(10))
    #expect(try state(engine).role == .backup)
    engine.track(.bfd("path"), .verdict(.down), now: .ms(20))
    #expect(try state(engine).role == .fault)
  }

  @Test func `reversed, up is a fault`() throws {
    var engine = engine([TrackedObject(name: "path", isReversed: true)])
    #expect(try state(engine).role == .backup)
    engine.track(.bfd("path"), .verdict(.up), now: .ms(10))
    #expect(try state(engine).role == .fault)
  }

  @Test(arguments: [(20, false, 100, 120), (-20, false, 80, 100), (20, true, 100, 80), (-20, true, 120, 100)])
  func `a weight moves the priority`(weight: Int16, isReversed: Bool, down: UInt8, up: UInt8) throws {
    var engine = engine([TrackedObject(name: "path", weight: weight, isReversed: isReversed)])
    #expect(try state(engine) == (.backup, down))
    engine.track(.bfd("path"), .verdict(.up), now: .ms(10))
    #expect(try state(engine) == (.backup, up))
  }

  @Test func `what the group follows every member follows`() throws {
    var engine = engine([], [TrackedObject(name: "path")])
    #expect(try state(engine).role == .fault)
    engine.track(.bfd("path"), .verdict(.up), now: .ms(10))
    #expect(try state(engine).role == .backup)
    var weighted = self.engine([], [TrackedObject(name: "path", weight: -30, isReversed: true)])
    #expect(try state(weighted) == (.backup, 130))
    weighted.track(.bfd("path"), .verdict(.up), now: .ms(10))
    #expect(try state(weighted) == (.backup, 100))
  }
}
