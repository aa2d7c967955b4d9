import Glibc
public import LoadBalancing
import NetPrimitives

/// Asks the kernel for changes to, and lists of, virtual services, in the network namespace of the thread that opened
/// it. IPVS works in the caller's time, so calls look synchronous and are. Everything, reading too, needs CAP_NET_ADMIN
/// in the initial user namespace.
public final class ServiceSocket {
  private let socket: NetlinkSocket
  /// The number IPVS has got in this boot.
  private let family: UInt16

  /// Bytes of one datagram of commands. A longer one is no faster, and its refusals might not fit the receive buffer.
  private static let batchByteCount = 65_536

  /// Opens the socket and finds IPVS, which makes the kernel load its module where it may. ``IPVSError/missing`` when
  /// that is in vain.
  public init() throws(IPVSError) {
    do {
      socket = try NetlinkSocket(family: GenericNetlink.socketFamily, groups: 0, receiveLimitBytes: 4 << 20)
    } catch {
      // A kernel without the protocol at all has no IPVS either.
      throw error.errno == EPROTONOSUPPORT ? .missing : .system(error)
    }
    family = try Self.findFamily(socket)
  }

  private static func findFamily(_ socket: NetlinkSocket) throws(IPVSError) -> UInt16 {
    var writer = NetlinkWriter(capacity: 32)
    GenericNetlink.encodeFamilyRequest("IPVS", sequence: writer.nextSequence, into: &writer)
    var number: UInt16?
    let refusal: Int32
    do {
      refusal = try socket.exchange(writer) { _, payload in number = GenericNetlink.familyNumber(in: payload) }
    } catch { throw .system(error) }
    switch refusal {
    case 0: break
    case ENOENT: throw .missing
    default: throw .refused("family", errno: refusal)
    }
    guard let number else { throw .unintelligible("family") }
    return number
  }
}

// MARK: - Changes

extension ServiceSocket {
  /// Makes all changes, a few hundred with each system call, and reports those the kernel refused; the others are in
  /// force. Throws only when the exchange itself failed, and then some changes may be in force.
  public func commit(_ commands: [IPVSCommand]) throws(IPVSError) -> [ServiceFailure] {
    var failures: [ServiceFailure] = []
    var batch = ServiceBatch(family: family, capacity: min(commands.count, 500))
    var first = 0
    for (index, command) in commands.enumerated() {
      batch.append(command)
      guard batch.writer.bytes.count >= Self.batchByteCount || index == commands.count - 1 else { continue }
      do {
        try socket.commit(batch.writer) { place, number, _ in
          guard commands.indices.contains(first + place) else { return }
          failures.append(ServiceFailure(index: first + place, command: commands[first + place], errno: number))
        }
      } catch { throw .system(error) }
      first = index + 1
      batch.removeAll()
    }
    return failures
  }

  /// Sets the counters of a service and its destinations to zero; with `nil` everybody's.
  public func zero(_ key: IPVSServiceKey? = nil) throws(IPVSError) {
    try perform("ZERO") { $0.zero(key) }
  }

  /// Deletes every service, whoever added it.
  public func flush() throws(IPVSError) { try perform("FLUSH") { $0.flush() } }

  /// Changes how long idle connections are kept; 0 leaves one as it is.
  public func set(_ timeouts: ConnectionTimeouts) throws(IPVSError) { try perform("SET_CONFIG") { $0.set(timeouts) } }

  /// Starts a sync daemon. EEXIST when one of that role runs, ENODEV without the interface, EINVAL while a destination
  /// of another family than its service's exists.
  public func start(_ daemon: SyncDaemon) throws(IPVSError) { try perform("NEW_DAEMON") { $0.start(daemon) } }

  /// Stops a sync daemon; returns when it is gone. ESRCH when none of that role runs.
  ///
  /// A daemon that has not run yet is stopped without an answer: the kernel's EINTR is told nobody. What is not there
  /// when the call to the kernel returns will never come, so we look at the daemons instead.
  public func stop(_ role: SyncDaemon.Role) throws(IPVSError) {
    for _ in 0..<3 {
      do {
        return try perform("DEL_DAEMON", timeoutMilliseconds: 100) { $0.stop(role) }
      } catch .system(let error) where error.errno == ETIMEDOUT {
        if try !syncDaemons().contains(where: { $0.role == role }) { return }
      }
    }
    throw .refused("DEL_DAEMON", errno: ETIMEDOUT)
  }
}

// MARK: - What there is

