public import NetPrimitives

/// The bytes of an advertisement, encoded once; sending it with another priority patches three of them.
///
/// Version, addresses and interval rarely change and the priority does not change often, so the hot path has nothing to
/// encode: it sends ``bytes`` as they are. Setting ``priority``, ``checksumKind`` or the trailer corrects the checksum
/// without reading the rest (RFC 1624) and allocates nothing.
public struct AdvertisementTemplate: Sendable, Hashable {
  /// The IP payload. Copying it shares it; changing the template while a copy lives allocates.
  public private(set) var bytes: [UInt8]
  /// The fixed fields of ``bytes``.
  public private(set) var message: AdvertisementMessage
  /// Where the datagram comes from; the checksum may cover it.
  public let source: IPAddress
  /// Where the datagram goes to; the checksum may cover it.
  public let destination: IPAddress

  /// Encodes `message` with `addresses`.
  ///
  /// - Parameters:
  ///   - message: The fixed fields.
  ///   - addresses: The address list.
  ///   - source: Source of the datagram.
  ///   - destination: Destination of the datagram.
  ///   - hasTrailer: Whether to leave room for an `auth_hmac` trailer, to be filled by ``setTrailer(_:)``.
  /// - Precondition: As for ``AdvertisementMessage/encode(addresses:from:to:into:)``.
  public init(
    _ message: AdvertisementMessage, addresses: borrowing Span<IPAddress>, from source: IPAddress,
    to destination: IPAddress, hasTrailer: Bool = false
  ) {
    let byteCount = message.byteCount + (hasTrailer ? HMACTrailer.byteCount : 0)
    bytes = [UInt8](capacity: byteCount) { output in
      message.encode(addresses: addresses, from: source, to: destination, into: &output)
      while output.count < byteCount { output.append(0 as UInt8) }
    }
    self.message = message
    self.source = source
    self.destination = destination
    if hasTrailer, checksumCoversTrailer {
      patchChecksum(removing: UInt16(message.byteCount), adding: UInt16(byteCount))
    }
  }

  /// Lends ``bytes``, for signing.
  @inlinable
  public func withRawSpan<Result, Failure: Error>(
    _ body: (borrowing RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try bytes.span.withRawSpan(body)
  }

  /// Writes the trailer made by ``HMACSigner`` for this message.
  ///
  /// - Precondition: The template was made with room for it.
  public mutating func setTrailer(_ trailer: HMACTrailer) {
    let start = message.byteCount
    precondition(bytes.count == start &+ HMACTrailer.byteCount, "no room for a trailer")
    let trailerBytes = trailer.bytes
    var removed = InternetChecksum()
    var added = InternetChecksum()
    for pair in 0..<(HMACTrailer.byteCount / 2) {
      let index = 2 &* pair
      removed.add(UInt16(bytes[start &+ index]) << 8 | UInt16(bytes[start &+ index &+ 1]))
      added.add(UInt16(trailerBytes[index]) << 8 | UInt16(trailerBytes[index &+ 1]))
      bytes[start &+ index] = trailerBytes[index]
      bytes[start &+ index &+ 1] = trailerBytes[index &+ 1]
    }
    if checksumCoversTrailer { patchChecksum(removing: ~removed.value, adding: ~added.value) }
  }

  /// Over IPv6 keepalived's checksum counts the trailer in, because Linux computes it there; and Linux drops, before
  /// keepalived sees it, what does not.
  private var checksumCoversTrailer: Bool { message.family == .ipv6 }

  /// The advertised priority, 0…255.
  @inlinable
  public var priority: UInt8 {
    get { message.priority }
    set { setPriority(newValue) }
  }

  /// Which bytes the checksum covers.
  ///
  /// - Precondition: When set, the version and family know that kind.
  @inlinable
  public var checksumKind: ChecksumKind {
    get { message.checksumKind }
    set { setChecksumKind(newValue) }
  }

  @usableFromInline
  mutating func setPriority(_ priority: UInt8) {
    guard priority != message.priority else { return }
    let count = UInt16(message.addressCount)
    let old = UInt16(message.priority) << 8 | count
    let new = UInt16(priority) << 8 | count
    message.priority = priority
    bytes[2] = priority
    patchChecksum(removing: old, adding: new)
  }

  @usableFromInline
  mutating func setChecksumKind(_ kind: ChecksumKind) {
    guard kind != message.checksumKind else { return }
    precondition(
      ChecksumKind.fixed(message.version, over: message.family) == nil, "version and family know one checksum only")
    let old = pseudoHeaderSum(of: message.checksumKind)
    message.checksumKind = kind
    patchChecksum(removing: old, adding: pseudoHeaderSum(of: kind))
  }

  private func pseudoHeaderSum(of kind: ChecksumKind) -> UInt16 {
    var sum = InternetChecksum()
    sum.addPseudoHeader(of: kind, from: source, to: destination, byteCount: message.byteCount)
    return ~sum.value
  }

  /// RFC 1624 §3, equation 3: HC' = ~(~HC + ~m + m').
  private mutating func patchChecksum(removing old: UInt16, adding new: UInt16) {
    var sum = InternetChecksum()
    sum.add(~(UInt16(bytes[6]) << 8 | UInt16(bytes[7])))
    sum.add(~old)
    sum.add(new)
    bytes[6] = UInt8(truncatingIfNeeded: sum.value >> 8)
    bytes[7] = UInt8(truncatingIfNeeded: sum.value)
  }
}
