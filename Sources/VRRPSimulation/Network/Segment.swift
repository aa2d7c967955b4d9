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
  /// A switch's memory of where a hardware address was last heard.
  struct Station: Hashable, Sendable, BitwiseCopyable {
    var hardwareAddress: MACAddress
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

  /// The switch notes where a frame came from.
  mutating func learn(_ hardwareAddress: MACAddress, at port: Int) {
    for index in stations.indices where stations[index].hardwareAddress == hardwareAddress {
      stations[index].port = port
      return
    }
    stations.append(Station(hardwareAddress: hardwareAddress, port: port))
  }

  /// Where the switch sends a frame for `hardwareAddress`; `nil` floods.
  func port(of hardwareAddress: MACAddress) -> Int? {
    stations.first { $0.hardwareAddress == hardwareAddress }?.port
  }
}
