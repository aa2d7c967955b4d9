import Foundation
@testable import LinuxNetworking
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct ScriptResolverTests {
  let folder = "/run/vrrpd-scripts-\(UUID().uuidString)"

  private func program(
    _ path: String, _ change: (inout GlobalDefinition) -> Void = { _ in }
  ) throws -> ScriptResolver.Program {
    var global = GlobalDefinition(scriptUser: GlobalDefinition.ScriptUser(user: "root"))
    change(&global)
    return try ScriptResolver().resolve(ScriptOrder(ScriptCommand([path, "x"]), as: global))
  }

  private func root(_ arguments: [String]) -> ScriptResolver.Program {
    ScriptResolver.Program(arguments: arguments, user: "root", group: nil, takesGroups: false)
  }

  private func make() throws {
    try FileManager.default.createDirectory(atPath: folder + "/open", withIntermediateDirectories: true)
    try "#!/bin/sh\n".write(toFile: folder + "/real", atomically: false, encoding: .utf8)
    chmod(folder, 0o755)
    chmod(folder + "/real", 0o755)
    symlink(folder + "/real", folder + "/link")
    symlink(folder + "/real", folder + "/open/link")
    chmod(folder + "/open", 0o777)
  }

  @Test(.enabled(if: isRoot, "needs root to make scripts that are safe to run"))
  func `what a link leads to is run, or the link itself when that is wanted`() throws {
    try make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let link = folder + "/link"
    #expect(try program(link) == root([folder + "/real", "x"]))
    #expect(try program(link) { $0.keepsSymbolicLinks = true } == root([link, "x"]))
  }

  @Test(.enabled(if: isRoot, "needs root to make scripts that are safe to run"))
  func `a link that others may replace is not run as such`() throws {
    try make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let link = folder + "/open/link"
    _ = try program(link) { $0.enforcesScriptSecurity = true }
    #expect(throws: ScriptResolver.Refusal.self) {
      try program(link) {
        $0.enforcesScriptSecurity = true
        $0.keepsSymbolicLinks = true
      }
    }
  }

  @Test func `all groups of the user are taken when one asks for it`() throws {
    let plain = try program("/bin/sh")
    let all = try program("/bin/sh") { $0.setsSupplementaryGroups = true }
    let own = try program("/bin/sh") { $0.scriptUser?.takesOtherGroups = true }
    #expect(!plain.takesGroups && all.takesGroups && own.takesGroups)
  }

  @Test func `whose opening is the test is not judged, and nothing is added to it`() throws {
    let command = ScriptCommand(["<", folder], readsFile: folder)
    let global = GlobalDefinition(scriptUser: GlobalDefinition.ScriptUser(user: "root"))
    let found = try ScriptResolver().resolve(ScriptOrder(command, adding: ["x"], as: global))
    #expect(found == root(["/usr/bin/test", "-r", folder]))
  }

  @Test func `arguments are not run in place of a program that is missing`() {
    #expect(throws: ScriptResolver.Refusal.self) {
      try ScriptResolver().resolve(ScriptOrder(ScriptCommand([]), adding: ["/bin/sh"], as: GlobalDefinition()))
    }
  }
}
