import NetPrimitives
import VRRPCore

// Interfaces and the addresses on them.
extension HostCheck {
  /// An interface somebody names.
  mutating func checkInterface(_ word: Word) {
    let name = reader.text(word)
    guard interfaces[name] == nil, !ownInterfaces.contains(name), missing.insert(name).inserted else { return }
    let mayCome = configuration.global.allowsMissingInterfaces
    var fixIts: [Diagnostic.FixIt] = []
    if let near = nearest(to: reader.bytes(word), among: interfaces.keys.sorted()) {
      fixIts = [Diagnostic.FixIt("did you mean '\(near)'?", at: word.range, replacement: near)]
    }
    report(
      .interfaceNotOnHost,
      mayCome ? "there is no interface '\(name)' on this host yet" : "there is no interface '\(name)' on this host",
      at: word.range, fixIts: fixIts, severity: mayCome ? .note : nil)
  }

  /// The address a check is to come from.
  mutating func checkBindAddress(_ word: Word) {
    guard let address = IPAddress(utf8: reader.bytes(word)), !isOnHost(address) else { return }
    report(.sourceNotOnHost, "no interface of this host has \(address)", at: word.range)
  }

  func isOnHost(_ address: IPAddress) -> Bool {
    interfaces.values.contains { $0.addresses.contains { $0.address == address } }
  }

  // MARK: Routers

  /// What an instance needs of its interface.
  mutating func checkInstance(_ block: Int) {
    guard let name = reader.blockName(block),
      let router = configuration.virtualRouters.first(where: { $0.name == name })
    else { return }
    let places = places(in: block)
    checkFamily(router, places)
    if let source = router.sourceAddress { checkSource(source, router, places) }
    if let interface = interfaces[router.interface] {
      checkSending(router, interface, places)
      checkAddresses(router, interface, places)
    }
    for peer in router.unicastPeers where isOnHost(peer) {
      report(
        .peerIsOurselves, "this host has \(peer) itself: it would send its adverts to nobody but itself",
        at: places.addresses[peer] ?? places.block)
    }
  }

  /// Where an instance says what.
  struct Places {
    var block: SourceRange
    var interface: SourceRange
    var source: SourceRange
    /// Peers and virtual addresses.
    var addresses: [IPAddress: SourceRange] = [:]
  }

  private func places(in block: Int) -> Places {
    let line = tree.statements[block].line
    var places = Places(block: line, interface: line, source: line)
    for index in tree.children(of: block) {
      guard case .instance(let setting)? = reader.setting(of: index) else { continue }
      switch setting {
      case .interface: places.interface = reader.argumentRange(tree.statements[index])
      case .unicastSource, .multicastSource: places.source = reader.argumentRange(tree.statements[index])
      case .addresses, .excludedAddresses, .unicastPeers:
        for child in tree.children(of: index) {
          guard let word = tree.statements[child].words.first.map({ tree.words[$0] }),
            let prefix = IPPrefix(utf8: reader.bytes(word)), places.addresses[prefix.address] == nil
          else { continue }
          places.addresses[prefix.address] = word.range
        }
      default: break
      }
    }
    return places
  }

  private mutating func checkFamily(_ router: VirtualRouterDefinition, _ places: Places) {
    guard router.family == .ipv6, interfaces[router.interface] != nil else { return }
    let name = "net/ipv6/conf/\(router.interface)/disable_ipv6"
    guard host.kernelSetting(name) == "1" else { return }
    report(
      .kernelSetting, "IPv6 is switched off on '\(router.interface)'", at: places.interface,
      notes: [Diagnostic.Note("sysctl -w \(Self.dotted(name))=0")], severity: .error)
  }

  private mutating func checkSource(_ source: IPAddress, _ router: VirtualRouterDefinition, _ places: Places) {
    let holders = interfaces.values.filter { $0.addresses.contains { $0.address == source } }
    guard !holders.contains(where: { router.interface.isEmpty || $0.name == router.interface }) else { return }
    let other = holders.map { $0.name }.sorted().first
    report(
      .sourceNotOnHost,
      other.map { "\(source) is on '\($0)', not on '\(router.interface)'" }
        ?? "no interface of this host has \(source)", at: places.source)
  }

  /// Whether adverts can leave, and fit.
  private mutating func checkSending(
    _ router: VirtualRouterDefinition, _ interface: HostInterface, _ places: Places
  ) {
    if !interface.isRunning {
      report(
        .interfaceCannotSend, "'\(interface.name)' is down: the router stays at fault until it is up",
        at: places.interface)
    }
    if router.unicastPeers.isEmpty, !interface.hasMulticast {
      report(
        .interfaceCannotSend, "'\(interface.name)' has no multicast: adverts need a 'unicast_peer'",
        at: places.interface, severity: .error)
    }
    if router.sourceAddress == nil, router.virtualMAC?.source == nil,
      !interface.addresses.contains(where: { $0.address.family == router.family && isSource($0.address) })
    {
      report(
        .interfaceWithoutAddress,
        router.family == .ipv4
          ? "'\(interface.name)' has no IPv4 address for adverts to come from"
          : "'\(interface.name)' has no link-local address for adverts to come from", at: places.interface,
        notes: [Diagnostic.Note("give it one, or name a source with 'unicast_src_ip' or 'mcast_src_ip'")])
    }
    let size = advertisementBytes(router)
    if size > interface.mtu {
      report(
        .advertisementTooLong,
        "an advert of \(router.addresses.count) addresses has \(size) bytes, '\(interface.name)' carries "
          + "\(interface.mtu)", at: places.block,
        notes: [Diagnostic.Note("move addresses to 'virtual_ipaddress_excluded', or to another instance")])
    }
  }

  /// RFC 9568 §7.2 wants a link-local source over IPv6.
  private func isSource(_ address: IPAddress) -> Bool {
    switch address {
    case .v4: true
    case .v6(let address): address.isLinkLocal
    }
  }

  /// An advert with its IP header.
  private func advertisementBytes(_ router: VirtualRouterDefinition) -> Int {
    let header = router.family == .ipv4 ? 20 : 40
    let message = 8 + router.addresses.count * router.family.addressByteCount
    guard router.version == .v2 else { return header + message }
    // Version 2 always carries eight bytes of authentication data; AH has a header of its own.
    if case .authenticationHeader = router.authentication { return header + 24 + message + 8 }
    return header + message + 8
  }

  private mutating func checkAddresses(
    _ router: VirtualRouterDefinition, _ interface: HostInterface, _ places: Places
  ) {
    for address in router.addresses + router.excludedAddresses {
      guard let target = address.interface.map({ interfaces[$0] }) ?? interface else { continue }
      let prefix = address.prefix
      let range = places.addresses[prefix.address] ?? places.block
      let isThere = target.addresses.contains { $0.address == prefix.address }
      if router.priority == 255, !isThere, router.addresses.contains(address) {
        report(
          .ownerWithoutAddress, "priority 255 says that '\(target.name)' has \(prefix.address), and it has not",
          at: range)
      } else if router.priority != 255, isThere {
        report(
          .addressAlreadyThere,
          "'\(target.name)' has \(prefix.address) already: unless a daemon is running, two hosts will answer for it",
          at: range, notes: [Diagnostic.Note("remove it from the host's own configuration, or use priority 255")])
      }
    }
  }

  static func dotted(_ path: String) -> String {
    String(decoding: path.utf8.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
  }
}
