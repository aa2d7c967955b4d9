import NetPrimitives
import VRRPCore

/// Byte 0 chooses how the rest is read: bit 0 IPv6, bit 1 a trailer is allowed, bit 2 the checksum is corrected first,
/// so that the checks behind it are reached.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  let family: AddressFamily = input[0] & 1 == 0 ? .ipv4 : .ipv6
  let allowsTrailer = input[0] & 2 != 0
  var payload = Array(input.dropFirst())
  let (source, destination) = ends(family)
  if input[0] & 4 != 0 { correctChecksum(of: &payload, from: source, to: destination) }

  payload.span.withRawSpan { bytes in
    let decoded = try? AdvertisementMessage(
      decoding: bytes, from: source, to: destination, allowsTrailer: allowsTrailer)
    admit(bytes, from: source, to: destination, decoded, allowsTrailer: allowsTrailer)
    guard let decoded else { return }
    let addresses = (0..<Int(decoded.addressCount)).map { decoded.address(at: $0, in: bytes) }
    precondition(AdvertisedAddressList(addresses.reversed()).matches(decoded, in: bytes))
    let again = [UInt8](capacity: decoded.byteCount) { output in
      decoded.encode(addresses: addresses.span, from: source, to: destination, into: &output)
    }
    let roundTrip = again.span.withRawSpan {
      try? AdvertisementMessage(decoding: $0, from: source, to: destination)
    }
    guard var roundTrip else { preconditionFailure("what was encoded does not decode") }
    // Both kinds can fit at once; the bytes then cannot tell which was meant.
    roundTrip.checksumKind = decoded.checksumKind
    precondition(roundTrip == decoded)
  }
  return 0
}

/// The gate must agree with the decoder: it admits nothing the decoder refuses.
private func admit(
  _ bytes: borrowing RawSpan, from source: IPAddress, to destination: IPAddress, _ decoded: AdvertisementMessage?,
  allowsTrailer: Bool
) {
  var gate = AdvertisementGate(
    virtualRouterID: decoded?.virtualRouterID ?? 1, version: decoded?.version ?? .v3, family: source.family,
    interval: .second, addressList: AdvertisedAddressList([]), authentication: decoded?.authentication ?? .none,
    trailer: allowsTrailer ? .optional : .refused)
  if let interval = decoded?.interval { gate.interval = interval }
  let arrival = AdvertisementArrival(
    source: source, destination: destination, hopLimit: 255,
    hasAuthenticationHeader: decoded?.authentication == .authenticationHeader)
  var counters = AdvertisementCounters()
  do throws(AdvertisementRejection) {
    counters.count(try gate.admit(arrival, payload: bytes))
    precondition(decoded != nil && counters.received == 1)
  } catch {
    counters.count(error)
    precondition(decoded == nil && counters.received == 0)
  }
}

private func ends(_ family: AddressFamily) -> (IPAddress, IPAddress) {
  switch family {
  case .ipv4: (.v4(IPv4Address(10, 0, 0, 1)), .v4(.vrrpGroup))
  case .ipv6: (.v6(IPv6Address(high: 0xfe80 << 48, low: 1)), .v6(.vrrpGroup))
  }
}

private func correctChecksum(of payload: inout [UInt8], from source: IPAddress, to destination: IPAddress) {
  guard payload.count >= 8 else { return }
  payload[6] = 0
  payload[7] = 0
  var sum = InternetChecksum()
  payload.span.withRawSpan { sum.add($0) }
  if case (.v6(let source), .v6(let destination)) = (source, destination) {
    sum.add(source)
    sum.add(destination)
    sum.add(112 as UInt16)
    sum.add(UInt16(truncatingIfNeeded: payload.count))
  }
  payload[6] = UInt8(sum.value >> 8)
  payload[7] = UInt8(sum.value & 0xff)
}
