/// Tells others of the virtual routers they follow: what the check process is to hear.
///
/// States, not edges: news that cannot be sent waits, and is replaced by what is newer.
public struct RouterReporter: Sendable {
  private var followed: Set<String> = []
  /// Every router that has had a state: it may be followed after the next reload.
  private var isActive: [String: Bool] = [:]
  private var pending: Set<String> = []

  /// A reporter whom nobody listens to.
  public init() {}

  /// Makes these the routers that are followed; those that were not before are told at once.
  public mutating func follow(_ names: Set<String>) {
    for name in names.subtracting(followed) where isActive[name] != nil { pending.insert(name) }
    followed = names
    pending.formIntersection(names)
  }

  /// A router changed.
  public mutating func changed(_ name: String, isActive isActiveNow: Bool) {
    guard isActive.updateValue(isActiveNow, forKey: name) != isActiveNow, followed.contains(name) else { return }
    pending.insert(name)
  }

  /// Hands what is to be told to `send`, until it refuses.
  public mutating func flush(_ send: (RouterNews) -> Bool) {
    while let name = pending.first {
      guard send(RouterNews(name: name, isActive: isActive[name] ?? false)) else { return }
      pending.remove(name)
    }
  }
}
