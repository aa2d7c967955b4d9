/// Why the IP Authentication Header around an advertisement does not verify (RFC 2402 §3.4).
public enum AuthenticationHeaderError: Error, Hashable, Sendable, BitwiseCopyable {
  /// Too short for the IP header and the Authentication Header, or shorter or longer than the IP header says.
  case truncated(byteCount: Int)
  /// No plain IPv4 header: another version, or options, whose mutability nobody agrees on.
  case unsupportedIPHeader
  /// A fragment: adverts are smaller than any MTU, and a header that covers half a message proves nothing.
  case fragmented
  /// The IP header or the Authentication Header announces another protocol than expected.
  case unexpectedProtocol(UInt8)
  /// A header length other than the 24 bytes of HMAC-MD5-96.
  case unexpectedHeaderLength(UInt8)
  /// The security parameters index is not the source address, as every VRRP implementation sets it.
  case unexpectedSecurityParametersIndex(UInt32)
  /// The integrity check value is wrong: another key, or the packet was changed.
  case invalidIntegrityCheckValue
  /// Not newer than a sequence number already accepted.
  case replay(sequence: UInt32)
}
