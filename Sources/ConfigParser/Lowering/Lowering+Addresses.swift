import NetPrimitives
import VRRPCore

extension Lowering {
  /// The option a word of a line is.
  func option(_ word: Word, among options: [LineOption]) -> LineOption? {
    let bytes = bytes(word)
    return options.first { option in
      option.name.utf8.elementsEqual(bytes) || option.aliases.contains { $0.utf8.elementsEqual(bytes) }
    }
  }

  /// The lines of `virtual_ipaddress` and its relatives.
  mutating func lowerAddresses(_ block: Int) -> [Written<VirtualAddress>] {
    var result: [Written<VirtualAddress>] = []
    for index in tree.children(of: block) {
      if let address = lowerAddress(index) { result.append(address) }
    }
    return result
  }

  private mutating func lowerAddress(_ index: Int) -> Written<VirtualAddress>? {
    let statement = tree.statements[index]
    let word = tree.words[statement.words.lowerBound]
    guard let prefix = prefix(word) else { return nil }
    var address = VirtualAddress(prefix)
    var next = statement.words.lowerBound + 1
    while next < statement.words.upperBound {
      let word = tree.words[next]
      next += 1
      guard let option = option(word, among: Schema.addressOptions) else {
        var fixIts: [Diagnostic.FixIt] = []
        if let near = nearest(to: bytes(word), among: Schema.addressOptions.map { $0.name }) {
          fixIts = [Diagnostic.FixIt("did you mean '\(near)'?", at: word.range, replacement: near)]
        }
        report(
          .unknownOption, "'\(text(word))' means nothing on the line of an address", at: word.range, fixIts: fixIts)
        continue
      }
      guard !option.takesValue || next < statement.words.upperBound else {
        report(.missingArgument, "'\(option.name)' needs a value; the address is ignored", at: word.range)
        return nil
      }
      guard apply(option.setting, option.takesValue ? tree.words[next] : word, to: &address) else { return nil }
      if option.takesValue { next += 1 }
    }
    return Written(value: address, range: word.range)
  }

  /// False when the line cannot be used.
  private mutating func apply(_ setting: LineSetting, _ value: Word, to address: inout VirtualAddress) -> Bool {
    let family = address.prefix.address.family
    switch setting {
    case .device:
      guard interfaceName(value) else { return false }
      address.interface = text(value)
    case .label:
      guard bytes(value).count <= 15 else {
        report(.unknownValue, "a label has at most 15 bytes; the address is ignored", at: value.range)
        return false
      }
      if family == .ipv4 { address.label = text(value) }
    case .scope: if let scope = scope(value), family == .ipv4 { address.scope = scope }
    case .broadcast: return setBroadcast(value, of: &address)
    case .peer:
      if let peer = IPPrefix(text(value)) { address.peer = peer.address } else { _ = self.address(value, family) }
    case .preferredLifetime: address.preferredLifetime = lifetime(value)
    case .home: address.flags.insert(.home)
    case .manageTemporary: address.flags.insert(.managesTemporary)
    case .noPrefixRoute: address.flags.insert(.noPrefixRoute)
    case .autoJoin: address.flags.insert(.autoJoin)
    case .detectDuplicates: address.detectsDuplicates = true
    case .noTrack: address.isTracked = false
    case .useVirtualMAC: address.usesVirtualMAC = true
    case .trackGroup: address.trackGroup = trackGroup(value)
    case .family, .source, .gateway, .from, .typeOfService, .table, .routingProtocol, .metric, .onLink, .encapsulation,
      .expires, .routeMetric, .realms, .features, .congestionControl, .preference, .propagateTTL, .insertion,
      .otherGateway, .nextHop, .to, .vrf, .not, .order, .mark, .suppressLength, .suppressGroup, .outputInterface,
      .tunnel, .users, .masterDevice, .rulesProtocol, .transport, .sourcePorts, .destinationPorts, .goTo, .action:
      break
    }
    return true
  }

  private mutating func setBroadcast(_ value: Word, of address: inout VirtualAddress) -> Bool {
    guard address.prefix.address.family == .ipv4 else {
      report(.invalidAddress, "IPv6 has no broadcast; the address is ignored", at: value.range)
      return false
    }
    if isWord(value, "+") {
      address.broadcast = .lastOfPrefix
    } else if isWord(value, "-") {
      address.broadcast = .firstOfPrefix
    } else if case .v4(let broadcast)? = self.address(value, .ipv4) {
      address.broadcast = .address(broadcast)
    }
    return true
  }

  private mutating func lifetime(_ word: Word) -> VirtualAddress.Lifetime? {
    if isWord(word, "forever") { return .forever }
    return integer(word, 0...4_294_967_295, for: "preferred_lft").map { .seconds(UInt32(clamping: $0)) }
  }

  /// A scope by name or number.
  mutating func scope(_ word: Word) -> UInt8? {
    if isWord(word, "global") || isWord(word, "universe") { return 0 }
    if isWord(word, "site") { return 200 }
    if isWord(word, "link") { return 253 }
    if isWord(word, "host") { return 254 }
    if isWord(word, "nowhere") { return 255 }
    return integer(word, 0...255, for: "scope").map { UInt8(clamping: $0) }
  }

  /// `ADDRESS[/LENGTH]`; a bad length is reported and becomes the whole address.
  mutating func prefix(_ word: Word) -> IPPrefix? {
    let bytes = bytes(word)
    if let prefix = IPPrefix(utf8: bytes) {
      if prefix.length == 32, prefix.address.family == .ipv4, !bytes.contains(UInt8(ascii: "/")) {
        report(
          .missingPrefixLength, "\(text(word)) has no prefix length and becomes \(prefix)", at: word.range,
          fixIts: [Diagnostic.FixIt("write '\(prefix)'", at: word.range, replacement: prefix.description)])
      }
      return prefix
    }
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")), let address = IPAddress(utf8: bytes[..<slash]) else {
      report(.invalidAddress, "'\(text(word))' is no IP address", at: word.range)
      return nil
    }
    let whole = IPPrefix(host: address)
    report(
      .outOfRange,
      "'\(String(decoding: bytes[(slash + 1)...], as: UTF8.self))' is no prefix length; the address becomes \(whole)",
      at: word.range)
    return whole
  }
}
