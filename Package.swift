// swift-tools-version: 6.2
import PackageDescription

/// Settings every Swift target shares. One place, so no target drifts.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// Pure modules also prove memory safety: every unsafe use must be spelled `unsafe`.
let pure: [SwiftSetting] = strict + [.strictMemorySafety()]

let package = Package(
  name: "vrrpd",
  products: [
    .library(name: "NetPrimitives", targets: ["NetPrimitives"]),
    .library(name: "VRRPCore", targets: ["VRRPCore"]),
    .library(name: "BFDCore", targets: ["BFDCore"]),
    .library(name: "HealthCheck", targets: ["HealthCheck"]),
    .library(name: "HealthCheckLinux", targets: ["HealthCheckLinux"]),
    .library(name: "LoadBalancing", targets: ["LoadBalancing"]),
    .library(name: "ConfigParser", targets: ["ConfigParser"]),
    .library(name: "VRRPSimulation", targets: ["VRRPSimulation"]),
    .library(name: "VRRPRuntime", targets: ["VRRPRuntime"]),
    .library(name: "LinuxNetworking", targets: ["LinuxNetworking"]),
    .executable(name: "vrrpd", targets: ["vrrpd"]),
    .executable(name: "vrrpctl", targets: ["vrrpctl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // Pure: no Glibc, no Foundation, no clock, no randomness.
    .target(name: "NetPrimitives", swiftSettings: pure),
    .target(name: "VRRPCore", dependencies: ["NetPrimitives"], swiftSettings: pure),
    .target(name: "BFDCore", dependencies: ["NetPrimitives"], swiftSettings: pure),
    .target(name: "HealthCheck", dependencies: ["NetPrimitives"], swiftSettings: pure),
    .target(name: "LoadBalancing", dependencies: ["NetPrimitives", "HealthCheck"], swiftSettings: pure),
    .target(
      name: "ConfigParser", dependencies: ["NetPrimitives", "VRRPCore", "HealthCheck", "LoadBalancing"],
      swiftSettings: pure),
    .target(name: "VRRPRuntime", dependencies: ["NetPrimitives", "VRRPCore"], swiftSettings: pure),
    .target(
      name: "VRRPSimulation", dependencies: ["NetPrimitives", "VRRPCore", "VRRPRuntime"], swiftSettings: pure),

    // Adapters: the only targets that may touch the operating system. libnl is what tests compare our messages with.
    .systemLibrary(
      name: "CNetlink", pkgConfig: "libnl-route-3.0", providers: [.apt(["libnl-3-dev", "libnl-route-3-dev"])]),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
    .target(name: "CLinuxShims"),
    .target(
      name: "LinuxNetworking",
      dependencies: [
        "NetPrimitives", "VRRPCore", "BFDCore", "VRRPRuntime", "HealthCheck", "LoadBalancing", "CLinuxShims",
      ],
      swiftSettings: strict),

    // Checks for other programs: HealthCheck with a world for Swift concurrency.
    .target(
      name: "HealthCheckLinux", dependencies: ["NetPrimitives", "HealthCheck", "VRRPRuntime", "LinuxNetworking"],
      swiftSettings: strict),

    // The parser's window on the host, for both executables.
    .target(name: "ConfigurationFiles", dependencies: ["NetPrimitives", "ConfigParser"], swiftSettings: strict),

    // Thin executables.
    .executableTarget(
      name: "vrrpd",
      dependencies: [
        "NetPrimitives", "VRRPCore", "LoadBalancing", "ConfigParser", "ConfigurationFiles", "VRRPRuntime",
        "LinuxNetworking", "CLinuxShims",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "vrrpctl",
      dependencies: [
        "NetPrimitives", "VRRPCore", "ConfigParser", "ConfigurationFiles", "VRRPSimulation", "LinuxNetworking",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .testTarget(name: "NetPrimitivesTests", dependencies: ["NetPrimitives"], swiftSettings: strict),
    .testTarget(
      name: "VRRPCoreTests", dependencies: ["NetPrimitives", "VRRPCore", "CAllocationCounter"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(name: "BFDCoreTests", dependencies: ["NetPrimitives", "BFDCore"], swiftSettings: strict),
    .testTarget(name: "HealthCheckTests", dependencies: ["NetPrimitives", "HealthCheck"], swiftSettings: strict),
    .testTarget(
      name: "LoadBalancingTests", dependencies: ["NetPrimitives", "HealthCheck", "LoadBalancing"], swiftSettings: strict
    ),
    .testTarget(
      name: "ConfigParserTests",
      dependencies: ["NetPrimitives", "VRRPCore", "HealthCheck", "LoadBalancing", "ConfigParser"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "VRRPRuntimeTests",
      dependencies: ["NetPrimitives", "VRRPCore", "VRRPRuntime", "CAllocationCounter"], swiftSettings: strict),
    .testTarget(
      name: "VRRPSimulationTests", dependencies: ["NetPrimitives", "VRRPCore", "VRRPRuntime", "VRRPSimulation"],
      resources: [.copy("Scenarios")], swiftSettings: strict),
    .testTarget(
      name: "LinuxNetworkingTests",
      dependencies: [
        "NetPrimitives", "VRRPCore", "BFDCore", "VRRPRuntime", "HealthCheck", "HealthCheckLinux", "LoadBalancing",
        "LinuxNetworking",
        "CLinuxShims", "CNetlink", "CAllocationCounter",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "ControlTests", dependencies: ["VRRPSimulation", "vrrpctl"], resources: [.copy("Fixtures")],
      swiftSettings: strict),
    .testTarget(name: "TidyTests", dependencies: ["NetPrimitives", "VRRPCore", "VRRPRuntime"], swiftSettings: strict),
  ]
)
