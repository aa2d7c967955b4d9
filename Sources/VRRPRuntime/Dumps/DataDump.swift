import NetPrimitives
import VRRPCore

extension VRRPSnapshot {
  /// The `.data` file, in the words and the order of keepalived's: exporters parse it.
  public var dataText: String {
    var dump = DumpLines()
    dump.heading("Global definitions")
    writeGlobals(&dump)
    writeStatics(&dump)
    dump.heading("VRRP Topology")
    for router in routers { router.write(&dump, in: self) }
    if !groups.isEmpty {
      dump.heading("VRRP Sync groups")
      for group in groups { group.write(&dump, in: self) }
    }
    if !scripts.isEmpty {
      dump.heading("VRRP Scripts")
      for script in scripts { script.write(&dump, in: self) }
    }
    if !files.isEmpty {
      dump.heading("VRRP Track files")
      for file in files { file.write(&dump) }
    }
    if !processes.isEmpty {
      dump.heading("VRRP Track processes")
      for process in processes { process.write(&dump) }
    }
    if !sessions.isEmpty {
      dump.heading("VRRP Track BFDs")
      for session in sessions { session.write(&dump) }
    }
    return dump.text
  }

  private func writeStatics(_ dump: inout DumpLines) {
    let usual = global.defaultInterface ?? "eth0"
    let lists = [
      ("Addresses", statics.map { $0.definition.dumpText(on: usual, isSet: $0.isSet) }),
      ("Routes", staticRoutes.map { $0.dumpText }), ("Rules", staticRules.map { $0.dumpText }),
    ]
    for (title, lines) in lists where !lines.isEmpty {
      dump.heading("Static \(title)")
      for text in lines { dump.line(5, text) }
    }
  }

  private func writeGlobals(_ dump: inout DumpLines) {
    dump.line(1, "Router ID", global.routerID ?? hostName)
    if let server = global.mail.server {
      dump.line(1, "Smtp server", server)
      dump.line(1, "Smtp server port", "\(global.mail.port)")
    }
    if let name = global.mail.heloName { dump.line(1, "Smtp HELO name", name) }
    if global.mail.server != nil {
      dump.line(1, "Smtp server connection timeout", "\(global.mail.timeoutSeconds)")
    }
    if let sender = global.mail.sender { dump.line(1, "Email notification from", sender) }
    if !global.mail.recipients.isEmpty {
      dump.line(1, "Email notification to:")
      for recipient in global.mail.recipients { dump.line(3, recipient) }
    }
    dump.line(1, "Dynamic interfaces", "\(global.allowsMissingInterfaces)")
    dump.line(1, "Default interface", global.defaultInterface ?? "eth0")
    if let fifo = global.fifo { dump.line(1, "Global notify fifo", fifo.path) }
    if let fifo = global.vrrpFIFO { dump.line(1, "VRRP notify fifo", fifo.path) }
    dump.line(1, "FIFO write vrrp states on reload", "\(global.repeatsStatesOnReload)")
    dump.line(1, "Gratuitous ARP interval", microseconds(global.announcementSpacingNanoseconds))
    dump.line(1, "Gratuitous NA interval", microseconds(global.neighborSpacingNanoseconds))
    dump.line(1, "Script security \(global.enforcesScriptSecurity ? "enabled" : "disabled")")
    dump.line(1, "Default script uid:gid \(identityText(global.scriptUser))")
  }

  /// `UID:GID` of who runs scripts that are to run as `user`.
  fileprivate func identityText(_ user: GlobalDefinition.ScriptUser?) -> String {
    let identity = (user ?? global.scriptUser).flatMap { identities[$0] } ?? Identity(user: 0, group: 0)
    return "\(identity.user):\(identity.group)"
  }

  func commandText(_ command: ScriptCommand) -> String {
    "\(ScriptCommandText(command).text), uid:gid \(identityText(command.runAs))"
  }
}

/// A file of lines whose depth is shown by spaces.
struct DumpLines {
  private(set) var text = ""

  mutating func heading(_ title: String) { text += "------< \(title) >------\n" }

  mutating func line(_ depth: Int, _ content: String) {
    text += String(repeating: " ", count: depth) + content + "\n"
  }

  mutating func line(_ depth: Int, _ key: String, _ value: String) { line(depth, "\(key) = \(value)") }

  /// A list under a title; nothing when it is empty.
  mutating func list(_ title: String, _ lines: [String]) {
    guard !lines.isEmpty else { return }
    line(3, title)
    for content in lines { line(5, content) }
  }
}

/// Seconds with six digits after the point.
func microseconds(_ nanoseconds: UInt64) -> String {
  "\(nanoseconds / 1_000_000_000).\(Int64(nanoseconds % 1_000_000_000 / 1000).padded(to: 6))"
}

/// ` reverse` after a weight, or nothing.
func reverseText(_ isReversed: Bool) -> String { isReversed ? " reverse" : "" }

