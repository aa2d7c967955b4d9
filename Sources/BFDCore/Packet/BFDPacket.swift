/// A BFD control packet (RFC 5880 §4.1) as a small value.
///
/// A value that was decoded passed every check of §6.8.6 that needs no session. Encoding and decoding allocate nothing.
public struct BFDPacket: Hashable, Sendable, BitwiseCopyable {
  /// `Diag`: why the sender last left the state Up.
  public var diagnostic: BFDDiagnostic
  /// `Sta`: the sender's state.
  public var state: BFDState
  /// `P`, `F`, `C`, `A` and `D`.
  public var flags: Flags
  /// `Detect Mult`, 1…255.
  public var multiplier: UInt8
  /// `My Discriminator`: the sender's number for the session, never 0.
  public var myDiscriminator: UInt32
  /// `Your Discriminator`: the receiver's number, 0 while the sender does not know it.
  public var yourDiscriminator: UInt32
  /// `Desired Min TX Interval` in microseconds.
  public var desiredSendMicroseconds: UInt32
  /// `Required Min RX Interval` in microseconds; 0 asks the receiver to send nothing periodically.
  public var requiredReceiveMicroseconds: UInt32
  /// `Required Min Echo RX Interval` in microseconds; 0: the sender does not support echoes.
  public var requiredEchoMicroseconds: UInt32 = 0

  /// The one-bit fields. Multipoint is reserved and never set in a packet that was taken.
  public struct Flags: OptionSet, Hashable, Sendable, BitwiseCopyable {
    public var rawValue: UInt8
    /// Flags as they lie in the lower six bits of the second byte.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// `P`: the sender asks for a packet with `F`.
    public static let poll = Flags(rawValue: 0x20)
    /// `F`: the answer to `P`.
    public static let final = Flags(rawValue: 0x10)
    /// `C`: the sender's BFD survives the loss of its control plane.
    public static let controlPlaneIndependent = Flags(rawValue: 0x08)
    /// `A`: an authentication section follows.
    public static let authentication = Flags(rawValue: 0x04)
    /// `D`: the sender wishes to hear nothing periodically while both are up.
    public static let demand = Flags(rawValue: 0x02)
    /// `M`: reserved (§4.1: "MUST be zero").
    static let multipoint = Flags(rawValue: 0x01)
  }

  /// A packet to be sent.
  public init(
    state: BFDState, diagnostic: BFDDiagnostic = .none, flags: Flags = [], multiplier: UInt8, myDiscriminator: UInt32,
    yourDiscriminator: UInt32, desiredSendMicroseconds: UInt32, requiredReceiveMicroseconds: UInt32
  ) {
    self.state = state
    self.diagnostic = diagnostic
    self.flags = flags
    self.multiplier = multiplier
    self.myDiscriminator = myDiscriminator
    self.yourDiscriminator = yourDiscriminator
    self.desiredSendMicroseconds = desiredSendMicroseconds
    self.requiredReceiveMicroseconds = requiredReceiveMicroseconds
  }

  /// Bytes of a packet without an authentication section: the only kind that is sent.
  public static let byteCount = 24
  /// The port of sessions with a direct neighbour (RFC 5881 §4).
  public static let singleHopPort: UInt16 = 3784
  /// The port of sessions across routers (RFC 5883 §5).
  public static let multihopPort: UInt16 = 4784
}

/// The state of a session (RFC 5880 §4.1, `Sta`).
public enum BFDState: UInt8, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  /// Held down by whoever runs it.
  case adminDown = 0
  /// Nothing is heard, or nothing good.
  case down = 1
  /// The neighbour is heard, but does not hear us yet as far as we know.
  case initializing = 2
  /// Each hears the other.
  case up = 3
}

/// Why a session last changed its state (RFC 5880 §4.1, `Diag`). Codes that are not assigned are kept as they are.
public struct BFDDiagnostic: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
  /// 0…31.
  public var rawValue: UInt8
  /// The code in the lower five bits of `rawValue`.
  public init(rawValue: UInt8) { self.rawValue = rawValue & 0x1f }

  /// No Diagnostic.
  public static let none = Self(rawValue: 0)
  /// Control Detection Time Expired: the neighbour fell silent.
  public static let detectionTimeExpired = Self(rawValue: 1)
  /// Echo Function Failed.
  public static let echoFailed = Self(rawValue: 2)
  /// Neighbor Signaled Session Down.
  public static let neighborSignaledDown = Self(rawValue: 3)
  /// Forwarding Plane Reset.
  public static let forwardingPlaneReset = Self(rawValue: 4)
  /// Path Down.
  public static let pathDown = Self(rawValue: 5)
  /// Concatenated Path Down.
  public static let concatenatedPathDown = Self(rawValue: 6)
  /// Administratively Down.
  public static let administrativelyDown = Self(rawValue: 7)
  /// Reverse Concatenated Path Down.
  public static let reverseConcatenatedPathDown = Self(rawValue: 8)

  /// The name the RFC gives the code.
  public var text: String {
    switch rawValue {
    case 0: "No Diagnostic"
    case 1: "Control Detection Time Expired"
    case 2: "Echo Function Failed"
    case 3: "Neighbor Signaled Session Down"
    case 4: "Forwarding Plane Reset"
    case 5: "Path Down"
    case 6: "Concatenated Path Down"
    case 7: "Administratively Down"
    case 8: "Reverse Concatenated Path Down"
    default: "Unknown"
    }
  }
}

extension BFDState {
  /// The name the RFC gives the state.
  public var text: String {
    switch self {
    case .adminDown: "AdminDown"
    case .down: "Down"
    case .initializing: "Init"
    case .up: "Up"
    }
  }
}
