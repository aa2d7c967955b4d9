import CLinuxShims
import Glibc
public import VRRPCore

/// Asks drivers for their link.
public struct LinkProbe: ~Copyable, Sendable {
  private let socket: FileDescriptor

  /// Opens a socket to ask through, in the present network namespace.
  public init() throws(SystemCallError) {
    socket = try ProbeSocket.open(.ipv4, SOCK_DGRAM, 0)
  }

  /// Whether an interface is up and has a link; `nil` when it is gone or its driver knows none of the methods.
  public func isUp(_ interface: LinkPollingDefinition.Interface) -> Bool? {
    if let method = interface.method, let answer = ask(interface.name, method) { return answer }
    for method in LinkPollingDefinition.Method.allCases where method != interface.method {
      if let answer = ask(interface.name, method) { return answer }
    }
    return nil
  }

  private func ask(_ name: String, _ method: LinkPollingDefinition.Method) -> Bool? {
    let answer = name.withCString { shim_link_state(socket.rawValue, $0, Int32(method.rawValue)) }
    return answer < 0 ? nil : answer > 0
  }
}
