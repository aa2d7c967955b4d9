extension ProbeSession {
  /// What a session begins with, read from a definition at one go: its settings are large.
  struct Opening {
    var dialogue: Dialogue<Toolbox>
    var connection: ProbeConnection
    var transport: Transport

    var isSecured: Bool {
      if case .stream(tls: .some, _) = transport { true } else { false }
    }
  }

  /// `nil` for what is not probed over the network, and for an HTTP check without the URL asked for.
  static func opening(of start: ProbeStart, toolbox: Toolbox) -> Opening? {
    let plain = Transport.stream(tls: nil, offersHTTP2: false)
    switch start.definition.probe {
    case .tcp(let check):
      let dialogue: Dialogue<Toolbox> =
        check.script.isEmpty ? .knock : .tcp(TCPConversation(script: check.script, toolbox: toolbox))
      let transport = check.onlyKnocks ? Transport.knock : .stream(tls: check.tls, offersHTTP2: false)
      return Opening(dialogue: dialogue, connection: check.connection, transport: transport)
    case .http(let check):
      let url = Int(start.step)
      guard check.urls.indices.contains(url) else { return nil }
      let isSecond = check.version == .http2
      return Opening(
        dialogue: isSecond
          ? .http2(HTTP2Conversation(check, url: url, toolbox: toolbox))
          : .http(HTTPConversation(check, url: url, toolbox: toolbox)),
        connection: check.connection, transport: .stream(tls: check.tls(ofURL: url), offersHTTP2: isSecond))
    case .grpc(let check):
      return Opening(
        dialogue: .http2(HTTP2Conversation(check, toolbox: toolbox)), connection: check.connection,
        transport: .stream(tls: check.tls, offersHTTP2: true))
    case .smtp(let check):
      return Opening(
        dialogue: .smtp(SMTPConversation(heloName: check.heloName)), connection: check.connection, transport: plain)
    case .agent(let check):
      return Opening(
        dialogue: .agent(AgentConversation(greeting: check.greeting)), connection: check.connection, transport: plain)
    case .dns(let check):
      return Opening(
        dialogue: .dns(DNSConversation(check, id: UInt16(truncatingIfNeeded: start.nonce))),
        connection: check.connection, transport: .datagram)
    case .udp(let check):
      return Opening(dialogue: .udp(UDPConversation(check)), connection: check.connection, transport: .datagram)
    case .ping(let check):
      let (family, sequence) = (check.connection.address.family, UInt16(truncatingIfNeeded: start.id.rawValue))
      return Opening(
        dialogue: .ping(PingConversation(family, sequence: sequence, token: start.nonce)),
        connection: check.connection, transport: .echo(family))
    case .misc, .file, .bfd:
      return nil
    }
  }
}
