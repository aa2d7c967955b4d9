import Testing
import VRRPCore
import VRRPRuntime

@Suite struct `Messages between parent and child` {
  static let requests: [HookRequest] = [
    .run(
      number: 7,
      ScriptOrder(
        ScriptCommand(["/bin/check", "a b", ""], runAs: .init(user: "nobody", group: "adm")), adding: ["ü"],
        as: GlobalDefinition(enforcesScriptSecurity: true))),
    .run(number: .max, ScriptOrder(ScriptCommand([]), as: GlobalDefinition())),
    .run(
      number: 1,
      ScriptOrder(
        ScriptCommand(["a"], readsFile: ""),
        as: {
          var global = GlobalDefinition(scriptUser: .init(user: "u", takesOtherGroups: true))
          global.keepsSymbolicLinks = true
          return global
        }())),
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
    HookReply(number: 0, end: .notStarted(errno: 13)), HookReply(number: 3, end: .refused("'/ä' is a directory")),
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
    func order(_ arguments: [String]) -> HookRequest {
      .run(number: 1, ScriptOrder(ScriptCommand(arguments), as: GlobalDefinition()))
    }
    #expect(order([String(repeating: "x", count: HookRequest.byteLimit)]).encoded == nil)
    #expect(order(Array(repeating: "x", count: 257)).encoded == nil)
    let reason = HookReply(number: 1, end: .refused(String(repeating: "x", count: 2 * HookReply.byteLimit))).encoded
    #expect(reason.count == HookReply.byteLimit)
    #expect(throws: Never.self) { try HookReply(decoding: reason[...]) }
    var bytes = try #require(Self.requests[1].encoded)
    bytes[9] = 0xff
    #expect(throws: HookMessageError.tooManyArguments(.max)) { try HookRequest(decoding: bytes[...]) }
    #expect(throws: HookMessageError.unknownKind(9)) { try HookRequest(decoding: [9] + bytes[1...]) }
    #expect(throws: HookMessageError.unknownKind(9)) {
      try HookReply(decoding: [9] + Self.replies[0].encoded[1...])
    }
  }
}
