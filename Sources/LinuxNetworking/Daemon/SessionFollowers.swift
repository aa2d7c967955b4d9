import VRRPCore
import VRRPRuntime

/// Who follows which BFD session, for the log.
struct SessionFollowers {
  /// How lines begin, by the name of the session.
  private var titles: [String: [String]] = [:]

  init(_ configuration: VRRPConfiguration) {
    for router in configuration.routers {
      for object in router.tracking.bfdSessions {
        titles[object.name, default: []].append("VRRP_Instance(\(router.name))")
      }
    }
    for group in configuration.groups {
      for object in group.tracking.bfdSessions { titles[object.name, default: []].append("VRRP_Group(\(group.name))") }
    }
  }

  /// In keepalived's words: who follows the session, and how it is.
  func lines(_ session: String, isUp: Bool) -> [LogLine] {
    (titles[session] ?? []).map { LogLine(.info, "\($0) Tracked BFD instance \(session) is \(isUp ? "UP" : "DOWN")") }
  }
}
