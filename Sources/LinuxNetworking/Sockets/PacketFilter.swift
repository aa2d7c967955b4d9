import CLinuxShims
import NetPrimitives

/// A classic BPF program under construction. The kernel verifies it; we only take care to be exact.
struct PacketFilter {
  /// What `jump` goes to.
  enum Target: Hashable {
    case next
    case accept
    case drop
  }

  private(set) var instructions: [sock_filter] = []
  /// Jumps to accept or drop, resolved by ``finish()``: instruction and which of its two branches.
  private var pending: [(index: Int, onTrue: Target, onFalse: Target)] = []

  /// Offset base of the network header, for sockets that see only the payload (`SKF_NET_OFF`).
  static let networkHeader = UInt32(bitPattern: -0x100000)
  /// Offset base of the link header (`SKF_LL_OFF`).
  static let linkHeader = UInt32(bitPattern: -0x200000)
  /// What kind of frame: ours going out is 4 (`SKF_AD_OFF + SKF_AD_PKTTYPE`).
  static let packetType = UInt32(bitPattern: -0x1000 + 4)

  /// A = byte at `offset`.
  mutating func loadByte(_ offset: UInt32) { emit(0x30, offset) }
  /// A = byte at X + `offset`.
  mutating func loadByteIndexed(_ offset: UInt32) { emit(0x50, offset) }
  /// A = 16 bits at `offset`.
  mutating func loadHalf(_ offset: UInt32) { emit(0x28, offset) }
  /// A = 32 bits at `offset`.
  mutating func loadWord(_ offset: UInt32) { emit(0x20, offset) }
  /// A = `value`.
  mutating func loadImmediate(_ value: UInt32) { emit(0x00, value) }
  /// X = 4 · (low nibble of the byte at `offset`): the length of an IPv4 header.
  mutating func loadHeaderLength(_ offset: UInt32) { emit(0xb1, offset) }
  /// X = A.
  mutating func transferToIndex() { emit(0x07, 0) }
  /// A &= `value`.
  mutating func and(_ value: UInt32) { emit(0x54, value) }
  /// A >>= `value`.
  mutating func shiftRight(_ value: UInt32) { emit(0x74, value) }
  /// A >>= X.
  mutating func shiftRightByIndex() { emit(0x7c, 0) }
  /// Scratch memory `cell` = A.
  mutating func store(_ cell: UInt32) { emit(0x02, cell) }
  /// A = scratch memory `cell`.
  mutating func loadStored(_ cell: UInt32) { emit(0x60, cell) }

  /// Branches on A == `value`.
  mutating func jump(ifEqual value: UInt32, _ onTrue: Target, else onFalse: Target) {
    pending.append((instructions.count, onTrue, onFalse))
    emit(0x15, value)
  }

  /// Branches on A & `bits` != 0.
  mutating func jump(ifAnyOf bits: UInt32, _ onTrue: Target, else onFalse: Target) {
    pending.append((instructions.count, onTrue, onFalse))
    emit(0x45, bits)
  }

  /// On A == `value` goes on, otherwise passes over the `count` instructions that follow.
  mutating func skip(_ count: UInt8, unlessEqual value: UInt32) {
    instructions.append(sock_filter(code: 0x15, jt: 0, jf: count, k: value))
  }

  /// Passes over the `count` instructions that follow.
  mutating func skip(_ count: UInt32) { emit(0x05, count) }

  /// Ends the program here, in the middle.
  mutating func returnNow(accept: Bool) { emit(0x06, accept ? Self.wholePacket : 0) }

  /// Appends the two ends and resolves the jumps. Traps when one is farther than the 255 instructions BPF can jump:
  /// a defect of the program's author, never of its input.
  mutating func finish() -> [sock_filter] {
    let accept = instructions.count
    returnNow(accept: true)
    returnNow(accept: false)
    for jump in pending {
      instructions[jump.index].jt = distance(from: jump.index, to: jump.onTrue, accept: accept)
      instructions[jump.index].jf = distance(from: jump.index, to: jump.onFalse, accept: accept)
    }
    return instructions
  }

  private static let wholePacket: UInt32 = 0x40000

  private func distance(from index: Int, to target: Target, accept: Int) -> UInt8 {
    switch target {
    case .next: 0
    case .accept: UInt8(accept - index - 1)
    case .drop: UInt8(accept + 1 - index - 1)
    }
  }

  private mutating func emit(_ code: UInt16, _ value: UInt32) {
    instructions.append(sock_filter(code: code, jt: 0, jf: 0, k: value))
  }
}

extension PacketFilter {
  /// Attaches a program, replacing any before it in one step.
  static func attach(_ program: [sock_filter], to descriptor: borrowing FileDescriptor) throws(SystemCallError) {
    let result = program.withUnsafeBufferPointer { instructions in
      shim_attach_filter(descriptor.rawValue, instructions.baseAddress, UInt16(instructions.count))
    }
    guard result == 0 else { throw SystemCallError("setsockopt(SO_ATTACH_FILTER)") }
  }

  /// Refuses everything: what a socket gets before it is bound, so that nothing strange is ever queued.
  static func dropAll() -> [sock_filter] {
    [sock_filter(code: 0x06, jt: 0, jf: 0, k: 0)]
  }
}
