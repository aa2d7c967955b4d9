import Glibc

/// Whom a process runs as.
public struct UserIdentity: Hashable, Sendable {
  public var user: UInt32
  public var group: UInt32
  /// Supplementary groups; empty drops them all.
  public var supplementaryGroups: [UInt32]

  /// An identity by numbers.
  public init(user: UInt32, group: UInt32, supplementaryGroups: [UInt32] = []) {
    self.user = user
    self.group = group
    self.supplementaryGroups = supplementaryGroups
  }

  /// The user called `name` with its primary group, or with `groupName` in its place; `nil` when either is unknown.
  /// The user's other groups are taken along only when asked for.
  public init?(named name: String, group groupName: String? = nil, withSupplementaryGroups: Bool = false) {
    guard let found = Self.lookUp(user: name) else { return nil }
    user = found.user
    group = found.group
    supplementaryGroups = []
    if let groupName {
      guard let number = Self.lookUp(group: groupName) else { return nil }
      group = number
    }
    if withSupplementaryGroups { supplementaryGroups = Self.groups(of: name, primary: group) }
  }

  private static func lookUp(user name: String) -> (user: UInt32, group: UInt32)? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { buffer in
      guard let place = buffer.baseAddress else { return nil }
      var entry = passwd()
      var found: UnsafeMutablePointer<passwd>?
      guard getpwnam_r(name, &entry, place, buffer.count, &found) == 0, found != nil else { return nil }
      return (entry.pw_uid, entry.pw_gid)
    }
  }

  private static func lookUp(group name: String) -> UInt32? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 65_536) { buffer in
      guard let place = buffer.baseAddress else { return nil }
      var entry = Glibc.group()
      var found: UnsafeMutablePointer<Glibc.group>?
      guard getgrnam_r(name, &entry, place, buffer.count, &found) == 0, found != nil else { return nil }
      return entry.gr_gid
    }
  }

  private static func groups(of name: String, primary: UInt32) -> [UInt32] {
    var count: Int32 = 256
    return [UInt32](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
      guard let place = buffer.baseAddress else { return }
      filled = getgrouplist(name, primary, place, &count) >= 0 ? Int(count) : 0
    }
  }
}
