import HealthCheck
import LoadBalancing
import NetPrimitives
import VRRPCore

// Lines of virtual and real servers with a grammar of their own.
extension Lowering {
  /// `rr`, `wlc` …
  func scheduler(_ index: Int) -> Scheduler? {
    arguments(tree.statements[index]).first.flatMap { Scheduler(rawValue: text(tree.words[$0])) }
  }

  /// `NAT`, `DR` or `TUN [type KIND] [port N] [nocsum|csum|remcsum]`.
  mutating func forwarding(_ index: Int) -> ForwardingMethod? {
    var reader = LineReader(arguments(tree.statements[index]))
    guard let first = reader.next() else { return nil }
    if isWord(first, "NAT") { return .masquerade }
    if isWord(first, "DR") { return .directRoute }
    guard isWord(first, "TUN") else {
      report(.unknownValue, "'\(text(tree.words[first]))' is none of NAT, DR, TUN", at: tree.words[first].range)
      return nil
    }
    var tunnel = ForwardingMethod.Tunnel()
    var port: UInt16?
    while let place = reader.next() {
      if isWord(place, "type"), let kind = reader.next() {
        if isWord(kind, "gre") {
          tunnel.kind = .gre
        } else if isWord(kind, "gue") {
          tunnel.kind = .gue(port: 0)
        } else if !isWord(kind, "ipip") {
          report(.unknownValue, "'\(text(tree.words[kind]))' is none of ipip, gue, gre", at: tree.words[kind].range)
        }
      } else if isWord(place, "port"), let number = reader.next() {
        port = integer(tree.words[number], 1...65_535, for: "port").map { UInt16(clamping: $0) }
      } else if isWord(place, "csum") {
        tunnel.checksum = .full
      } else if isWord(place, "remcsum") {
        tunnel.checksum = .remote
      } else if !isWord(place, "nocsum") {
        report(.unknownOption, "'\(text(tree.words[place]))' means nothing after TUN", at: tree.words[place].range)
      }
    }
    if case .gue = tunnel.kind {
      guard let port else {
        report(.missingArgument, "'type gue' needs a 'port'", at: tree.statements[index].line)
        return nil
      }
      tunnel.kind = .gue(port: port)
    }
    return .tunnel(tunnel)
  }

  /// A netmask, or the length of a prefix.
  mutating func granularity(_ word: Word) -> UInt8? {
    if let mask = IPv4Address(text(word)) {
      let length = UInt8((~mask.rawValue).leadingZeroBitCount)
      guard mask.rawValue == (length == 0 ? 0 : UInt32.max << (32 - UInt32(length))) else {
        report(.invalidAddress, "'\(text(word))' is no netmask", at: word.range)
        return nil
      }
      return length
    }
    return integer(word, 1...128, for: "persistence_granularity").map { UInt8(clamping: $0) }
  }

  /// Takes a hook; of several the first counts.
  mutating func setHook(_ hook: inout HookCommand?, _ index: Int) {
    guard let command = command(index) else { return }
    guard hook == nil else {
      report(.duplicateSetting, "there is already such a script; this one is ignored", at: tree.statements[index].line)
      return
    }
    hook = self.hook(command)
  }

  /// A command in the words of the checkers.
  func hook(_ command: ScriptCommand) -> HookCommand {
    HookCommand(command.arguments, user: command.runAs?.user, group: command.runAs?.group)
  }

  /// `virtual_server_group NAME { … }`.
  mutating func lowerServerGroup(_ block: Int) {
    guard let name = blockName(block) else { return }
    guard serverGroups[name] == nil else {
      report(
        .duplicateName, "there is already a virtual_server_group '\(name)'; this one is ignored",
        at: tree.statements[block].line)
      return
    }
    var group = VirtualServerGroup(name: name, members: [])
    for index in tree.children(of: block) {
      if let member = groupMember(tree.statements[index].words) { group.members.append(member) }
    }
    serverGroups[name] = group
  }

