import NetPrimitives
import VRRPCore

/// The timeline as a picture: a lane for each node, with its roles, its adverts and who has the addresses.
extension Simulation {
  private struct Layout {
    var left = 110.0
    var width = 1000.0
    var laneHeight = 46.0
    var top = 46.0
    var duration: UInt64

    func x(_ time: UInt64) -> Double { left + width * Double(time) / Double(max(duration, 1)) }
  }

  /// A Scalable Vector Graphic, legible on light and dark ground. Adverts are drawn when the timeline has them.
  public func svg() -> String {
    let layout = Layout(duration: now)
    let lanes = groups.indices.flatMap { group in nodes.indices.map { (group: group, node: $0) } }
      .filter { lane in timeline.contains { $0.isTransition(of: lane.node, in: lane.group) } }
    let clientLanes = hosts.indices.filter { hosts[$0].questionInterval > 0 }
    let height = layout.top + layout.laneHeight * Double(lanes.count + clientLanes.count) + 70
    var svg = Self.head(width: layout.left + layout.width + 20, height: height)
    svg += axis(layout, bottom: height - 60)
    for (row, lane) in lanes.enumerated() {
      let y = layout.top + layout.laneHeight * Double(row)
      svg += self.lane(of: lane.node, in: lane.group, at: y, layout)
    }
    for (row, host) in clientLanes.enumerated() {
      svg += clientLane(of: host, at: layout.top + layout.laneHeight * Double(lanes.count + row), layout)
    }
    svg += marks(layout, bottom: height - 60)
    return svg + Self.legend(y: height - 22) + "</svg>\n"
  }

