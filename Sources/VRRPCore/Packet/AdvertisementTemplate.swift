public import NetPrimitives

/// The bytes of an advertisement, encoded once; sending it with another priority patches three of them.
///
/// Version, addresses and interval rarely change and the priority does not change often, so the hot path has nothing to
/// encode: it sends ``bytes`` as they are. Setting ``priority`` or ``checksumKind`` corrects the checksum without
/// reading the rest (RFC 1624) and allocates nothing.
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
  /// - Precondition: As for ``AdvertisementMessage/encode(addresses:from:to:into:)``.
  public init(
    _ message: AdvertisementMessage, addresses: borrowing Span<IPAddress>, from source: IPAddress,
    to destination: IPAddress
  ) {
    bytes = [UInt8](capacity: message.byteCount) { output in
      message.encode(addresses: addresses, from: source, to: destination, into: &output)
    }
    self.message = message
    self.source = source
    self.destination = destination
  }

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
    var pseudoHeader = InternetChecksum()
    pseudoHeader.addPseudoHeader(from: source, to: destination, byteCount: message.byteCount)
    let sum = ~pseudoHeader.value
    message.checksumKind = kind
    switch kind {
    case .messageOnly: patchChecksum(removing: sum, adding: 0)
    case .pseudoHeader: patchChecksum(removing: 0, adding: sum)
    }
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
