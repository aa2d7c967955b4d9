import HealthCheck
import LoadBalancing
import Testing

@Suite struct `A virtual service` {
  @Test func `starts with all servers alive unless they are under alpha`() {
    var stage = Stage(definition([server(1), server(2, weight: 3)], hooks: true))
    #expect(stage.weights == [1: 1, 2: 3])
    #expect(stage.commands() == ["quorum-up"])
    var cautious = Stage(definition([server(1, alpha: true), server(2, alpha: true, inhibits: true)], hooks: true))
    #expect(cautious.weights == [2: 0])
    #expect(cautious.said.isEmpty, "below the quorum from the start is no loss")
    cautious.check(1, up: true)
    #expect(cautious.weights == [1: 1, 2: 0])
    #expect(cautious.commands() == ["quorum-up"])
  }

  @Test func `writes the lines keepalived's users parse, without a stray byte`() {
    var stage = Stage(definition([server(1), server(2)]))
    #expect(stage.lines() == ["VS [192.0.2.1]:tcp:80 UP"])
    stage.check(1, up: false)
    #expect(stage.lines() == ["RS [10.0.0.1]:tcp:80 [192.0.2.1]:tcp:80 DOWN"])
    stage.check(2, up: false)
    #expect(stage.lines() == ["RS [10.0.0.2]:tcp:80 [192.0.2.1]:tcp:80 DOWN", "VS [192.0.2.1]:tcp:80 DOWN"])
    stage.check(2, up: true)
    #expect(stage.lines() == ["RS [10.0.0.2]:tcp:80 [192.0.2.1]:tcp:80 UP", "VS [192.0.2.1]:tcp:80 UP"])
    stage.check(2, up: false)
    for case .writeLine(let line) in stage.said { #expect(line.utf8.last == 10 && !line.utf8.contains(0)) }
  }

  @Test func `names groups and marks as keepalived does`() {
    func line(_ address: VirtualServiceAddress, _ transport: TransportProtocol?) -> [String] {
      var stage = Stage(VirtualServerDefinition(address: address, transport: transport, realServers: [server(1)]))
      stage.said = []
      stage.check(1, up: false)
      return stage.lines()
    }
    #expect(line(.firewallMark(7), nil) == ["RS [10.0.0.1]:none:80 FWM 7 DOWN", "VS FWM 7 DOWN"])
    let group = VirtualServerGroup(name: "web", members: [])
    #expect(line(.group(group), .udp) == ["RS [10.0.0.1]:udp:80 [web]:0 DOWN", "VS [web]:0 DOWN"])
  }

  @Test func `lets the sorry server stand in while the quorum is lost`() {
    var stage = Stage(definition([server(1), server(2)], quorum: 2, sorry: sorry(), hooks: true))
    #expect(stage.weights == [1: 1, 2: 1])
    stage.said = []
    stage.check(1, up: false)
    #expect(stage.weights == [99: 1])
    #expect(stage.commands() == ["quorum-down"])
    stage.check(2, up: false)
    #expect(stage.weights == [99: 1])
    stage.check(2, up: true)
    #expect(stage.weights == [99: 1])
    stage.said = []
    stage.check(1, up: true)
    #expect(stage.weights == [1: 1, 2: 1])
    #expect(stage.commands() == ["quorum-up"])
  }

  @Test func `begins with the sorry server under alpha, and says so`() {
    var stage = Stage(definition([server(1, alpha: true)], sorry: sorry(), hooks: true))
    #expect(stage.weights == [99: 1])
    #expect(stage.commands() == ["quorum-down"])
  }

  @Test func `keeps an inhibited sorry server at hand`() {
    var stage = Stage(definition([server(1)], sorry: sorry(inhibits: true)))
    #expect(stage.weights == [1: 1, 99: 0])
    stage.check(1, up: false)
    #expect(stage.weights == [99: 1])
    stage.check(1, up: true)
    #expect(stage.weights == [1: 1, 99: 0])
  }

  @Test func `may have a real server for its sorry server`() {
    var stage = Stage(definition([server(1, weight: 5), server(2)], quorum: 6, sorry: sorry(1, inhibits: true)))
    #expect(stage.weights == [1: 5, 2: 1])
    stage.check(2, up: false)
    #expect(stage.weights == [1: 1])
    stage.check(2, up: true)
    #expect(stage.weights == [1: 5, 2: 1])
    stage.check(1, up: false)
    stage.check(2, up: false)
    #expect(stage.weights == [1: 1])
  }

  @Test func `keeps inhibited servers with weight 0`() {
    var stage = Stage(definition([server(1, inhibits: true), server(2)]))
    stage.check(1, up: false)
    #expect(stage.weights == [1: 0, 2: 1])
    stage.check(1, up: true)
    #expect(stage.weights == [1: 1, 2: 1])
  }

  @Test func `needs all checks of a server, and removes it at the first that fails`() {
    let checks = [check(1), check(1, port: 81)]
    var stage = Stage(definition([server(1, mails: true, checks: checks, notifies: true), server(2)]))
    stage.said = []
    stage.check(1, up: false, index: 0)
    #expect(stage.weights == [2: 1])
    #expect(stage.commands() == ["down1"])
    stage.check(1, up: false, index: 1)
    #expect(stage.commands().isEmpty)
    stage.check(1, up: true, index: 0)
    #expect(stage.weights == [2: 1])
    #expect(stage.commands().isEmpty)
    stage.check(1, up: true, index: 1)
    #expect(stage.weights == [1: 1, 2: 1])
    #expect(stage.commands() == ["up1"])
  }

  @Test func `tells of a first failure under alpha, once`() {
    let checks = [check(1, alpha: true), check(1, alpha: true, port: 81)]
    var stage = Stage(definition([server(1, checks: checks, notifies: true)]))
    stage.check(1, up: false, .confirmed, index: 0)
    #expect(stage.commands() == ["down1"])
    stage.check(1, up: false, .confirmed, index: 1)
    stage.check(1, up: false, .none, index: 1)
    #expect(stage.commands().isEmpty)
  }

  @Test func `tells of servers alive at the start when told to`() {
    let servers = [server(1, notifies: true), server(2, alpha: true, notifies: true)]
    var quiet = Stage(definition(servers))
    #expect(quiet.commands().isEmpty)
    var loud = Stage(definition(servers), policy: BalancingPolicy(notifiesInitialServers: true))
    #expect(loud.commands() == ["up1"])
  }

  @Test func `lets scripts set the weight`() {
    let script = CheckDefinition(.misc(MiscCheck(command: HookCommand(["x"]), setsWeight: true)))
    var stage = Stage(definition([server(1, weight: 2, checks: [script]), server(2)]))
    stage.handle(.checkReported(key(1), check: 0, report(up: true, .confirmed, weight: .absolute(5))))
    #expect(stage.weights == [1: 5, 2: 1])
    #expect(stage.said.contains(.report(.weightChanged(key(1), from: 2, to: 5))))
    stage.handle(.checkReported(key(1), check: 0, report(up: true, .none, weight: .unchanged)))
    #expect(stage.weights == [1: 2, 2: 1])
    stage.handle(.checkReported(key(1), check: 0, report(up: true, .none, weight: .offset(-9))))
    #expect(stage.weights == [1: 0, 2: 1])
  }

  @Test func `adds up what several checks say about the weight`() {
    let file = CheckDefinition(.file(FileCheck(trackFile: "f")))
    let script = CheckDefinition(.misc(MiscCheck(command: HookCommand(["x"]), setsWeight: true)))
    var stage = Stage(definition([server(1, weight: 10, checks: [file, script])]))
    stage.handle(.checkReported(key(1), check: 0, report(up: true, .confirmed, weight: .offset(-3))))
    stage.handle(.checkReported(key(1), check: 1, report(up: true, .confirmed, weight: .absolute(20))))
    #expect(stage.weights == [1: 17])
    stage.handle(.checkReported(key(1), check: 0, report(up: true, .none, weight: .offset(.max))))
    #expect(stage.weights == [1: .max])
  }

  @Test func `drains a server and keeps its connections whatever happens`() {
    var stage = Stage(definition([server(1), server(2)], sorry: sorry()))
    stage.handle(.overridden(key(1), .drain))
    #expect(stage.weights == [1: 0, 2: 1])
    stage.check(2, up: false)
    #expect(stage.weights == [1: 0, 99: 1], "nobody takes new connections: sorry")
    stage.check(1, up: false)
    #expect(stage.weights == [1: 0, 99: 1])
    stage.handle(.overridden(key(1), nil))
    #expect(stage.weights == [99: 1])
    stage.check(1, up: true)
    #expect(stage.weights == [1: 1])
    stage.handle(.overridden(key(1), .weight(7)))
    #expect(stage.weights == [1: 7])
  }

  @Test func `starts a recovered server slowly`() {
    var stage = Stage(definition([server(1, weight: 100, slowStart: 20), server(2)]))
    #expect(stage.weights == [1: 100, 2: 1], "not at the start")
    stage.check(1, up: false)
    #expect(stage.service.nextDeadline == nil)
    stage.now = at(50)
    stage.check(1, up: true)
    #expect(stage.weights == [1: 10, 2: 1])
    #expect(stage.service.liveWeight == 101, "the quorum counts what it will be")
    #expect(stage.service.nextDeadline == at(52))
    stage.now = at(51)
    stage.handle(.deadlineReached)
    #expect(stage.weights == [1: 10, 2: 1])
    stage.now = at(60)
    stage.handle(.deadlineReached)
    #expect(stage.weights == [1: 60, 2: 1])
    stage.now = at(70)
    stage.handle(.deadlineReached)
    #expect(stage.weights == [1: 100, 2: 1])
    #expect(stage.service.nextDeadline == nil)
  }

  @Test func `starts a server under alpha at full weight when it was never seen down`() {
    var stage = Stage(definition([server(1, weight: 100, alpha: true, slowStart: 20)]))
    stage.check(1, up: true)
    #expect(stage.weights == [1: 100])
    var doubted = Stage(definition([server(1, weight: 100, alpha: true, slowStart: 20)]))
    doubted.check(1, up: false, .confirmed)
    doubted.check(1, up: true)
    #expect(doubted.weights == [1: 10])
  }

  @Test func `is in the kernel only where its virtual router is active`() {
    var definition = definition([server(1)])
    definition.activeOnMasterOf = "VI_1"
    var stage = Stage(definition)
    #expect(stage.service.wanted == nil)
    #expect(stage.service.hasQuorum)
    stage.handle(.routerActive(true))
    #expect(stage.weights == [1: 1])
    stage.handle(.routerActive(false))
    #expect(stage.service.wanted == nil)
  }

  @Test func `says goodbye only with omega`() {
    let servers = [server(1, notifies: true), server(2, alpha: true, notifies: true)]
    var silent = Stage(definition(servers, hooks: true))
    silent.said = []
    silent.handle(.stop(.shutdown))
    #expect(silent.said.isEmpty)
    #expect(silent.service.wanted == nil)
    var polite = Stage(definition(servers, omega: true, mails: true, hooks: true))
    polite.said = []
    polite.handle(.stop(.shutdown))
    #expect(
      polite.said.contains(.mail(subject: "Virtualserver [192.0.2.1]:tcp:80 - DOWN", body: "=> Shutting down <=")))
    #expect(polite.commands() == ["down1", "quorum-down"])
    polite.handle(.stop(.shutdown))
    #expect(polite.said.isEmpty)
  }

