public import HealthCheck
public import NetPrimitives

/// Names a real server within its virtual service.
public struct RealServerKey: Hashable, Sendable, BitwiseCopyable, Comparable {
  /// The server's address.
  public var address: IPAddress
  /// The server's port.
  public var port: UInt16

  /// The server at an address and port.
  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  public static func < (left: Self, right: Self) -> Bool {
    left.address == right.address ? left.port < right.port : left.address < right.address
  }
}

/// A real server at work: which checks have failed, and what its weight has become.
public struct RealServer: Hashable, Sendable {
  /// As configured.
  public internal(set) var definition: RealServerDefinition
  /// What each check says, in the order of the definition.
  public internal(set) var checks: [CheckState]
  /// What an operator has ordered.
  public internal(set) var override: Override?
  /// The growth of the weight after a recovery; `nil` when it is complete.
  public internal(set) var ramp: Ramp?
  /// Whether anybody has been told that the server is up or down.
  var isAnnounced = false

  /// What one check says.
  public struct CheckState: Hashable, Sendable, BitwiseCopyable {
    /// Whether it has failed.
    public var isFailed: Bool
    /// What it says about the weight.
    public var weight: WeightAdvice = .unchanged
  }

  /// An operator's order, stronger than configuration and checks. It survives a reload.
  public enum Override: Hashable, Sendable, BitwiseCopyable {
    /// No new connections; those that are go on, whatever else happens to the service.
    case drain
    /// This weight, 0…2 147 483 647.
    case weight(Int32)
  }

  /// `slow_start` under way.
  public struct Ramp: Hashable, Sendable, BitwiseCopyable {
    /// When the server recovered.
    public var startedAt: MonotonicInstant
    /// Tenths of the weight it has, 1…9.
    public var tenths: UInt8
  }

  init(_ definition: RealServerDefinition) {
    self.definition = definition
    // A file has a value from the start: FILE_CHECK knows no alpha.
    checks = definition.checks.map { CheckState(isFailed: CheckPolicy($0).startsFailed) }
  }

  /// The server's name in its service.
  public var key: RealServerKey { RealServerKey(address: definition.address, port: definition.port) }

  /// No check has failed. A server without checks is always alive.
  public var isAlive: Bool { checks.allSatisfy { !$0.isFailed } }

  /// The weight configuration, checks and operator agree on, 0…2 147 483 647, whether alive or not.
  public var weight: Int32 {
    switch override {
    case .drain: return 0
    case .weight(let weight): return max(weight, 0)
    case nil: break
    }
    var sum = Int64(definition.weight)
    for check in checks {
      switch check.weight {
      case .unchanged: break
      case .absolute(let weight): sum += Int64(weight) - Int64(definition.weight)
      // Rounded up: a server that wants little still wants something.
      case .percentage(let share):
        sum += (Int64(definition.weight) * Int64(share) + 99) / 100 - Int64(definition.weight)
      case .offset(let offset): sum += Int64(offset)
      }
    }
    return Int32(clamping: max(sum, 0))
  }

  /// The weight the kernel is told while the server is alive: less than ``weight`` during `slow_start`, never 0 for it.
  public var presentWeight: Int32 {
    guard let ramp, weight > 0 else { return weight }
    return max(1, Int32(clamping: Int64(weight) * Int64(ramp.tenths) / 10))
  }

  /// When the weight grows next; `nil` when it does not.
  var nextDeadline: MonotonicInstant? {
    ramp.map { $0.startedAt.advanced(byNanoseconds: definition.slowStartNanoseconds / 10 * UInt64($0.tenths)) }
  }

  mutating func startRamp(now: MonotonicInstant) {
    ramp = definition.slowStartNanoseconds >= 10 ? Ramp(startedAt: now, tenths: 1) : nil
  }

  /// Lets the weight grow to what is due at `now`.
  mutating func grow(now: MonotonicInstant) {
    while let due = nextDeadline, due <= now, let present = ramp {
      ramp = present.tenths < 9 ? Ramp(startedAt: present.startedAt, tenths: present.tenths + 1) : nil
    }
  }

  /// This server under a new definition: checks that are still there keep what they say, new ones start as configured.
  func successor(_ newDefinition: RealServerDefinition) -> RealServer {
    var next = RealServer(newDefinition)
    for index in newDefinition.checks.indices {
      let probe = newDefinition.checks[index].probe
      guard let old = definition.checks.firstIndex(where: { $0.probe == probe }) else { continue }
      next.checks[index] = checks[old]
    }
    next.override = override
    next.isAnnounced = isAnnounced
    next.ramp = newDefinition.slowStartNanoseconds == definition.slowStartNanoseconds ? ramp : nil
    return next
  }
}
