import Foundation
import Testing
import VRRPCore

@testable import LinuxNetworking

@Suite struct DumpPathsTests {
  @Test(arguments: [
    (nil, "/keepalived_check.data"), ("/var/lib/state.txt", "/var/lib/state_check.txt"),
    ("/var/lib.d/state", "/var/lib.d/state_check"),
  ])
  func `state_dump_file moves the dumps of the other processes too`(path: String?, wanted: String) {
    var dumps = DumpDefinition()
    dumps.statePath = path
    let folder = path == nil ? ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp" : ""
    #expect(DumpPaths(dumps).checkPath == folder + wanted)
    #expect(DumpPaths(dumps).bfdPath == folder + wanted.replacing("_check", with: "_bfd"))
  }
}
