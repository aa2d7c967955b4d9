import NetPrimitives
import VRRPCore

// The blocks and longer lines of an instance.
extension Lowering {
  mutating func lowerAuthentication(_ block: Int, into draft: inout InstanceDraft) {
    for index in tree.children(of: block) {
      guard case (.authentication(let setting), let value)? = value(of: index) else { continue }
      let range = argumentRange(tree.statements[index])
      switch setting {
      case .type:
        if let choice = value.choice {
          draft.authenticationType = Written(value: choice == 0 ? .pass : .header, range: range)
        }
      case .password:
        if let word = value.word { draft.password = Written(value: password(word), range: word.range) }
      }
    }
  }

  /// At most eight bytes of a password go on the wire.
  private mutating func password(_ word: Word) -> [UInt8] {
    let bytes = Array(bytes(word))
    guard bytes.count > 8 else { return bytes }
    let kept = String(decoding: bytes.prefix(8), as: UTF8.self)
    report(
      .longPassword, "only the first 8 of the \(bytes.count) bytes of 'auth_pass' are used", at: word.range,
      fixIts: [Diagnostic.FixIt("shorten it to 8 bytes", at: word.range, replacement: kept)])
    return Array(bytes.prefix(8))
  }

  /// `auth_hmac { … }`; `nil` when it cannot be used.
  mutating func lowerKeys(_ block: Int) -> AdvertisementKeys? {
    var keys = AdvertisementKeys(keys: [:], activeKey: 0)
    for index in tree.children(of: block) {
      guard case (.hmac(let setting), let value)? = value(of: index) else { continue }
      switch setting {
      case .key: addKey(index, to: &keys)
      case .activeKey: if let id = value.integer { keys.activeKey = UInt8(clamping: id) }
      case .timeWindow: if let seconds = value.integer { keys.timeWindowSeconds = UInt16(clamping: seconds) }
      case .antiReplay: keys.comparesOrderOnly = value.choice == 1
      case .mode: keys.mode = value.choice == 2 ? .receiveOnly : value.choice == 1 ? .permissive : .enforce
      }
    }
    guard keys.keys[keys.activeKey] != nil else {
      report(
        .missingSetting, "'auth_hmac' needs an 'active_key' that is one of its keys; it is not used",
        at: tree.statements[block].line)
      return nil
    }
    return keys
  }

  /// `key ID VALUE`.
  private mutating func addKey(_ index: Int, to keys: inout AdvertisementKeys) {
    let words = arguments(tree.statements[index])
    guard words.count > 1 else {
      report(.missingArgument, "'key' needs an ID and a value", at: tree.statements[index].line)
      return
    }
    guard let id = integer(tree.words[words.lowerBound], 1...255, for: "key") else { return }
    let word = tree.words[words.lowerBound + 1]
    guard keys.keys[UInt8(clamping: id)] == nil else {
      report(.duplicateSetting, "key \(id) is already there; this one is ignored", at: word.range)
      return
    }
    let text = text(word)
    if text.hasPrefix("file:") {
      keys.keys[UInt8(clamping: id)] = .file(String(text.dropFirst(5)))
      return
    }
    let bytes = text.hasPrefix("hex:") ? hexadecimal(Array(text.utf8.dropFirst(4))) : Array(text.utf8)
    guard let bytes, (32...64).contains(bytes.count) else {
      report(.outOfRange, "a key has 32 to 64 bytes, as text or as 'hex:' and digits", at: word.range)
      return
    }
    keys.keys[UInt8(clamping: id)] = .bytes(bytes)
  }

  /// Pairs of hexadecimal digits as bytes.
  func hexadecimal(_ digits: [UInt8]) -> [UInt8]? {
    guard digits.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index].hexadecimalDigit, let low = digits[index + 1].hexadecimalDigit else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  mutating func lowerPeers(_ block: Int, into draft: inout InstanceDraft) {
    for index in tree.children(of: block) {
      var words = tree.statements[index].words
      guard let first = words.first, let address = address(tree.words[first], nil) else { continue }
      words = words.dropFirst()
      let limits = peerLimits(&words)
      if let extra = words.first {
        report(
          .extraArgument, "'\(text(tree.words[extra]))' is ignored: each peer stands on a line of its own",
          at: tree.words[extra].range)
      }
      if draft.unicastPeers.contains(where: { $0.value == address }) {
        report(.duplicateAddress, "\(address) is already a peer", at: tree.words[first].range)
        continue
      }
      draft.unicastPeers.append(Written(value: address, range: tree.words[first].range))
      if let limits {
        draft.definition.policy.peerHopLimits[address] = limits
        draft.definition.policy.checksUnicastSource = true
      }
    }
  }

