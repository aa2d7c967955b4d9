import CLinuxShims

/// Runs a classic BPF program as the kernel does, so that a filter can be judged on every packet there is.
struct PacketFilterInterpreter {
  let program: [sock_filter]
  /// What the socket sees from offset 0 on.
  var packet: [UInt8]
  /// What lies at `SKF_NET_OFF`.
  var networkHeader: [UInt8] = []
  /// What `SKF_AD_PKTTYPE` says.
  var packetType: UInt32 = 0

  /// Whether the packet passes. `nil` when the program does something the kernel would refuse.
  func accepts() -> Bool? {
    var a: UInt32 = 0
    var x: UInt32 = 0
    var memory = [UInt32](repeating: 0, count: 16)
    var place = 0
    while place < program.count {
      let instruction = program[place]
      let k = instruction.k
      place += 1
      switch instruction.code {
      case 0x00: a = k
      case 0x02: memory[Int(k)] = a
      case 0x60: a = memory[Int(k)]
      case 0x07: x = a
      case 0x54: a &= k
      case 0x74: a >>= k
      case 0x7c: a = x < 32 ? a >> x : 0
      case 0x05: place += Int(k)
      case 0x15: place += Int(a == k ? instruction.jt : instruction.jf)
      case 0x45: place += Int(a & k != 0 ? instruction.jt : instruction.jf)
      case 0x06: return k != 0
      case 0xb1:
        guard let byte = load(k, 1) else { return false }
        x = 4 * (byte & 15)
      case 0x30, 0x28, 0x20:
        guard let value = load(k, [0x30: 1, 0x28: 2, 0x20: 4][instruction.code] ?? 0) else { return false }
        a = value
      case 0x50:
        guard let value = load(k &+ x, 1) else { return false }
        a = value
      default: return nil
      }
    }
    return nil
  }

  /// A load outside the packet ends the program with a refusal.
  private func load(_ offset: UInt32, _ count: Int) -> UInt32? {
    if offset == UInt32(bitPattern: -0x1000 + 4) { return packetType }
    let signed = Int(Int32(bitPattern: offset))
    let isNetwork = signed < 0
    let bytes = isNetwork ? networkHeader : packet
    let start = isNetwork ? signed + 0x100000 : signed
    guard start >= 0, start + count <= bytes.count else { return nil }
    return bytes[start..<(start + count)].reduce(0) { $0 << 8 | UInt32($1) }
  }
}
