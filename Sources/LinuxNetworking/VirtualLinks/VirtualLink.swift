import NetPrimitives
import VRRPCore

/// A virtual router's own interface as it is in the kernel.
struct VirtualLink: Hashable {
  /// What it was made for.
  let request: VirtualLinkRequest
  let index: InterfaceIndex
  let name: String
  /// The virtual MAC; that of the interface below for an ipvlan.
  let hardwareAddress: MACAddress?
  /// Up as far as we know. It is up only while its router is active, so a backup's says nothing and hears nothing.
  var isUp: Bool

  /// What the alias of every interface of ours begins with.
  static let markPrefix = "vrrpd: "
}

extension Link {
  /// Whether we made it, for a virtual router.
  var isVirtualRouters: Bool { alias.hasPrefix(VirtualLink.markPrefix) && (kind == "macvlan" || kind == "ipvlan") }

  /// Whether it is what `request`, whose mark is `mark`, asks for, on `parent`, and so can be taken over as it is.
  func serves(_ request: VirtualLinkRequest, marked mark: String, on parent: InterfaceIndex) -> Bool {
    guard isVirtualRouters, self.parent == parent, group == request.group, aliasMark == mark else {
      return false
    }
    switch request.kind {
    case .macvlan: return kind == "macvlan" && hardwareAddress == request.hardwareAddress
    // How ipvlans see each other is part of the mark.
    case .ipvlan: return kind == "ipvlan"
    }
  }

  /// The alias without what follows the mark.
  var aliasMark: String { String(alias.prefix { $0 != SavedParameters.separator }) }
}
