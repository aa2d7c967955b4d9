/// What RFC 9568 and RFC 3768 demand of an election, one line for each, with its section, and where it is proved.
struct ElectionDemand: Sendable {
  /// RFC, section and a letter that counts within it.
  var id: String
  var text: String
  /// The file that proves it, from the root of the repository; `nil` for a line of ``ElectionConformanceTests``.
  var proof: String?

  init(_ id: String, _ text: String, _ proof: String? = nil) {
    self.id = id
    self.text = text
    self.proof = proof
  }

  static let all: [ElectionDemand] = [
    ElectionDemand("9568 6.4.1 a", "an owner sends an advert"),
    ElectionDemand("9568 6.4.1 b", "an owner announces its addresses"),
    ElectionDemand("9568 6.4.1 c", "an owner sets Adver_Timer to Advertisement_Interval"),
    ElectionDemand("9568 6.4.1 d", "an owner becomes Active"),
    ElectionDemand("9568 6.4.1 e", "who is no owner sets the timer by its own interval and becomes Backup"),
    ElectionDemand(
      "9568 6.4.2 a", "a backup does not answer ARP or neighbour solicitations for the addresses",
      "Tests/LinuxNetworkingTests/LinuxWorldTests.swift"),
    ElectionDemand(
      "9568 6.4.2 b", "a backup does not accept packets to the addresses",
      "Tests/LinuxNetworkingTests/LinuxWorldTests.swift"),
    ElectionDemand("9568 6.4.2 c", "a backup that shuts down cancels its timer and becomes Initialize"),
    ElectionDemand("9568 6.4.2 d", "when the timer fires: an advert"),
    ElectionDemand("9568 6.4.2 e", "when the timer fires: the addresses are announced"),
    ElectionDemand("9568 6.4.2 f", "when the timer fires: Adver_Timer is set"),
    ElectionDemand("9568 6.4.2 g", "when the timer fires: Active"),
    ElectionDemand("9568 6.4.2 h", "priority 0 sets the timer to Skew_Time"),
    ElectionDemand("9568 6.4.2 i", "without Preempt_Mode every advert sets the timer anew, by the interval it claims"),
    ElectionDemand("9568 6.4.2 j", "a priority not below ours sets the timer anew, by the interval it claims"),
    ElectionDemand("9568 6.4.2 k", "a lower priority is discarded"),
    ElectionDemand(
      "9568 6.4.3 a", "the Active router answers ARP and neighbour solicitations for the addresses",
      "Tests/Interop/election.py"),
    ElectionDemand("9568 6.4.3 b", "one that shuts down cancels Adver_Timer and sends priority 0"),
    ElectionDemand("9568 6.4.3 c", "one that shuts down becomes Initialize"),
    ElectionDemand("9568 6.4.3 d", "when Adver_Timer fires: an advert, the timer is set anew"),
    ElectionDemand("9568 6.4.3 e", "priority 0 is answered with an advert, the timer is set anew"),
    ElectionDemand("9568 6.4.3 f", "a higher priority makes it Backup, its timer set to Active_Down_Interval"),
    ElectionDemand("9568 6.4.3 g", "an equal priority from a higher address makes it Backup"),
    ElectionDemand("9568 6.4.3 h", "it then reckons with the interval the winner claims"),
    ElectionDemand("9568 6.4.3 i", "anything else is discarded and answered with an advert at once"),
    ElectionDemand("3768 6.4.1 a", "an owner sends an advert"),
    ElectionDemand("3768 6.4.1 b", "an owner announces its addresses"),
    ElectionDemand("3768 6.4.1 c", "an owner sets Adver_Timer to Advertisement_Interval"),
    ElectionDemand("3768 6.4.1 d", "an owner becomes Master"),
    ElectionDemand("3768 6.4.1 e", "who is no owner sets the timer by its own interval and becomes Backup"),
    ElectionDemand(
      "3768 6.4.2 a", "a backup does not answer ARP for the addresses",
      "Tests/LinuxNetworkingTests/LinuxWorldTests.swift"),
    ElectionDemand(
      "3768 6.4.2 b", "a backup does not accept packets to the addresses",
      "Tests/LinuxNetworkingTests/LinuxWorldTests.swift"),
    ElectionDemand("3768 6.4.2 c", "a backup that shuts down cancels its timer and becomes Initialize"),
    ElectionDemand("3768 6.4.2 d", "when the timer fires: an advert"),
    ElectionDemand("3768 6.4.2 e", "when the timer fires: the addresses are announced"),
    ElectionDemand("3768 6.4.2 f", "when the timer fires: Adver_Timer is set"),
    ElectionDemand("3768 6.4.2 g", "when the timer fires: Master"),
    ElectionDemand("3768 6.4.2 h", "priority 0 sets the timer to Skew_Time"),
    ElectionDemand("3768 6.4.2 i", "without Preempt_Mode every advert sets the timer anew"),
    ElectionDemand("3768 6.4.2 j", "a priority not below ours sets the timer anew"),
    ElectionDemand("3768 6.4.2 k", "a lower priority is discarded"),
    ElectionDemand("3768 6.4.3 a", "the Master router answers ARP for the addresses", "Tests/Interop/election.py"),
    ElectionDemand("3768 6.4.3 b", "one that shuts down cancels Adver_Timer and sends priority 0"),
    ElectionDemand("3768 6.4.3 c", "one that shuts down becomes Initialize"),
    ElectionDemand("3768 6.4.3 d", "when Adver_Timer fires: an advert, the timer is set anew"),
    ElectionDemand("3768 6.4.3 e", "priority 0 is answered with an advert, the timer is set anew"),
    ElectionDemand("3768 6.4.3 f", "a higher priority makes it Backup, its timer set to Master_Down_Interval"),
    ElectionDemand("3768 6.4.3 g", "an equal priority from a higher address makes it Backup"),
    // We answer as RFC 9568 has it: the rival may be deaf to our cadence (docs/decisions/0008).
    ElectionDemand("3768 6.4.3 h", "anything else is discarded: no transition"),
    ElectionDemand("9568 7.1 a", "a hop limit other than 255 is discarded", "Tests/VRRPCoreTests/WireGateTests.swift"),
    ElectionDemand(
      "9568 7.1 b", "a version that is not spoken is discarded", "Tests/VRRPCoreTests/WireGateTests.swift"),
    ElectionDemand("9568 7.1 c", "a type other than 1 is discarded", "Tests/VRRPCoreTests/WireDecodingTests.swift"),
    ElectionDemand(
      "9568 7.1 d", "a packet shorter than its header says is discarded", "Tests/VRRPCoreTests/WireDecodingTests.swift"),
    ElectionDemand("9568 7.1 e", "a wrong checksum is discarded", "Tests/VRRPCoreTests/WireDecodingTests.swift"),
    ElectionDemand("9568 7.1 f", "an unknown VRID is discarded", "Tests/VRRPCoreTests/WireGateTests.swift"),
    ElectionDemand(
      "9568 7.1 g", "whatever is discarded moves no timer",
      "Tests/VRRPSimulationTests/Scenarios/47-discarded-packets.scenario"),
    ElectionDemand("3768 7.1 a", "a TTL other than 255 is discarded", "Tests/VRRPCoreTests/WireGateTests.swift"),
    ElectionDemand(
      "3768 7.1 b", "an interval that is not ours is discarded", "Tests/VRRPCoreTests/WireGateTests.swift"),
    ElectionDemand(
      "3768 7.1 c", "another kind of authentication is discarded", "Tests/VRRPCoreTests/WireGateTests.swift"),
  ]
}
