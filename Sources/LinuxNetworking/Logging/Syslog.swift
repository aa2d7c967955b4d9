import CLinuxShims
import Glibc

/// A client of the local syslog socket: RFC 3164 datagrams without a timestamp, which the daemon adds.
final class Syslog {
  private let path: String
  private let prefix: [UInt8]
  private let facility: LogFacility
  private var descriptor: Int32 = -1

  init(path: String, identifier: String, facility: LogFacility) {
    self.path = path
    self.facility = facility
    prefix = Array("\(identifier)[\(getpid())]: ".utf8)
    connect()
  }

  deinit { disconnect() }

  /// False when the daemon is away or does not keep up.
  func write(_ severity: LogSeverity, _ line: [UInt8]) -> Bool {
    var bytes = Array("<\(facility.rawValue << 3 | severity.rawValue)>".utf8)
    bytes.append(contentsOf: prefix)
    bytes.append(contentsOf: line)
    if descriptor < 0 { connect() }
    if send(bytes) { return true }
    // A full queue passes; anything else is a daemon that was restarted: its new socket must be found.
    guard errno != EAGAIN else { return false }
    disconnect()
    connect()
    return send(bytes)
  }

  private func send(_ bytes: [UInt8]) -> Bool {
    guard descriptor >= 0 else { return false }
    return bytes.withUnsafeBytes { shim_send_nowait(descriptor, $0.baseAddress, $0.count) } == bytes.count
  }

  private func connect() { descriptor = shim_connect_datagram(path) }

  private func disconnect() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }
}
