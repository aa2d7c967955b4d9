// swift-tools-version: 6.2
import PackageDescription

// What `Benchmarks/peers/checks.py` runs. A package of its own: it needs no benchmark harness.
let package = Package(
  name: "ProbeLoad",
  dependencies: [.package(name: "vrrpd", path: "../..")],
  targets: [
    .executableTarget(
      name: "ProbeLoad",
      dependencies: [
        .product(name: "HealthCheck", package: "vrrpd"), .product(name: "LinuxNetworking", package: "vrrpd"),
        .product(name: "LoadBalancing", package: "vrrpd"), .product(name: "NetPrimitives", package: "vrrpd"),
        .product(name: "VRRPRuntime", package: "vrrpd"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
  ]
)
