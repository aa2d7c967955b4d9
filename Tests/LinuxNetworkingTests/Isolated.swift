import Foundation
import LinuxNetworking
import NetPrimitives
import Testing

/// Whether this process may make network namespaces.
let isRoot = geteuid() == 0
let rootOnly: Comment = "needs root to make network namespaces; run the tests as root"

/// Runs `body` on a thread of its own, whose signal mask, namespace and allocations are nobody else's.
func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
  try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
    let thread = Thread { continuation.resume(with: Result { try body() }) }
    thread.stackSize = 1 << 20
    thread.start()
  }
}

/// Runs `body` on a thread of its own in a network namespace of its own, which goes away with the thread.
func isolated(_ body: @escaping @Sendable () throws -> Void) async throws {
  try await onThread {
    _ = try NetworkNamespace.unshare()
    try body()
  }
}

/// Two namespaces joined by a cable: `left` in the one, `right` in the other. The calling thread is in the first.
struct Cable: ~Copyable {
  let leftNamespace: NetworkNamespace
  let rightNamespace: NetworkNamespace
  let left: Link
  let right: Link

  /// Call in a thread that may change its namespace. Both ends come up with 10.0.0.1 and 10.0.0.2, fe80::1 and fe80::2.
  init() throws {
    let rightNamespace = try NetworkNamespace.unshare()
    let leftNamespace = try NetworkNamespace.unshare()
    let routes = try RouteSocket()
    let link = LinkSpecification(
      "left", .veth(peer: "right", namespaceDescriptor: rightNamespace.descriptor.rawValue))
    try routes.perform("add veth") { $0.add(link) }
    let left = try #require(try routes.link(named: "left"))
    try Self.configure(left, number: 1, with: routes)
    try rightNamespace.enter()
    let far = try RouteSocket()
    let right = try #require(try far.link(named: "right"))
    try Self.configure(right, number: 2, with: far)
    try leftNamespace.enter()
    // Carrier and flags have settled when both ends are up.
    let settled = try #require(try routes.link(named: "left"))
    self.leftNamespace = leftNamespace
    self.rightNamespace = rightNamespace
    self.left = settled
    self.right = right
  }

  private static func configure(_ link: Link, number: UInt8, with routes: RouteSocket) throws {
    var batch = RouteBatch()
    var change = LinkChange()
    change.makesLinkLocalAddress = false
    batch.change(link.index, change)
    batch.change(link.index, LinkChange(isUp: true))
    let v4 = try #require(IPPrefix(.v4(IPv4Address(10, 0, 0, number)), length: 24))
    let v6 = try #require(IPPrefix(.v6(IPv6Address(high: 0xfe80 << 48, low: UInt64(number))), length: 64))
    for prefix in [v4, v6] {
      var address = InterfaceAddress(prefix, on: link.index)
      // The host's own, not a virtual router's.
      address.owner = 0
      batch.add(address)
    }
    let failures = try routes.commit(batch)
    try #require(failures.isEmpty, "\(failures)")
  }

  /// Runs `body` in the namespace of `right`.
  func onRight<Result>(_ body: () throws -> Result) throws -> Result {
    try rightNamespace.enter()
    defer { try? leftNamespace.enter() }
    return try body()
  }
}
