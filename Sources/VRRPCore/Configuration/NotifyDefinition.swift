/// Whom an instance or a sync group tells of its changes (`notify*`, `smtp_alert`).
public struct NotifyDefinition: Hashable, Sendable {
  /// `notify_master`.
  public var active: ScriptCommand?
  /// `notify_backup`.
  public var backup: ScriptCommand?
  /// `notify_fault`.
  public var fault: ScriptCommand?
  /// `notify_stop`.
  public var stop: ScriptCommand?
  /// `notify_deleted`; instances only.
  public var deleted: ScriptCommand?
  /// Whether a deletion is reported as such rather than as a fault: `notify_deleted`, with or without a script.
  public var reportsDeletion = false
  /// `notify`: every change, with what changed as arguments.
  public var any: ScriptCommand?
  /// `notify_master_rx_lower_pri`; instances only.
  public var lowerPriorityReceived: ScriptCommand?
  /// `notify_priority_changes`: lines in the FIFOs on every change of the effective priority.
  public var reportsPriorityChanges = false
  /// `smtp_alert`.
  public var sendsMail = false

  /// Nobody is told.
  public init() {}
}