extension ServiceSocket {
  /// IPVS's version and the size of its connection table.
  public func information() throws(IPVSError) -> IPVSInformation {
    try read("GET_INFO", IPVSCommandNumber.setInformation, ServiceDecoder.information) { $0.getInformation() }
  }

  /// How long idle connections are kept.
  public func timeouts() throws(IPVSError) -> ConnectionTimeouts {
    try read("GET_CONFIG", IPVSCommandNumber.setConfiguration, ServiceDecoder.timeouts) { $0.getTimeouts() }
  }

  /// The sync daemons that run: none, one, or one of each role.
  public func syncDaemons() throws(IPVSError) -> [SyncDaemon] {
    try list("GET_DAEMON", IPVSCommandNumber.newDaemon, ServiceDecoder.daemon) { $0.listDaemons() }
  }

  /// All services, whoever added them, in no order.
  public func services() throws(IPVSError) -> [ServiceRecord] {
    try list("GET_SERVICE", IPVSCommandNumber.newService, ServiceDecoder.service) { $0.listServices() }
  }

  /// One service; `nil` when there is none.
  public func service(_ key: IPVSServiceKey) throws(IPVSError) -> ServiceRecord? {
    do {
      return try read("GET_SERVICE", IPVSCommandNumber.newService, ServiceDecoder.service) { $0.get(key) }
    } catch .refused(_, errno: ESRCH) { return nil }
  }

  /// The destinations of a service in no order; none when there is no such service.
  public func destinations(of key: IPVSServiceKey) throws(IPVSError) -> [DestinationRecord] {
    try list("GET_DEST", IPVSCommandNumber.newDestination, ServiceDecoder.destination) { $0.listDestinations(of: key) }
  }

  /// The kernel's table, to be compared with what is wanted: of all services, or of those among `keys`.
  ///
  /// Settings our words cannot say appear as `IPVSService.foreign` and
  /// `IPVSDestination.foreign`, which nobody can want: a plan that wants the service edits it.
  public func table(of keys: Set<IPVSServiceKey>? = nil) throws(IPVSError) -> IPVSTable {
    var table = IPVSTable()
    for record in try services() {
      if let keys, !keys.contains(record.key) { continue }
      var entry = IPVSEntry(record.service ?? .foreign)
      let destinations = try destinations(of: record.key)
      entry.destinations.reserveCapacity(destinations.count)
      for destination in destinations {
        entry.destinations[destination.server] = destination.destination ?? .foreign
      }
      table.services[record.key] = entry
    }
    return table
  }
}

// MARK: - Exchanges

extension ServiceSocket {
  private func perform(
    _ name: String, timeoutMilliseconds: Int32 = NetlinkSocket.answerMilliseconds,
    _ request: (inout ServiceBatch) -> Void
  ) throws(IPVSError) {
    try exchange(name, timeoutMilliseconds: timeoutMilliseconds, request) { _ in }
  }

  private func read<Answer>(
    _ name: String, _ number: UInt8, _ decode: (RawSpan) -> Answer?, _ request: (inout ServiceBatch) -> Void
  ) throws(IPVSError) -> Answer {
    guard let answer = try list(name, number, decode, request).first else { throw .unintelligible(name) }
    return answer
  }

  private func list<Answer>(
    _ name: String, _ number: UInt8, _ decode: (RawSpan) -> Answer?, _ request: (inout ServiceBatch) -> Void
  ) throws(IPVSError) -> [Answer] {
    var answers: [Answer] = []
    var isWhole = true
    try exchange(name, timeoutMilliseconds: NetlinkSocket.answerMilliseconds, request) { payload in
      guard ServiceDecoder.command(payload) == number, let answer = decode(payload) else {
        isWhole = false
        return
      }
      answers.append(answer)
    }
    // A list with a hole would be taken for the truth.
    guard isWhole else { throw .unintelligible(name) }
    return answers
  }

  private func exchange(
    _ name: String, timeoutMilliseconds: Int32, _ request: (inout ServiceBatch) -> Void, _ body: (RawSpan) -> Void
  ) throws(IPVSError) {
    var batch = ServiceBatch(family: family)
    request(&batch)
    let refusal: Int32
    do {
      refusal = try socket.exchange(batch.writer, timeoutMilliseconds: timeoutMilliseconds) { type, payload in
        if type == family { body(payload) }
      }
    } catch { throw .system(error) }
    guard refusal == 0 else { throw .refused(name, errno: refusal) }
  }
}
