import CAllocationCounter
import NetPrimitives
import Testing
import VRRPCore

/// Nothing on the way of an advertisement may allocate. The loops run over `Range<Int>`, because iterating over
/// anything else allocates in unoptimised code.
@Suite(.enabled(if: allocation_count_is_live(), "a sanitizer owns malloc"))
struct WireAllocationTests {
  /// Allocations of the second call: the first may instantiate type metadata, once in the life of the process.
  func allocations(in body: () throws -> Void) rethrows -> UInt {
    try body()
    let before = allocation_count()
    try body()
    return allocation_count() - before
  }

  /// Keeps the optimiser from dropping what is measured.
  @inline(never)
  func use<Value>(_ value: Value) {}

  @Test func `the counter counts`() {
    #expect(allocations { use([UInt8](repeating: 1, count: Int.random(in: 100...200))) } >= 1)
  }

  @Test func `decoding and encoding allocate nothing`() {
    let sample = WirePropertyTests.Case(seed: 3)
    var output = [UInt8](repeating: 0, count: AdvertisementMessage.maximumByteCount)
    let count = allocations {
      for _ in 0..<100 {
        let message = try? AdvertisementMessage(
          decoding: sample.payload.span.bytes, from: sample.source, to: sample.destination)
        use(message)
        output.withUnsafeMutableBufferPointer { buffer in
          var span = OutputSpan<UInt8>(buffer: buffer, initializedCount: 0)
          sample.message.encode(
            addresses: sample.addresses.span, from: sample.source, to: sample.destination, into: &span)
          _ = span.finalize(for: buffer)
        }
      }
    }
    #expect(count == 0)
    #expect(Array(output.prefix(sample.payload.count)) == sample.payload)
  }

  @Test func `patching a template allocates nothing`() {
    let sample = WirePropertyTests.Case(seed: 4)
    var template = AdvertisementTemplate(
      sample.message, addresses: sample.addresses.span, from: sample.source, to: sample.destination)
    #expect(
      allocations {
        for priority in 0..<256 {
          template.priority = UInt8(priority)
          use(template.bytes.span.bytes.byteCount)
        }
      } == 0)
  }

  @Test func `admitting allocates nothing`() throws {
    var gate = WireGateTests.gate()
    var packet = WireGateTests.Packet()
    packet.addresses.reverse()
    let multicast = (packet.arrival, packet.payload)
    packet.destination = WireGateTests.own
    let unicast = (packet.arrival, packet.payload)
    var counters = AdvertisementCounters()
    let count = try allocations {
      for _ in 0..<100 {
        gate.audience = .group
        counters.count(try gate.admit(multicast.0, payload: multicast.1.span.bytes))
      }
    }
    #expect(count == 0)
    gate.audience = .peers([.init(WireGateTests.own), .init(WireGateTests.peer)])
    let unicastCount = try allocations {
      for _ in 0..<100 { counters.count(try gate.admit(unicast.0, payload: unicast.1.span.bytes)) }
    }
    #expect(unicastCount == 0)
    #expect(counters.received == 400)
    #expect(counters.addressListErrors == 0)
  }

  @inline(never)
  func refuse() throws(AdvertisementRejection) { throw .malformed(.badChecksum) }

  /// The testing library notes a backtrace for every error thrown, so the measure is the error alone.
  @Test func `refusing costs no more than the error`() {
    let gate = WireGateTests.gate()
    let packet = WireGateTests.Packet()
    var payload = packet.payload
    payload[payload.count - 1] ^= 1
    let arrival = packet.arrival
    var counters = AdvertisementCounters()
    let errorsAlone = allocations {
      for _ in 0..<100 {
        do throws(AdvertisementRejection) { try refuse() } catch { counters.count(error) }
      }
    }
    let refusals = allocations {
      for _ in 0..<100 {
        do throws(AdvertisementRejection) {
          counters.count(try gate.admit(arrival, payload: payload.span.bytes))
        } catch {
          counters.count(error)
        }
      }
    }
    #expect(counters.checksumErrors == 400)
    // Inside, the decoder's error becomes the gate's: two are thrown.
    #expect(refusals <= 2 * errorsAlone)
  }

  @Test func `signing and verifying allocate nothing`() throws {
    let key = try #require(HMACPolicy.Key(id: 1, bytes: Array(0..<32)))
    let policy = HMACPolicy(keys: [key], activeKeyID: 1, replayProtection: .time(windowSeconds: 5))
    let authenticator = SummingAuthenticator()
    var signer = try #require(HMACSigner(policy))
    var verifier = HMACVerifier(policy)
    let message = AdvertisementMessage(
      version: .v3, family: .ipv6, virtualRouterID: 1, priority: 100, addressCount: 0, interval: .second,
      checksumKind: .pseudoHeader)
    var template = AdvertisementTemplate(
      message, addresses: [IPAddress]().span, from: WireDecodingTests.source6, to: WireDecodingTests.group6,
      hasTrailer: true)
    var now: UInt64 = 1_000_000_000_000
    var accepted = 0
    let count = allocations {
      for sender in 0..<6 {
        let source = IPAddress.v4(IPv4Address(10, 0, 0, UInt8(sender)))
        now += 1_000_000
        let trailer = signer.sign(
          template.bytes.span.bytes.extracting(first: message.byteCount), from: source, utcNanoseconds: now,
          using: authenticator)
        template.setTrailer(trailer)
        let skew = try? verifier.verify(
          template.bytes.span.bytes, from: source, utcNanoseconds: now, using: authenticator)
        if skew != nil { accepted += 1 }
      }
    }
    #expect(count == 0)
    #expect(accepted == 12)
  }

  @Test func `sealing and opening an Authentication Header allocate nothing`() {
    let authenticator = SummingAuthenticator()
    var ours = AuthenticationHeaderSession(key: [1, 2, 3])
    var theirs = AuthenticationHeaderSession(key: [1, 2, 3])
    let message = WireDecodingTests.sound(.v2, .ipv4)
    var datagram = [UInt8](repeating: 0, count: AuthenticationHeader.messageOffset + message.count)
    var accepted = 0
    let count = allocations {
      datagram.withUnsafeMutableBufferPointer { buffer in
        var span = OutputSpan<UInt8>(buffer: buffer, initializedCount: 0)
        ours.seal(
          message.span.bytes, from: IPv4Address(10, 0, 0, 1), to: .vrrpGroup, into: &span, using: authenticator)
        _ = span.finalize(for: buffer)
      }
      do throws(AuthenticationHeaderError) {
        let bytes = datagram.span.bytes
        try theirs.verify(AuthenticationHeader(decodingDatagram: bytes), datagram: bytes, using: authenticator)
        accepted += 1
      } catch {}
    }
    #expect(count == 0)
    #expect(accepted == 2)
  }

  @Test func `announcing and watching allocate nothing`() {
    let sample = CapturedBytes.announcements.map(\.bytes)
    var frame = [UInt8](repeating: 0, count: UnsolicitedNeighborAdvertisement.byteCount)
    let count = allocations {
      for index in sample.indices {
        let bytes = sample[index]
        use(AddressClaim(decodingFrame: bytes.span.bytes))
      }
      frame.withUnsafeMutableBufferPointer { buffer in
        var span = OutputSpan<UInt8>(buffer: buffer, initializedCount: 0)
        GratuitousARP(.vrrpGroup, at: .broadcast).encode(into: &span)
        span.removeAll()
        UnsolicitedNeighborAdvertisement(.vrrpGroup, at: .broadcast, isRouter: true).encode(into: &span)
        _ = span.finalize(for: buffer)
      }
    }
    #expect(count == 0)
  }
}
