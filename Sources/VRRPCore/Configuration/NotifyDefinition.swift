/// Whom an instance or a sync group tells of its changes (`notify*`, `smtp_alert`).
public struct NotifyDefinition: Hashable, Sendable {
  /// What a command is for, in the order in which commands are kept.
  private enum Occasion: UInt8 {
    case active, backup, fault, stop, deleted, any, lowerPriorityReceived
  }

  private struct Entry: Hashable, Sendable {
    var occasion: Occasion
    var command: ScriptCommand
  }

  /// Those there are, sorted: most of a thousand instances have none, and seven places each would be half of what is
  /// kept about them.
  private var entries: [Entry] = []
  /// Whether a deletion is reported as such rather than as a fault: `notify_deleted`, with or without a script.
  public var reportsDeletion = false
  /// `notify_priority_changes`: lines in the FIFOs on every change of the effective priority.
  public var reportsPriorityChanges = false
  /// `smtp_alert`.
  public var sendsMail = false

  /// Nobody is told.
  public init() {}

  private subscript(occasion: Occasion) -> ScriptCommand? {
    get { entries.first { $0.occasion == occasion }?.command }
    set {
      entries.removeAll { $0.occasion == occasion }
      guard let newValue else { return }
      let place = entries.firstIndex { $0.occasion.rawValue > occasion.rawValue } ?? entries.count
      entries.insert(Entry(occasion: occasion, command: newValue), at: place)
    }
  }
}

extension NotifyDefinition {
  /// `notify_master`.
  public var active: ScriptCommand? {
    get { self[.active] }
    set { self[.active] = newValue }
  }
  /// `notify_backup`.
  public var backup: ScriptCommand? {
    get { self[.backup] }
    set { self[.backup] = newValue }
  }
  /// `notify_fault`.
  public var fault: ScriptCommand? {
    get { self[.fault] }
    set { self[.fault] = newValue }
  }
  /// `notify_stop`.
  public var stop: ScriptCommand? {
    get { self[.stop] }
    set { self[.stop] = newValue }
  }
  /// `notify_deleted`; instances only.
  public var deleted: ScriptCommand? {
    get { self[.deleted] }
    set { self[.deleted] = newValue }
  }
  /// `notify`: every change, with what changed as arguments.
  public var any: ScriptCommand? {
    get { self[.any] }
    set { self[.any] = newValue }
  }
  /// `notify_master_rx_lower_pri`; instances only.
  public var lowerPriorityReceived: ScriptCommand? {
    get { self[.lowerPriorityReceived] }
    set { self[.lowerPriorityReceived] = newValue }
  }
}
