/// The conversation a probe holds. Indirect: most probes are of the smallest kind and should not be moved about in the
/// size of the largest.
indirect enum Dialogue<Toolbox: ProbeToolbox> {
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
indirect enum DialogueInput {
  case connected
  case closed
  case timedOut(ProbeFailure.Reason)
}
