import NetPrimitives
import VRRPCore

/// The timeline as a picture: for each virtual router who owns the addresses and a lane for each node, then what
/// clients saw; numbered marks stand for what happened and are told below.
extension Simulation {
  /// A Scalable Vector Graphic, legible on light and dark ground. Adverts are drawn when the timeline has them.
  public func svg() -> String {
    var drawing = TimelineDrawing(self)
    return drawing.document()
  }
}

struct TimelineDrawing {
  private static let left = 150.0
  private static let right = 1150.0
  private static let laneHeight = 38.0
  /// More lines than these below the picture help nobody.
  private static let noteLimit = 60

  private let simulation: Simulation
  private var picture = Picture(width: 1180)
  private var y = 0.0

  init(_ simulation: Simulation) { self.simulation = simulation }

  private func x(_ time: UInt64) -> Double {
    Self.left + (Self.right - Self.left) * Double(time) / Double(max(simulation.now, 1))
  }

  mutating func document() -> String {
    let marks = self.marks
    let lanes = lanes
    let clients = simulation.hosts.indices.filter { simulation.hosts[$0].questionInterval > 0 }
    let top = 58.0
    let groupCount = Double(Set(lanes.map(\.group)).count)
    let bottom = top + groupCount * (24 + 30 + 8) + Self.laneHeight * Double(lanes.count) + 30 * Double(clients.count)
    axis(top: top - 10, bottom: bottom)
    for mark in marks {
      picture.line(mark.isFinding ? "finding" : "event", x: x(mark.time), y: top - 30, to: bottom)
    }
    y = top
    for group in simulation.groups.indices where lanes.contains(where: { $0.group == group }) {
      header(of: group)
      ownerLane(of: group)
      for lane in lanes where lane.group == group { self.lane(of: lane.node, in: group) }
      y += 8
    }
    for host in clients { clientLane(of: host) }
    badges(marks, y: top - 38)
    y = bottom + 44
    legend()
    notes(marks)
    picture.grow(to: y + 12)
    return picture.document(title: "An election among \(simulation.nodes.map(\.name).joined(separator: ", "))")
  }

  /// A lane for each node that ever took part in a virtual router.
  private var lanes: [(group: Int, node: Int)] {
    simulation.groups.indices.flatMap { group in simulation.nodes.indices.map { (group: group, node: $0) } }
      .filter { lane in simulation.timeline.contains { $0.isTransition(of: lane.node, in: lane.group) } }
  }

  // MARK: Time

  private mutating func axis(top: Double, bottom: Double) {
    let steps: [UInt64] = [
      10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
      3_600_000,
    ]
    let duration = simulation.now / 1_000_000
    let step = steps.first { duration / $0 <= 14 } ?? max(duration / 14, 1)
    var time: UInt64 = 0
    while time <= duration {
      let x = x(time * 1_000_000)
      picture.line("grid", x: x, y: top, to: bottom)
      picture.words("time", Self.label(ofMilliseconds: time, step: step), x: x, y: bottom + 15, anchor: "middle")
      time += step
    }
  }

  private static func label(ofMilliseconds time: UInt64, step: UInt64) -> String {
    if step >= 60_000 { return "\(time / 60_000) min" }
    if step >= 1000 { return "\(time / 1000) s" }
    return DurationText.seconds(time * 1_000_000) + " s"
  }

  // MARK: Lanes

  private mutating func header(of group: Int) {
    let router = simulation.groups[group]
    picture.rule("divide", y: y, from: 12, to: Self.right)
    picture.words("head", router.name, x: 12, y: y + 17)
    let addresses = router.addresses.prefix(4).map(\.description).joined(separator: ", ")
    let more = router.addresses.count > 4 ? " and \(router.addresses.count - 4) more" : ""
    picture.words("note", "VRID \(router.virtualRouterID): \(addresses)\(more)", x: Self.left, y: y + 17)
    y += 24
  }

