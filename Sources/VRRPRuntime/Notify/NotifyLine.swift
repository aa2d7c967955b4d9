/// A line for the FIFOs: `INSTANCE "NAME" STATE PRIORITY`, ended by a line feed.
public struct NotifyLine: Hashable, Sendable {
  /// Whom it is about.
  public var subject: NotifySubject
  /// What it tells.
  public var event: Event
  /// The effective priority; a group has none and says 0.
  public var priority: UInt8

  /// What a line can tell.
  public enum Event: Hashable, Sendable, BitwiseCopyable {
    case state(NotifyState)
    /// An active instance heard somebody of lower priority.
    case lowerPriorityReceived
    /// The effective priority of an active instance changed.
    case activePriority
    /// The effective priority of any other instance changed.
    case backupPriority
  }

  /// A line about `subject`.
  public init(_ subject: NotifySubject, _ event: Event, priority: UInt8) {
    self.subject = subject
    self.event = event
    switch subject.kind {
    case .instance: self.priority = priority
    case .group: self.priority = 0
    }
  }

  /// The line without its end.
  public var text: String {
    let state =
      switch event {
      case .state(let state): state.keepalivedName
      case .lowerPriorityReceived: "MASTER_RX_LOWER_PRI"
      case .activePriority: "MASTER_PRIORITY"
      case .backupPriority: "BACKUP_PRIORITY"
      }
    return "\(subject.keepalivedName) \"\(subject.name)\" \(state) \(priority)"
  }

  /// The line as it is written.
  public var bytes: [UInt8] { Array(text.utf8) + [UInt8(ascii: "\n")] }
}