  private mutating func groupMember(_ words: Range<Int>) -> VirtualServerGroup.Member? {
    guard let first = words.first else { return nil }
    let rest = words.dropFirst()
    if isWord(first, "fwmark") {
      guard let place = rest.first else {
        report(.missingArgument, "'fwmark' needs a value", at: tree.words[first].range)
        return nil
      }
      guard let mark = integer(tree.words[place], 0...4_294_967_295, for: "fwmark") else { return nil }
      let family: AddressFamily? =
        rest.count > 1 ? (isWord(place + 1, "inet6") ? .ipv6 : isWord(place + 1, "inet") ? .ipv4 : nil) : nil
      return .firewallMark(UInt32(clamping: mark), family: family)
    }
    guard let range = addressRange(tree.words[first]) else { return nil }
    let port = rest.first.flatMap { self.port(tree.words[$0], "virtual_server_group") } ?? 0
    return .addresses(first: range.first, last: range.last, port: port)
  }

  /// `ADDRESS`, `ADDRESS/LENGTH`, `ADDRESS-LASTPART` or `ADDRESS-ADDRESS`.
  private mutating func addressRange(_ word: Word) -> (first: IPAddress, last: IPAddress)? {
    let text = text(word)
    if text.utf8.contains(UInt8(ascii: "/")), let prefix = IPPrefix(text) { return prefixRange(prefix, word) }
    let parts = text.split(separator: "-", maxSplits: 1)
    guard let head = parts.first, let first = IPAddress(head) else {
      report(.invalidAddress, "'\(text)' is no address or range of addresses", at: word.range)
      return nil
    }
    guard parts.count > 1 else { return (first, first) }
    if let last = IPAddress(parts[1]) ?? lastPart(first, parts[1]), last.family == first.family, first <= last {
      return (first, last)
    }
    report(.invalidAddress, "'\(parts[1])' does not end a range that begins with \(first)", at: word.range)
    return nil
  }

  /// The last octet in decimal, or the last 16 bits in hexadecimal.
  private func lastPart(_ first: IPAddress, _ text: Substring) -> IPAddress? {
    switch first {
    case .v4(let address): UInt8(text).map { .v4(IPv4Address(rawValue: address.rawValue & ~0xff | UInt32($0))) }
    case .v6(let address):
      UInt16(text, radix: 16).map { .v6(IPv6Address(high: address.high, low: address.low & ~0xffff | UInt64($0))) }
    }
  }

  private mutating func prefixRange(_ prefix: IPPrefix, _ word: Word) -> (first: IPAddress, last: IPAddress)? {
    switch prefix.address {
    case .v4(let address):
      let hosts: UInt32 = prefix.length == 0 ? .max : prefix.length == 32 ? 0 : UInt32.max >> UInt32(prefix.length)
      guard address.rawValue & hosts == 0 else { break }
      return (prefix.address, .v4(IPv4Address(rawValue: address.rawValue | hosts)))
    case .v6(let address):
      let bits = UInt64(prefix.length)
      let high: UInt64 = bits >= 64 ? 0 : bits == 0 ? .max : UInt64.max >> bits
      let low: UInt64 = bits >= 128 ? 0 : bits <= 64 ? .max : UInt64.max >> (bits - 64)
      guard address.high & high == 0, address.low & low == 0 else { break }
      return (prefix.address, .v6(IPv6Address(high: address.high | high, low: address.low | low)))
    }
    report(.invalidAddress, "the host bits of '\(text(word))' are not zero", at: word.range)
    return nil
  }

  /// `SSL { … }`.
  mutating func lowerSSL(_ block: Int) {
    for index in tree.children(of: block) {
      guard case (.ssl(let setting), let value)? = value(of: index), let word = value.word else { continue }
      switch setting {
      case .password: tls.keyPassword = text(word)
      case .authority: tls.authorityFile = text(word)
      case .certificate: tls.certificateFile = text(word)
      case .key: tls.keyFile = text(word)
      }
    }
  }
}
