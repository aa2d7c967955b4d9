import NetPrimitives
import VRRPCore

/// What `global_defs` says about instances that do not say it themselves.
struct InstanceDefaults: Sendable {
  var version: ProtocolVersion?
  var announcement = AnnouncementPolicy()
  var sendsMessageOnlyChecksum = false
  var downTimerAdvertisements: UInt8 = 3
  var lowerPriorityDelayNanoseconds: UInt64?
  var lowerPriorityRepeats: UInt8?
  var extraAnnouncementNanoseconds: UInt64?
  var extraAnnouncementsEverywhere = false
  var policy = AdvertisementPolicy()
  var receiveBufferMultiplier: UInt32 = 3
  var isStrict = false
  var groups: [AddressFamily: IPAddress] = [:]
  var reportsPriorityChanges = false
  /// `smtp_alert_vrrp`, else `smtp_alert`.
  var sendsMail: Bool? { sendsVRRPMail ?? sendsAnyMail }
  /// `smtp_alert_checker`, else `smtp_alert`.
  var sendsCheckerMail: Bool? { sendsBalancerMail ?? sendsAnyMail }
  var sendsAnyMail: Bool?
  var sendsVRRPMail: Bool?
  var sendsBalancerMail: Bool?
  /// `vrrp_min_garp`.
  var announcesLeast = false
}
