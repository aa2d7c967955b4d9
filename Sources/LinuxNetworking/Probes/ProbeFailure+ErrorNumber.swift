import Glibc
import HealthCheck

extension ProbeFailure.Reason {
  /// What an error of connecting, sending or receiving says about the target; `nil` when it is an error of our own
  /// (no socket, no port, no permission), which says nothing.
  init?(errno number: Int32) {
    switch number {
    case ECONNREFUSED: self = .refused
    case ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, ENETDOWN, ENONET: self = .unreachable
    // ICMP's "protocol unreachable" and "parameter problem".
    case ENOPROTOOPT, EPROTO: self = .unreachable
    case ECONNRESET, ECONNABORTED, EPIPE: self = .reset
    case ETIMEDOUT: self = .timedOut
    default: return nil
    }
  }
}
