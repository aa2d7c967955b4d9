import VRRPCore

extension Lowering {
  /// The lines of a `track_script`, `track_file`, `track_process` or `track_bfd` block.
  mutating func lowerTracked(
    _ block: Int, _ kind: String, _ known: [String: TrackedNames.Named], limit: Int64
  ) -> [TrackedObject] {
    var result: [TrackedObject] = []
    for index in tree.children(of: block) {
      let statement = tree.statements[index]
      let word = tree.words[statement.words.lowerBound]
      let name = text(word)
      guard let named = known[name] else {
        reportUndefined(name, kind, among: known.keys, at: word.range)
        continue
      }
      if named.statement > block {
        report(
          .definedLater, "'\(name)' is defined only below; keepalived ignores this line", at: word.range,
          notes: [Diagnostic.Note("it is defined here", at: tree.statements[named.statement].line)])
      }
      guard !result.contains(where: { $0.name == name }) else {
        report(.duplicateName, "'\(name)' is already tracked here", at: word.range)
        continue
      }
      var tracked = TrackedObject(name: name, weight: named.weight, isReversed: named.isReversed)
      let words = arguments(statement)
      if !words.isEmpty {
        guard let weight = trackedWeight(words, limit) else { continue }
        tracked.weight = Int16(clamping: weight.value)
        tracked.isReversed = weight.isReversed
      }
      result.append(tracked)
    }
    return result
  }

  private mutating func reportUndefined(
    _ name: String, _ kind: String, among known: some Swift.Sequence<String>, at range: SourceRange
  ) {
    var fixIts: [Diagnostic.FixIt] = []
    if let near = nearest(to: Array(name.utf8), among: known.sorted()) {
      fixIts = [Diagnostic.FixIt("did you mean '\(near)'?", at: range, replacement: near)]
    }
    report(.undefinedName, "there is no \(kind) '\(name)'; this line is ignored", at: range, fixIts: fixIts)
  }

  /// `weight N [reverse|noreverse]` on a line of its own keyword.
  mutating func trackedWeight(_ words: Range<Int>, _ limit: Int64) -> Value.Weight? {
    guard let first = words.first else { return nil }
    guard isWord(first, "weight") else {
      report(.unknownValue, "expected 'weight', not '\(text(tree.words[first]))'", at: tree.words[first].range)
      return nil
    }
    guard words.count > 1 else {
      report(.missingArgument, "'weight' needs a value", at: tree.words[first].range)
      return nil
    }
    guard var weight = weight(words.dropFirst(), -254...254, for: "weight")?.weight else { return nil }
    if abs(weight.value) > limit {
      let held = weight.value > 0 ? limit : -limit
      report(.outOfRange, "weight \(weight.value) becomes \(held)", at: tree.words[first + 1].range)
      weight.value = held
    }
    return weight
  }

  /// The lines of a `track_interface` block.
  mutating func lowerTrackedInterfaces(_ block: Int) -> [Written<VirtualRouterDefinition.TrackedInterface>] {
    var result: [Written<VirtualRouterDefinition.TrackedInterface>] = []
    for index in tree.children(of: block) {
      let statement = tree.statements[index]
      let word = tree.words[statement.words.lowerBound]
      guard interfaceName(word) else { continue }
      var tracked = VirtualRouterDefinition.TrackedInterface(name: text(word))
      let words = arguments(statement)
      if !words.isEmpty {
        guard let weight = trackedWeight(words, 253) else { continue }
        tracked.weight = Int16(clamping: weight.value)
        tracked.isReversed = weight.isReversed
      }
      result.append(Written(value: tracked, range: word.range))
    }
    return result
  }

  /// All words of a block's lines.
  func lineWords(_ block: Int) -> [Word] {
    tree.children(of: block).flatMap { index in tree.statements[index].words.map { tree.words[$0] } }
  }

  mutating func lowerTrackGroup(_ block: Int) {
    guard let name = blockName(block) else { return }
    for index in tree.children(of: block) {
      guard case (.trackGroup(let setting), _)? = value(of: index) else { continue }
      switch setting {
      case .members: configuration.trackGroups[name, default: []] += lineWords(index).map { text($0) }
      }
    }
  }

  /// The name of a track group on the line of a static address, route or rule.
  mutating func trackGroup(_ word: Word) -> String? {
    let name = text(word)
    if configuration.trackGroups[name] == nil {
      report(.undefinedName, "there is no track_group '\(name)' above", at: word.range)
      return nil
    }
    return name
  }

  /// Has the members of track groups follow the interfaces of what names their group.
  mutating func finishTrackGroups() {
    var followed: [String: [String]] = [:]
    func follow(_ group: String?, _ interfaces: [String]) {
      for member in group.flatMap({ configuration.trackGroups[$0] }) ?? [] {
        for interface in interfaces where followed[member]?.contains(interface) != true {
          followed[member, default: []].append(interface)
        }
      }
    }
    for address in configuration.staticAddresses {
      follow(address.trackGroup, [address.interface ?? configuration.global.defaultInterface ?? "eth0"])
    }
    for route in configuration.staticRoutes { follow(route.trackGroup, route.interfaces) }
    for rule in configuration.staticRules {
      follow(rule.trackGroup, [rule.inputInterface, rule.outputInterface].compactMap { $0 })
    }
    guard !followed.isEmpty else { return }
    for index in configuration.virtualRouters.indices {
      configuration.virtualRouters[index].followedInterfaces =
        followed[configuration.virtualRouters[index].name] ?? []
    }
  }

  /// `interface_up_down_delays`: `IFNAME DOWN [UP]` a line.
  mutating func lowerInterfaceDelays(_ block: Int) {
    for index in tree.children(of: block) {
      let words = tree.statements[index].words
      let name = tree.words[words.lowerBound]
      guard interfaceName(name) else { continue }
      guard words.count > 1 else {
        report(.missingArgument, "'\(text(name))' needs a delay", at: name.range)
        continue
      }
      let range: ClosedRange<UInt64> = 0...255_000_000_000
      let down = decimal(tree.words[words.lowerBound + 1], scale: 9, places: 6, range, for: text(name))
      let up =
        words.count > 2 ? decimal(tree.words[words.lowerBound + 2], scale: 9, places: 6, range, for: text(name)) : 0
      guard let down, let up else { continue }
      configuration.interfaceDelays.append(
        InterfaceDelayDefinition(interface: text(name), downNanoseconds: down, upNanoseconds: up))
    }
  }

  /// `linkbeat_interfaces`: `IFNAME [MII|ETHTOOL|IOCTL]` a line.
  mutating func lowerPolledInterfaces(_ block: Int) {
    for index in tree.children(of: block) {
      let words = tree.statements[index].words
      let name = tree.words[words.lowerBound]
      guard interfaceName(name) else { continue }
      var interface = LinkPollingDefinition.Interface(text(name))
      if words.count > 1 {
        let word = tree.words[words.lowerBound + 1]
        switch text(word).uppercased() {
        case "MII": interface.method = .mii
        case "ETHTOOL": interface.method = .ethtool
        case "IOCTL": interface.method = .flags
        default:
          report(.unknownValue, "'\(text(word))' is no way to poll a link: MII, ETHTOOL or IOCTL", at: word.range)
        }
      }
      configuration.linkPolling.add(interface)
    }
  }
}
