import NetPrimitives
import VRRPCore
import VRRPRuntime

/// A world that writes down what it is asked for, in few words.
struct RecordingWorld: VRRPWorld {
  var calls: [String] = []
  /// The adverts sent since the last ``take()``.
  var sent: [AdvertisementTemplate] = []
  var definitions: [Int: VirtualRouterDefinition] = [:]
  /// Off for the allocation tests, which must not count the recorder's own.
  var records = true
  var sendCount = 0
  /// The headers of the last advert that had an Authentication Header.
  var headers: AuthenticationHeader.Bytes?
  var sequence: UInt32 = 0

  mutating func define(_ router: RouterHandle, as definition: VirtualRouterDefinition, on interface: InterfaceState?) {
    definitions[router.rawValue] = definition
    guard records else { return }
    note("define \(definition.name) on \(interface?.name ?? "nothing")")
  }
  mutating func forget(_ router: RouterHandle) { note("forget \(name(router))") }
  mutating func send(
    _ advertisement: borrowing AdvertisementTemplate, behind headers: AuthenticationHeader.Bytes?,
    of router: RouterHandle
  ) {
    sendCount += 1
    self.headers = headers
    guard records else { return }
    sent.append(copy advertisement)
    note("send \(name(router)) \(advertisement.priority)")
  }
  mutating func remember(sequence: UInt32, of router: RouterHandle) { self.sequence = sequence }
  func rememberedSequence(of definition: VirtualRouterDefinition) -> UInt32 { sequence }
  mutating func setOwnership(of router: RouterHandle, _ isOwner: Bool) {
    guard records else { return }
    note("\(isOwner ? "acquire" : "release") \(name(router))")
  }
  mutating func announce(_ router: RouterHandle, repeats: UInt8) {
    guard records else { return }
    note("announce \(name(router)) x\(repeats)")
  }
  mutating func announceElsewhere(_ router: RouterHandle) { note("announce \(name(router)) elsewhere") }
  mutating func report(_ notice: Notice) {
    guard records else { return }
    switch notice {
    case .transition(let router, let transition, _):
      note("\(name(router)): \(transition.from) -> \(transition.to) (\(transition.cause))")
    case .contest(let router, let source, let priority): note("contest \(name(router)) \(source) \(priority)")
    case .rejection(let router, let rejection, _): note("reject \(name(router)) \(rejection)")
    case .clockSkew(let router, _, let milliseconds): note("skew \(name(router)) \(milliseconds)")
    case .addressListMismatch(let router, _): note("list \(name(router))")
    case .priorityChange(let router, let from, let to): note("priority \(name(router)) \(from) -> \(to)")
    case .eligibilityChange(let router, let reasons): note("eligibility \(name(router)) \(reasons.explanation)")
    case .groupTransition(let name, _, let to): note("group \(name) \(to)")
    case .addressConflict(let router, let address, let rival): note("conflict \(name(router)) \(address) \(rival)")
    case .unknownRouter(let interface, _, let id, let source): note("unknown \(interface) \(id) \(source)")
    case .interfaceChange(let name, let isUp): note("\(name) \(isUp ? "up" : "down")")
    }
  }

  private func name(_ router: RouterHandle) -> String { definitions[router.rawValue]?.name ?? "?" }
  private mutating func note(_ text: String) { calls.append(text) }

  mutating func take() -> [String] {
    defer {
      calls = []
      sent = []
    }
    return calls
  }
}

extension MonotonicInstant {
  static func ms(_ milliseconds: UInt64) -> Self { Self(nanoseconds: milliseconds * 1_000_000) }
}

extension InterfaceState {
  static func eth0(up: Bool = true, index: UInt32 = 3, addresses: [String] = ["10.0.0.1"]) -> InterfaceState {
    InterfaceState(
      index: InterfaceIndex(rawValue: index), name: "eth0", isUp: up,
      hardwareAddress: MACAddress(rawValue: 0x0200_0000_0001), addresses: addresses.compactMap { IPAddress($0) })
  }
}

extension VirtualRouterDefinition {
  static func v51(priority: UInt8 = 100, _ change: (inout Self) -> Void = { _ in }) -> Self {
    var definition = VirtualRouterDefinition(
      name: "V51", interface: "eth0", virtualRouterID: 51, version: .v3, priority: priority)
    if let vip = IPPrefix("10.0.1.1/24") { definition.addresses = [VirtualAddress(vip)] }
    change(&definition)
    return definition
  }
}
