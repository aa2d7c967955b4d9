public import NetPrimitives
import VRRPCore

/// A virtual router as the segment sees it: the nodes that share a VRID (RFC 9568 §1).
public struct VirtualGroup: Sendable, Hashable {
  /// The instance's name in the file that was read first.
  public let name: String
  let segment: Int
  public let family: AddressFamily
  /// VRID, 1…255.
  public let virtualRouterID: UInt8
  /// Everything its members have said that they would own.
  public internal(set) var addresses: [IPAddress]
  /// The nodes that have its addresses and answer for them: bit n for node n.
  var owners: UInt64 = 0
  /// When, in true nanoseconds, what the summary measures began.
  var unownedSince: UInt64?
  var contestedSince: UInt64?
  /// The longest time nobody had the addresses since somebody first had, in nanoseconds.
  public internal(set) var longestUnowned: UInt64 = 0
  /// The longest time two nodes that could reach each other had the addresses, in nanoseconds.
  public internal(set) var longestContested: UInt64 = 0
  /// How often the addresses came to another node.
  public internal(set) var switchCount = 0
  var lastOwner: Int?
  /// True times in nanoseconds: the first start of a member, and the last change of who answers.
  var beganAt = UInt64.max
  var ownersChangedAt: UInt64 = 0
  /// True time in nanoseconds at which a member last changed its role.
  var rolesChangedAt: UInt64 = 0
  /// The owners that did not hear another one, whose announcements the neighbours may have heard: bit n for node n.
  var unheardRivals: UInt64 = 0
  /// True time in nanoseconds at which the active router last heard of a rival.
  var contestHeardAt: UInt64 = 0
  /// When the properties of the group were looked at last.
  var checkedAt: UInt64 = 0
  /// Whether neighbours have yet to be found right about the present owner.
  var owesCacheCheck = false

  init(name: String, segment: Int, family: AddressFamily, virtualRouterID: UInt8, addresses: [IPAddress]) {
    self.name = name
    self.segment = segment
    self.family = family
    self.virtualRouterID = virtualRouterID
    self.addresses = addresses
  }
}
