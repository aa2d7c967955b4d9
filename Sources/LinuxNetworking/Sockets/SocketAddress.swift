import CLinuxShims
import Glibc
import NetPrimitives

/// Conversions between our addresses and `struct sockaddr_in`, `sockaddr_in6`, `sockaddr_ll`, in caller's memory.
enum SocketAddress {
  /// Room for the largest of them, `sockaddr_in6`, padded.
  static let byteCount = 32

  /// Writes an address; the scope makes a link-local destination usable. Returns the length to pass.
  static func write(
    _ address: IPAddress, port: UInt16 = 0, scope: UInt32, to place: UnsafeMutableRawPointer
  ) -> socklen_t {
    switch address {
    case .v4(let address):
      var value = sockaddr_in()
      value.sin_family = sa_family_t(AF_INET)
      value.sin_port = port.bigEndian
      value.sin_addr.s_addr = address.rawValue.bigEndian
      place.storeBytes(of: value, as: sockaddr_in.self)
      return socklen_t(MemoryLayout<sockaddr_in>.size)
    case .v6(let address):
      var value = sockaddr_in6()
      value.sin6_family = sa_family_t(AF_INET6)
      value.sin6_port = port.bigEndian
      value.sin6_addr = in6_addr(address)
      value.sin6_scope_id = address.isLinkLocal || address.isMulticast ? scope : 0
      place.storeBytes(of: value, as: sockaddr_in6.self)
      return socklen_t(MemoryLayout<sockaddr_in6>.size)
    }
  }

  /// Hands an address to a call that takes it and its length.
  static func with<Result>(
    _ address: IPAddress, port: UInt16, scope: UInt32, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 8) { place in
      // The allocation has a start: it is not empty.
      guard let start = place.baseAddress else { preconditionFailure("no room for an address") }
      let length = write(address, port: port, scope: scope, to: start)
      return body(start.assumingMemoryBound(to: sockaddr.self), length)
    }
  }

  /// Reads what the kernel wrote; `nil` for another family or a short address.
  static func read(_ bytes: RawSpan) -> IPAddress? {
    guard bytes.byteCount >= 8 else { return nil }
    switch Int32(bytes.host16(at: 0)) {
    case AF_INET: return .v4(bytes.ipv4Address(at: 4))
    case AF_INET6 where bytes.byteCount >= 24: return .v6(bytes.ipv6Address(at: 8))
    default: return nil
    }
  }
}

extension in6_addr {
  init(_ address: IPv6Address) {
    self.init()
    withUnsafeMutableBytes(of: &self) { bytes in
      bytes.storeBytes(of: address.high.bigEndian, toByteOffset: 0, as: UInt64.self)
      bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
    }
  }
}
