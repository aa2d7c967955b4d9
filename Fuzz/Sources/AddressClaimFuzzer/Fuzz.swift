import NetPrimitives
import VRRPCore

/// Any Ethernet frame. A claim that is understood can be announced and is then understood the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let frame = Array(UnsafeBufferPointer(start: start, count: count))
  guard let claim = frame.span.withRawSpan({ AddressClaim(decodingFrame: $0) }) else { return 0 }
  precondition(!claim.address.isMulticast && !claim.address.isUnspecified)
  let announced =
    switch claim.address {
    case .v4(let address):
      [UInt8](capacity: GratuitousARP.byteCount) { output in
        GratuitousARP(address, at: claim.hardwareAddress).encode(into: &output)
      }
    case .v6(let address):
      [UInt8](capacity: UnsolicitedNeighborAdvertisement.byteCount) { output in
        UnsolicitedNeighborAdvertisement(address, at: claim.hardwareAddress, isRouter: true).encode(into: &output)
      }
    }
  let again = announced.span.withRawSpan { AddressClaim(decodingFrame: $0) }
  precondition(again?.address == claim.address && again?.hardwareAddress == claim.hardwareAddress)
  return 0
}
