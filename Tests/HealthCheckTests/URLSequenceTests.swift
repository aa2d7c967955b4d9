import HealthCheck
import Testing

@Suite struct `A check of several URLs` {
  func line(
    _ count: Int, retries: UInt32 = 0, retryDelay: UInt64 = 3, alpha: Bool = false, fast: Bool = false
  ) -> Timeline {
    let check = HTTPCheck(
      connection: somewhere, urls: (0..<count).map { HTTPCheck.URL(path: "/\($0)") }, recoversFast: fast)
    return Timeline(
      CheckDefinition(
        .http(check), timing: timing(loop: 10, retries: retries, retryDelay: retryDelay), startsFailed: alpha))
  }

  @Test func `asks for one per period and is up after all of them`() throws {
    var line = line(3, alpha: true)
    for (at, step) in [(1.0, 0), (11, 1)] as [(Double, UInt16)] {
      let round = try line.round(good)
      #expect(round.at == at && round.step == step && !round.report.isUp)
    }
    let last = try line.round(good)
    #expect(last.at == 21 && last.step == 2 && last.report.isUp && last.report.news == .changed)
    #expect(try line.round(good).step == 0)
  }

  @Test func `with fast recovery asks for the next at once while down`() throws {
    var line = line(3, alpha: true, fast: true)
    #expect(try line.round(good).at == 1)
    #expect(try line.round(good).at == 1)
    #expect(try line.round(good).at == 1)
    #expect(line.machine.state.isUp)
    #expect(try line.round(good).at == 11)
    #expect(try line.round(good).at == 21, "up: one per period")
  }

  @Test func `retries the same URL while up`() throws {
    var line = line(2, retries: 1)
    _ = try line.round(good)
    _ = try line.round(good)
    let failed = try line.round(bad)
    #expect(failed.at == 21 && failed.step == 0 && failed.report.isUp)
    let again = try line.round(bad)
    #expect(again.at == 24 && again.step == 0 && !again.report.isUp)
  }

  @Test func `asks only for the failed URL until it is back, then for all`() throws {
    var line = line(3)
    _ = try line.round(good)
    let failed = try line.round(bad)
    #expect(failed.step == 1 && !failed.report.isUp && failed.at == 11)
    let still = try line.round(bad)
    #expect(still.step == 1 && still.at == 21)
    let back = try line.round(good)
    #expect(back.step == 1 && back.at == 31 && !back.report.isUp)
    for (step, at) in [(0, 41), (1, 51)] as [(UInt16, Double)] {
      let round = try line.round(good)
      #expect(round.step == step && round.at == at && !round.report.isUp)
    }
    #expect(try line.round(good).report.news == .changed)
  }

  @Test func `waits the longer of the two delays for a failed URL`() throws {
    var line = line(1, retryDelay: 15)
    #expect(try line.round(bad).at == 1)
    #expect(try line.round(bad).at == 16)
    #expect(try line.round(bad).at == 31)
  }
}