  /// Who has the addresses, from change to change.
  private mutating func ownerLane(of group: Int) {
    picture.words("note", "owner", x: Self.left - 10, y: y + 17, anchor: "end")
    var owners: [Int] = []
    var since: UInt64?
    for entry in simulation.timeline {
      guard case .ownership(let node, group, let isOwner) = entry.event else { continue }
      drawOwners(owners, since, until: entry.time)
      owners.removeAll { $0 == node }
      if isOwner { owners.append(node) }
      since = entry.time
    }
    drawOwners(owners, since, until: simulation.now)
    y += 30
  }

  private mutating func drawOwners(_ owners: [Int], _ since: UInt64?, until end: UInt64) {
    guard let since, end > since else { return }
    let css = owners.isEmpty ? "nobody" : owners.count == 1 ? "owner" : "two"
    let names = owners.map { simulation.nodes[$0].name }.joined(separator: " and ")
    let text = owners.isEmpty ? "nobody" : names
    picture.rectangle(css, from: x(since), to: x(end), y: y + 4, height: 18, title: Self.title(text, since, end))
    if x(end) - x(since) > Picture.width(of: text) + 8 {
      picture.words("inactive", text, x: x(since) + 5, y: y + 17)
    }
  }

  private mutating func lane(of node: Int, in group: Int) {
    picture.words("name", simulation.nodes[node].name, x: Self.left - 10, y: y + 16, anchor: "end")
    var role: (name: String, priority: UInt8, since: UInt64)?
    var ownedSince: UInt64?
    var adverts: [Double] = []
    var farewells: [Double] = []
    var deaths = simulation.nodes[node].deaths[...]
    for entry in simulation.timeline {
      if let death = deaths.first, death <= entry.time {
        drawRole(role, until: death)
        role = nil
        deaths.removeFirst()
      }
      switch entry.event {
      case .transition(node, group, let transition, let priority):
        drawRole(role, until: entry.time)
        role = transition.to == .initialize ? nil : ("\(transition.to)", priority, entry.time)
      case .priority(node, group, _, let priority):
        drawRole(role, until: entry.time)
        role = role.map { ($0.name, priority, entry.time) }
      case .ownership(node, group, let isOwner):
        if let since = ownedSince, !isOwner { drawOwnership(since, until: entry.time) }
        ownedSince = isOwner ? entry.time : nil
      case .advertised(node, group, let priority):
        let place = x(entry.time)
        if priority == 0 {
          farewells.append(place)
        } else if place - (adverts.last ?? 0) >= 1.5 {
          adverts.append(place)
        }
      case .transition, .ownership, .advertised, .announced, .contest, .rejected, .addressListMismatch, .priority,
        .eligibility, .link, .service, .remark, .statement, .violation:
        break
      }
    }
    if simulation.nodes[node].isRunning { drawRole(role, until: simulation.now) }
    if let ownedSince { drawOwnership(ownedSince, until: simulation.now) }
    picture.ticks("advert", at: adverts, y: y + 28, height: 5)
    picture.ticks("farewell", at: farewells, y: y + 26, height: 9)
    y += Self.laneHeight
  }

  private mutating func drawRole(_ role: (name: String, priority: UInt8, since: UInt64)?, until end: UInt64) {
    guard let role, end > role.since else { return }
    picture.rectangle(
      role.name, from: x(role.since), to: x(end), y: y + 3, height: 17,
      title: Self.title("\(role.name), priority \(role.priority)", role.since, end))
    let width = x(end) - x(role.since)
    let css = role.name == "backup" ? "inbackup" : "inactive"
    let long = "\(role.name) \(role.priority)"
    if width > Picture.width(of: long) + 8 {
      picture.words(css, long, x: x(role.since) + 5, y: y + 15.5)
    } else if width > Picture.width(of: "\(role.priority)") + 6 {
      picture.words(css, "\(role.priority)", x: x(role.since) + 3, y: y + 15.5)
    }
  }

  private mutating func drawOwnership(_ since: UInt64, until end: UInt64) {
    picture.rectangle(
      "addresses", from: x(since), to: x(end), y: y + 22, height: 3.5,
      title: Self.title("has the addresses", since, end))
  }

