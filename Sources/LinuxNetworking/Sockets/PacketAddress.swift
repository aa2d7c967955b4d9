import Glibc
import NetPrimitives

/// `struct sockaddr_ll`, which the Glibc module leaves out; layout of packet(7).
enum PacketAddress {
  static let byteCount = 20

  /// Writes the address of an interface; `protocol` is an EtherType, 0 for none. Returns the length to pass.
  static func write(
    interface: InterfaceIndex, protocol etherType: UInt16, to place: UnsafeMutableRawPointer
  ) -> socklen_t {
    place.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    place.storeBytes(of: UInt16(AF_PACKET), as: UInt16.self)
    place.storeBytes(of: etherType.bigEndian, toByteOffset: 2, as: UInt16.self)
    place.storeBytes(of: interface.rawValue, toByteOffset: 4, as: UInt32.self)
    return socklen_t(byteCount)
  }

  /// The interface a received frame came in on.
  static func interface(_ name: RawSpan) -> InterfaceIndex {
    InterfaceIndex(rawValue: name.byteCount >= 8 ? name.host32(at: 4) : 0)
  }
}
