import NetPrimitives
import VRRPCore

extension Lowering {
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
      let option = tree.words[next]
      next += 1
      if isFlag(option) { continue }
      guard takesArgument(option) else {
        report(.unknownValue, "unknown option '\(text(option))' of an address", at: option.range)
        continue
      }
      guard next < statement.words.upperBound else {
        report(.missingArgument, "'\(text(option))' needs a value; the address is ignored", at: option.range)
        return nil
      }
      guard apply(option, tree.words[next], to: &address) else { return nil }
      next += 1
    }
    return Written(value: address, range: word.range)
  }

  private func isFlag(_ word: Word) -> Bool {
    isWord(word, "home") || isWord(word, "-nodad") || isWord(word, "mngtmpaddr") || isWord(word, "noprefixroute")
      || isWord(word, "autojoin") || isWord(word, "no_track") || isWord(word, "use_vmac")
  }

  private func takesArgument(_ word: Word) -> Bool {
    isWord(word, "dev") || isWord(word, "label") || isWord(word, "scope") || isWord(word, "brd")
      || isWord(word, "broadcast") || isWord(word, "peer") || isWord(word, "preferred_lft")
      || isWord(word, "track_group")
  }

  /// False when the line cannot be used.
  private mutating func apply(_ option: Word, _ value: Word, to address: inout VirtualAddress) -> Bool {
    let family = address.prefix.address.family
    if isWord(option, "dev") {
      guard interfaceName(value) else { return false }
      address.interface = text(value)
    } else if isWord(option, "label") {
      guard bytes(value).count <= 15 else {
        report(.unknownValue, "a label has at most 15 bytes; the address is ignored", at: value.range)
        return false
      }
      if family == .ipv4 { address.label = text(value) }
    } else if isWord(option, "scope") {
      guard let scope = scope(value) else { return true }
      if family == .ipv4 { address.scope = scope }
    } else if isWord(option, "brd") || isWord(option, "broadcast") {
      guard family == .ipv4 else {
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
    }
    return true
  }

  /// A scope by name or number.
  private mutating func scope(_ word: Word) -> UInt8? {
    if isWord(word, "global") { return 0 }
    if isWord(word, "site") { return 200 }
    if isWord(word, "link") { return 253 }
    if isWord(word, "host") { return 254 }
    if isWord(word, "nowhere") { return 255 }
    return integer(word, 0...255, for: "scope").map { UInt8($0) }
  }

  /// `ADDRESS[/LENGTH]`; a bad length is reported and becomes the whole address.
  mutating func prefix(_ word: Word) -> IPPrefix? {
    let text = text(word)
    if let prefix = IPPrefix(text) {
      if !text.utf8.contains(UInt8(ascii: "/")), prefix.address.family == .ipv4 {
        diagnostics.append(
          Diagnostic(
            .missingPrefixLength, "\(text) has no prefix length and becomes \(prefix)", at: word.range,
            severity: .note,
            fixIts: [Diagnostic.FixIt("write it out", at: word.range, replacement: prefix.description)]))
      }
      return prefix
    }
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")), let address = IPAddress(text[..<slash]) else {
      report(.invalidAddress, "'\(text)' is no IP address", at: word.range)
      return nil
    }
    let whole = IPPrefix(host: address)
    report(
      .outOfRange, "'\(text[text.utf8.index(after: slash)...])' is no prefix length; the address becomes \(whole)",
      at: word.range)
    return whole
  }
}
