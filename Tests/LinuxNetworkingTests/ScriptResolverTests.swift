import Foundation
@testable import LinuxNetworking
import Testing
import VRRPCore
import VRRPRuntime

@Suite struct ScriptResolverTests {
  let folder = "/run/vrrpd-scripts-\(UUID().uuidString)"

  private func request(_ path: String, _ change: (inout GlobalDefinition) -> Void = { _ in }) throws -> HookRequest {
    var global = GlobalDefinition(scriptUser: GlobalDefinition.ScriptUser(user: "root"))
    change(&global)
    let command = ScriptCommand([path, "x"])
    return try ScriptResolver(global).request(command, adding: [], number: 1)
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
    #expect(
      try request(link) == .run(number: 1, arguments: [folder + "/real", "x"], user: "root", group: nil))
    #expect(
      try request(link) { $0.keepsSymbolicLinks = true }
        == .run(number: 1, arguments: [link, "x"], user: "root", group: nil))
  }

  @Test(.enabled(if: isRoot, "needs root to make scripts that are safe to run"))
  func `a link that others may replace is not run as such`() throws {
    try make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let link = folder + "/open/link"
    _ = try request(link) { $0.enforcesScriptSecurity = true }
    #expect(throws: ScriptResolver.Refusal.self) {
      try request(link) {
        $0.enforcesScriptSecurity = true
        $0.keepsSymbolicLinks = true
      }
    }
  }

  @Test func `all groups of the user are taken when one asks for it`() throws {
    let plain = try request("/bin/sh")
    let all = try request("/bin/sh") { $0.setsSupplementaryGroups = true }
    let own = try request("/bin/sh") { $0.scriptUser?.takesOtherGroups = true }
    guard case .run(_, _, _, _, false) = plain, case .run(_, _, _, _, true) = all, case .run(_, _, _, _, true) = own
    else {
      Issue.record("\(plain) \(all) \(own)")
      return
    }
  }
}
