import ConfigParser
import ConfigurationFiles
import VRRPSimulation

/// The routers of several configuration files, put into one simulated world.
///
/// Files say little about the wires. Instances that share VRID and family are taken to hear each other, and so are
/// interfaces of one name; an address nobody configured is made up in the order of the files.
struct ConfiguredWorld {
  /// A file that could not be read, in words.
  struct Failure: Error { var message: String }

  private(set) var simulation: Simulation
  /// What was made up or left out, one remark each.
  private(set) var remarks: [String] = []
  /// The neighbour on every segment that asks the addresses.
  static let clientName = "client"

  private var files: [(name: String, configuration: Configuration)] = []
  /// The nodes in whose files `nopreempt` stands where it has no effect.
  private(set) var inertNoPreempt: Set<Int> = []
  /// For each file and interface in use, the segment it belongs to.
  private var segmentNames: [[String: String]] = []

  init(_ paths: [String], seed: UInt64 = 1, detail: Simulation.Detail = .events) throws(Failure) {
    simulation = Simulation(seed: seed)
    simulation.detail = detail
    for path in paths {
      let loaded = loadConfiguration(from: path, sources: FileSources(), configID: "")
      guard loaded.isReadable else { throw Failure(message: "\(path) cannot be read") }
      var name = String(path.split(separator: "/").last ?? "node")
      if name.hasSuffix(".conf") { name.removeLast(5) }
      while files.contains(where: { $0.name == name }) { name += "'" }
      if loaded.diagnostics.contains(where: { $0.code == .noPreemptWithMaster }) { inertNoPreempt.insert(files.count) }
      files.append((name, loaded.configuration))
      let errors = loaded.diagnostics.count { $0.severity == .error }
      if errors > 0 { remarks.append("\(name): \(errors) errors, see 'vrrpctl check \(path)'") }
    }
    connect()
    for index in files.indices { addNode(index) }
    let segments = Set(segmentNames.flatMap(\.values)).sorted()
    for (index, segment) in segments.enumerated() {
      simulation.addHost(
        segments.count == 1 ? Self.clientName : "\(Self.clientName)\(index + 1)",
        on: simulation.segment(named: segment), questionInterval: 100_000_000)
    }
    for node in simulation.nodes.indices { simulation.start(node) }
  }

  /// The names the nodes got.
  var names: [String] { files.map(\.name) }

  /// The configuration of node `index`.
  func configuration(of index: Int) -> Configuration { files[index].configuration }

  /// Finds out which interfaces are on one segment: the same VRID, else the same name.
  private mutating func connect() {
    segmentNames = files.map { _ in [:] }
    for index in files.indices {
      for router in files[index].configuration.virtualRouters where segmentNames[index][router.interface] == nil {
        var known: String?
        for other in 0..<index {
          let twin = files[other].configuration.virtualRouters.first {
            $0.virtualRouterID == router.virtualRouterID && $0.family == router.family
          }
          if let twin { known = known ?? segmentNames[other][twin.interface] }
        }
        var name = known ?? router.interface
        while segmentNames[index].values.contains(name) { name += "'" }
        segmentNames[index][router.interface] = name
      }
    }
  }

  private mutating func addNode(_ index: Int) {
    let (name, configuration) = files[index]
    var interfaces: [(name: String, addresses: [IPAddress], segment: Int?)] = []
    for (interface, segment) in segmentNames[index].sorted(by: { $0.key < $1.key }) {
      interfaces.append((interface, addresses(of: interface, at: index), simulation.segment(named: segment)))
    }
    let tracked =
      configuration.virtualRouters.flatMap { $0.trackedInterfaces.map(\.name) }
      + configuration.syncGroups.flatMap { $0.trackedInterfaces.map(\.name) }
    for interface in tracked where !interfaces.contains(where: { $0.name == interface }) {
      interfaces.append((interface, [], nil))
    }
    let node = simulation.addNode(name, interfaces: interfaces, definitions: configuration.virtualRouters)
    for group in configuration.syncGroups { simulation.addSyncGroup(group, to: node) }
  }

  /// The addresses of an interface: those the instances speak from, then made-up ones for families that have none.
  private mutating func addresses(of interface: String, at index: Int) -> [IPAddress] {
    var result: [IPAddress] = []
    for router in files[index].configuration.virtualRouters where router.interface == interface {
      if let source = router.sourceAddress, !result.contains(source) { result.append(source) }
      guard !result.contains(where: { $0.family == router.family }) else { continue }
      let madeUp: IPAddress =
        switch router.family {
        case .ipv4: .v4(IPv4Address(192, 0, 2, UInt8(truncatingIfNeeded: index + 1)))
        case .ipv6: .v6(IPv6Address(high: 0xfe80 << 48, low: UInt64(index + 1)))
        }
      let address = peerName(of: router, at: index) ?? madeUp
      result.append(address)
      remarks.append("\(files[index].name): \(interface) is taken to have \(address); equal priorities depend on it")
    }
    return result
  }

  /// The address by which the peers of a unicast router call it: one they list and it does not.
  private func peerName(of router: VirtualRouterDefinition, at index: Int) -> IPAddress? {
    guard !router.unicastPeers.isEmpty else { return nil }
    for other in files.indices where other != index {
      for twin in files[other].configuration.virtualRouters
      where twin.virtualRouterID == router.virtualRouterID && twin.family == router.family {
        if let name = twin.unicastPeers.first(where: { !router.unicastPeers.contains($0) }) { return name }
      }
    }
    return nil
  }
}
