import VRRPCore

extension Lowering {
  /// `MTU`, `ADVERT` or a number of bytes; the number wins over both, MTU over ADVERT.
  mutating func setReceiveBufferPolicy(_ index: Int) {
    var policy = defaults.policy.receiveBufferPolicy
    for word in lineArguments(index) {
      switch (text(word).uppercased(), policy) {
      case ("MTU", nil), ("MTU", .advert), ("MTU", .mtu): policy = .mtu(defaults.receiveBufferMultiplier)
      case ("ADVERT", nil), ("ADVERT", .advert): policy = .advert(defaults.receiveBufferMultiplier)
      case ("MTU", .bytes), ("ADVERT", .bytes), ("ADVERT", .mtu): break
      case (_, _):
        if let bytes = integer(word, 1...Int64(UInt32.max), for: "vrrp_rx_bufs_policy") {
          policy = .bytes(UInt32(clamping: bytes))
        }
      }
    }
    defaults.policy.receiveBufferPolicy = policy
  }

  private func lineArguments(_ index: Int) -> [Word] { arguments(tree.statements[index]).map { tree.words[$0] } }

  /// `garp_group { … }`. One without a space of its own changes nothing.
  mutating func lowerAnnouncementGroup(_ block: Int) {
    var group = AnnouncementGroupDefinition()
    for index in tree.children(of: block) {
      guard case (.announcementGroup(let setting), let value)? = value(of: index) else { continue }
      switch setting {
      case .announcementSpacing: group.announcementSpacingNanoseconds = value.nanoseconds
      case .neighborSpacing: group.neighborSpacingNanoseconds = value.nanoseconds
      case .interface: add(lineArguments(index), to: &group)
      case .interfaces: add(lineWords(index), to: &group)
      }
    }
    guard group.announcementSpacingNanoseconds != nil || group.neighborSpacingNanoseconds != nil else {
      report(
        .missingSetting, "'garp_group' has neither a 'garp_interval' nor a 'gna_interval'; it is ignored",
        at: tree.statements[block].line)
      return
    }
    configuration.global.announcementGroups.append(group)
  }

  private mutating func add(_ words: [Word], to group: inout AnnouncementGroupDefinition) {
    for word in words where interfaceName(word) {
      let name = text(word)
      let known = configuration.global.announcementGroups.flatMap { $0.interfaces } + group.interfaces
      guard !known.contains(name) else {
        report(.duplicateSetting, "'\(name)' is in a garp_group already; it stays there", at: word.range)
        continue
      }
      group.interfaces.append(name)
    }
  }
}
