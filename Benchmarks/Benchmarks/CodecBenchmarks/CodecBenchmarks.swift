import Benchmark
import CAllocationCounter
import VRRPCore

/// What an advertisement costs on its way in and out, sockets left out.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, allocations], scalingFactor: .kilo, maxDuration: .seconds(2), maxIterations: 2000)

  for sample in Sample.all {
    measure("Decode \(sample.name)") { count in
      for _ in 0..<count {
        sample.payload.span.withRawSpan { bytes in
          blackHole(try? AdvertisementMessage(decoding: bytes, from: sample.source, to: sample.destination).priority)
        }
      }
    }

    measure("Admit \(sample.name)") { count in
      for _ in 0..<count {
        sample.payload.span.withRawSpan { bytes in
          blackHole(try? sample.gate.admit(sample.arrival, payload: bytes).priority)
        }
      }
    }

    measure("Encode \(sample.name)") { count in
      // Room for all; one allocation for a thousand messages does not count.
      let bytes = [UInt8](capacity: count * sample.payload.count) { output in
        for _ in 0..<count {
          sample.message.encode(
            addresses: sample.addresses.span, from: sample.source, to: sample.destination, into: &output)
        }
      }
      blackHole(bytes.count)
    }

    var template = AdvertisementTemplate(
      sample.message, addresses: sample.addresses.span, from: sample.source, to: sample.destination)
    measure("Patch \(sample.name)") { count in
      for index in 0..<count { template.priority = UInt8(truncatingIfNeeded: index) }
      blackHole(template.bytes[2])
    }
  }
}

private let allocations = BenchmarkMetric.custom("mallocs", polarity: .prefersSmaller, useScalingFactor: true)

/// Registers a benchmark of a body that does something a given number of times.
private func measure(_ name: String, _ body: @escaping (Int) -> Void) {
  Benchmark(name) { benchmark in
    let count = benchmark.scaledIterations.count
    let before = allocation_count()
    benchmark.startMeasurement()
    body(count)
    benchmark.stopMeasurement()
    benchmark.measurement(allocations, Int(allocation_count() - before))
  }
}

/// An advertisement and who expects it.
private struct Sample: Sendable {
  let name: String
  let message: AdvertisementMessage
  let addresses: [IPAddress]
  let source: IPAddress
  let destination: IPAddress
  let payload: [UInt8]
  let gate: AdvertisementGate
  let arrival: AdvertisementArrival

  static let all = [
    Sample("IPv4, 1 address", .ipv4, count: 1),
    Sample("IPv4, 20 addresses", .ipv4, count: 20),
    Sample("IPv6, 2 addresses", .ipv6, count: 2),
  ]

  private init(_ name: String, _ family: AddressFamily, count: UInt8) {
    self.name = name
    let addresses = (0..<count).map { Self.address(10 + $0, family) }
    self.addresses = addresses
    source = Self.address(1, family)
    destination = .vrrpGroup(family)
    message = AdvertisementMessage(
      version: .v3, family: family, virtualRouterID: 51, priority: 150, addressCount: count, interval: .second,
      checksumKind: .pseudoHeader)
    payload = AdvertisementTemplate(message, addresses: addresses.span, from: source, to: destination).bytes
    gate = AdvertisementGate(
      virtualRouterID: 51, version: .v3, family: family, interval: .second,
      addressList: AdvertisedAddressList(addresses), ownAddress: Self.address(2, family))
    arrival = AdvertisementArrival(source: source, destination: destination, hopLimit: 255)
  }

  private static func address(_ host: UInt8, _ family: AddressFamily) -> IPAddress {
    switch family {
    case .ipv4: .v4(IPv4Address(192, 0, 2, host))
    case .ipv6: .v6(IPv6Address(high: 0xfe80_0000_0000_0000, low: UInt64(host)))
    }
  }
}
