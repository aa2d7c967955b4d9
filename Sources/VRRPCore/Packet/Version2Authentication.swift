/// What the authentication fields of a version-2 advertisement say (RFC 2338 §5.3.6, §5.3.10).
///
/// RFC 3768 kept the fields and withdrew all types but 0; the others live on in the field.
public enum Version2Authentication: Hashable, Sendable, BitwiseCopyable {
  /// Type 0. The eight data bytes are sent as zero and ignored when received (RFC 3768 §5.3.10).
  case none
  /// Type 1: the password travels in the clear.
  case simplePassword(SimplePassword)
  /// Type 2: the datagram carries an IP Authentication Header; the data bytes are sent as zero and ignored.
  case authenticationHeader

  /// The number in the message's type field.
  @inlinable
  public var type: UInt8 {
    switch self {
    case .none: 0
    case .simplePassword: 1
    case .authenticationHeader: 2
    }
  }

  /// The eight data bytes as one number in network order.
  @inlinable
  var data: UInt64 {
    switch self {
    case .none, .authenticationHeader: 0
    case .simplePassword(let password): password.rawValue
    }
  }
}
