import Foundation
import LinuxNetworking
import Testing

@Suite struct PidFileTests {
  let path = NSTemporaryDirectory() + "vrrpd-test-\(UUID().uuidString).pid"

  @Test func `it holds our number and refuses a second owner`() throws {
    let file = try PidFile(path: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "\(getpid())\n")
    #expect {
      _ = try PidFile(path: path)
    } throws: { error in
      error as? PidFile.Failure == .held(path: path, by: getpid())
    }
    file.remove()
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func `a number that a dead process left does not stand in the way`() throws {
    try "1234567890\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(PidFile.read(path) == 1_234_567_890)
    let file = try PidFile(path: path)
    #expect(PidFile.read(path) == getpid())
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "\(getpid())\n")
    file.remove()
  }

  @Test func `a symbolic link is not followed`() throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/tmp/elsewhere")
    defer { unlink(path) }
    #expect {
      _ = try PidFile(path: path)
    } throws: { "\($0)".hasSuffix("(ELOOP)") }
  }
}
