/// nfnetlink's and nf_tables' numbers (linux/netfilter/nfnetlink.h, nf_tables.h), those we use.
enum FirewallMessageType {
  private static let subsystem: UInt16 = 10 << 8
  static let batchBegin: UInt16 = 16
  static let batchEnd: UInt16 = 17
  static let newTable = subsystem | 0
  static let deleteTable = subsystem | 2
  static let newChain = subsystem | 3
  static let newRule = subsystem | 6
  static let newSet = subsystem | 9
  static let newElement = subsystem | 12
  static let getElements = subsystem | 13
  static let deleteElement = subsystem | 14
  /// What a batch is for, in its first message.
  static let batchSubsystem: UInt16 = 10
}

/// `NFTA_*`, by the object they belong to.
enum FirewallAttribute {
  static let listElement: UInt16 = 1
  static let tableName: UInt16 = 1
  static let tableUserData: UInt16 = 6
  static let chainTable: UInt16 = 1
  static let chainName: UInt16 = 3
  static let chainHook: UInt16 = 4
  static let chainPolicy: UInt16 = 5
  static let chainType: UInt16 = 7
  static let hookNumber: UInt16 = 1
  static let hookPriority: UInt16 = 2
  static let ruleTable: UInt16 = 1
  static let ruleChain: UInt16 = 2
  static let ruleExpressions: UInt16 = 4
  static let expressionName: UInt16 = 1
  static let expressionData: UInt16 = 2
  static let setTable: UInt16 = 1
  static let setName: UInt16 = 2
  static let setFlags: UInt16 = 3
  static let setKeyType: UInt16 = 4
  static let setKeyLength: UInt16 = 5
  static let setDataType: UInt16 = 6
  static let setDataLength: UInt16 = 7
  static let setDescription: UInt16 = 9
  static let setID: UInt16 = 10
  static let setUserData: UInt16 = 13
  static let descriptionFields: UInt16 = 2
  static let fieldLength: UInt16 = 1
  static let elementsTable: UInt16 = 1
  static let elementsSet: UInt16 = 2
  static let elements: UInt16 = 3
  static let elementKey: UInt16 = 1
  static let elementData: UInt16 = 2
  static let elementKeyEnd: UInt16 = 10
  static let dataValue: UInt16 = 1
  static let dataVerdict: UInt16 = 2
  static let verdictCode: UInt16 = 1
  static let metaRegister: UInt16 = 1
  static let metaKey: UInt16 = 2
  static let metaSource: UInt16 = 3
  static let payloadRegister: UInt16 = 1
  static let payloadBase: UInt16 = 2
  static let payloadOffset: UInt16 = 3
  static let payloadLength: UInt16 = 4
  static let compareRegister: UInt16 = 1
  static let compareOperation: UInt16 = 2
  static let compareData: UInt16 = 3
  static let lookupSet: UInt16 = 1
  static let lookupRegister: UInt16 = 2
  static let lookupResult: UInt16 = 3
  static let immediateRegister: UInt16 = 1
  static let immediateData: UInt16 = 2
}

/// Registers of the kernel's rule machine: 32 bits each, from number 8 on.
enum FirewallRegister {
  static let verdict: UInt32 = 0
  static let first: UInt32 = 8
  /// Behind an IPv4 address in ``first``.
  static let second: UInt32 = 9
  /// Behind an IPv6 address in ``first``.
  static let fifth: UInt32 = 12
}

/// What a rule comes to (`NF_DROP`, `NF_ACCEPT`, `NFT_RETURN`).
enum FirewallVerdict: UInt32 {
  case drop = 0
  case accept = 1
  case leaveChain = 0xffff_fffb
}

/// Where our chains hang (`NF_INET_LOCAL_IN`, `NF_INET_LOCAL_OUT`), with what differs between them.
enum FirewallHook: UInt32, CaseIterable {
  case input = 1
  case output = 3

  var chainName: String {
    switch self {
    case .input: "in"
    case .output: "out"
    }
  }

  /// `NFT_META_IIF`, `NFT_META_OIF`, or the names.
  func interfaceKey(byIndex: Bool) -> UInt32 {
    switch self {
    case .input: byIndex ? 4 : 6
    case .output: byIndex ? 5 : 7
    }
  }
}
