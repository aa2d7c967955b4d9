import CLinuxShims
import Glibc
import NetPrimitives
import VRRPCore

/// The kernel's connector for process events: every process that starts, becomes another program or ends, as it
/// happens.
///
/// Works in the initial network namespace only; elsewhere opening fails, and ``ProcessTable`` must be read at
/// intervals.
final class ProcessEvents {
  private let socket: NetlinkSocket

  /// What happened to a process, by the number of its thread group.
  enum Event: Hashable {
    /// It was started, or became another program, or took another name.
    case changed(Int32)
    case ended(Int32)
    /// Events were lost: only a look at all processes tells what is.
    case overrun
  }

  // linux/connector.h and linux/cn_proc.h.
  private static let connector: Int32 = 11
  private static let processIndex: UInt32 = 1
  private static let listen: UInt32 = 1
  private static let defaultBufferBytes: Int32 = 1 << 20
  private static let headerByteCount = 16 + 20
  private enum What {
    static let fork: UInt32 = 1
    static let exec: UInt32 = 2
    static let name: UInt32 = 0x200
    static let exit: UInt32 = 0x8000_0000
  }

  /// Subscribes; as much as `buffer` says may wait before some is lost. Needs CAP_NET_ADMIN.
  init(_ buffer: ReceiveBufferDefinition) throws(SystemCallError) {
    socket = try NetlinkSocket(
      family: Self.connector, groups: Self.processIndex,
      receiveLimitBytes: Self.defaultBufferBytes)
    try socket.follow(buffer)
    try PacketFilter.attach(Self.filter(), to: socket.descriptor)
    // nlmsghdr: length, type DONE, flags, sequence, port; cn_msg: index, value, sequence, acknowledge, length, flags.
    let words: [UInt32] = [40, 3, 0, 0, Self.processIndex, 1, 0, 0, 4, Self.listen]
    try socket.send(words.withUnsafeBytes { Array($0) })
  }

  /// For the reactor; the socket keeps it and closes it.
  var rawDescriptor: Int32 { socket.descriptor.rawValue }

  /// Passes the four kinds of event that matter. The filter reads words in network order, the event is in the host's.
  private static func filter() -> [sock_filter] {
    var filter = PacketFilter()
    filter.loadWord(UInt32(headerByteCount))
    for what in [What.fork, What.exec, What.name, What.exit] {
      filter.skip(1, unlessEqual: what.bigEndian)
      filter.returnNow(accept: true)
    }
    filter.returnNow(accept: false)
    return filter.instructions
  }

  /// Hands what waits to `body`, at most `limit` events.
  func receive(limit: Int = 1024, _ body: (Event) -> Void) {
    for _ in 0..<limit {
      do {
        let found = try socket.receive { if let event = Self.event(in: $0) { body(event) } }
        guard found else { return }
      } catch {
        guard error.errno == ENOBUFS else { return }
        body(.overrun)
      }
    }
  }

  /// `struct proc_event`: what, processor, time, then numbers of threads and of their groups.
  static func event(in datagram: RawSpan) -> Event? {
    let body = headerByteCount + 16
    guard datagram.byteCount >= body + 8 else { return nil }
    switch datagram.host32(at: headerByteCount) {
    case What.fork where datagram.byteCount >= body + 16:
      // A thread of a process that is known already is no news.
      let thread = datagram.host32(at: body + 8)
      return thread == datagram.host32(at: body + 12) ? .changed(Int32(bitPattern: thread)) : nil
    case What.exec, What.name:
      return .changed(Int32(bitPattern: datagram.host32(at: body + 4)))
    case What.exit:
      let thread = datagram.host32(at: body)
      return thread == datagram.host32(at: body + 4) ? .ended(Int32(bitPattern: thread)) : nil
    default: return nil
    }
  }
}
