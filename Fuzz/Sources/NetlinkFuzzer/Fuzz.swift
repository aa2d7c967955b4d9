import LoadBalancing
import NetPrimitives

@testable import LinuxNetworking

/// A datagram as the kernel might send it on any netlink socket of ours.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: count))
  NetlinkReader.forEachMessage(in: input.span.bytes) { header, payload in
    _ = NetlinkReader.errorNumber(payload)
    _ = NetlinkReader.errorText(header, payload)
    _ = Link(netlink: payload)
    _ = InterfaceAddress(netlink: payload)
    _ = Route(netlink: payload)
    _ = RoutingRule(netlink: payload)
    _ = GenericNetlink.familyNumber(in: payload)
    _ = ServiceDecoder.information(payload)
    _ = ServiceDecoder.timeouts(payload)
    checkService(payload)
    checkDestination(payload)
    checkDaemon(payload)
    checkMarks(payload)
  }
  return 0
}

/// What is understood can be said, and is then understood as the same.
private func checkService(_ payload: RawSpan) {
  guard let record = ServiceDecoder.service(payload), let service = record.service else { return }
  let again = saidAgain({ $0.append(.editService(record.key, service)) }, ServiceDecoder.service)
  precondition(again?.key == record.key)
  // An engine is said up to its zero, and not at all without persistence.
  precondition(again?.service == service || service.persistence?.engine?.isEmpty == true)
}

private func checkDestination(_ payload: RawSpan) {
  guard let record = ServiceDecoder.destination(payload), let destination = record.destination else { return }
  let command = IPVSCommand.addDestination(.firewallMark(1, .ipv4), record.server, destination)
  let again = saidAgain({ $0.append(command) }, ServiceDecoder.destination)
  precondition(again?.server == record.server)
  precondition(again?.destination == destination)
}

private func checkDaemon(_ payload: RawSpan) {
  guard let daemon = ServiceDecoder.daemon(payload) else { return }
  precondition(saidAgain({ $0.start(daemon) }, ServiceDecoder.daemon) == daemon)
}

private func checkMarks(_ payload: RawSpan) {
  for family in AddressFamily.allCases {
    var marks: [AddressMark] = []
    AddressMarkDecoder.forEachMark(in: payload, .tcp, family) { marks.append($0) }
    // The batch would sort those of another family away.
    precondition(marks.allSatisfy { $0.first.family == family && $0.first <= $0.last })
    var batch = AddressMarkBatch(GroupMarking(), counts: false)
    batch.replace(with: marks)
    var again: [AddressMark] = []
    let isWhole = NetlinkReader.forEachMessage(in: batch.transaction.finished().bytes.span.bytes) { header, payload in
      guard header.type == FirewallMessageType.newElement else { return }
      AddressMarkDecoder.forEachMark(in: payload, .tcp, family) { again.append($0) }
    }
    precondition(isWhole && again == marks)
  }
}

private func saidAgain<Record>(
  _ say: (inout ServiceBatch) -> Void, _ decode: (RawSpan) -> Record?
) -> Record? {
  var batch = ServiceBatch(family: 32)
  say(&batch)
  var record: Record?
  let isWhole = NetlinkReader.forEachMessage(in: batch.writer.bytes.span.bytes) { record = decode($1) }
  precondition(isWhole, "we said what is no message")
  return record
}
