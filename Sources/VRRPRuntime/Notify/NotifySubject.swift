/// Whom a notification is about.
public struct NotifySubject: Hashable, Sendable {
  /// Instance or group.
  public var kind: Kind
  /// As configured.
  public var name: String

  /// What can be notified about.
  public enum Kind: Hashable, Sendable, BitwiseCopyable { case instance, group }

  /// The instance called `name`.
  public static func instance(_ name: String) -> Self { Self(kind: .instance, name: name) }
  /// The sync group called `name`.
  public static func group(_ name: String) -> Self { Self(kind: .group, name: name) }

  private init(kind: Kind, name: String) {
    self.kind = kind
    self.name = name
  }

  /// keepalived's word for the kind: the first argument of a script, the first word of a line.
  public var keepalivedName: String {
    switch kind {
    case .instance: "INSTANCE"
    case .group: "GROUP"
    }
  }
}

/// What a subject has become.
public enum NotifyState: Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case active, backup, fault, stop, deleted

  /// keepalived's word for the state.
  public var keepalivedName: String {
    switch self {
    case .active: "MASTER"
    case .backup: "BACKUP"
    case .fault: "FAULT"
    case .stop: "STOP"
    case .deleted: "DELETED"
    }
  }

  /// Nothing follows it: the subject is no more.
  public var isFinal: Bool {
    switch self {
    case .stop, .deleted: true
    case .active, .backup, .fault: false
    }
  }
}
