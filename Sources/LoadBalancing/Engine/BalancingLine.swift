import HealthCheck

/// A line for the log, in the words operators know from keepalived.
public struct BalancingLine: Hashable, Sendable {
  /// How much it matters.
  public enum Weight: Hashable, Sendable, BitwiseCopyable {
    /// Only for those who asked for much (`-D`).
    case detail
    /// Something is as it should be, or is again.
    case news
    /// Somebody must look after something.
    case failure
  }

  /// How much it matters.
  public var weight: Weight
  /// The text, without a line end.
  public var text: String

  /// A line.
  public init(_ weight: Weight, _ text: String) {
    self.weight = weight
    self.text = text
  }
}

extension CheckReport {
  /// The lines that tell what a check of `definition` found on the server called `server`.
  func lines(of definition: CheckDefinition, on server: String) -> [BalancingLine] {
    let kind = definition.probe.kind
    let name = kind == .http || kind == .ssl ? "HTTP_CHECK" : kind.keyword
    switch finding.outcome {
    case .success:
      switch kind {
      case .http, .ssl: return [BalancingLine(.news, "Remote Web server \(server) succeed on service.")]
      case .tcp: return [BalancingLine(.news, "TCP connection to \(server) success.")]
      case .smtp, .dns, .udp, .ping, .misc, .file, .bfd, .grpc, .agent:
        return [BalancingLine(.news, "\(name) on service \(server) success.")]
      }
    case .failure(let failure):
      var lines = [BalancingLine(.failure, "\(kind.keyword) on service \(server) failed: \(failure).")]
      if news == .changed, definition.timing.retries > 0 {
        lines.append(
          BalancingLine(.failure, "\(name) on service \(server) failed after \(definition.timing.retries) retries."))
      }
      return lines
    case .inconclusive(let fault):
      return [BalancingLine(.failure, "\(kind.keyword) on service \(server) could not be made: \(fault.text).")]
    }
  }
}

extension LocalFault {
  fileprivate var text: String {
    switch self {
    case .system(let errno): "error \(errno) of the system"
    case .unusableDefinition: "its definition cannot be carried out; look for a pattern, a name or a file that is wrong"
    case .cancelled: "it was called off"
    }
  }
}

extension ServiceReport {
  /// The lines that tell of it, `service` being as it is afterwards.
  func lines(of service: VirtualService) -> [BalancingLine] {
    let name = service.displayName
    switch self {
    case .serverUp(let key, _):
      guard !service.isSorry else { return [] }
      let inhibits = service[key]?.definition.inhibitsOnFailure ?? false
      return [
        BalancingLine(
          .news,
          "\(inhibits ? "Enabling" : "Adding") service \(service.displayName(of: key)) "
            + "\(inhibits ? "of" : "to") VS \(name)")
      ]
    case .serverDown(let key, _):
      let inhibits = service[key]?.definition.inhibitsOnFailure ?? false
      return [
        BalancingLine(
          .failure,
          "\(inhibits ? "Disabling" : "Removing") service \(service.displayName(of: key)) "
            + "\(inhibits ? "of" : "from") VS \(name)")
      ]
    case .checkChanged: return []
    case .weightChanged(let key, let from, let to):
      let state = service[key]?.isAlive == true ? "active" : "inactive"
      return [
        BalancingLine(
          .news,
          "Changing weight from \(from) to \(to) for \(state) service \(service.displayName(of: key)) of VS \(name)"
        )
      ]
    case .quorumGained(let weight, let rule):
      var lines = [
        BalancingLine(
          .news, "Gained quorum \(rule.quorum)+\(rule.hysteresis)=\(rule.gainedAt) <= \(weight) for VS \(name)")
      ]
      if let sorry = service.sorryName {
        lines.append(BalancingLine(.news, "Removing sorry server \(sorry) from VS \(name)"))
        lines.append(BalancingLine(.news, "Adding alive servers to the pool for VS \(name)"))
      }
      return lines
    case .quorumLost(let weight, let rule):
      var lines = [
        BalancingLine(
          .failure, "Lost quorum \(rule.quorum)-\(rule.hysteresis)=\(rule.lostBelow) > \(weight) for VS \(name)")
      ]
      if let sorry = service.sorryName {
        lines.append(BalancingLine(.news, "Adding sorry server \(sorry) to VS \(name)"))
        lines.append(BalancingLine(.news, "Removing alive servers from the pool for VS \(name)"))
      }
      return lines
    }
  }
}

extension VirtualService {
  /// The sorry server as keepalived names it.
  var sorryName: String? {
    definition.sorryServer.map { displayName(of: RealServerKey(address: $0.address, port: $0.port)) }
  }
}
