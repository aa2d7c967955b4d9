// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that nobody who embeds the library downloads a benchmark harness.
let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "vrrpd", path: ".."),
    // No traits: the malloc and runtime interposers are not among the packages this project can resolve.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    // A link to the one of the tests.
    .target(name: "CAllocationCounter"),
    .executableTarget(
      name: "CodecBenchmarks",
      dependencies: [
        "CAllocationCounter",
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "VRRPCore", package: "vrrpd"),
      ],
      path: "Benchmarks/CodecBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
    .executableTarget(
      name: "ElectionBenchmarks",
      dependencies: [
        "CAllocationCounter",
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "VRRPCore", package: "vrrpd"),
      ],
      path: "Benchmarks/ElectionBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
    .executableTarget(
      name: "SimulationBenchmarks",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "VRRPSimulation", package: "vrrpd"),
      ],
      path: "Benchmarks/SimulationBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
    .executableTarget(
      name: "ConfigBenchmarks",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "ConfigParser", package: "vrrpd"),
      ],
      path: "Benchmarks/ConfigBenchmarks",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
    ),
  ]
)
