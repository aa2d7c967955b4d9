import NetPrimitives

/// Changes to tables of nf_tables, all of which happen or none. Pure; ``NetlinkSocket/commit(_:)`` sends it.
struct FirewallTransaction {
  private var writer = NetlinkWriter(capacity: 4096)

  init() {
    writer.message(
      type: FirewallMessageType.batchBegin, flags: NetlinkFlag.request, sequence: writer.nextSequence
    ) { $0.appendFirewallHeader(family: 0, resource: FirewallMessageType.batchSubsystem) }
  }

  /// The finished batch: the last change asks for an answer, and the end follows.
  consuming func finished() -> NetlinkWriter {
    writer.addFlagsToLastMessage(NetlinkFlag.acknowledge)
    writer.message(
      type: FirewallMessageType.batchEnd, flags: NetlinkFlag.request, sequence: writer.nextSequence
    ) { $0.appendFirewallHeader(family: 0, resource: FirewallMessageType.batchSubsystem) }
    return writer
  }

  /// Appends one change.
  mutating func append(
    _ type: UInt16, _ flags: UInt16, _ family: AddressFamily, _ body: (inout NetlinkWriter) -> Void
  ) {
    writer.message(type: type, flags: NetlinkFlag.request | flags, sequence: writer.nextSequence) { writer in
      writer.appendFirewallHeader(family: family.netlinkNumber, resource: 0)
      body(&writer)
    }
  }

  /// A table, with a comment that says whose it is; one that is there stays as it is.
  mutating func addTable(_ name: String, _ family: AddressFamily) {
    append(FirewallMessageType.newTable, NetlinkFlag.create, family) { writer in
      writer.attribute(FirewallAttribute.tableName, name)
      // A comment as nft writes it: its type, its length, its text.
      let remark = Array("made by vrrpd".utf8) + [0]
      writer.attribute(FirewallAttribute.tableUserData) { writer in
        writer.append(UInt8(0))
        writer.append(UInt8(remark.count))
        for byte in remark { writer.append(byte) }
      }
    }
  }

  /// Removes a table; one that is not there fails the whole batch (ENOENT).
  mutating func removeTable(_ name: String, _ family: AddressFamily) {
    append(FirewallMessageType.deleteTable, 0, family) { $0.attribute(FirewallAttribute.tableName, name) }
  }

  /// A chain on a hook.
  mutating func addChain(_ hook: FirewallHook, _ family: AddressFamily, table: String, priority: Int32) {
    append(FirewallMessageType.newChain, NetlinkFlag.create, family) { writer in
      writer.attribute(FirewallAttribute.chainTable, table)
      writer.attribute(FirewallAttribute.chainName, hook.chainName)
      writer.nest(FirewallAttribute.chainHook) { writer in
        writer.number(FirewallAttribute.hookNumber, hook.rawValue)
        writer.number(FirewallAttribute.hookPriority, UInt32(bitPattern: priority))
      }
      writer.number(FirewallAttribute.chainPolicy, FirewallVerdict.accept.rawValue)
      writer.attribute(FirewallAttribute.chainType, "filter")
    }
  }

  /// A rule at the end of a chain.
  mutating func addRule(
    _ hook: FirewallHook, _ family: AddressFamily, table: String, _ expressions: (inout NetlinkWriter) -> Void
  ) {
    append(FirewallMessageType.newRule, NetlinkFlag.create | NetlinkFlag.append, family) { writer in
      writer.attribute(FirewallAttribute.ruleTable, table)
      writer.attribute(FirewallAttribute.ruleChain, hook.chainName)
      writer.nest(FirewallAttribute.ruleExpressions, expressions)
    }
  }
}

extension NetlinkSocket {
  /// Sends a transaction; throws what the kernel says against it.
  func commit(_ transaction: consuming FirewallTransaction) throws(SystemCallError) {
    let writer = transaction.finished()
    // The last but one, before the end of the batch, is the one that asks for an answer.
    let last = NetlinkWriter.firstSequence &+ UInt32(writer.messageCount - 2)
    try discardAnswers()
    try allow(sending: writer.bytes.count)
    try send(writer.bytes)
    var refusal: SystemCallError?
    var isDone = false
    while !isDone {
      try receiveAnswer { datagram in
        NetlinkReader.forEachMessage(in: datagram) { header, payload in
          guard header.type == NetlinkMessageType.error, let number = NetlinkReader.errorNumber(payload) else { return }
          // Refused as a whole, by its first message, it gets no further answer.
          if header.sequence == last || header.sequence == NetlinkWriter.firstSequence { isDone = true }
          if number != 0, refusal == nil {
            refusal = SystemCallError(
              call: "nf_tables", errno: number, needs: .netAdmin, detail: NetlinkReader.errorText(header, payload))
          }
        }
      }
    }
    if let refusal { throw refusal }
  }
}
