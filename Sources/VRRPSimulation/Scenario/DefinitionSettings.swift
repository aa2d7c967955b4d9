import NetPrimitives
import VRRPCore

/// The settings of a router as scenarios write them, such as `priority 150 nopreempt track uplink -60`.
extension VirtualRouterDefinition {
  /// What a scenario's router is before its settings: version 3, VRID 51, on `eth0`.
  init(scenarioRouterOf family: AddressFamily) {
    self.init(name: "V51", interface: "eth0", virtualRouterID: 51, family: family, version: .v3)
    addresses = [family == .ipv4 ? "10.0.1.1/24" : "fe80::100/64"].compactMap { IPPrefix($0) }.map {
      VirtualAddress($0)
    }
  }

  /// Applies every setting that is left of `words`.
  mutating func apply(settings words: inout ScenarioWords) throws(ScenarioError) {
    var hasOwnAddresses = false
    while let setting = words.next() {
      switch setting {
      case "vrid":
        virtualRouterID = try words.number("a VRID", in: 1...255)
        name = "V\(virtualRouterID)"
        if !hasOwnAddresses {
          let address: IPAddress =
            switch family {
            case .ipv4: .v4(IPv4Address(10, 0, 1, virtualRouterID))
            case .ipv6: .v6(IPv6Address(high: 0xfe80 << 48, low: 0x100 + UInt64(virtualRouterID)))
            }
          addresses = [VirtualAddress(IPPrefix(host: address))]
        }
      case "priority": priority = try words.number("a priority", in: 1...255)
      case "version": version = try words.number("a version", in: 2...3) == 2 ? .v2 : .v3
      case "interval": interval = try Self.interval(&words)
      case "state": initialRole = try words.word("a state") == "master" ? .active : .backup
      case "preempt": preempts = true
      case "nopreempt": preempts = false
      case "preempt-delay": preemptDelayNanoseconds = try words.duration("a delay")
      case "vip":
        let word = try words.word("an address")
        guard let prefix = IPPrefix(word) else { throw words.failure(.badValue(String(word), wanted: "a prefix")) }
        addresses = (hasOwnAddresses ? addresses : []) + [VirtualAddress(prefix)]
        hasOwnAddresses = true
      case "track": try apply(track: &words)
      case "script", "file", "process", "bfd": try apply(tracked: setting, &words)
      case "untrack":
        trackedInterfaces = []
        tracking = TrackingDefinition()
      case "vmac", "vmac-base":
        virtualMAC = VirtualMACDefinition()
        virtualMAC?.sendsFromBase = setting == "vmac-base"
      case "password":
        authentication = .simplePassword(SimplePassword(truncating: try words.word("a password").utf8))
      case "ah": authentication = .authenticationHeader(key: Array(try words.word("a password").utf8))
      case "hmac":
        // A scenario's key is a word; a real one has at least 32 bytes.
        let word = Array(try words.word("a key").utf8)
        let key = (0..<32).map { word.isEmpty ? 0 : word[$0 % word.count] }
        keys = AdvertisementKeys(keys: [1: .bytes(key)], activeKey: 1)
      case "garp": announcement.repeats = try words.number("a count", in: 0...60)
      case "garp-delay": announcement.secondBurstDelayNanoseconds = try words.duration("a delay")
      case "refresh": announcement.refreshNanoseconds = try words.duration("an interval")
      case "peer": unicastPeers.append(try words.address("a peer"))
      case "hand-over":
        let word = try words.word("on or off")
        guard word == "on" || word == "off" else { throw words.failure(.badValue(String(word), wanted: "on or off")) }
        policy.handsOver = word == "on"
      case "down-adverts": downTimerAdvertisements = try words.number("a count", in: 1...255)
      case "checksum": checksum = try words.word("a kind") == "message" ? .messageOnly : .pseudoHeader
      case "interface": interface = String(try words.word("an interface"))
      default: throw words.failure(.unknownSetting(String(setting)))
      }
    }
  }

  /// An interval in whole centiseconds.
  static func interval(_ words: inout ScenarioWords) throws(ScenarioError) -> AdvertisementInterval {
    let duration = try words.duration("an interval")
    guard duration % 10_000_000 == 0, let centiseconds = UInt16(exactly: duration / 10_000_000),
      let interval = AdvertisementInterval(centiseconds: centiseconds)
    else { throw words.failure(.badValue(DurationText.text(duration), wanted: "an interval of 10ms to 255s")) }
    return interval
  }

  /// `script NAME WEIGHT` and the like; `NAME!` reverses.
  private mutating func apply(tracked kind: Substring, _ words: inout ScenarioWords) throws(ScenarioError) {
    let word = try words.word("a name")
    let isReversed = word.hasSuffix("!")
    let object = TrackedObject(
      name: String(isReversed ? word.dropLast() : word), weight: try words.number("a weight", in: -253...253),
      isReversed: isReversed)
    switch kind {
    case "file": tracking.files.append(object)
    case "process": tracking.processes.append(object)
    case "bfd": tracking.bfdSessions.append(object)
    default: tracking.scripts.append(object)
    }
  }

  private mutating func apply(track words: inout ScenarioWords) throws(ScenarioError) {
    let interface = try words.word("an interface")
    var weight: Int16 = try words.number("a weight", in: -253...253)
    let isReversed = interface.hasSuffix("!")
    weight = min(max(weight, -253), 253)
    let name = isReversed ? String(interface.dropLast()) : String(interface)
    trackedInterfaces.append(TrackedInterface(name: name, weight: weight, isReversed: isReversed))
  }
}
