import NetPrimitives
import VRRPCore

/// One advertisement on its way: what stands behind the IP header, and what the header says.
struct Datagram: Sendable, Hashable {
  var bytes: [UInt8]
  /// The whole IP datagram when an Authentication Header stands before ``bytes``; else empty.
  var sealed: [UInt8] = []
  var arrival: AdvertisementArrival
  /// Whether a correct router must discard it: whoever takes it is caught.
  var isBogus: Bool
  /// Whether a stranger sent it.
  var isForged = false
}

/// How well a segment carries frames. The default is a perfect wire.
public struct Quality: Hashable, Sendable, BitwiseCopyable {
  /// Frames lost, in a thousand.
  public var lossPermille: UInt16 = 0
  /// Frames that arrive twice, in a thousand.
  public var duplicationPermille: UInt16 = 0
  /// The shortest way across, in nanoseconds.
  public var minimumDelay: UInt64 = 100_000
  /// The longest way across, in nanoseconds; delays differ, so frames overtake each other.
  public var maximumDelay: UInt64 = 100_000

  /// A perfect wire of 0.1 ms.
  public init() {}
}

/// A link: everything that hears the same multicast, a switch or several.
///
/// Who can reach whom is kept for each ordered pair of ports, so partitions and one-way faults are the same thing.
struct Segment: Sendable, Hashable {
  /// What is plugged in.
  enum Port: Hashable, Sendable, BitwiseCopyable {
    case node(Int, interface: Int)
    case host(Int)
  }
  /// A switch's memory of where a hardware address was last heard. Every port has a switch of its own, so that a
  /// partition leaves two memories that disagree.
  struct Station: Hashable, Sendable, BitwiseCopyable {
    /// The port the switch serves.
    var viewer: Int
    var hardwareAddress: MACAddress
    /// Where the address was heard.
    var port: Int
  }

  var name: String
  var quality = Quality()
  private(set) var ports: [Port] = []
  /// For each port, the ports its frames do not reach: bit n for port n.
  private(set) var cuts: [UInt64] = []
  private(set) var stations: [Station] = []

  init(name: String) { self.name = name }

  /// - Precondition: There are fewer than 64 ports.
  mutating func plug(_ port: Port) -> Int {
    precondition(ports.count < 64, "a simulated segment has at most 64 ports")
    ports.append(port)
    cuts.append(0)
    return ports.count - 1
  }

  func carries(from sender: Int, to receiver: Int) -> Bool { cuts[sender] >> UInt64(receiver) & 1 == 0 }

  func carriesBothWays(_ one: Int, _ other: Int) -> Bool {
    carries(from: one, to: other) && carries(from: other, to: one)
  }

  /// Whether every port reaches every other.
  var isWhole: Bool { cuts.allSatisfy { $0 == 0 } }

  mutating func cut(from sender: Int, to receiver: Int) { cuts[sender] |= 1 << UInt64(receiver) }

  mutating func mend(from sender: Int, to receiver: Int) { cuts[sender] &= ~(1 << UInt64(receiver)) }

  mutating func heal() {
    for port in cuts.indices { cuts[port] = 0 }
  }

  /// The switches a frame to everybody passes note where it came from.
  mutating func learn(_ hardwareAddress: MACAddress, at port: Int) {
    // Only virtual addresses move; everything else is where it always was.
    guard hardwareAddress.isVirtualRouter else { return }
    for viewer in ports.indices where viewer != port && carries(from: port, to: viewer) {
      let known = stations.firstIndex { $0.viewer == viewer && $0.hardwareAddress == hardwareAddress }
      if let known {
        stations[known].port = port
      } else {
        stations.append(Station(viewer: viewer, hardwareAddress: hardwareAddress, port: port))
      }
    }
  }

  /// Where the switch of `viewer` sends a frame for `hardwareAddress`; `nil` floods.
  func port(of hardwareAddress: MACAddress, seenFrom viewer: Int) -> Int? {
    stations.first { $0.viewer == viewer && $0.hardwareAddress == hardwareAddress }?.port
  }
}

extension MACAddress {
  /// Whether this is the MAC of a virtual router (RFC 9568 §7.3), which moves from port to port.
  var isVirtualRouter: Bool {
    rawValue >> 16 == 0x0000_5e00 && (rawValue >> 8 & 0xff == 1 || rawValue >> 8 & 0xff == 2)
  }
}
