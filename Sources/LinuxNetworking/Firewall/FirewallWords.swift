import NetPrimitives

// What messages of nf_tables are made of.
extension NetlinkWriter {
  /// `struct nfgenmsg`: family, version 0, resource in network order.
  mutating func appendFirewallHeader(family: UInt8, resource: UInt16) {
    append(family)
    append(UInt8(0))
    appendNetworkOrder(UInt64(resource), count: 2)
  }

  /// A number in network order, as nf_tables has them all.
  mutating func number(_ type: UInt16, _ value: UInt32) {
    attribute(type) { $0.appendNetworkOrder(UInt64(value), count: 4) }
  }

  mutating func expression(_ name: String, _ body: (inout NetlinkWriter) -> Void) {
    nest(FirewallAttribute.listElement) { writer in
      writer.attribute(FirewallAttribute.expressionName, name)
      writer.nest(FirewallAttribute.expressionData, body)
    }
  }

  mutating func meta(_ key: UInt32, to register: UInt32) {
    expression("meta") { writer in
      writer.number(FirewallAttribute.metaKey, key)
      writer.number(FirewallAttribute.metaRegister, register)
    }
  }

  /// Loads bytes of the network (1) or the transport (2) header.
  mutating func load(_ base: UInt32, offset: UInt32, length: UInt32, to register: UInt32) {
    expression("payload") { writer in
      writer.number(FirewallAttribute.payloadRegister, register)
      writer.number(FirewallAttribute.payloadBase, base)
      writer.number(FirewallAttribute.payloadOffset, offset)
      writer.number(FirewallAttribute.payloadLength, length)
    }
  }

  /// Goes on when the register's first byte is `value`.
  mutating func compare(_ register: UInt32, with value: UInt8) {
    expression("cmp") { writer in
      writer.number(FirewallAttribute.compareRegister, register)
      // NFT_CMP_EQ.
      writer.number(FirewallAttribute.compareOperation, 0)
      writer.nest(FirewallAttribute.compareData) { $0.attribute(FirewallAttribute.dataValue, value) }
    }
  }

  mutating func verdict(_ verdict: FirewallVerdict) {
    expression("immediate") { writer in
      writer.number(FirewallAttribute.immediateRegister, FirewallRegister.verdict)
      writer.nest(FirewallAttribute.immediateData) { writer in
        writer.nest(FirewallAttribute.dataVerdict) { $0.number(FirewallAttribute.verdictCode, verdict.rawValue) }
      }
    }
  }
}
