import HealthCheck
import Testing

@Suite struct `Findings of scripts and files` {
  @Test func `follow the exit status`() {
    let plain = MiscCheck(command: HookCommand(["x"]))
    let dynamic = MiscCheck(command: HookCommand(["x"]), setsWeight: true)
    #expect(plain.finding(.exited(0)) == .success())
    #expect(plain.finding(.exited(2)) == .failure(.execution, .exited(2)))
    #expect(dynamic.finding(.exited(0)) == .success())
    #expect(dynamic.finding(.exited(1)) == .failure(.execution, .exited(1)))
    #expect(dynamic.finding(.exited(2)) == Finding(.success(.absolute(0))))
    #expect(dynamic.finding(.exited(255)) == Finding(.success(.absolute(253))))
    #expect(dynamic.finding(.signalled(9)) == .failure(.execution, .signalled(9)))
    #expect(dynamic.finding(.timedOut) == .failure(.execution, .timedOut))
  }

  @Test(
    arguments: [
      ("0", 0), ("5\n", 5), ("  -12 rubbish", -12), ("+7", 7), ("0x1F", 31), ("0X1f", 31), ("010", 8), ("08", 0),
      ("", 0), ("garbage", 0), ("-", 0), ("0x", 0), ("0xg", 0), ("- 3", 0), ("\t\n 4", 4), ("-0x10", -16),
      ("9223372036854775807", .max), ("9223372036854775808", .max), ("-9223372036854775808", .min),
      ("-99999999999999999999", .min),
    ] as [(String, Int64)])
  func `are read as strtol reads numbers`(text: String, value: Int64) {
    let bytes = Array(text.utf8)
    #expect(FileCheck.value(of: bytes.span.bytes) == value)
  }

  @Test func `look at the first 127 bytes only`() {
    let bytes = [UInt8](repeating: UInt8(ascii: " "), count: 126) + Array("12".utf8)
    #expect(FileCheck.value(of: bytes.span.bytes) == 1)
  }

  @Test(
    arguments: [
      (0, false, 0, Finding.success()), (0, false, 3, .failure(.observation, .value(3))),
      (0, true, 0, .failure(.observation, .value(0))), (0, true, -1, .success()),
      (2, false, 5, Finding(.success(.offset(10)))), (2, true, 5, Finding(.success(.offset(-10)))),
      (1, false, -2_147_483_647, Finding(.success(.offset(-2_147_483_647)))),
      (1, false, -2_147_483_648, .failure(.observation, .value(.min))),
      (-1, false, 2_147_483_648, .failure(.observation, .value(.min))),
      (1, false, .max, Finding(.success(.offset(.max)))), (2, false, .max, Finding(.success(.offset(.max)))),
      (2, true, .max, .failure(.observation, .value(.min))), (-2, true, .max, Finding(.success(.offset(.max)))),
    ] as [(Int32, Bool, Int64, Finding)])
  func `multiply the number of a file`(weight: Int32, isReversed: Bool, value: Int64, finding: Finding) {
    #expect(FileCheck(trackFile: "f", weight: weight, isReversed: isReversed).finding(value: value) == finding)
  }

  @Test func `say step and reason in words`() {
    #expect("\(ProbeFailure(.statusLine, .unexpectedStatus(503)))" == "status line: status 503")
    #expect("\(ProbeFailure(.tlsHandshake, .certificate(.expired)))" == "TLS handshake: certificate expired")
    #expect("\(ProbeFailure(.script(2), .timedOut))" == "script step 2: timed out")
  }
}