  /// `[min_ttl N] [max_ttl N]`.
  private mutating func peerLimits(_ words: inout Range<Int>) -> HopLimits? {
    var low: UInt8?
    var high: UInt8?
    while let first = words.first, isWord(first, "min_ttl") || isWord(first, "max_ttl") {
      let isLow = isWord(first, "min_ttl")
      words = words.dropFirst()
      guard let number = words.first else {
        report(.missingArgument, "'\(text(tree.words[first]))' needs a value", at: tree.words[first].range)
        break
      }
      words = words.dropFirst()
      guard let value = integer(tree.words[number], 0...255, for: text(tree.words[first])) else { continue }
      if isLow { low = UInt8(clamping: value) } else { high = UInt8(clamping: value) }
    }
    guard low != nil || high != nil else { return nil }
    let limits = (low ?? 0, high ?? 255)
    return HopLimits(min(limits.0, limits.1), max(limits.0, limits.1))
  }

  /// The words after `use_vmac` and `use_ipvlan`.
  mutating func lowerVirtualMAC(
    _ index: Int, _ kind: VirtualMACDefinition.Kind, _ draft: inout InstanceDraft
  ) -> VirtualMACDefinition {
    var result = VirtualMACDefinition(kind: kind)
    var words = arguments(tree.statements[index])
    while let first = words.first {
      let word = tree.words[first]
      words = words.dropFirst()
      if isWord(word, "name"), let name = words.first {
        result.name = text(tree.words[name])
        words = words.dropFirst()
      } else if isWord(word, "group"), let group = words.first {
        result.group = nameOrNumber(tree.words[group])
        words = words.dropFirst()
      } else if isWord(word, "netlink_notify_msg") {
        result.notifiesNetlink = true
      } else if isWord(word, "private"), kind != .macvlan {
        result.kind = .ipvlan(.private)
      } else if isWord(word, "vepa"), kind != .macvlan {
        result.kind = .ipvlan(.vepa)
      } else if isWord(word, "bridge"), kind != .macvlan {
        result.kind = .ipvlan(.bridge)
      } else if kind != .macvlan, let prefix = IPPrefix(text(word)) {
        result.source = prefix
      } else if kind == .macvlan, let address = MACAddress(text(word)) {
        if checkVirtualMAC(address, word) { result.address = address }
      } else if kind == .macvlan, let prefix = MACAddress("00:" + text(word)) {
        if checkVirtualMAC(MACAddress(rawValue: prefix.rawValue << 8), word) {
          draft.virtualMACPrefix = prefix.rawValue
        }
      } else if interfaceName(word) {
        result.name = text(word)
      }
    }
    return result
  }

  /// The addresses of RFC 9568 §7.3 are what one gets without asking, with the right VRID.
  private mutating func checkVirtualMAC(_ address: MACAddress, _ word: Word) -> Bool {
    let family = address.rawValue >> 8
    guard family == 0x00_0000_5e_0001 || family == 0x00_0000_5e_0002 else {
      guard address.rawValue >> 40 & 1 == 0, address.rawValue != 0 else {
        report(.invalidAddress, "\(address) is no MAC address of one station", at: word.range)
        return false
      }
      return true
    }
    report(.invalidAddress, "'use_vmac' takes the MAC addresses of RFC 9568 by itself; leave it out", at: word.range)
    return false
  }

  /// A number in any base C knows, or a name to be looked up.
  func nameOrNumber(_ word: Word) -> NameOrNumber {
    if let number = LineSequence.number(bytes(word)), let value = UInt32(exactly: number) { return .number(value) }
    return .name(text(word))
  }
}
