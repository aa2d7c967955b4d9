public import NetPrimitives

/// The machine a configuration is checked against, as far as the rules ask.
///
/// Rules decide and a provider only looks: a test's dictionary is as good a machine as a real one.
public protocol HostProvider {
  /// All interfaces, in any order.
  var interfaces: [HostInterface] { get }
  /// What a path leads to, symbolic links followed; `nil` when there is nothing or it cannot be looked at.
  func file(_ path: String) -> HostFile?
  /// The path without symbolic links; `nil` when there is nothing.
  func realPath(_ path: String) -> String?
  /// A user by name or number.
  func user(_ name: String) -> HostUser?
  /// The number of a group given by name or number.
  func group(_ name: String) -> UInt32?
  /// The text of a file below `/proc/sys`, without the end of its line; `nil` when there is none.
  func kernelSetting(_ name: String) -> String?
  /// The text of a small file; `nil` when it cannot be read.
  func text(_ path: String) -> [UInt8]?
  /// The names in a directory; none when there is no such directory.
  func names(in directory: String) -> [String]
  /// The directories a command without a path is looked for in, in order.
  var searchPath: [String] { get }
}

/// A network interface of the machine.
public struct HostInterface: Hashable, Sendable {
  public var name: String
  /// Bytes of the largest packet.
  public var mtu: Int
  /// Whether it is up and has a carrier.
  public var isRunning: Bool
  /// Whether it can send to groups.
  public var hasMulticast: Bool
  /// With the lengths of their prefixes.
  public var addresses: [IPPrefix]

  /// An interface that runs.
  public init(
    name: String, mtu: Int = 1500, isRunning: Bool = true, hasMulticast: Bool = true, addresses: [IPPrefix] = []
  ) {
    self.name = name
    self.mtu = mtu
    self.isRunning = isRunning
    self.hasMulticast = hasMulticast
    self.addresses = addresses
  }
}

/// A file, directory or other thing a path leads to.
public struct HostFile: Hashable, Sendable, BitwiseCopyable {
  public var kind: Kind
  /// The number of the user it belongs to.
  public var owner: UInt32
  /// The number of its group.
  public var group: UInt32
  /// Its permissions, `0o7777` at most.
  public var mode: UInt32

  /// What it is.
  public enum Kind: Hashable, Sendable, BitwiseCopyable { case regular, directory, pipe, other }

  /// A file of root's.
  public init(_ kind: Kind = .regular, owner: UInt32 = 0, group: UInt32 = 0, mode: UInt32 = 0o644) {
    self.kind = kind
    self.owner = owner
    self.group = group
    self.mode = mode
  }

  /// Whether `user` may execute it, or enter it.
  func isExecutable(by user: HostUser) -> Bool {
    // Root may run whatever anybody may run.
    if user.id == 0 { return mode & 0o111 != 0 }
    if user.id == owner { return mode & 0o100 != 0 }
    return user.group == group ? mode & 0o010 != 0 : mode & 0o001 != 0
  }

  /// Whether somebody other than root may change it; in a sticky directory nobody can replace what is root's.
  var isChangeableByOthers: Bool {
    if owner != 0 { return true }
    if kind == .directory, mode & 0o1000 != 0 { return false }
    return mode & 0o002 != 0 || (mode & 0o020 != 0 && group != 0)
  }
}

/// A user of the machine.
public struct HostUser: Hashable, Sendable, BitwiseCopyable {
  /// The user's number.
  public var id: UInt32
  /// The number of the group, its own unless another was asked for.
  public var group: UInt32

  /// A user in a group.
  public init(id: UInt32, group: UInt32) {
    self.id = id
    self.group = group
  }
}
