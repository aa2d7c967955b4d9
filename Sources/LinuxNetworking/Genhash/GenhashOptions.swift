import HealthCheck
import NetPrimitives

/// The command line of `genhash`.
struct GenhashOptions: Equatable {
  /// What to ask for: one URL.
  var check: HTTPCheck
  /// The limit of connecting and of each later wait, in nanoseconds.
  var timeoutNanoseconds: UInt64 = CheckTiming.defaultConnectTimeoutNanoseconds
  /// Header, body and time are printed, too.
  var isVerbose = false

  /// Why a command line cannot be carried out.
  enum Failure: Error, Equatable {
    /// The help was asked for, or something needed is missing.
    case usage
    /// This is wrong.
    case complaint(String)
  }

  private struct Option {
    let short: Character
    let long: String
    let takesValue: Bool
  }

  private static let table: [Option] = [
    Option(short: "S", long: "use-ssl", takesValue: false), Option(short: "I", long: "use-sni", takesValue: false),
    Option(short: "s", long: "server", takesValue: true), Option(short: "p", long: "port", takesValue: true),
    Option(short: "u", long: "url", takesValue: true), Option(short: "V", long: "use-virtualhost", takesValue: true),
    Option(short: "v", long: "verbose", takesValue: false), Option(short: "h", long: "help", takesValue: false),
    Option(short: "m", long: "fwmark", takesValue: true), Option(short: "P", long: "protocol", takesValue: true),
    Option(short: "t", long: "timeout", takesValue: true),
  ]

  /// What a faulty command line is answered with.
  static let usage = """
    Usage: genhash COMMAND [OPTIONS]
    Commands:
       -s server-address -p port -u url
       -S -s server-address -p port -u url
       -h

    Options:
    Either long or short options are allowed.
       --use-ssl         -S       Use TLS.
       --use-sni         -I       Ask for the certificate of the virtual host (see -V).
       --server          -s       The address of the server.
       --port            -p       Its port.
       --url             -u       The path to ask for.
       --use-virtualhost -V       The virtual host to ask for.
       --verbose         -v       Print header, body and time, too.
       --help            -h       Print this.
       --fwmark          -m       The mark of the packets.
       --protocol        -P       The version of HTTP: '1.0', '1.0c', '1.1'.
                                    1.0c is 1.0 with 'Connection: close'
       --timeout         -t       The time limit in seconds.

    """

  /// Reads the arguments, the program's name left out.
  init(parsing arguments: [String]) throws(Failure) {
    var values: [Character: String] = [:]
    var rest = arguments[...]
    var extra: [String] = []
    while let argument = rest.popFirst() {
      if argument == "--" {
        extra += rest
        break
      }
      if argument.hasPrefix("--") {
        let (option, attached) = try Self.longOption(argument.dropFirst(2))
        if !option.takesValue {
          values[option.short] = ""
        } else if let attached {
          values[option.short] = attached
        } else {
          values[option.short] = try Self.next(&rest)
        }
      } else if argument.hasPrefix("-"), argument != "-" {
        var letters = argument.dropFirst()
        while let letter = letters.popFirst() {
          guard let option = Self.table.first(where: { $0.short == letter }) else { throw .usage }
          if !option.takesValue {
            values[letter] = ""
          } else {
            values[letter] = try letters.isEmpty ? Self.next(&rest) : String(letters)
            letters = ""
          }
        }
      } else {
        extra.append(argument)
      }
    }
    guard extra.isEmpty else { throw .complaint("Unexpected argument(s): \(extra.joined(separator: " "))") }
    try self.init(values)
  }

  private init(_ values: [Character: String]) throws(Failure) {
    if values["h"] != nil { throw .usage }
    guard let server = values["s"], let port = values["p"], let path = values["u"], !path.isEmpty else { throw .usage }
    guard let address = IPAddress(server) else { throw .complaint("server should be an IP, not \(server)") }
    guard let number = UInt16(port), number > 0 else { throw .complaint("invalid port number '\(port)'") }
    var connection = ProbeConnection(to: address, port: number)
    if let mark = values["m"] {
      guard let number = UInt32(mark) else { throw .complaint("invalid fwmark '\(mark)'") }
      connection.mark = number
    }
    check = HTTPCheck(connection: connection, urls: [HTTPCheck.URL(path: path)], virtualHost: values["V"])
    switch values["P"] {
    case nil, "1.0": check.version = .http1_0
    case "1.0c", "1.0C": check.version = .http1_0Closing
    case "1.1": check.version = .http1_1
    case let other?: throw .complaint("invalid HTTP protocol version '\(other)'")
    }
    if values["S"] != nil { check.tls = TLSDefinition(serverName: values["I"] == nil ? nil : values["V"]) }
    if let timeout = values["t"] {
      guard let seconds = UInt64(timeout), (1...86_400).contains(seconds) else {
        throw .complaint("invalid timeout '\(timeout)'")
      }
      timeoutNanoseconds = seconds * 1_000_000_000
    }
    isVerbose = values["v"] != nil
  }

  private static func longOption(_ text: Substring) throws(Failure) -> (Option, String?) {
    let name = text.prefix { $0 != "=" }
    let attached = name.endIndex == text.endIndex ? nil : String(text[text.index(after: name.endIndex)...])
    let exact = table.filter { $0.long == name }
    let matching = exact.isEmpty ? table.filter { $0.long.hasPrefix(name) } : exact
    guard matching.count == 1, let option = matching.first, option.takesValue || attached == nil else { throw .usage }
    return (option, attached)
  }

  private static func next(_ rest: inout ArraySlice<String>) throws(Failure) -> String {
    guard let value = rest.popFirst() else { throw .usage }
    return value
  }
}
