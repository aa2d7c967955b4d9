import NetPrimitives
import Testing
import VRRPCore

/// Every advertisement captured from keepalived and FRR must survive decoding and encoding byte for byte.
@Suite struct WireGoldenTests {
  @Test func `the fixture covers the captures`() {
    #expect(CapturedAdvertisement.all.count == 201)
    #expect(CapturedAdvertisement.all.map(\.occurrences).reduce(0, +) == 1235)
  }

  /// Those with a trailer over IPv6 have a checksum of their own and a test in `AuthenticationTrailerTests`.
  @Test(arguments: CapturedAdvertisement.all.filter { !$0.scenario.contains("ip6-hmac") })
  func `decodes and encodes to the same bytes`(_ captured: CapturedAdvertisement) throws {
    let message = try AdvertisementMessage(
      decoding: captured.payload.span.bytes, from: captured.source, to: captured.destination, allowsTrailer: true)
    #expect(message.hasTrailer(in: captured.payload.span.bytes) == captured.scenario.contains("hmac"))
    let addresses = message.addresses(in: captured.payload)
    let encoded = message.encoded(addresses, from: captured.source, to: captured.destination)
    #expect(encoded == Array(captured.payload.prefix(message.byteCount)))
  }

  @Test(arguments: CapturedAdvertisement.all)
  func `recognises what the scenario says`(_ captured: CapturedAdvertisement) throws {
    let message = try AdvertisementMessage(
      decoding: captured.payload.span.bytes, from: captured.source, to: captured.destination, allowsTrailer: true)
    let isVersion2 = captured.scenario.contains("-v2-")
    #expect(message.version == (isVersion2 ? .v2 : .v3))
    #expect(message.family == captured.source.family)
    #expect(message.checksumKind == (isVersion2 && message.family == .ipv4 ? .messageOnly : .pseudoHeader))
    switch captured.scenario {
    case let name where name.hasSuffix("vrid255"): #expect(message.virtualRouterID == 255)
    case let name where name.hasSuffix("vrid1"): #expect(message.virtualRouterID == 1)
    case let name where name.hasSuffix("adv3s-1vip"): #expect(message.interval.centiseconds == 300)
    case let name where name.hasSuffix("adv2.55-1vip"): #expect(message.interval.centiseconds == 255)
    case let name where name.hasSuffix("adv0.01-1vip"): #expect(message.interval.centiseconds == 1)
    case let name where name.contains("-prio255"): #expect([0, 100, 255].contains(message.priority))
    case let name where name.contains("-20vip"): #expect(message.addressCount == 20)
    case let name where name.contains("-pass"):
      let password =
        name.contains("pass8") ? "12345678" : name.contains("pass1") ? "x" : "s3cret"
      #expect(message.authentication == .simplePassword(SimplePassword(truncating: password.utf8)))
    default: break
    }
  }
}
