import NetPrimitives
import VRRPCore

/// Names of routing tables, protocols and the like, as `/etc/iproute2` gives them. A file is read when the first name
/// of its kind is asked for.
struct RoutingNames {
  /// The administrator's directory; what it says goes before the vendor's.
  let directory: String
  let vendorDirectory: String
  private var known: [Kind: [String: UInt32]] = [:]

  /// What names are given to, by the name of the file.
  enum Kind: String {
    case table = "rt_tables"
    case owner = "rt_protos"
    case typeOfService = "rt_dsfield"
    case realm = "rt_realms"
    case interfaceGroup = "group"
    case transport = "protocols"
  }

  init(directory: String = "/etc/iproute2", vendorDirectory: String = "/usr/share/iproute2") {
    self.directory = directory
    self.vendorDirectory = vendorDirectory
  }

  /// The number `name` stands for; `nil` when no file knows it.
  mutating func number(_ kind: Kind, _ name: NameOrNumber) -> UInt32? {
    switch name {
    case .number(let number): return number
    case .name(let name):
      if let names = known[kind] { return names[name] }
      let names = read(kind)
      known[kind] = names
      return names[name]
    }
  }

  private func read(_ kind: Kind) -> [String: UInt32] {
    var names = kind.builtIn
    if kind == .transport {
      // `tcp 6 TCP`: the name comes first.
      for line in Self.lines(ofFile: "/etc/protocols") where line.count > 1 {
        if let number = Self.number(line[1]) { names[line[0]] = number }
      }
      return names
    }
    for directory in [vendorDirectory, directory] {
      let extra = (try? FileReader.matches("\(directory)/\(kind.rawValue).d/*.conf", allowsBraces: false)) ?? []
      for path in ["\(directory)/\(kind.rawValue)"] + extra {
        for line in Self.lines(ofFile: path) where line.count > 1 {
          if let number = Self.number(line[0]) { names[line[1]] = number }
        }
      }
    }
    return names
  }

  /// The words of each line, without remarks. A file that is not there has none.
  private static func lines(ofFile path: String) -> [[String]] {
    guard let bytes = try? FileReader.read(path, limit: 1 << 20) else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).map { line in
      line.prefix { $0 != UInt8(ascii: "#") }
        .split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        .map { String(decoding: $0, as: UTF8.self) }
    }
  }

  private static func number(_ text: String) -> UInt32? {
    if case .number(let number) = NameOrNumber(text) { number } else { nil }
  }
}

extension RoutingNames.Kind {
  /// What holds without any file.
  fileprivate var builtIn: [String: UInt32] {
    switch self {
    case .table: ["default": 253, "main": 254, "local": 255]
    case .owner:
      [
        "redirect": 1, "kernel": 2, "boot": 3, "static": 4, "gated": 8, "ra": 9, "mrt": 10, "zebra": 11, "bird": 12,
        "dnrouted": 13, "xorp": 14, "ntk": 15, "dhcp": 16, "mrouted": 17, "keepalived": 18, "babel": 42, "bgp": 186,
        "isis": 187, "ospf": 188, "rip": 189, "eigrp": 192,
      ]
    case .typeOfService: [:]
    case .realm: ["cosmos": 0]
    case .interfaceGroup: ["default": 0]
    case .transport: ["icmp": 1, "tcp": 6, "udp": 17, "dccp": 33, "ipv6-icmp": 58, "vrrp": 112, "sctp": 132]
    }
  }
}
