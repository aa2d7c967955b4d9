import LoadBalancing
import NetPrimitives
import VRRPRuntime

// `nftables_ipvs`: packets to the addresses of groups are marked, and IPVS has a service for each mark.

extension CheckProcess {
  /// Opens nf_tables where IPVS is, and learns what a predecessor marked.
  mutating func prepareMarks(_ first: CheckConfiguration) {
    guard first.kernel.marksGroups else { return }
    do {
      let opening = try settings.namespace.visit { () -> Result<AddressMarker, SystemCallError> in
        do throws(SystemCallError) {
          return .success(try AddressMarker(first.kernel.marking, counts: first.global.firewallCounts))
        } catch { return .failure(error) }
      }
      let marker = try opening.get()
      engine.recallMarks(try marker.marks())
      self.marker = marker
    } catch { logWithoutMarks(error) }
  }

  /// Gives the engine the services of a configuration and marks what it wants marked, before IPVS is told: a mark
  /// without a service is as good as none. Where marking was never possible each address is a service: slower to set
  /// up, but served.
  mutating func configureServices(_ next: CheckConfiguration, now: MonotonicInstant) {
    let marking = marker.map { _ in next.kernel.marking }
    engine.configureServices(next.services, policy: next.policy, marking: marking, now: now)
    do { try marker?.replace(with: engine.balancer.addressMarks) } catch {
      guard marker?.hasMarked == false else { return repairMarksLater(error, now: now) }
      logWithoutMarks(error)
      marker = nil
      engine.configureServices(next.services, policy: next.policy, now: now)
    }
  }

  /// Makes the tables anew, as they should be; what somebody changed in them is gone.
  mutating func repairMarks(now: MonotonicInstant) {
    do { try marker?.replace(with: engine.balancer.addressMarks) } catch { repairMarksLater(error, now: now) }
  }

  /// The daemon ends.
  func dismantleMarks() {
    do { try marker?.dismantle() } catch { log(LogLine(.error, "nftables_ipvs: cannot remove our tables: \(error)")) }
  }

  private func logWithoutMarks(_ error: SystemCallError) {
    log(LogLine(.error, "nftables_ipvs: cannot mark packets, each address becomes a service of its own: \(error)"))
  }

  private mutating func repairMarksLater(_ error: SystemCallError, now: MonotonicInstant) {
    log(LogLine(.error, "nftables_ipvs: cannot mark packets, trying again: \(error)"))
    repairLater(now: now)
  }
}
