import NetPrimitives

extension BFDPacket {
  /// Decodes the payload of one datagram by the checks of RFC 5880 §6.8.6 that need no session.
  ///
  /// Bytes behind `Length` are allowed there, and ignored.
  ///
  /// - Throws: The first check that failed, in the order of the RFC.
  public init(decoding payload: borrowing RawSpan) throws(BFDDecodingError) {
    guard payload.byteCount >= Self.byteCount else { throw .truncated(byteCount: payload.byteCount) }
    let version = payload.byte(at: 0) >> 5
    guard version == 1 else { throw .unsupportedVersion(version) }
    let second = payload.byte(at: 1)
    let flags = Flags(rawValue: second & 0x3f)
    let length = payload.byte(at: 3)
    let isAuthenticated = flags.contains(.authentication)
    guard length >= (isAuthenticated ? 26 : 24) else { throw .lengthTooSmall(length) }
    guard Int(length) <= payload.byteCount else { throw .lengthBeyondPayload(length) }
    multiplier = payload.byte(at: 2)
    guard multiplier != 0 else { throw .zeroMultiplier }
    guard !flags.contains(.multipoint) else { throw .multipoint }
    myDiscriminator = payload.bigEndian32(at: 4)
    guard myDiscriminator != 0 else { throw .zeroMyDiscriminator }
    yourDiscriminator = payload.bigEndian32(at: 8)
    state = Self.state(second >> 6)
    if yourDiscriminator == 0 {
      switch state {
      case .adminDown, .down: break
      case .initializing, .up: throw .zeroYourDiscriminator(state)
      }
    }
    if isAuthenticated { _ = try Self.authentication(in: payload, upTo: Int(length)) }
    diagnostic = BFDDiagnostic(rawValue: payload.byte(at: 0))
    self.flags = flags
    desiredSendMicroseconds = payload.bigEndian32(at: 12)
    requiredReceiveMicroseconds = payload.bigEndian32(at: 16)
    requiredEchoMicroseconds = payload.bigEndian32(at: 20)
  }

  /// The authentication section of `payload`, the bytes this value was decoded from; `nil` without one.
  public func authentication(in payload: borrowing RawSpan) -> BFDAuthenticationSection? {
    guard flags.contains(.authentication), payload.byteCount >= 26 else { return nil }
    return BFDAuthenticationSection(type: payload.byte(at: 24), byteCount: payload.byte(at: 25))
  }

  private static func authentication(
    in payload: borrowing RawSpan, upTo length: Int
  ) throws(BFDDecodingError) -> BFDAuthenticationSection {
    let section = BFDAuthenticationSection(type: payload.byte(at: 24), byteCount: payload.byte(at: 25))
    guard section.byteCount >= shortest(section.type), 24 + Int(section.byteCount) <= length else {
      throw .malformedAuthentication
    }
    return section
  }

  /// Bytes of the shortest section of a type: §4.2 password, §4.3 MD5, §4.4 SHA-1.
  private static func shortest(_ type: UInt8) -> UInt8 {
    switch type {
    case 1: 4
    case 2, 3: 24
    case 4, 5: 28
    default: 2
    }
  }

  /// Two bits are four states: every one has a meaning.
  private static func state(_ bits: UInt8) -> BFDState {
    switch bits & 3 {
    case 0: .adminDown
    case 1: .down
    case 2: .initializing
    default: .up
    }
  }

  /// Appends the packet to `output`: exactly ``byteCount`` bytes. What follows `A` is not for us to write, so the flag
  /// is left out.
  ///
  /// - Precondition: `output` has room.
  public func encode(into output: inout OutputSpan<UInt8>) {
    output.append(1 << 5 | diagnostic.rawValue)
    output.append(state.rawValue << 6 | flags.subtracting([.authentication, .multipoint]).rawValue)
    output.append(multiplier)
    output.append(UInt8(Self.byteCount))
    output.append(bigEndian: myDiscriminator)
    output.append(bigEndian: yourDiscriminator)
    output.append(bigEndian: desiredSendMicroseconds)
    output.append(bigEndian: requiredReceiveMicroseconds)
    output.append(bigEndian: requiredEchoMicroseconds)
  }
}
