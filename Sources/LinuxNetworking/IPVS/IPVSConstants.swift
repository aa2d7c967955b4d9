// The numbers of `linux/ip_vs.h`, spelled once.

/// `IPVS_CMD_*`.
enum IPVSCommandNumber {
  static let newService: UInt8 = 1
  static let setService: UInt8 = 2
  static let deleteService: UInt8 = 3
  static let getService: UInt8 = 4
  static let newDestination: UInt8 = 5
  static let setDestination: UInt8 = 6
  static let deleteDestination: UInt8 = 7
  static let getDestination: UInt8 = 8
  static let newDaemon: UInt8 = 9
  static let deleteDaemon: UInt8 = 10
  static let getDaemon: UInt8 = 11
  static let setConfiguration: UInt8 = 12
  static let getConfiguration: UInt8 = 13
  static let setInformation: UInt8 = 14
  static let getInformation: UInt8 = 15
  static let zero: UInt8 = 16
  static let flush: UInt8 = 17
}

/// `IPVS_CMD_ATTR_*`, and `IPVS_INFO_ATTR_*` of the answer to GET_INFO.
enum IPVSAttribute {
  static let service: UInt16 = 1
  static let destination: UInt16 = 2
  static let daemon: UInt16 = 3
  static let timeoutTCP: UInt16 = 4
  static let timeoutTCPFin: UInt16 = 5
  static let timeoutUDP: UInt16 = 6
  static let informationVersion: UInt16 = 1
  static let informationTableSize: UInt16 = 2
}

/// `IPVS_SVC_ATTR_*`.
enum ServiceAttribute {
  static let family: UInt16 = 1
  static let transport: UInt16 = 2
  static let address: UInt16 = 3
  static let port: UInt16 = 4
  static let firewallMark: UInt16 = 5
  static let scheduler: UInt16 = 6
  static let flags: UInt16 = 7
  static let timeout: UInt16 = 8
  static let netmask: UInt16 = 9
  static let statistics: UInt16 = 10
  static let persistenceEngine: UInt16 = 11
  static let statistics64: UInt16 = 12
}

/// `IP_VS_SVC_F_*`.
enum ServiceFlag {
  static let persistent: UInt32 = 0x01
  /// The kernel's own; set in everything it tells.
  static let hashed: UInt32 = 0x02
  static let onePacket: UInt32 = 0x04
  /// `IP_VS_SVC_F_SCHED1` to `3`.
  static let scheduler: UInt32 = 0x38
}

/// `IPVS_DEST_ATTR_*`.
enum DestinationAttribute {
  static let address: UInt16 = 1
  static let port: UInt16 = 2
  static let forwarding: UInt16 = 3
  static let weight: UInt16 = 4
  static let upperThreshold: UInt16 = 5
  static let lowerThreshold: UInt16 = 6
  static let activeConnections: UInt16 = 7
  static let inactiveConnections: UInt16 = 8
  static let persistentConnections: UInt16 = 9
  static let statistics: UInt16 = 10
  static let family: UInt16 = 11
  static let statistics64: UInt16 = 12
  static let tunnelType: UInt16 = 13
  static let tunnelPort: UInt16 = 14
  static let tunnelFlags: UInt16 = 15
}

/// `IP_VS_CONN_F_*` within `IP_VS_CONN_F_FWD_MASK`.
enum ForwardingNumber {
  static let masquerade: UInt32 = 0
  static let tunnel: UInt32 = 2
  static let directRoute: UInt32 = 3
  static let mask: UInt32 = 7
}

/// `IP_VS_CONN_F_TUNNEL_TYPE_*`.
enum TunnelNumber {
  static let ipip: UInt8 = 0
  static let gue: UInt8 = 1
  static let gre: UInt8 = 2
}

/// `IPVS_DAEMON_ATTR_*`.
enum DaemonAttribute {
  static let state: UInt16 = 1
  static let interface: UInt16 = 2
  static let id: UInt16 = 3
  static let maximumLength: UInt16 = 4
  static let group: UInt16 = 5
  static let group6: UInt16 = 6
  static let port: UInt16 = 7
  static let hopLimit: UInt16 = 8
}

/// `IPVS_STATS_ATTR_*`.
enum StatisticsAttribute {
  static let connections: UInt16 = 1
  static let inputPackets: UInt16 = 2
  static let outputPackets: UInt16 = 3
  static let inputBytes: UInt16 = 4
  static let outputBytes: UInt16 = 5
}