  private mutating func clientLane(of host: Int) {
    picture.words("name", simulation.hosts[host].name, x: Self.left - 10, y: y + 16, anchor: "end")
    let answers = simulation.timeline.compactMap { entry -> (time: UInt64, node: Int?)? in
      guard case .service(host, _, let node) = entry.event else { return nil }
      return (entry.time, node)
    }
    for (index, answer) in answers.enumerated() {
      let end = index + 1 < answers.count ? answers[index + 1].time : simulation.now
      guard end > answer.time else { continue }
      let text = answer.node.map { "answered by " + simulation.nodes[$0].name } ?? "no answer"
      picture.rectangle(
        answer.node == nil ? "nobody" : "owner", from: x(answer.time), to: x(end), y: y + 4, height: 16,
        title: Self.title(text, answer.time, end))
      if x(end) - x(answer.time) > Picture.width(of: text) + 8 {
        picture.words("inactive", text, x: x(answer.time) + 5, y: y + 16)
      }
    }
    y += 30
  }

  private static func title(_ text: String, _ start: UInt64, _ end: UInt64) -> String {
    "\(text), \(DurationText.seconds(start)) to \(DurationText.seconds(end)) s"
  }

  // MARK: Marks

  private struct Mark {
    var time: UInt64
    var isFinding: Bool
    var number: Int
    var text: String
  }

  private var marks: [Mark] {
    var marks: [Mark] = []
    for entry in simulation.timeline {
      guard marks.count < Self.noteLimit else { break }
      switch entry.event {
      case .remark(let text):
        marks.append(Mark(time: entry.time, isFinding: false, number: marks.count + 1, text: text))
      case .violation(let violation):
        let text = simulation.text(of: violation)
        marks.append(Mark(time: entry.time, isFinding: true, number: marks.count + 1, text: text))
      case .transition, .ownership, .advertised, .announced, .contest, .rejected, .addressListMismatch, .priority,
        .eligibility, .link, .service, .statement:
        continue
      }
    }
    return marks
  }

  /// Numbers above the lines; those that would cover each other stand side by side.
  private mutating func badges(_ marks: [Mark], y: Double) {
    var last = 0.0
    for mark in marks {
      let place = max(x(mark.time), last + 17)
      picture.badge(
        mark.isFinding ? "findingmark" : "eventmark", "\(mark.number)", x: place, y: y, isPointed: mark.isFinding)
      last = place
    }
  }

  private mutating func notes(_ marks: [Mark]) {
    guard !marks.isEmpty else { return }
    y += 22
    for mark in marks {
      picture.words("time", "\(mark.number)", x: 44, y: y, anchor: "end")
      picture.words("time", DurationText.seconds(mark.time) + " s", x: 112, y: y, anchor: "end")
      picture.words(mark.isFinding ? "badwords" : "note", mark.text, x: 126, y: y)
      y += 17
    }
    if simulation.timeline.count(where: \.isMarked) > marks.count {
      picture.words("note", "and more, which the transcript tells", x: 126, y: y)
      y += 17
    }
  }

  private mutating func legend() {
    var x = Self.left
    for (css, words) in [
      ("active", "active, with priority"), ("backup", "backup"), ("fault", "fault"), ("addresses", "has the addresses"),
      ("two", "two owners"), ("nobody", "no owner, no answer"),
    ] {
      picture.rectangle(css, from: x, to: x + 16, y: y - 10, height: 11)
      picture.words("note", words, x: x + 21, y: y)
      x += 44 + Picture.width(of: words)
    }
    for (css, words) in [("advert", "advert"), ("farewell", "good-bye")] {
      picture.ticks(css, at: [x + 4], y: y - 9, height: 9)
      picture.words("note", words, x: x + 12, y: y)
      x += 34 + Picture.width(of: words)
    }
  }
}

extension TimelineEntry {
  func isTransition(of node: Int, in group: Int) -> Bool {
    if case .transition(node, group, _, _) = event { true } else { false }
  }

  /// Whether a picture marks it with a number.
  var isMarked: Bool {
    switch event {
    case .remark, .violation: true
    case .transition, .ownership, .advertised, .announced, .contest, .rejected, .addressListMismatch, .priority,
      .eligibility, .link, .service, .statement:
      false
    }
  }
}
