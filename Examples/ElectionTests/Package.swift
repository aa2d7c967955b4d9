// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "ElectionTests",
  dependencies: [.package(name: "vrrpd", path: "../..")],
  targets: [
    .testTarget(name: "ElectionTests", dependencies: [.product(name: "VRRPSimulation", package: "vrrpd")])
  ]
)
