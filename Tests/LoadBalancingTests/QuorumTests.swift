import LoadBalancing
import Testing

@Suite struct `The quorum` {
  @Test func `is made possible when it is not`() {
    let tooMuch = QuorumRule(quorum: 9, hysteresis: 0, configuredWeight: 4)
    #expect(tooMuch.quorum == 4 && tooMuch.hysteresis == 0)
    let tooLax = QuorumRule(quorum: 3, hysteresis: 3, configuredWeight: 10)
    #expect(tooLax.quorum == 3 && tooLax.hysteresis == 2)
    let both = QuorumRule(quorum: 9, hysteresis: 8, configuredWeight: 2)
    #expect(both.quorum == 2 && both.hysteresis == 1)
    let weightless = QuorumRule(quorum: 1, hysteresis: 0, configuredWeight: 0)
    #expect(weightless.quorum == 1)
    #expect(
      QuorumRule(definition([server(1, weight: .max), server(2, weight: .max)], quorum: .max)).quorum == 4_294_967_294)
  }

  @Test func `moves as the reference saw it move`() {
    let rule = QuorumRule(quorum: 2, hysteresis: 1, configuredWeight: 5)
    #expect(rule.gainedAt == 3 && rule.lostBelow == 1)
    #expect(rule.isMet(by: 5, isUp: false))
    #expect(!rule.isMet(by: 2, isUp: false))
    #expect(rule.isMet(by: 4, isUp: true) && rule.isMet(by: 3, isUp: true) && rule.isMet(by: 1, isUp: true))
    #expect(!rule.isMet(by: 0, isUp: true))
  }

  @Test(arguments: 0..<200) func `follows its equations`(seed: UInt64) {
    var random = Random(seed: seed)
    let sum = Int64.random(in: 1...40, using: &random)
    let rule = QuorumRule(
      quorum: .random(in: 1...50, using: &random), hysteresis: .random(in: 0...50, using: &random),
      configuredWeight: sum)
    #expect((1...sum).contains(rule.quorum) && (0..<rule.quorum).contains(rule.hysteresis))
    var isUp = false
    for _ in 0..<100 {
      let weight = Int64.random(in: 0...sum, using: &random)
      let next = rule.isMet(by: weight, isUp: isUp)
      if isUp && !next { #expect(weight == 0 || weight < rule.quorum - rule.hysteresis) }
      if isUp && next { #expect(weight > 0 && weight >= rule.quorum - rule.hysteresis) }
      if !isUp { #expect(next == (weight >= rule.quorum + rule.hysteresis)) }
      // Once decided, the same weight decides nothing more: no flapping without change.
      #expect(rule.isMet(by: weight, isUp: next) == next)
      isUp = next
    }
  }

  @Test(arguments: 0..<200) func `of a service is that of its live weight`(seed: UInt64) {
    var random = Random(seed: seed)
    let servers = (1...UInt8.random(in: 1...6, using: &random)).map {
      server($0, weight: .random(in: 0...5, using: &random), alpha: .random(using: &random))
    }
    let quorum = UInt32.random(in: 1...8, using: &random)
    let hysteresis = UInt32.random(in: 0...8, using: &random)
    let hasSorry = Bool.random(using: &random)
    var stage = Stage(
      definition(servers, quorum: quorum, hysteresis: hysteresis, sorry: hasSorry ? sorry() : nil))
    var alive = servers.map { !$0.checks[0].startsFailed }
    var isUp = false
    for round in 0..<60 {
      let weight = zip(servers, alive).reduce(Int64(0)) { $0 + ($1.1 ? Int64($1.0.weight) : 0) }
      let rule = stage.service.rule
      isUp = isUp ? !(weight == 0 || weight < rule.quorum - rule.hysteresis) : weight >= rule.quorum + rule.hysteresis
      #expect(stage.service.liveWeight == weight)
      #expect(stage.service.hasQuorum == isUp, "round \(round)")
      #expect(stage.service.isSorry == (hasSorry && !isUp))
      let expected =
        !isUp && hasSorry
        ? [99: 1]
        : Dictionary(
          uniqueKeysWithValues: servers.indices.filter { alive[$0] }.map { (UInt8($0 + 1), servers[$0].weight) })
      #expect(stage.weights == expected)
      let index = Int.random(in: 0..<servers.count, using: &random)
      let goesUp = Bool.random(using: &random)
      stage.check(UInt8(index + 1), up: goesUp, goesUp == alive[index] ? .none : .changed)
      alive[index] = goesUp
    }
  }
}
