extension Property {
  var bit: UInt16 {
    switch self {
    case .twoActive: 1 << 0
    case .noneActive: 1 << 1
    case .wrongActive: 1 << 2
    case .needlessSwitch: 1 << 3
    case .earlyTakeover: 1 << 4
    case .silentActive: 1 << 5
    case .staleCache: 1 << 6
    case .discardedPacketCounted: 1 << 7
    case .intervalOutOfBounds: 1 << 8
    case .addressesDisagree: 1 << 9
    case .wrongPriority: 1 << 10
    case .splitGroup: 1 << 11
    case .missingFarewell: 1 << 12
    case .backupSpeaks: 1 << 13
    case .wrongEligibility: 1 << 14
    }
  }
}
