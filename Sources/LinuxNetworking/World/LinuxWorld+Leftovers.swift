public import VRRPCore

extension LinuxWorld {
  /// Removes every address that carries our mark and belongs to none of `kept`: a crashed predecessor must not take
  /// part in an election through its addresses. Call before the engine starts.
  public mutating func removeLeftovers(keeping kept: [VirtualRouterDefinition]) {
    var wanted: Set<InterfaceAddress> = []
    for definition in kept { wanted.formUnion(resolved(definition)) }
    remove(table.allAddresses.filter { address in address.isOurs && !wanted.contains { $0.isSame(as: address) } })
  }

  /// Whether every address of `definition` is in place with our mark, as an active router that crashed leaves it.
  public func hasAddresses(of definition: VirtualRouterDefinition) -> Bool {
    let addresses = resolved(definition)
    return !addresses.isEmpty && addresses.allSatisfy { table.find($0)?.isOurs ?? false }
  }

  private func resolved(_ definition: VirtualRouterDefinition) -> [InterfaceAddress] {
    RouterPlan(definition, on: table.interface(named: definition.interface), in: table).addresses
  }
}
