import Glibc

/// setsockopt(2) with typed values and errors that name the option.
enum SocketOptions {
  static func set(
    _ descriptor: borrowing FileDescriptor, _ level: Int32, _ option: Int32, _ value: Int32, _ name: String,
    needs: SystemCallError.Capability? = nil
  ) throws(SystemCallError) {
    try set(descriptor, level, option, bytesOf: value, name, needs: needs)
  }

  static func set<Value: BitwiseCopyable>(
    _ descriptor: borrowing FileDescriptor, _ level: Int32, _ option: Int32, bytesOf value: Value, _ name: String,
    needs: SystemCallError.Capability? = nil
  ) throws(SystemCallError) {
    var value = value
    let number = descriptor.rawValue
    _ = try SystemCallError.check("setsockopt(\(name))", needs: needs) {
      setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Value>.size))
    }
  }

  /// SO_BINDTODEVICE: only packets of this interface.
  static func bind(
    _ descriptor: borrowing FileDescriptor, toInterfaceNamed name: String
  ) throws(SystemCallError) {
    let number = descriptor.rawValue
    let bytes = Array(name.utf8)
    _ = try SystemCallError.check("setsockopt(SO_BINDTODEVICE, \(name))", needs: .netRaw) {
      setsockopt(number, SOL_SOCKET, bindToInterfaceName, bytes, socklen_t(bytes.count))
    }
  }

  // Options the C library's headers hide without _GNU_SOURCE; the numbers are Linux's, the same on every architecture
  // Swift runs on.
  static let bindToInterfaceIndex: Int32 = 62
  static let bindToInterfaceName: Int32 = 25
  static let mark: Int32 = 36
  static let bindAddressNoPort: Int32 = 24
  static let receiveTimestamps: Int32 = 35
  static let receiveBufferForced: Int32 = 33
  static let ipMulticastAll: Int32 = 49
  static let ipTransparent: Int32 = 19
  static let ipHeaderIncluded: Int32 = 3
  static let ipReceiveTTL: Int32 = 12
  static let ipTTL: Int32 = 2
  static let ipPacketInfo: Int32 = 8
  static let ipv6MulticastAll: Int32 = 29
  static let ipv6ReceivePacketInfo: Int32 = 49
  static let ipv6PacketInfo: Int32 = 50
  static let ipv6ReceiveHopLimit: Int32 = 51
  static let ipv6HopLimit: Int32 = 52
  static let ipv6TrafficClass: Int32 = 67
  static let ipv6Transparent: Int32 = 75
  static let packetIgnoreOutgoing: Int32 = 23
  static let packetLevel: Int32 = 263
  static let netlinkLevel: Int32 = 270
}
