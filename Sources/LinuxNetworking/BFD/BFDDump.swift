import BFDCore
import NetPrimitives
import VRRPCore
import VRRPRuntime

/// The `.data` file of the BFD process, in the words and the order of keepalived's, less what speaks of its own
/// descriptors and threads; what keepalived does not count comes last.
struct BFDDump {
  private(set) var text = ""
  private let clock: WallClockTime.Reference

  init(_ engine: BFDEngine, _ configuration: BFDConfiguration, clock: WallClockTime.Reference) {
    self.clock = clock
    line(0, "------< BFD Topology >------")
    for record in engine.sessions {
      let name = record.definition.name
      write(record, configuration.sessions.first { $0.name == name })
    }
    line(0, "------< BFD packets >------")
    let counters = engine.counters
    let causes: [(String, UInt64)] = [
      ("Received", counters.received), ("Refused for their length", counters.lengthErrors),
      ("Refused for their version", counters.versionErrors), ("Refused for a field", counters.fieldErrors),
      ("Refused for a malformed authentication", counters.malformedAuthentications),
      ("Refused for being authenticated", counters.authenticated),
      ("Refused for an unknown discriminator", counters.unknownDiscriminators),
      ("Refused for an unknown neighbour", counters.unknownNeighbors),
      ("Refused for the other port", counters.portErrors), ("Refused for their TTL", counters.hopLimitErrors),
    ]
    for (cause, count) in causes { line(1, cause, "\(count)") }
  }

  private mutating func write(_ record: BFDEngine.Record, _ definition: TrackBFDDefinition?) {
    let (machine, path) = (record.machine, record.definition.path)
    let configuration = machine.configuration
    line(1, "BFD Instance", record.definition.name)
    line(3, "Neighbor IP", "\(path.neighbor)")
    if let source = path.source { line(3, "Source IP", "\(source)") }
    line(3, "Required min RX interval", "\(configuration.requiredReceiveMicroseconds) us")
    line(3, "Desired min TX interval", "\(configuration.desiredSendMicroseconds) us")
    line(3, "Desired idle TX interval", "\(configuration.idleMicroseconds) us")
    line(3, "Detection multiplier", "\(configuration.multiplier)")
    line(3, path.neighbor.family == .ipv4 ? "TTL" : "hoplimit", "\(definition?.sentHopLimit ?? 255)")
    // Any number is as many as there can be.
    line(3, "max_hops", "\(definition?.maximumHops ?? definition?.sentHopLimit ?? 255)")
    line(3, "passive", "\(configuration.isPassive)")
    line(3, "send event to VRRP process", definition?.informsRouters == false ? "No" : "Yes")
    line(3, "send event to checker process", definition?.informsChecks == false ? "No" : "Yes")
    write(machine)
    line(3, "packets received", "\(record.received)")
    line(3, "packets sent", "\(record.sent)")
    line(3, "times lost", "\(record.losses)")
  }

  private mutating func write(_ machine: BFDSession) {
    let remote = machine.remote
    line(3, "local state", machine.state.text)
    line(3, "remote state", remote.state.text)
    line(3, "local discriminator", hexadecimal(machine.configuration.discriminator))
    line(3, "remote discriminator", hexadecimal(remote.discriminator))
    line(3, "local diag", machine.diagnostic.text)
    line(3, "remote diag", remote.diagnostic.text)
    line(3, "remote min tx intv", "\(remote.desiredSendMicroseconds) us")
    // Nothing heard is nothing known.
    line(3, "remote min rx intv", "\(remote.multiplier == 0 ? 0 : remote.requiredReceiveMicroseconds) us")
    line(3, "local demand", "0")
    line(3, "remote demand", remote.isDemanding ? "1" : "0")
    line(3, "remote detect multiplier", "\(remote.multiplier)")
    line(3, "\(machine.isPolling ? "" : "!")poll, !final")
    line(3, "local tx intv", "\(machine.sendNanoseconds / 1000) us")
    line(3, "remote tx intv", "\(machine.remoteSendMicroseconds) us")
    line(3, "local detection time", "\(machine.detectionNanoseconds / 1000) us")
    let remoteTime = remote.multiplier == 0 ? 0 : machine.remoteDetectionNanoseconds / 1000
    line(3, "remote detection time", "\(remoteTime) us")
    if let heardAt = remote.heardAt {
      let time = clock.time(of: heardAt)
      line(3, "last seen", "\(time.decimal) (\(fractionLast(time.text(offset: clock.offsetSeconds))))")
    } else {
      line(3, "last_seen", "[never]")
    }
  }

  /// keepalived writes the microseconds behind the year here, and behind the seconds elsewhere.
  private func fractionLast(_ text: String) -> String {
    let parts = text.split(separator: ".", maxSplits: 1)
    guard parts.count == 2 else { return text }
    return "\(parts[0])\(parts[1].drop { $0 != " " }).\(parts[1].prefix { $0 != " " })"
  }

  private func hexadecimal(_ number: UInt32) -> String { "0x\(String(number, radix: 16))" }

  private mutating func line(_ depth: Int, _ content: String) {
    text += String(repeating: " ", count: depth) + content + "\n"
  }

  private mutating func line(_ depth: Int, _ key: String, _ value: String) { line(depth, "\(key) = \(value)") }
}

extension BFDSession {
  /// How often the neighbour sends, before jitter, in microseconds; 0 before it was heard.
  fileprivate var remoteSendMicroseconds: UInt32 {
    remote.multiplier == 0 ? 0 : max(remote.desiredSendMicroseconds, configuration.requiredReceiveMicroseconds)
  }
}
