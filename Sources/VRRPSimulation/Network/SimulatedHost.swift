public import NetPrimitives
import VRRPCore

/// A neighbour on a segment: it keeps an ARP (or neighbour) cache and may ask the virtual addresses.
public struct SimulatedHost: Sendable, Hashable {
  /// What the host believes about one address.
  public struct CacheEntry: Hashable, Sendable, BitwiseCopyable {
    public var address: IPAddress
    public var hardwareAddress: MACAddress
    /// True time in nanoseconds of the last sign that the entry is right.
    public var confirmedAt: UInt64
  }

  /// What asking one address came to.
  public struct Service: Hashable, Sendable {
    public var address: IPAddress
    /// The node that answered last; `nil` while none does.
    public var answeredBy: Int?
    public var answerCount = 0
    public var failureCount = 0
    /// True time in nanoseconds of the last answer.
    public var lastAnswerAt: UInt64?
    /// The longest time between two answers, in nanoseconds.
    public var longestOutage: UInt64 = 0
  }

  /// When what was heard of an address was said.
  struct Word: Hashable, Sendable, BitwiseCopyable {
    var address: IPAddress
    var sentAt: UInt64
  }

  public let name: String
  let segment: Int
  let port: Int
  /// How often it asks each address, in nanoseconds; 0 for never.
  public internal(set) var questionInterval: UInt64 = 0
  public internal(set) var cache: [CacheEntry] = []
  public internal(set) var services: [Service] = []
  /// Addresses whose last announcement this host could not hear: its cache may be wrong through no router's fault.
  var unheard: [IPAddress] = []
  /// For each address, when the latest announcement that was heard, or missed, was sent, in true nanoseconds.
  var words: [Word] = []

  /// How long a neighbour that does not answer is believed in: five seconds of hope and three probes, as Linux does.
  static let patience: UInt64 = 8_000_000_000
  /// How long an entry is believed in that nobody confirms, in nanoseconds.
  static let cacheLifetime: UInt64 = 60_000_000_000

  init(name: String, segment: Int, port: Int) {
    self.name = name
    self.segment = segment
    self.port = port
  }

  /// What the cache says of `address`.
  public func entry(of address: IPAddress) -> CacheEntry? { cache.first { $0.address == address } }

  /// An announcement updates what is known and adds nothing: RFC 826's merge rule, as Linux does by default.
  ///
  /// One that was overtaken by a later one is the last word all the same, through no router's fault.
  mutating func hear(_ claim: AddressClaim, sentAt: UInt64, at now: UInt64) {
    unheard.removeAll { $0 == claim.address }
    if !isLatest(claim.address, sentAt: sentAt) { unheard.append(claim.address) }
    for index in cache.indices where cache[index].address == claim.address {
      cache[index].hardwareAddress = claim.hardwareAddress
      cache[index].confirmedAt = now
    }
  }

  /// An announcement sent at `sentAt` does not arrive.
  mutating func miss(_ address: IPAddress, sentAt: UInt64) {
    _ = isLatest(address, sentAt: sentAt)
    missed(address)
  }

  /// Whether nothing that was said of `address` later was due before.
  private mutating func isLatest(_ address: IPAddress, sentAt: UInt64) -> Bool {
    if let last = words.first(where: { $0.address == address }), last.sentAt > sentAt { return false }
    words.removeAll { $0.address == address }
    words.append(Word(address: address, sentAt: sentAt))
    return true
  }

  mutating func learn(_ address: IPAddress, at hardwareAddress: MACAddress, now: UInt64) {
    forget(address)
    unheard.removeAll { $0 == address }
    cache.append(CacheEntry(address: address, hardwareAddress: hardwareAddress, confirmedAt: now))
  }

  mutating func confirm(_ address: IPAddress, at now: UInt64) {
    for index in cache.indices where cache[index].address == address { cache[index].confirmedAt = now }
  }

  mutating func forget(_ address: IPAddress) { cache.removeAll { $0.address == address } }

  mutating func missed(_ address: IPAddress) {
    if !unheard.contains(address) { unheard.append(address) }
  }

  /// Enters the outcome of one question; true when who answers has changed.
  mutating func note(answer node: Int?, from address: IPAddress, at now: UInt64) -> Bool {
    let place: Int
    if let known = services.firstIndex(where: { $0.address == address }) {
      place = known
    } else {
      place = services.count
      services.append(Service(address: address))
    }
    let before = services[place].answeredBy
    services[place].answeredBy = node
    if node == nil {
      services[place].failureCount += 1
    } else {
      if let last = services[place].lastAnswerAt, services[place].failureCount > 0 || now > last {
        services[place].longestOutage = max(services[place].longestOutage, now - last)
      }
      services[place].answerCount += 1
      services[place].lastAnswerAt = now
    }
    return before != node
  }
}
