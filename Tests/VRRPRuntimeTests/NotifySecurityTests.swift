import Testing
import VRRPRuntime

@Suite struct NotifySecurityTests {
  typealias Component = ScriptSecurity.Component
  static let root = ScriptSecurity.Runner(user: 0, group: 0)
  static let nobody = ScriptSecurity.Runner(user: 65534, group: 65534)

  static func path(
    directory: (user: UInt32, group: UInt32, mode: UInt16) = (0, 0, 0o755),
    file: (user: UInt32, group: UInt32, mode: UInt16) = (0, 0, 0o755), kind: Component.Kind = .regularFile
  ) -> [Component] {
    [
      Component(path: "/", user: 0, group: 0, mode: 0o755, kind: .directory),
      Component(
        path: "/d", user: directory.user, group: directory.group, mode: directory.mode, kind: .directory),
      Component(path: "/d/s", user: file.user, group: file.group, mode: file.mode, kind: kind),
    ]
  }

  @Test func `a script only root can change is sound`() {
    #expect(ScriptSecurity.problems(of: Self.path(), runBy: Self.root) == [])
  }

  @Test(
    arguments: [
      (path(file: (1000, 0, 0o755)), [.foreignOwner(path: "/d/s", user: 1000)]),
      (path(file: (0, 50, 0o775)), [.groupWritable(path: "/d/s", group: 50)]),
      (path(file: (0, 0, 0o775)), []),
      (path(file: (0, 0, 0o757)), [.worldWritable(path: "/d/s")]),
      (path(directory: (0, 0, 0o777)), [.worldWritable(path: "/d")]),
      (path(directory: (0, 0, 0o1777)), []),
      (path(file: (0, 0, 0o1757)), [.worldWritable(path: "/d/s")]),
      (path(directory: (1000, 0, 0o1777)), [.foreignOwner(path: "/d", user: 1000)]),
      (path(directory: (0, 50, 0o775)), [.groupWritable(path: "/d", group: 50)]),
    ] as [([Component], [ScriptSecurity.Problem])])
  func `every component of root's script is judged`(path: [Component], problems: [ScriptSecurity.Problem]) {
    #expect(ScriptSecurity.problems(of: path, runBy: Self.root) == problems)
  }

  @Test func `what others run may be changed by others`() {
    let path = Self.path(directory: (1000, 50, 0o777), file: (1000, 50, 0o777))
    #expect(ScriptSecurity.problems(of: path, runBy: Self.nobody) == [])
  }

  @Test func `root's rights come with the group and with the file, too`() {
    let path = Self.path(file: (0, 0, 0o757))
    let member = ScriptSecurity.Runner(user: 65534, group: 0)
    #expect(ScriptSecurity.problems(of: path, runBy: member) == [.worldWritable(path: "/d/s")])
    let supplement = ScriptSecurity.Runner(user: 65534, group: 65534, supplementaryGroups: [0])
    #expect(ScriptSecurity.problems(of: path, runBy: supplement) == [.worldWritable(path: "/d/s")])
    let setuid = Self.path(file: (0, 50, 0o4757))
    #expect(ScriptSecurity.problems(of: setuid, runBy: Self.nobody) == [.worldWritable(path: "/d/s")])
    let setgid = Self.path(file: (0, 0, 0o2757))
    #expect(ScriptSecurity.problems(of: setgid, runBy: Self.nobody) == [.worldWritable(path: "/d/s")])
  }

  @Test func `a script must be there, be a file, and be executable for its user`() {
    #expect(ScriptSecurity.problems(of: [], runBy: Self.root) == [.notFound])
    #expect(
      ScriptSecurity.problems(of: Self.path(kind: .directory), runBy: Self.root)
        == [.notRegularFile(path: "/d/s")])
    for (runner, file, isExecutable) in [
      (Self.root, (0, 0, 0o644), false), (Self.root, (0, 0, 0o100), true), (Self.nobody, (0, 0, 0o744), false),
      (Self.nobody, (0, 0, 0o701), true), (Self.nobody, (65534, 0, 0o077), false),
      (Self.nobody, (0, 65534, 0o701), false), (Self.nobody, (0, 65534, 0o010), true),
    ] as [(ScriptSecurity.Runner, (UInt32, UInt32, UInt16), Bool)] {
      let path = Self.path(file: file)
      let problems = ScriptSecurity.problems(of: path, runBy: runner)
      #expect(problems == (isExecutable ? [] : [.notExecutable(path: "/d/s")]), "\(file)")
    }
  }

  @Test func `only what cannot be run at all is refused without script security`() {
    #expect(ScriptSecurity.Problem.notFound.preventsRunning)
    #expect(ScriptSecurity.Problem.notExecutable(path: "/s").preventsRunning)
    #expect(!ScriptSecurity.Problem.worldWritable(path: "/s").preventsRunning)
    #expect(!ScriptSecurity.Problem.foreignOwner(path: "/s", user: 1).preventsRunning)
  }

  @Test func `fix-its are commands that can be pasted whatever the path`() {
    #expect(ScriptSecurity.Problem.worldWritable(path: "/d/s-1.sh").fixIt == "chmod o-w /d/s-1.sh")
    #expect(ScriptSecurity.Problem.foreignOwner(path: "/d/a b", user: 1).fixIt == "chown root '/d/a b'")
    #expect(
      ScriptSecurity.Problem.groupWritable(path: "/d/a'$(x)", group: 1).fixIt == "chmod g-w '/d/a'\\''$(x)'")
    #expect(ScriptSecurity.Problem.notFound.fixIt == nil)
  }
}
