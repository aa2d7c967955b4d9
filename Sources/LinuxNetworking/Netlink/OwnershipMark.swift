/// How what we put into the kernel is told from everybody else's: addresses carry it as `IFA_PROTO` (Linux 5.18 and
/// later), routes and rules as their protocol.
public enum OwnershipMark {
  /// VRRP's own IP protocol number. keepalived marks with 18.
  public static let number: UInt8 = 112
}
