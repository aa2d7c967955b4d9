public import NetPrimitives

extension AdvertisementMessage {
  /// Appends the message to `output`, checksum included: exactly ``byteCount`` bytes. Allocates nothing.
  ///
  /// - Precondition: `addresses` holds ``addressCount`` addresses of ``family``, `source` and `destination` are of that
  ///   family, and `output` has room.
  public func encode(
    addresses: borrowing Span<IPAddress>, from source: IPAddress, to destination: IPAddress,
    into output: inout OutputSpan<UInt8>
  ) {
    precondition(addresses.count == Int(addressCount))
    precondition(source.family == family && destination.family == family)
    precondition(output.freeCapacity >= byteCount)

    var sum = checksum(from: source, to: destination)
    for index in addresses.indices { Self.add(addresses[index], to: &sum, family) }

    output.append(version.rawValue << 4 | 1)
    output.append(virtualRouterID)
    output.append(priority)
    output.append(addressCount)
    output.append(bigEndian: intervalWord)
    output.append(bigEndian: sum.value)
    for index in addresses.indices {
      switch addresses[index] {
      case .v4(let address): output.append(address)
      case .v6(let address): output.append(address)
      }
    }
    if hasAuthenticationData { output.append(bigEndian: authentication.data) }
  }

  /// The third 16-bit word: authentication type and seconds in version 2, twelve bits of centiseconds in version 3.
  private var intervalWord: UInt16 {
    switch version {
    case .v2: UInt16(authentication.type) << 8 | interval.centiseconds / 100
    case .v3: interval.centiseconds
    }
  }

  /// The sum over everything but the address list.
  private func checksum(from source: IPAddress, to destination: IPAddress) -> InternetChecksum {
    var sum = InternetChecksum()
    sum.addPseudoHeader(of: checksumKind, from: source, to: destination, byteCount: byteCount)
    sum.add(UInt16(version.rawValue << 4 | 1) << 8 | UInt16(virtualRouterID))
    sum.add(UInt16(priority) << 8 | UInt16(addressCount))
    sum.add(intervalWord)
    if hasAuthenticationData {
      sum.add(UInt32(truncatingIfNeeded: authentication.data >> 32))
      sum.add(UInt32(truncatingIfNeeded: authentication.data))
    }
    return sum
  }

  private var hasAuthenticationData: Bool {
    Self.authenticationDataByteCount(version: version, family: family) > 0
  }

  private static func add(_ address: IPAddress, to sum: inout InternetChecksum, _ family: AddressFamily) {
    precondition(address.family == family, "an advertised address is of the virtual router's family")
    switch address {
    case .v4(let address): sum.add(address)
    case .v6(let address): sum.add(address)
    }
  }
}
