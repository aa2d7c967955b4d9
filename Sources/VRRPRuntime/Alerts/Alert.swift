public import VRRPCore

/// Something people are told by mail or by a webhook.
public struct Alert: Hashable, Sendable {
  /// Whom it is about.
  public var subject: NotifySubject
  /// What the subject has become.
  public var state: NotifyState
  /// The effective priority; a group has none.
  public var priority: UInt8
  /// `router_id`: which node tells it.
  public var routerID: String
  /// When it happened.
  public var time: WallClockTime

  /// An alert of the node `routerID`.
  public init(
    _ subject: NotifySubject, _ state: NotifyState, priority: UInt8, routerID: String, time: WallClockTime
  ) {
    self.subject = subject
    self.state = state
    self.priority = priority
    self.routerID = routerID
    self.time = time
  }

  /// keepalived's subject line. `nil` when it sends none: of a deleted group nobody is told.
  public var title: String? {
    let event =
      switch state {
      case .active: "Entering MASTER state"
      case .backup: "Entering BACKUP state"
      case .fault: "Entering FAULT state"
      case .stop: "Stopping"
      case .deleted: "Deleted"
      }
    switch (subject.kind, state) {
    case (.group, .deleted): return nil
    case (.group, .active), (.group, .backup), (.group, .fault), (.group, .stop):
      return "[\(routerID)] VRRP Group \(subject.name) - \(event)"
    case (.instance, _): return "[\(routerID)] VRRP Instance \(subject.name) - \(event)"
    }
  }

  /// keepalived's text.
  public var body: String {
    switch (subject.kind, state) {
    case (.instance, .active): "=> VRRP Instance is now owning VRRP VIPs <="
    case (.instance, .backup), (.instance, .fault), (.instance, .stop), (.instance, .deleted):
      "=> VRRP Instance is no longer owning VRRP VIPs <="
    case (.group, _): "=> All VRRP group instances are now in \(state.keepalivedName) state <="
    }
  }

  /// Whether mail is sent of it: not of faults under `no_email_faults`.
  public func isMailed(by mail: GlobalDefinition.MailDefinition) -> Bool {
    guard mail.server != nil, !mail.recipients.isEmpty, title != nil else { return false }
    return !(mail.omitsFaults && state == .fault)
  }

  /// What the webhook is sent: one JSON object.
  public var json: String {
    var json = JSONText()
    json.object { json in
      json.member("event", "vrrp_state")
      json.member("router_id", routerID)
      json.member("kind", subject.kind == .instance ? "instance" : "group")
      json.member("name", subject.name)
      json.member("state", state.keepalivedName)
      switch subject.kind {
      case .instance: json.member("priority", priority)
      case .group: break
      }
      json.member("time", time.internetDate)
    }
    return json.text
  }
}
