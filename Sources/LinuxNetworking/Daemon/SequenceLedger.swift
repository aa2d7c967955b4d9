import Glibc
public import VRRPCore

/// The numbers of Authentication Headers, in memory a process shares with the ones it forks: what a child that crashed
/// wrote there is what the next one reads, without a system call for each advert.
public final class SequenceLedger {
  /// Routers it has room for; of more than that the rest begins anew after a crash.
  private static let capacity = 1024

  private struct Entry: BitwiseCopyable {
    /// Which router; 0 for none.
    var key: UInt64
    var sequence: UInt64
  }
  private let entries: UnsafeMutableBufferPointer<Entry>

  /// An empty ledger. Memory that is not used takes none.
  public init() throws(SystemCallError) {
    let byteCount = Self.capacity * MemoryLayout<Entry>.stride
    let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)
    guard let memory, memory != MAP_FAILED else { throw SystemCallError("mmap(\(byteCount) bytes)") }
    entries = UnsafeMutableBufferPointer(
      start: memory.bindMemory(to: Entry.self, capacity: Self.capacity), count: Self.capacity)
  }

  deinit { munmap(entries.baseAddress, Self.capacity * MemoryLayout<Entry>.stride) }

  /// The number last set for the router of `definition`; 0 for none.
  public subscript(definition: VirtualRouterDefinition) -> UInt32 {
    guard let place = place(of: key(of: definition)) else { return 0 }
    return UInt32(truncatingIfNeeded: entries[place].sequence)
  }

  /// Sets the number of the router of `definition`.
  public func set(_ sequence: UInt32, of definition: VirtualRouterDefinition) {
    let key = key(of: definition)
    guard let place = place(of: key) else { return }
    // The number first: whoever finds the key finds a number of this router.
    entries[place].sequence = UInt64(sequence)
    entries[place].key = key
  }

  /// Where `key` is or could be; `nil` when it is not there and nothing is free.
  private func place(of key: UInt64) -> Int? {
    let start = Int(key % UInt64(Self.capacity))
    for step in 0..<Self.capacity {
      let place = (start + step) % Self.capacity
      if entries[place].key == key || entries[place].key == 0 { return place }
    }
    return nil
  }

  /// FNV-1a of what makes a virtual router the same one; never 0.
  private func key(of definition: VirtualRouterDefinition) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in definition.interface.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ UInt64(definition.virtualRouterID)) &* 0x100_0000_01b3
    return hash | 1
  }
}
