import NetPrimitives
import VRRPCore

extension Lowering {
  /// Reads a `vrrp_instance` block; `nil` without a name.
  mutating func draftInstance(_ block: Int) -> InstanceDraft? {
    guard let first = arguments(tree.statements[block]).first else { return nil }
    var draft = InstanceDraft(name: text(tree.words[first]), statement: block, defaults: defaults)
    for index in tree.children(of: block) {
      guard case (.instance(let setting), let value)? = value(of: index) else { continue }
      apply(setting, value, of: index, to: &draft)
    }
    return draft
  }

  private mutating func apply(
    _ setting: InstanceSetting, _ value: Value, of index: Int, to draft: inout InstanceDraft
  ) {
    let range = tree.statements[index].line
    switch (setting, value) {
    case (.state, .choice(let choice)):
      draft.state = Written(value: choice == 0 ? .active : .backup, range: range)
    case (.interface, .word(let word)):
      draft.interface = Written(value: text(word), range: word.range)
    case (.virtualRouterID, .integer(let number?)):
      draft.virtualRouterID = Written(value: UInt8(clamping: number), range: range)
    case (.priority, .integer(let number?)):
      draft.priority = Written(value: UInt8(clamping: number), range: range)
    case (.interval, .nanoseconds(let nanoseconds)):
      draft.intervalNanoseconds = Written(value: nanoseconds, range: range)
    case (.version, .choice(let choice)):
      draft.version = Written(value: choice == 0 ? .v2 : .v3, range: range)
    case (.preempt, _):
      draft.noPreempt = nil
    case (.noPreempt, _):
      draft.noPreempt = range
    case (.preemptDelay, .nanoseconds(let nanoseconds)):
      draft.preemptDelay = Written(value: nanoseconds, range: range)
    case (.authentication, _):
      lowerAuthentication(index, into: &draft)
    case (.addresses, _):
      draft.addresses += lowerAddresses(index)
    case (.excludedAddresses, _):
      draft.excludedAddresses += lowerAddresses(index)
    case (.noVirtualAddress, _):
      draft.mayHaveNoAddress = true
    case (.unicastSource, .address(let address)):
      draft.source = Written(value: address, range: range)
      draft.unicastSource = range
    case (.multicastSource, .address(let address)):
      draft.source = Written(value: address, range: range)
    case (.unicastPeers, _):
      lowerPeers(index, into: &draft)
    case (.trackedInterfaces, _):
      lowerTrackedInterfaces(index, into: &draft)
    case (.nativeIPv6, _):
      draft.isNativeIPv6 = true
    case (.announceDelay, .integer(let seconds?)):
      draft.announcement.secondBurstDelayNanoseconds = UInt64(seconds) * 1_000_000_000
    case (.announceRepeats, .integer(let count?)):
      draft.announcement.repeats = repeats(count, index)
    case (.announceRefresh, .integer(let seconds?)):
      draft.announcement.refreshNanoseconds = UInt64(seconds) * 1_000_000_000
    case (.announceRefreshRepeats, .integer(let count?)):
      draft.announcement.refreshRepeats = repeats(count, index)
    case (.messageOnlyChecksum, .boolean(let isOn)):
      draft.sendsMessageOnlyChecksum = isOn
    case (.downTimerAdvertisements, .integer(let count?)):
      draft.downTimerAdvertisements = UInt8(clamping: count)
    case (.state, _), (.interface, _), (.virtualRouterID, _), (.priority, _), (.interval, _), (.version, _),
      (.preemptDelay, _), (.unicastSource, _), (.multicastSource, _), (.announceDelay, _), (.announceRepeats, _),
      (.announceRefresh, _), (.announceRefreshRepeats, _), (.messageOnlyChecksum, _), (.downTimerAdvertisements, _):
      break
    }
  }

  private mutating func lowerAuthentication(_ block: Int, into draft: inout InstanceDraft) {
    for index in tree.children(of: block) {
      guard case (.authentication(let setting), let value)? = value(of: index) else { continue }
      let range = tree.statements[index].line
      switch (setting, value) {
      case (.type, .choice(let choice)):
        draft.authenticationType = Written(value: choice == 0 ? .pass : .header, range: range)
      case (.password, .word(let word)):
        let bytes = Array(bytes(word))
        if bytes.count > 8 {
          let kept = SourceRange(
            source: word.range.source, Int(word.range.lowerBound), Int(word.range.lowerBound) + 8)
          report(
            .longPassword, "only the first 8 bytes of 'auth_pass' are used: '\(sources.text(of: kept))'",
            at: word.range,
            fixIts: [Diagnostic.FixIt("shorten it", at: word.range, replacement: sources.text(of: kept))])
        }
        draft.password = Written(value: Array(bytes.prefix(8)), range: word.range)
      case (.type, _), (.password, _): break
      }
    }
  }

  private mutating func lowerPeers(_ block: Int, into draft: inout InstanceDraft) {
    for index in tree.children(of: block) {
      let statement = tree.statements[index]
      let word = tree.words[statement.words.lowerBound]
      guard let address = address(word, nil) else { continue }
      if draft.unicastPeers.contains(where: { $0.value == address }) {
        report(.duplicateAddress, "\(address) is already a peer", at: word.range)
        continue
      }
      draft.unicastPeers.append(Written(value: address, range: word.range))
    }
  }

  private mutating func lowerTrackedInterfaces(_ block: Int, into draft: inout InstanceDraft) {
    for index in tree.children(of: block) {
      let statement = tree.statements[index]
      let word = tree.words[statement.words.lowerBound]
      guard interfaceName(word) else { continue }
      var tracked = VirtualRouterDefinition.TrackedInterface(name: text(word))
      let words = arguments(statement)
      if let first = words.first {
        guard isWord(first, "weight") else {
          report(.unknownValue, "expected 'weight', not '\(text(tree.words[first]))'", at: tree.words[first].range)
          continue
        }
        guard words.count > 1 else {
          report(.missingArgument, "'weight' needs a value", at: tree.words[first].range)
          continue
        }
        guard
          case .weight(let weight, let isReversed)? = weight(words.dropFirst(), -254...254, for: "weight")
        else { continue }
        tracked.weight = Int16(min(max(weight, -253), 253))
        tracked.isReversed = isReversed
      }
      draft.trackedInterfaces.append(Written(value: tracked, range: word.range))
    }
  }
}