  private static func head(width: Double, height: Double) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(fixed(width)) \(fixed(height))" font-family="sans-serif" font-size="12">
    <style>
      svg { --ink: #1c2430; --faint: #b9c1cc; --ground: #ffffff; --active: #1f77b4; --backup: #c7d5e3; --fault: #d9822b;
        --leaving: #7a5aa8; --bad: #c62828; --good: #2e8540; }
      @media (prefers-color-scheme: dark) {
        svg { --ink: #e6eaf0; --faint: #4a5361; --ground: #12161c; --active: #58a6e8; --backup: #33475c; --fault: #e9a25a;
          --leaving: #b79ae0; --bad: #ff6b61; --good: #58c27d; }
      }
      .ground { fill: var(--ground) } text { fill: var(--ink) } .grid { stroke: var(--faint); stroke-width: .5 }
      .active { fill: var(--active) } .backup { fill: var(--backup) } .fault { fill: var(--fault) }
      .owner { fill: var(--good) } .unanswered { fill: var(--bad) } .advert { stroke: var(--ink); stroke-width: 1 }
      .event { stroke: var(--leaving); stroke-width: 1; stroke-dasharray: 4 3 } .bad { stroke: var(--bad); stroke-width: 2 }
      .small { font-size: 10px }
    </style>
    <rect class="ground" width="100%" height="100%"/>

    """
  }

  private func axis(_ layout: Layout, bottom: Double) -> String {
    let steps: [UInt64] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000]
    let seconds = layout.duration / 1_000_000_000
    let step = steps.first { seconds / $0 <= 20 } ?? 20_000
    var svg = ""
    var second: UInt64 = 0
    while second <= seconds {
      let x = Self.fixed(layout.x(second * 1_000_000_000))
      svg +=
        "<line class=\"grid\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Self.fixed(layout.top - 8))\" y2=\"\(Self.fixed(bottom))\"/>"
      svg +=
        "<text class=\"small\" x=\"\(x)\" y=\"\(Self.fixed(bottom + 14))\" text-anchor=\"middle\">\(second) s</text>\n"
      second += step
    }
    return svg
  }

  private func lane(of node: Int, in group: Int, at y: Double, _ layout: Layout) -> String {
    var svg = Self.label("\(nodes[node].name) \(groups[group].name)", y: y + 18)
    var role: (name: String, since: UInt64)?
    var ownedSince: UInt64?
    func rect(_ css: String, _ from: UInt64, _ to: UInt64, _ top: Double, _ height: Double) -> String {
      let x = layout.x(from)
      return "<rect class=\"\(css)\" x=\"\(Self.fixed(x))\" y=\"\(Self.fixed(top))\" "
        + "width=\"\(Self.fixed(max(layout.x(to) - x, 0.5)))\" height=\"\(Self.fixed(height))\"/>\n"
    }
    for entry in timeline {
      switch entry.event {
      case .transition(node, group, let transition, _):
        if let role { svg += rect(role.name, role.since, entry.time, y + 6, 18) }
        role = transition.to == .initialize ? nil : ("\(transition.to)", entry.time)
      case .ownership(node, group, let isOwner):
        if let since = ownedSince, !isOwner { svg += rect("owner", since, entry.time, y + 26, 5) }
        ownedSince = isOwner ? entry.time : nil
      case .advertised(node, group, let priority):
        let x = Self.fixed(layout.x(entry.time))
        let css = priority == 0 ? "bad" : "advert"
        svg +=
          "<line class=\"\(css)\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Self.fixed(y + 2))\" y2=\"\(Self.fixed(y + 10))\"/>"
      case .transition, .ownership, .advertised, .announced, .contest, .rejected, .addressListMismatch, .priority,
        .eligibility, .link, .service, .remark, .violation:
        break
      }
    }
    if let role, nodes[node].isRunning { svg += rect(role.name, role.since, now, y + 6, 18) }
    if let ownedSince { svg += rect("owner", ownedSince, now, y + 26, 5) }
    return svg
  }

  private func clientLane(of host: Int, at y: Double, _ layout: Layout) -> String {
    var svg = Self.label(hosts[host].name, y: y + 18)
    let answers = timeline.compactMap { entry -> (time: UInt64, node: Int?)? in
      guard case .service(host, _, let node) = entry.event else { return nil }
      return (entry.time, node)
    }
    for (index, answer) in answers.enumerated() {
      let end = index + 1 < answers.count ? answers[index + 1].time : now
      let x = layout.x(answer.time)
      svg +=
        "<rect class=\"\(answer.node == nil ? "unanswered" : "owner")\" x=\"\(Self.fixed(x))\" "
        + "y=\"\(Self.fixed(y + 8))\" width=\"\(Self.fixed(max(layout.x(end) - x, 0.5)))\" height=\"12\"/>"
      if let node = answer.node {
        svg +=
          "<text class=\"small\" x=\"\(Self.fixed(x + 3))\" y=\"\(Self.fixed(y + 32))\">\(Self.escaped(nodes[node].name))</text>\n"
      }
    }
    return svg
  }

  private func marks(_ layout: Layout, bottom: Double) -> String {
    var svg = ""
    var lastX = -1000.0
    var row = 0
    for entry in timeline {
      let isBad: Bool
      let words: String
      switch entry.event {
      case .remark(let text):
        isBad = false
        words = text
      case .violation(let violation):
        isBad = true
        words = violation.property.rawValue
      case .transition, .ownership, .advertised, .announced, .contest, .rejected, .addressListMismatch, .priority,
        .eligibility, .link, .service:
        continue
      }
      let x = layout.x(entry.time)
      row = x - lastX < 120 ? (row + 1) % 3 : 0
      lastX = x
      svg +=
        "<line class=\"\(isBad ? "bad" : "event")\" x1=\"\(Self.fixed(x))\" x2=\"\(Self.fixed(x))\" "
        + "y1=\"\(Self.fixed(12 * Double(row) + 12))\" y2=\"\(Self.fixed(bottom))\"/>"
      svg +=
        "<text class=\"small\" x=\"\(Self.fixed(x + 3))\" y=\"\(Self.fixed(12 * Double(row) + 12))\">\(Self.escaped(words))</text>\n"
    }
    return svg
  }

  private static func legend(y: Double) -> String {
    var svg = ""
    var x = 110.0
    for (css, words) in [
      ("active", "active"), ("backup", "backup"), ("fault", "fault"), ("owner", "has the addresses, answers"),
      ("unanswered", "no answer"),
    ] {
      svg += "<rect class=\"\(css)\" x=\"\(fixed(x))\" y=\"\(fixed(y - 10))\" width=\"14\" height=\"10\"/>"
      svg += "<text class=\"small\" x=\"\(fixed(x + 18))\" y=\"\(fixed(y - 1))\">\(words)</text>\n"
      x += 40 + 7 * Double(words.utf8.count)
    }
    return svg
  }

  private static func label(_ text: String, y: Double) -> String {
    "<text x=\"100\" y=\"\(fixed(y))\" text-anchor=\"end\">\(escaped(text))</text>\n"
  }

  /// One decimal, the same on every machine.
  private static func fixed(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case _: result.append(character)
      }
    }
    return result
  }
}

extension TimelineEntry {
  func isTransition(of node: Int, in group: Int) -> Bool {
    if case .transition(node, group, _, _) = event { true } else { false }
  }
}
