/// The conversation a probe holds, as one type without indirection.
enum Dialogue<Toolbox: ProbeToolbox> {
  /// Connected is good enough.
  case knock
  case tcp(TCPConversation<Toolbox>)
  case http(HTTPConversation<Toolbox>)
  case http2(HTTP2Conversation<Toolbox>)
  case smtp(SMTPConversation)
  case dns(DNSConversation)
  case udp(UDPConversation)
  case ping(PingConversation)
  case agent(AgentConversation)
  /// While the payload is out.
  case vacant

  /// `nil` for what is not probed over the network, and for an HTTP check without the URL asked for.
  init?(_ start: ProbeStart, toolbox: Toolbox) {
    switch start.definition.probe {
    case .tcp(let check):
      self = check.script.isEmpty ? .knock : .tcp(TCPConversation(script: check.script, toolbox: toolbox))
    case .http(let check):
      guard check.urls.indices.contains(Int(start.step)) else { return nil }
      let url = Int(start.step)
      self =
        check.version == .http2
        ? .http2(HTTP2Conversation(check, url: url, toolbox: toolbox))
        : .http(HTTPConversation(check, url: url, toolbox: toolbox))
    case .grpc(let check):
      self = .http2(HTTP2Conversation(check, toolbox: toolbox))
    case .smtp(let check):
      self = .smtp(SMTPConversation(heloName: check.heloName))
    case .dns(let check):
      self = .dns(DNSConversation(check, id: UInt16(truncatingIfNeeded: start.nonce)))
    case .udp(let check):
      self = .udp(UDPConversation(check))
    case .ping(let check):
      self = .ping(
        PingConversation(
          check.connection.address.family, sequence: UInt16(truncatingIfNeeded: start.id.rawValue), token: start.nonce))
    case .agent(let check):
      self = .agent(AgentConversation(greeting: check.greeting))
    case .misc, .file, .bfd:
      return nil
    }
  }

  var step: ProbeStep {
    switch self {
    case .knock: .connect
    case .tcp(let conversation): conversation.step
    case .http(let conversation): conversation.step
    case .http2(let conversation): conversation.step
    case .smtp(let conversation): conversation.step
    case .dns(let conversation): conversation.step
    case .udp(let conversation): conversation.step
    case .ping(let conversation): conversation.step
    case .agent(let conversation): conversation.step
    case .vacant: .probe
    }
  }

  // The payload is taken out of the enum while it changes, so that its buffers are not copied.

  mutating func handle(_ input: DialogueInput, output: inout [UInt8]) -> Finding.Outcome? {
    switch self {
    case .knock:
      switch input {
      case .connected: return .success(.unchanged)
      case .closed: return .failure(ProbeFailure(.connect, .closedEarly))
      case .timedOut(let reason): return .failure(ProbeFailure(.connect, reason))
      }
    case .tcp(var conversation):
      self = .vacant
      defer { self = .tcp(conversation) }
      return conversation.handle(input, output: &output)
    case .http(var conversation):
      self = .vacant
      defer { self = .http(conversation) }
      return conversation.handle(input, output: &output)
    case .http2(var conversation):
      self = .vacant
      defer { self = .http2(conversation) }
      return conversation.handle(input, output: &output)
    case .smtp(var conversation):
      self = .vacant
      defer { self = .smtp(conversation) }
      return conversation.handle(input, output: &output)
    case .dns(var conversation):
      self = .vacant
      defer { self = .dns(conversation) }
      return conversation.handle(input, output: &output)
    case .udp(var conversation):
      self = .vacant
      defer { self = .udp(conversation) }
      return conversation.handle(input, output: &output)
    case .ping(var conversation):
      self = .vacant
      defer { self = .ping(conversation) }
      return conversation.handle(input, output: &output)
    case .agent(var conversation):
      self = .vacant
      defer { self = .agent(conversation) }
      return conversation.handle(input, output: &output)
    case .vacant:
      return nil
    }
  }

  mutating func receive(_ bytes: borrowing RawSpan, output: inout [UInt8]) -> Finding.Outcome? {
    switch self {
    case .tcp(var conversation):
      self = .vacant
      defer { self = .tcp(conversation) }
      return conversation.receive(bytes, output: &output)
    case .http(var conversation):
      self = .vacant
      defer { self = .http(conversation) }
      return conversation.receive(bytes, output: &output)
    case .http2(var conversation):
      self = .vacant
      defer { self = .http2(conversation) }
      return conversation.receive(bytes, output: &output)
    case .smtp(var conversation):
      self = .vacant
      defer { self = .smtp(conversation) }
      return conversation.receive(bytes, output: &output)
    case .dns(var conversation):
      self = .vacant
      defer { self = .dns(conversation) }
      return conversation.receive(bytes, output: &output)
    case .udp(var conversation):
      self = .vacant
      defer { self = .udp(conversation) }
      return conversation.receive(bytes, output: &output)
    case .ping(var conversation):
      self = .vacant
      defer { self = .ping(conversation) }
      return conversation.receive(bytes, output: &output)
    case .agent(var conversation):
      self = .vacant
      defer { self = .agent(conversation) }
      return conversation.receive(bytes, output: &output)
    case .knock, .vacant:
      return nil
    }
  }
}

extension Conversation {
  fileprivate mutating func handle(_ input: DialogueInput, output: inout [UInt8]) -> Finding.Outcome? {
    switch input {
    case .connected: begin(output: &output)
    case .closed: peerClosed()
    case .timedOut(let reason): timedOut(reason)
    }
  }
}

/// What a conversation is told, bytes aside.
enum DialogueInput {
  case connected
  case closed
  case timedOut(ProbeFailure.Reason)
}
