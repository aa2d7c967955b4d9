/// The modules and the arrows between them: `Package.swift` says what a target may link, this says what its files may
/// import. `docs/architecture.md` draws it.
enum Architecture {
  struct Module {
    /// What its files may import.
    var imports: Set<String>
    /// No operating system: it must be able to run in a simulation, in a test, in an embedder.
    var isPure = false
    /// Written in C, or a module map.
    var isForeign = false
  }

  static let modules: [String: Module] = [
    "NetPrimitives": Module(imports: [], isPure: true),
    "VRRPCore": Module(imports: ["NetPrimitives"], isPure: true),
    "BFDCore": Module(imports: ["NetPrimitives"], isPure: true),
    "HealthCheck": Module(imports: ["NetPrimitives"], isPure: true),
    "LoadBalancing": Module(imports: ["NetPrimitives", "HealthCheck"], isPure: true),
    "ConfigParser": Module(imports: ["NetPrimitives", "VRRPCore", "HealthCheck", "LoadBalancing"], isPure: true),
    "VRRPRuntime": Module(imports: ["NetPrimitives", "VRRPCore"], isPure: true),
    "VRRPSimulation": Module(imports: ["NetPrimitives", "VRRPCore", "VRRPRuntime"], isPure: true),

    "CNetlink": Module(imports: [], isForeign: true),
    "COpenSSL": Module(imports: [], isForeign: true),
    "CLinuxShims": Module(imports: [], isForeign: true),
    "LinuxNetworking": Module(imports: [
      "NetPrimitives", "VRRPCore", "BFDCore", "VRRPRuntime", "HealthCheck", "LoadBalancing", "CLinuxShims", "Glibc",
    ]),
    "HealthCheckLinux": Module(imports: [
      "NetPrimitives", "HealthCheck", "VRRPRuntime", "LinuxNetworking", "Synchronization",
    ]),
    "ConfigurationFiles": Module(imports: ["NetPrimitives", "ConfigParser", "Glibc"]),

    "vrrpd": Module(imports: [
      "NetPrimitives", "VRRPCore", "LoadBalancing", "ConfigParser", "ConfigurationFiles", "VRRPRuntime",
      "LinuxNetworking", "CLinuxShims", "Glibc",
    ]),
    "vrrpctl": Module(imports: [
      "NetPrimitives", "VRRPCore", "ConfigParser", "ConfigurationFiles", "VRRPSimulation", "LinuxNetworking",
      "ArgumentParser",
      "Foundation", "Glibc",
    ]),
  ]

  /// Files outside LinuxNetworking that may say `unsafe` or name an unsafe type, and in how many lines.
  static let unsafeLines: [String: Int] = [
    // Each load is preceded by the check that makes it safe.
    "Sources/NetPrimitives/RawSpan+BigEndian.swift": 5,
    // An accessor of an optional value without copying it.
    // The name of a directory entry is a C array.
    "Sources/ConfigurationFiles/FileSources.swift": 1,
    // The list getifaddrs(3) makes, and the family of addresses in it.
    "Sources/ConfigurationFiles/HostSystem.swift": 2,
    // Bytes for write(2).
    "Sources/vrrpctl/FormatCommand.swift": 2,
  ]

  /// Functions longer than ``longestFunction``, and how long they are. The numbers may only shrink.
  static let longFunctions: [String: Int] = [
    // The transition table of RFC 9568 §6.4, one arm for each pair of state and event: better whole than in pieces.
    "Sources/VRRPCore/Election/VirtualRouter+Transitions.swift next": 82
  ]

  /// Files longer than ``longestFile``, and how long they are. The numbers may only shrink.
  static let longFiles: [String: Int] = [:]

  static let longestFunction = 70
  static let longestFile = 400
}