extension VRRPSnapshot.Group {
  fileprivate func write(_ dump: inout DumpLines, in snapshot: VRRPSnapshot) {
    dump.line(1, "VRRP Sync Group = \(definition.name), \(role.keepalivedName)")
    dump.line(3, "Num member fault \(faultCount), num member init \(undecidedCount)")
    dump.list("VRRP member instances :", definition.members)
    if definition.usesTrackingWeights { dump.line(3, "sync group tracking weight set") }
    dump.tracked(definition.trackedInterfaces, definition.tracking)
    dump.line(3, "Using smtp notification", definition.notify.sendsMail ? "yes" : "no")
    dump.scripts(definition.notify, in: snapshot)
  }
}

extension VRRPSnapshot.Script {
  fileprivate func write(_ dump: inout DumpLines, in snapshot: VRRPSnapshot) {
    dump.line(1, "VRRP Script", definition.name)
    dump.line(3, "Command", ScriptCommandText(definition.command).text)
    dump.line(3, "Interval", "\(decimalSeconds(definition.intervalNanoseconds)) sec")
    dump.line(3, "Timeout", "\(decimalSeconds(definition.timeoutNanoseconds)) sec")
    dump.line(3, "Weight", "\(definition.weight)\(reverseText(definition.isReversed))")
    dump.line(3, "Rise", "\(definition.rise)")
    dump.line(3, "Fall", "\(definition.fall)")
    dump.line(3, "Result", "\(monitor.keepalivedResult)")
    dump.line(3, "Insecure", "no")
    dump.line(3, "Init state", monitor.lastOutcome == nil ? "INIT" : "unknown")
    dump.line(3, "Status", monitor.verdict == .up ? "GOOD" : "BAD")
    dump.line(3, "Script uid:gid", snapshot.identityText(definition.command.runAs))
    dump.line(3, "VRRP instances :")
    dump.trackers(trackers, separator: ",")
    dump.line(3, "State", monitor.keepalivedPhase)
  }
}

extension ScriptMonitor {
  /// keepalived's one number for verdict and streak: from `rise` on the script is good.
  fileprivate var keepalivedResult: UInt32 {
    switch verdict {
    case .undecided: configuration.rise - 1
    case .up: configuration.rise + configuration.fall - 1 - streak
    case .down: streak
    }
  }

  fileprivate var keepalivedPhase: String {
    switch phase {
    case .stopped, .idle: "idle"
    case .running: "running"
    case .terminating: "requested termination"
    case .killing: "forcing termination"
    }
  }
}

extension VRRPSnapshot.File {
  fileprivate func write(_ dump: inout DumpLines) {
    dump.line(1, "Track file", definition.name)
    dump.line(3, "File", definition.path)
    dump.line(3, "Status", "\(value)")
    dump.line(3, "Weight", "\(definition.weight)\(reverseText(definition.isReversed))")
    dump.trackers(trackers, separator: ",")
  }
}

extension VRRPSnapshot.Process {
  fileprivate func write(_ dump: inout DumpLines) {
    dump.line(1, "VRRP Track process", definition.name)
    dump.line(3, "Process", definition.command.first ?? "")
    let parameters = definition.command.dropFirst()
    if !parameters.isEmpty { dump.line(3, "Parameters", parameters.joined(separator: " ")) }
    switch definition.parameterMatch {
    case .none: break
    case .exact, .initial, .partial: dump.line(3, "Param match", definition.parameterMatch.dumpText)
    }
    dump.line(3, "Min processes", "\(definition.quorum)")
    if let maximum = definition.maximum { dump.line(3, "Max processes", "\(maximum)") }
    dump.line(3, "Current processes", "\(monitor.processes.count)")
    dump.line(3, "Have quorum", "\(monitor.verdict == .up)")
    dump.line(3, "Weight", "\(definition.weight)\(reverseText(definition.isReversed))")
    dump.line(3, "Terminate delay", "\(microseconds(definition.terminateDelayNanoseconds))s")
    dump.line(3, "Fork delay", "\(microseconds(definition.forkDelayNanoseconds))s")
    dump.line(3, "Fork delay timer \(monitor.wait == .forkDelay ? "" : "not ")running")
    dump.line(3, "Terminate delay timer \(monitor.wait == .terminateDelay ? "" : "not ")running")
    dump.line(3, "Full command", "\(definition.comparesFullCommand)")
    dump.trackers(trackers, separator: ",")
  }
}

extension VRRPSnapshot.Session {
  fileprivate func write(_ dump: inout DumpLines) {
    dump.line(1, "VRRP Track BFD", definition.name)
    dump.line(3, "Weight", "\(definition.weight)\(reverseText(definition.isReversed))")
    dump.line(3, "Bfd is \(isUp ? "up" : "down")")
    // keepalived has the title twice, the second time with those who track it.
    dump.line(3, "Tracking VRRP instances :")
    dump.trackers(trackers, separator: ",")
  }
}

extension TrackProcessDefinition.ParameterMatch {
  var dumpText: String {
    switch self {
    case .none: "none"
    case .exact: "exact"
    case .initial: "initial"
    case .partial: "partial"
    }
  }
}

extension DumpLines {
  fileprivate mutating func trackers(_ trackers: [VRRPSnapshot.Tracker], separator: String) {
    list(
      "Tracking instances :",
      trackers.map { "\($0.name)\(separator) weight \($0.weight)\(reverseText($0.isReversed))" })
  }
}
