import Testing
import VRRPCore
import VRRPRuntime

@Suite struct `Messages between parent and child` {
  static let requests: [HookRequest] = [
    .run(number: 7, arguments: ["/bin/check", "a b", "", "ü"], user: "nobody", group: "adm"),
    .run(number: .max, arguments: [], user: nil, group: nil),
    .run(number: 1, arguments: ["a"], user: "u", group: nil, takesGroups: true),
    .configurationRead,
    .signal(number: 1, 15), .copy(number: 2, descriptor: 9, path: "/tmp/x"),
    .routerNews(RouterNews(name: "inside", isActive: true)), .routerNews(RouterNews(name: "", isActive: false)),
  ]
  static let alerts: [AlertDelivery] = {
    var global = GlobalDefinition(routerID: "node")
    global.mail = AlertsTests.mail()
    global.mail.heloName = "node.example.org"
    global.mail.port = 587
    global.mail.timeoutSeconds = 7
    let mailed = AlertDelivery(AlertsTests.alert(), global: global, isMailed: true)
    global.alerts.encryption = .implicit
    global.alerts.authorityFile = "/etc/ca.pem"
    global.alerts.credentials = .init(user: "u", password: "p")
    global.alerts.webhook = .init(
      host: "2001:db8::1", port: 8443, path: "/a?b", isEncrypted: true, bearerToken: "token")
    global.alerts.webhook?.timeoutNanoseconds = 5
    let both = AlertDelivery(AlertsTests.alert(), global: global, isMailed: true)
    let posted = AlertDelivery(
      balancer: "Realserver [192.0.2.1]:tcp:80 - DOWN", body: "=> x <=", routerID: "node", time: AlertsTests.time,
      global: {
        var global = global; global.mail.server = nil; return global
      }())
    return [mailed, both, posted].compactMap(\.self)
  }()
  static let replies: [HookReply] = [
    HookReply(number: 1, end: .exited(255)), HookReply(number: .max, end: .signaled(9)),
    HookReply(number: 0, end: .notStarted(errno: 13)),
  ]

  @Test(arguments: requests + alerts.map { .alert($0) }) func `requests come back as they were`(request: HookRequest)
    throws
  {
    let bytes = try #require(request.encoded)
    #expect(try HookRequest(decoding: bytes[...]) == request)
    for length in 0..<bytes.count {
      #expect(throws: HookMessageError.truncated) { try HookRequest(decoding: bytes[..<length]) }
    }
  }

  @Test(arguments: replies) func `replies come back as they were`(reply: HookReply) throws {
    #expect(try HookReply(decoding: reply.encoded[...]) == reply)
    for length in 0..<reply.encoded.count {
      #expect(throws: HookMessageError.truncated) { try HookReply(decoding: reply.encoded[..<length]) }
    }
  }

  @Test func `too much is not sent and not believed`() throws {
    let long = HookRequest.run(
      number: 1, arguments: [String(repeating: "x", count: HookRequest.byteLimit)], user: nil, group: nil)
    #expect(long.encoded == nil)
    let many = HookRequest.run(number: 1, arguments: Array(repeating: "x", count: 257), user: nil, group: nil)
    #expect(many.encoded == nil)
    var bytes = try #require(Self.requests[1].encoded)
    bytes[9] = 0xff
    #expect(throws: HookMessageError.tooManyArguments(.max)) { try HookRequest(decoding: bytes[...]) }
    #expect(throws: HookMessageError.unknownKind(9)) { try HookRequest(decoding: [9] + bytes[1...]) }
    #expect(throws: HookMessageError.unknownKind(9)) {
      try HookReply(decoding: [9] + Self.replies[0].encoded[1...])
    }
  }
}
