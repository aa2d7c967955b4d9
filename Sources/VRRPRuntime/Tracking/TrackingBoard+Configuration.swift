public import NetPrimitives
import VRRPCore

extension TrackingBoard {
  /// Makes `objects` what is tracked. What was tracked before under the same name keeps its state, as far as its
  /// definition lets it; what is new starts; what is gone is stopped.
  ///
  /// With `isReload` files are not given their first content, and a script that is new counts as up until its first
  /// result: a reload takes no router down. A BFD session that is new is down until it is reported up.
  public mutating func apply(_ objects: Objects, isReload: Bool, now: MonotonicInstant) {
    defer { findDeadline() }
    applyScripts(objects.scripts, isReload: isReload, now: now)
    applyFiles(objects.files, isReload: isReload)
    applyProcesses(objects.processes)
    applyDelays(objects.interfaceDelays)
    let names = Set(objects.sessions.map { $0.name })
    sessions = sessions.filter { names.contains($0.key) }
    // keepalived's sessions are down until they are reported up, at start and after a reload.
    for session in objects.sessions {
      let old = sessions[session.name]
      let verdict = old?.verdict ?? (strangersUp.remove(session.name) == nil ? .down : .up)
      sessions[session.name] = TrackedSession(definition: session, verdict: verdict)
      if old == nil { ask(.track(.bfd(session.name), .verdict(verdict))) }
    }
  }

  private mutating func applyScripts(_ definitions: [TrackScriptDefinition], isReload: Bool, now: MonotonicInstant) {
    let names = Set(definitions.map { $0.name })
    for name in scripts.keys.sorted() where !names.contains(name) {
      drive(script: name, .stop, now: now)
      scripts[name] = nil
    }
    for definition in definitions {
      let configuration = ScriptMonitor.Configuration(definition)
      if scripts[definition.name] != nil {
        scripts[definition.name]?.definition = definition
        scripts[definition.name]?.monitor.reconfigure(configuration, now: now)
      } else {
        scripts[definition.name] = TrackedScript(
          definition: definition, monitor: ScriptMonitor(configuration, isAssumedUp: isReload))
        if let verdict = scripts[definition.name]?.monitor.verdict, verdict != .undecided {
          ask(.track(.script(definition.name), .verdict(verdict)))
        }
        drive(script: definition.name, .start, now: now)
      }
    }
  }

  private mutating func applyFiles(_ definitions: [TrackFileDefinition], isReload: Bool) {
    let names = Set(definitions.map { $0.name })
    for name in files.keys.sorted() where !names.contains(name) {
      files[name] = nil
      ask(.unwatch(file: name))
    }
    for definition in definitions {
      let old = files[definition.name]
      files[definition.name] = TrackedFile(definition: definition, value: old?.value)
      guard old?.definition.path != definition.path else { continue }
      if old != nil { ask(.unwatch(file: definition.name)) }
      let text = isReload ? nil : definition.initialContent(exists: false)
      let content = text.map { Effect.Content(text: $0, overwrites: definition.overwrites) }
      ask(.watch(file: definition.name, path: definition.path, content: content))
    }
  }

  private mutating func applyProcesses(_ definitions: [TrackProcessDefinition]) {
    let names = Set(definitions.map { $0.name })
    processes = processes.filter { names.contains($0.key) }
    for definition in definitions {
      let pattern = ProcessPattern(definition)
      let configuration = ProcessMonitor.Configuration(definition)
      if let old = processes[definition.name], old.pattern == pattern {
        processes[definition.name]?.definition = definition
        processes[definition.name]?.monitor.configuration = configuration
      } else {
        processes[definition.name] = TrackedProcess(
          definition: definition, pattern: pattern, monitor: ProcessMonitor(configuration))
      }
    }
  }

  private mutating func applyDelays(_ definitions: [InterfaceDelayDefinition]) {
    let names = Set(definitions.map { $0.interface })
    delays = delays.filter { names.contains($0.key) }
    for definition in definitions { delays[definition.interface] = definition }
    for name in links.keys.sorted() {
      links[name]?.downDelayNanoseconds = delays[name]?.downNanoseconds ?? 0
      links[name]?.upDelayNanoseconds = delays[name]?.upNanoseconds ?? 0
    }
  }
}
