import Glibc
public import LoadBalancing
import NetPrimitives

/// Why nothing can be asked of IPVS at all.
public enum IPVSError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kernel has no IPVS, and loading its module did not help.
  case missing
  /// The kernel refused a request that is no command of a plan.
  case refused(String, errno: Int32)
  /// The kernel's answer makes no sense to us.
  case unintelligible(String)
  /// A system call failed.
  case system(SystemCallError)

  /// The error in words, with its cure where we know one.
  public var description: String {
    switch self {
    case .missing: "the kernel has no IPVS; modprobe ip_vs"
    case .refused(let request, let number):
      "IPVS \(request): " + SystemCallError(call: "netlink", errno: number, needs: .netAdmin).description
    case .unintelligible(let request): "IPVS \(request): an answer we do not understand"
    case .system(let error): error.description
    }
  }
}

/// One command of a batch that the kernel refused.
public struct ServiceFailure: Error, Hashable, Sendable {
  /// Which command of the batch, from 0.
  public var index: Int
  /// The command.
  public var command: IPVSCommand
  /// The kernel's error number.
  public var errno: Int32

  /// A refusal.
  public init(index: Int, command: IPVSCommand, errno: Int32) {
    self.index = index
    self.command = command
    self.errno = errno
  }
}

extension ServiceFailure: CustomStringConvertible {
  /// `add service tcp 10.0.0.1:80: the kernel has no scheduler mh (modprobe ip_vs_mh) or no … (ENOENT)`. IPVS never
  /// says anything in words, so we do.
  public var description: String { "\(command.label): \(cause) (\(ErrorNumber.name(errno)))" }

  private var cause: String {
    switch (errno, command) {
    case (ENOENT, .addService(_, let service)), (ENOENT, .editService(_, let service)):
      if let engine = service.persistence?.engine {
        return "the kernel has no scheduler \(service.scheduler.name) (modprobe ip_vs_\(service.scheduler.name)) "
          + "or no persistence engine \(engine) (modprobe ip_vs_pe_\(engine))"
      }
      return "the kernel has no scheduler \(service.scheduler.name); modprobe ip_vs_\(service.scheduler.name)"
    case (ENOENT, _): return "no such destination"
    case (ESRCH, _): return "no such service"
    case (EEXIST, .addService): return "the service is there already"
    case (EEXIST, _): return "the destination is there already"
    case (ERANGE, _): return "the weight is negative, or the lower threshold is above the upper one"
    case (EINVAL, .addDestination), (EINVAL, .editDestination):
      return "not a unicast address, or of the other family without a tunnel, or a threshold above 2147483647, "
        + "or this host has no address at all"
    case (EAFNOSUPPORT, _): return "the kernel's IPVS has no IPv6"
    case (EPERM, _): return "needs CAP_NET_ADMIN in the initial user namespace"
    default: return ErrorNumber.text(errno)
    }
  }
}

extension IPVSCommand {
  /// The service a command is about.
  public var service: IPVSServiceKey {
    switch self {
    case .addService(let key, _), .editService(let key, _), .deleteService(let key), .addDestination(let key, _, _),
      .editDestination(let key, _, _), .deleteDestination(let key, _):
      key
    }
  }

  /// The command for a log line: `add destination 10.1.0.1:80 of tcp 10.0.0.1:80`.
  public var label: String {
    switch self {
    case .addService(let key, _): "add service \(key.label)"
    case .editService(let key, _): "edit service \(key.label)"
    case .deleteService(let key): "delete service \(key.label)"
    case .addDestination(let key, let server, _): "add destination \(server.label) of \(key.label)"
    case .editDestination(let key, let server, _): "edit destination \(server.label) of \(key.label)"
    case .deleteDestination(let key, let server): "delete destination \(server.label) of \(key.label)"
    }
  }
}

extension IPVSServiceKey {
  /// `tcp 10.0.0.1:80`, `udp [fd00::1]:53`, `fwmark 7 ipv4`.
  public var label: String {
    switch self {
    case .address(let transport, let address, let port): "\(transport.name) \(endpoint(address, port))"
    case .firewallMark(let mark, let family): "fwmark \(mark) \(family)"
    }
  }
}

extension RealServerKey {
  /// `10.1.0.1:80`, `[fd00::1]:80`.
  public var label: String { endpoint(address, port) }
}

private func endpoint(_ address: IPAddress, _ port: UInt16) -> String {
  switch address {
  case .v4(let address): "\(address):\(port)"
  case .v6(let address): "[\(address)]:\(port)"
  }
}
