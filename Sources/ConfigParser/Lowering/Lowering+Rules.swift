import NetPrimitives
import VRRPCore

extension Lowering {
  /// The lines of `virtual_rules` and `static_rules`.
  mutating func lowerRules(_ block: Int) -> [RuleDefinition] {
    var result: [RuleDefinition] = []
    for index in tree.children(of: block) {
      if let rule = lowerRule(index) { result.append(rule) }
    }
    return result
  }

  private mutating func lowerRule(_ index: Int) -> RuleDefinition? {
    let line = tree.statements[index].line
    var reader = LineReader(tree.statements[index].words)
    var rule = RuleDefinition(family: .ipv4, action: .nop)
    var family: AddressFamily?
    var action: RuleDefinition.Action?
    while let place = reader.next() {
      let word = tree.words[place]
      guard let option = option(word, among: Schema.ruleOptions) else {
        report(.unknownOption, "'\(text(word))' means nothing on the line of a rule", at: word.range)
        continue
      }
      guard option.takesValue else {
        switch option.setting {
        case .not: rule.isInverted = true
        case .noTrack: rule.isTracked = false
        case .family: family = isWord(word, "inet6") ? .ipv6 : .ipv4
        case .masterDevice: action = .lookUpMasterDevice
        case .action: action = self.action(word)
        default: break
        }
        continue
      }
      guard let value = reader.next() else {
        report(.missingArgument, "'\(option.name)' needs a value; the line is ignored", at: word.range)
        return nil
      }
      switch option.setting {
      case .from: rule.source = rulePrefix(tree.words[value])
      case .to: rule.destination = rulePrefix(tree.words[value])
      case .table: action = .lookUp(nameOrNumber(tree.words[value]))
      case .goTo: action = number(tree.words[value], option.name).map { .goTo($0) }
      case .action: action = self.action(tree.words[value])
      default: set(option, tree.words[value], in: &rule)
      }
    }
    rule.family = rule.source?.address.family ?? rule.destination?.address.family ?? family ?? .ipv4
    guard let action else {
      report(.missingSetting, "a rule needs an action such as 'table main'; the line is ignored", at: line)
      return nil
    }
    rule.action = action
    if rule.preference == nil {
      report(.missingPreference, "a rule without 'preference' gets one that depends on the other rules", at: line)
      rule.preference = unnamedPreferences[rule.family, default: 16_384]
      unnamedPreferences[rule.family] = rule.preference.map { $0 - 1 }
    }
    if rule.isTracked, rule.routingProtocol != nil {
      report(
        .adjustedSetting, "a rule with a 'protocol' of its own is not followed; say 'no_track', or it gets ours",
        at: line)
      rule.routingProtocol = nil
    }
    return rule
  }

  private mutating func rulePrefix(_ word: Word) -> IPPrefix? {
    if isWord(word, "all") || isWord(word, "any") || isWord(word, "default") { return nil }
    guard let prefix = IPPrefix(text(word)) else {
      report(.invalidAddress, "'\(text(word))' is no prefix", at: word.range)
      return nil
    }
    return prefix
  }

  private mutating func action(_ word: Word) -> RuleDefinition.Action? {
    if isWord(word, "nop") { return .nop }
    if isWord(word, "blackhole") { return .blackhole }
    if isWord(word, "unreachable") { return .unreachable }
    if isWord(word, "prohibit") { return .prohibit }
    report(.unknownValue, "'\(text(word))' is no action of a rule", at: word.range)
    return nil
  }

  private mutating func set(_ option: LineOption, _ value: Word, in rule: inout RuleDefinition) {
    switch option.setting {
    case .order: rule.preference = number(value, option.name)
    case .typeOfService: rule.typeOfService = nameOrNumber(value)
    case .mark: rule.firewallMark = mark(value)
    case .realms: rule.realms = text(value)
    case .suppressLength: rule.suppressedPrefixLength = number(value, option.name)
    case .suppressGroup: rule.suppressedGroup = nameOrNumber(value)
    case .device: if interfaceName(value) { rule.inputInterface = text(value) }
    case .outputInterface: if interfaceName(value) { rule.outputInterface = text(value) }
    case .tunnel: rule.tunnelID = LineSequence.number(bytes(value)).flatMap { UInt64(exactly: $0) }
    case .users:
      if let range = span(value, limit: 4_294_967_295, option.name) {
        rule.users = UInt32(clamping: range.lowerBound)...UInt32(clamping: range.upperBound)
      }
    case .rulesProtocol:
      if let number = integer(value, 0...255, for: option.name) { rule.routingProtocol = UInt8(clamping: number) }
    case .transport: rule.transport = nameOrNumber(value)
    case .sourcePorts: rule.sourcePorts = ports(value, option.name)
    case .destinationPorts: rule.destinationPorts = ports(value, option.name)
    case .trackGroup: rule.trackGroup = trackGroup(value)
    default: break
    }
  }

  private mutating func mark(_ word: Word) -> RuleDefinition.Mark? {
    let parts = bytes(word).split(separator: UInt8(ascii: "/"), maxSplits: 1)
    let numbers = parts.compactMap { LineSequence.number($0).flatMap { UInt32(exactly: $0) } }
    guard numbers.count == parts.count, let value = numbers.first else {
      report(.invalidNumber, "'\(text(word))' is no mark", at: word.range)
      return nil
    }
    return RuleDefinition.Mark(value: value, mask: numbers.count > 1 ? numbers[1] : .max)
  }

  /// Ports as `FIRST-LAST`; keepalived refuses a single one, which is taken here.
  private mutating func ports(_ word: Word, _ name: String) -> ClosedRange<UInt16>? {
    span(word, limit: 65_535, name).map { UInt16(clamping: $0.lowerBound)...UInt16(clamping: $0.upperBound) }
  }

  private mutating func span(_ word: Word, limit: Int64, _ name: String) -> ClosedRange<Int64>? {
    let parts = bytes(word).split(separator: UInt8(ascii: "-"), maxSplits: 1)
    let numbers = parts.compactMap { LineSequence.number($0) }
    guard numbers.count == parts.count, let first = numbers.first, let last = numbers.last, first <= last,
      (0...limit).contains(first), last <= limit
    else {
      report(.invalidNumber, "'\(text(word))' is no range for '\(name)'; write FIRST-LAST", at: word.range)
      return nil
    }
    return first...last
  }
}
