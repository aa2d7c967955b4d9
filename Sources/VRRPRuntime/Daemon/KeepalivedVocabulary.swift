public import VRRPCore

/// The one place where the words of RFC 9568 become keepalived's: notify arguments, FIFO lines, log lines and dumps say
/// MASTER, BACKUP, FAULT and STOP, byte for byte.
extension VirtualRouter.Role {
  /// keepalived's word for the role.
  public var keepalivedName: String {
    switch self {
    case .active: "MASTER"
    case .backup: "BACKUP"
    case .fault: "FAULT"
    case .initialize: "STOP"
    }
  }

  /// keepalived's number for the role in dumps: INIT 0, BACKUP 1, MASTER 2, FAULT 3.
  public var keepalivedState: Int {
    switch self {
    case .initialize: 0
    case .backup: 1
    case .active: 2
    case .fault: 3
    }
  }
}
