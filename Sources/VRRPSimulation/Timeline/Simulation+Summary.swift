/// What came of a simulation, for people and for programs.
extension Simulation {
  /// The longest times nobody or two had the addresses, what clients saw, and every violation with what led to it.
  public func summary() -> [String] {
    var lines: [String] = []
    for group in groups.indices {
      let owners = owners(of: group).map { nodes[$0].name }
      lines.append(
        "\(groups[group].name): \(owners.isEmpty ? "nobody" : owners.joined(separator: " and ")) at the end, "
          + "\(groups[group].switchCount) switches, longest without owner "
          + "\(DurationText.seconds(longestUnowned(of: group))) s, longest with two "
          + "\(DurationText.seconds(longestContested(of: group))) s")
    }
    for host in hosts {
      for service in host.services {
        lines.append(
          "\(host.name): longest time between two answers of \(service.address) "
            + "\(DurationText.seconds(service.longestOutage)) s")
      }
    }
    for violation in violations {
      lines.append("")
      lines.append("\(DurationText.seconds(violation.time)) \(text(of: violation)), because")
      lines += causes(of: violation).map { "  " + text(of: $0) }
    }
    if violations.isEmpty { lines.append("every property held") }
    return lines
  }

  /// What happened before `violation` and has to do with it: the last fault, and what it led to.
  public func causes(of violation: Violation) -> [TimelineEntry] {
    let before = timeline.filter { $0.time <= violation.time && !$0.isAdvert && $0.concerns(violation.group) }
    let start = before.lastIndex { $0.isRemark && $0.time < violation.time } ?? max(0, before.count - 6)
    return before[start...].suffix(12)
  }

  /// The timeline, the outcome and the violations as one JSON object; times in seconds. `notes` are what its reader
  /// should know beforehand.
  public func json(notes: [String] = []) -> String {
    var text = "{\n  \"notes\": [\(notes.map { Self.quoted($0) }.joined(separator: ", "))],"
    text += "\n  \"nodes\": [\(nodes.map { Self.quoted($0.name) }.joined(separator: ", "))],\n  \"groups\": ["
    text += groups.indices.map { group in
      "{\"name\": \(Self.quoted(groups[group].name)), \"vrid\": \(groups[group].virtualRouterID), "
        + "\"owners\": [\(owners(of: group).map { Self.quoted(nodes[$0].name) }.joined(separator: ", "))], "
        + "\"switches\": \(groups[group].switchCount), "
        + "\"longest_without_owner\": \(DurationText.seconds(longestUnowned(of: group))), "
        + "\"longest_with_two_owners\": \(DurationText.seconds(longestContested(of: group)))}"
    }.joined(separator: ", ")
    text += "],\n  \"clients\": ["
    text += hosts.flatMap { host in
      host.services.map { service in
        "{\"name\": \(Self.quoted(host.name)), \"address\": \(Self.quoted(service.address.description)), "
          + "\"longest_outage\": \(DurationText.seconds(service.longestOutage))}"
      }
    }.joined(separator: ", ")
    text += "],\n  \"violations\": ["
    text += violations.map { violation in
      "{\"property\": \(Self.quoted(violation.property.rawValue)), \"time\": \(DurationText.seconds(violation.time)), "
        + "\"node\": \(Self.quoted(nodes[violation.node].name)), "
        + "\"causes\": [\(causes(of: violation).map { json(of: $0) }.joined(separator: ", "))]}"
    }.joined(separator: ", ")
    text += "],\n  \"timeline\": [\n"
    text += timeline.map { "    " + json(of: $0) }.joined(separator: ",\n")
    return text + "\n  ]\n}"
  }

  private func json(of entry: TimelineEntry) -> String {
    "{\"time\": \(DurationText.seconds(entry.time)), \"text\": \(Self.quoted(self.text(of: entry.event)))}"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20: result += " "
      case _: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension TimelineEntry {
  /// Whether this is an advert, of which there are many.
  public var isAdvert: Bool { if case .advertised = event { true } else { false } }

  var isRemark: Bool { if case .remark = event { true } else { false } }

  /// Whether the entry has to do with a virtual router.
  func concerns(_ wanted: Int) -> Bool {
    switch event {
    case .transition(_, let group, _, _), .advertised(_, let group, _), .ownership(_, let group, _),
      .announced(_, let group, _), .contest(_, let group, _, _), .rejected(_, let group, _, _),
      .addressListMismatch(_, let group, _), .priority(_, let group, _, _), .eligibility(_, let group, _):
      group == wanted
    case .link, .service, .remark: true
    case .statement, .violation: false
    }
  }
}
