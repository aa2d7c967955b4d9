// swift-tools-version: 6.2
import PackageDescription

// A package of its own: with `--sanitize=fuzzer` libFuzzer supplies `main`, so these targets cannot build without it.
// `run.sh` builds with the right flags.
let core: [Target.Dependency] = [
  .product(name: "NetPrimitives", package: "vrrpd"), .product(name: "VRRPCore", package: "vrrpd"),
]
let detection: [Target.Dependency] = [
  .product(name: "NetPrimitives", package: "vrrpd"), .product(name: "BFDCore", package: "vrrpd"),
]
let checks: [Target.Dependency] = [
  .product(name: "NetPrimitives", package: "vrrpd"), .product(name: "HealthCheck", package: "vrrpd"),
]
let adapter: [Target.Dependency] = [
  .product(name: "NetPrimitives", package: "vrrpd"), .product(name: "LoadBalancing", package: "vrrpd"),
  .product(name: "LinuxNetworking", package: "vrrpd"),
]

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "vrrpd", path: "..")],
  targets: [
    .executableTarget(name: "AdvertisementFuzzer", dependencies: core),
    .executableTarget(name: "AuthenticationFuzzer", dependencies: core),
    .executableTarget(name: "AddressClaimFuzzer", dependencies: core),
    .executableTarget(name: "BFDPacketFuzzer", dependencies: detection),
    .executableTarget(name: "HTTPConversationFuzzer", dependencies: checks),
    .executableTarget(name: "HTTP2ConversationFuzzer", dependencies: checks),
    .executableTarget(name: "SMTPConversationFuzzer", dependencies: checks),
    .executableTarget(name: "DNSConversationFuzzer", dependencies: checks),
    .executableTarget(name: "AgentConversationFuzzer", dependencies: checks),
    .executableTarget(name: "ConfigurationFuzzer", dependencies: [.product(name: "ConfigParser", package: "vrrpd")]),
    .executableTarget(name: "NetlinkFuzzer", dependencies: adapter),
  ]
)
