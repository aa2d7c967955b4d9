import NetPrimitives

/// The layer between netlink and IPVS: families are found by name, and a command and a version stand before the
/// attributes of every message (`linux/genetlink.h`).
enum GenericNetlink {
  /// `NETLINK_GENERIC`, the protocol of the socket.
  static let socketFamily: Int32 = 16
  /// `struct genlmsghdr`: command, version, two bytes of nothing.
  static let headerByteCount = 4
  /// `GENL_ID_CTRL`, the one family whose number is fixed: it tells the others'.
  static let controller: UInt16 = 16
  /// `NLA_F_NESTED`. libnl sets it, the kernel neither wants nor sends it; ``NetlinkReader`` masks it out.
  static let nested: UInt16 = 0x8000

  private static let getFamily: UInt8 = 3
  private static let familyNumberAttribute: UInt16 = 1
  private static let familyNameAttribute: UInt16 = 2

  /// Asks for the number of the family called `name`.
  static func encodeFamilyRequest(_ name: String, sequence: UInt32, into writer: inout NetlinkWriter) {
    writer.genericMessage(
      family: controller, command: getFamily, flags: NetlinkFlag.request | NetlinkFlag.acknowledge,
      sequence: sequence
    ) { $0.attribute(familyNameAttribute, name) }
  }

  /// The number in the controller's answer.
  static func familyNumber(in payload: RawSpan) -> UInt16? {
    guard payload.byteCount >= headerByteCount else { return nil }
    var number: UInt16?
    NetlinkReader.forEachAttribute(in: payload, from: headerByteCount) { type, value in
      if type == familyNumberAttribute { number = value.exactly16 }
    }
    return number
  }
}

extension NetlinkWriter {
  /// Writes one message of generic netlink: both headers, then what `body` appends.
  mutating func genericMessage(
    family: UInt16, command: UInt8, flags: UInt16, sequence: UInt32, _ body: (inout NetlinkWriter) -> Void = { _ in }
  ) {
    message(type: family, flags: flags, sequence: sequence) { writer in
      writer.append(command)
      writer.append(UInt8(1))
      writer.append(UInt16(0))
      body(&writer)
    }
  }

  /// An attribute that holds attributes.
  mutating func nest(_ type: UInt16, _ body: (inout NetlinkWriter) -> Void) {
    attribute(type | GenericNetlink.nested, body)
  }
}

// An attribute's value as a number; `nil` when its length is another's.
extension RawSpan {
  var exactly8: UInt8? { byteCount == 1 ? byte(at: 0) : nil }
  var exactly16: UInt16? { byteCount == 2 ? host16(at: 0) : nil }
  var exactly32: UInt32? { byteCount == 4 ? host32(at: 0) : nil }
  /// 64-bit attributes are only aligned to four bytes; this load does not mind.
  var exactly64: UInt64? { byteCount == 8 ? host64(at: 0) : nil }
}
