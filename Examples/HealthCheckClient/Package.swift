// swift-tools-version: 6.2
import PackageDescription

// A program of somebody else that wants to know whether its servers are well. It depends on two products: the checks,
// and the world they run in on Linux.
let package = Package(
  name: "HealthCheckClient",
  dependencies: [.package(name: "vrrpd", path: "../..")],
  targets: [
    .executableTarget(
      name: "HealthCheckClient",
      dependencies: [
        .product(name: "HealthCheck", package: "vrrpd"), .product(name: "HealthCheckLinux", package: "vrrpd"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)])
  ]
)
