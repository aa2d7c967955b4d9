import NetPrimitives
import VRRPCore

extension Route.Kind {
  init(_ kind: RouteDefinition.Kind) {
    self =
      switch kind {
      case .unicast: .unicast
      case .local: .local
      case .broadcast: .broadcast
      case .multicast: .multicast
      case .blackhole: .blackhole
      case .unreachable: .unreachable
      case .prohibit: .prohibit
      case .throw: .throw
      case .nat: .nat
      }
  }
}

extension Route.Metric {
  init(_ kind: RouteMetric.Kind) {
    self =
      switch kind {
      case .mtu: .mtu
      case .hoplimit: .hopLimit
      case .advmss: .advertisedMSS
      case .rtt: .roundTripTime
      case .rttvar: .roundTripTimeVariance
      case .reordering: .reordering
      case .window: .window
      case .cwnd: .congestionWindow
      case .ssthresh: .slowStartThreshold
      case .initcwnd: .initialCongestionWindow
      case .initrwnd: .initialReceiveWindow
      case .quickack: .quickAcknowledge
      case .retransmissionMinimum: .minimumRetransmissionTimeout
      case .fastOpenNoCookie: .fastOpenWithoutCookie
      }
  }
}

extension Encapsulation {
  /// The words after `encap`: a kind, then pairs; `nil` when they are not understood.
  init?(words: String) {
    let words = words.split(separator: " ").map(String.init)
    switch words.first {
    case "mpls":
      let written = words.dropFirst().first?.split(separator: "/") ?? []
      let labels = written.compactMap { UInt32($0) }
      guard !labels.isEmpty, labels.count == written.count, labels.allSatisfy({ $0 < 1 << 20 }) else { return nil }
      self = .labels(labels)
    case "ila":
      let written = words.dropFirst().first?.split(separator: ":") ?? []
      let groups = written.compactMap { UInt16($0, radix: 16) }
      guard written.count == 4, groups.count == 4 else { return nil }
      self = .locator(groups.reduce(0) { $0 << 16 | UInt64($1) })
    case "ip", "ip6":
      guard let tunnel = Tunnel(words[0] == "ip" ? .ipv4 : .ipv6, Array(words.dropFirst())) else { return nil }
      self = .tunnel(tunnel)
    default: return nil
    }
  }
}

extension Encapsulation.Tunnel {
  fileprivate init?(_ family: AddressFamily, _ words: [String]) {
    self.init(family)
    guard words.count.isMultiple(of: 2) else { return nil }
    for index in stride(from: 0, to: words.count, by: 2) where !set(words[index], words[index + 1]) { return nil }
  }

  private mutating func set(_ word: String, _ value: String) -> Bool {
    let address = IPAddress(value).flatMap { $0.family == family ? $0 : nil }
    let number = value.hasPrefix("0x") ? UInt64(value.dropFirst(2), radix: 16) : UInt64(value)
    switch word {
    case "id":
      id = number ?? 0
      return number != nil
    case "tos", "tc":
      trafficClass = UInt8(clamping: number ?? 0)
      return number.map { $0 < 256 } ?? false
    case "ttl", "hoplimit":
      hopLimit = UInt8(clamping: number ?? 0)
      return number.map { $0 < 256 } ?? false
    case "flags":
      flags = UInt16(clamping: number ?? 0)
      return number.map { $0 < 65_536 } ?? false
    case "dst":
      destination = address
      return address != nil
    case "src":
      source = address
      return address != nil
    default: return false
    }
  }
}