  @Test func `mails what it is asked to`() {
    let checks = [check(1), check(1, port: 81)]
    func mails(_ policy: BalancingPolicy) -> [String] {
      var stage = Stage(
        definition([server(1, mails: true, checks: checks)], quorum: 1, mails: true), policy: policy)
      stage.check(1, up: false, index: 0)
      stage.check(1, up: false, index: 1)
      return stage.said.compactMap { if case .mail(let subject, let body) = $0 { "\(subject) | \(body)" } else { nil } }
    }
    let failed = "Realserver [10.0.0.1]:tcp:80 of virtual server [192.0.2.1]:tcp:80 - DOWN"
    let body = "=> TCP CHECK failed on service : connect: connection refused <="
    let gained = "Virtualserver [192.0.2.1]:tcp:80 - UP | => Gained quorum 1+0=1 <= 1 <="
    let lost = "Virtualserver [192.0.2.1]:tcp:80 - DOWN | => Lost quorum 1-0=1 > 0 <="
    #expect(mails(BalancingPolicy()) == [gained, "\(failed) | \(body)", lost, "\(failed) | \(body)"])
    #expect(mails(BalancingPolicy(mailsOnlyServerChanges: true)) == [gained, "\(failed) | \(body)", lost])
  }

  @Test func `ignores strangers`() {
    var stage = Stage(definition([server(1)]))
    stage.said = []
    stage.check(7, up: false)
    stage.check(1, up: false, index: 3)
    stage.handle(.overridden(key(7), .drain))
    #expect(stage.said.isEmpty && stage.weights == [1: 1])
  }
}
