import NetPrimitives
import VRRPCore

extension VRRPSnapshot.Router {
  /// What the engine keeps of a router.
  public init(_ record: RouterRecord, groupName: String?) {
    let machine = record.machine
    self.init(record.definition, primaryAddress: machine.configuration.primaryAddress)
    self.groupName = groupName
    role = machine.role
    effectivePriority = machine.priority
    totalPriority = record.ledger.total
    faultCount = record.ineligibility.rawValue.nonzeroBitCount
    lastTransitionAt = record.lastTransitionAt
    nextDeadline = machine.nextDeadline
    downIntervalNanoseconds = machine.activeDownNanoseconds
    ownsAddresses = machine.role == .active
    counters = record.counters
    sentCount = record.sentCount
    priorityZeroSentCount = record.priorityZeroSentCount
    becameActiveCount = record.becameActiveCount
    releasedActiveCount = record.releasedActiveCount
    conflictCount = record.addressConflictCount
    lastRival = record.lastRival
    switch machine.role {
    case .active: wantedRole = .active
    case .backup, .fault, .initialize: wantedRole = machine.configuration.ownsAddresses ? .active : .backup
    }
  }
}

extension VRRPSnapshot {
  /// Adds what is there whatever the elections say; `isSet` tells which addresses are on their interfaces.
  public mutating func add(_ definitions: StaticDefinitions, isSet: (VirtualAddress) -> Bool) {
    statics = definitions.addresses.map { StaticAddress($0, isSet: isSet($0)) }
    staticRoutes = definitions.routes
    staticRules = definitions.rules
  }

  /// Adds what `board` knows of scripts, files and processes, with who of `routers` tracks them. Those come first.
  public mutating func add(_ board: TrackingBoard) {
    scripts = board.scripts.keys.sorted().compactMap { name in
      board.scripts[name].map {
        Script($0.definition, monitor: $0.monitor, trackers: trackers(of: name) { $0.scripts })
      }
    }
    files = board.files.keys.sorted().compactMap { name in
      board.files[name].map { File($0.definition, value: $0.value ?? 0, trackers: trackers(of: name) { $0.files }) }
    }
    processes = board.processes.keys.sorted().compactMap { name in
      board.processes[name].map {
        Process($0.definition, monitor: $0.monitor, trackers: trackers(of: name) { $0.processes })
      }
    }
    sessions = board.sessions.keys.sorted().compactMap { name in
      board.sessions[name].map {
        Session($0.definition, isUp: $0.verdict == .up, trackers: trackers(of: name) { $0.bfdSessions })
      }
    }
    for index in routers.indices {
      routers[index].undecidedCount = routers[index].definition.tracking.scripts.count { object in
        object.weight == 0 && board.scripts[object.name]?.monitor.verdict == .undecided
      }
    }
  }

  private func trackers(of name: String, in objects: (TrackingDefinition) -> [TrackedObject]) -> [Tracker] {
    routers.flatMap { router in
      objects(router.definition.tracking).filter { $0.name == name }.map {
        Tracker(name: router.definition.name, weight: $0.weight, isReversed: $0.isReversed)
      }
    }
  }
}
