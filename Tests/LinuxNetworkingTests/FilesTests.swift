import Foundation
import LinuxNetworking
import Testing

@Suite struct FilesTests {
  let folder = NSTemporaryDirectory() + "vrrpd-files-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  @Test func `a file is read whole, up to the limit`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let content = Data((0..<10_000).map { UInt8(truncatingIfNeeded: $0) })
    try content.write(to: URL(filePath: folder + "/a"))
    #expect(try FileReader.read(folder + "/a") == Array(content))
    #expect(try FileReader.read(folder + "/a", limit: 10_000).count == 10_000)
    #expect { try FileReader.read(folder + "/a", limit: 9_999) } throws: { "\($0)".contains("EFBIG") }
    #expect(try FileReader.read("/proc/self/maps").count > 4096)
  }

  @Test func `what is no regular file is refused without waiting`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(mkfifo(folder + "/fifo", 0o600) == 0)
    #expect { try FileReader.read(folder + "/fifo") } throws: { "\($0)".contains("not a regular file") }
    #expect { try FileReader.read(folder) } throws: { "\($0)".contains("EISDIR") }
    #expect { try FileReader.read("/dev/zero") } throws: { "\($0)".contains("not a regular file") }
    #expect { try FileReader.read(folder + "/none") } throws: { "\($0)".contains("ENOENT") }
  }

  @Test func `a file that is being written has not changed yet`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let watcher = try FileWatcher()
    try watcher.watch("f", path: folder + "/f")
    let file = open(folder + "/f", O_WRONLY | O_CREAT, 0o600)
    #expect(write(file, "7", 1) == 1)
    #expect(watcher.changes() == [])
    close(file)
    #expect(watcher.changes() == ["f"])
    unlink(folder + "/f")
    #expect(watcher.changes() == ["f"])
    try Data().write(to: URL(filePath: folder + "/g"))
    #expect(rename(folder + "/g", folder + "/f") == 0)
    #expect(watcher.changes() == ["f"])
  }

  @Test func `patterns match sorted, with braces`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["b.conf", "a.conf", "c.cfg"] { try Data().write(to: URL(filePath: folder + "/" + name)) }
    #expect(try FileReader.matches(folder + "/*.conf") == [folder + "/a.conf", folder + "/b.conf"])
    #expect(try FileReader.matches(folder + "/{c.cfg,a.conf}") == [folder + "/c.cfg", folder + "/a.conf"])
    #expect(try FileReader.matches(folder + "/a.conf") == [folder + "/a.conf"])
    #expect(try FileReader.matches(folder + "/none*") == [])
  }

  @Test func `kernel parameters are put back in reverse order, those never changed are not touched`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["x", "y"] { try "1\n".write(toFile: folder + "/" + name, atomically: true, encoding: .utf8) }
    var parameters = KernelParameters(root: folder)
    try parameters.set("x", to: "2")
    try parameters.set("x", to: "3")
    try parameters.set("y", to: "1")
    try "7".write(toFile: folder + "/y", atomically: true, encoding: .utf8)
    #expect(try parameters.value(of: "x") == "3")
    parameters.restore()
    #expect(try parameters.value(of: "x") == "1")
    #expect(try parameters.value(of: "y") == "7")
    #expect(throws: SystemCallError.self) { try parameters.value(of: "net/../../etc/passwd") }
  }

  @Test func `kernel parameters that move one another come back to where they were`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "1\n".write(toFile: folder + "/x", atomically: false, encoding: .utf8)
    try FileManager.default.linkItem(atPath: folder + "/x", toPath: folder + "/y")
    var parameters = KernelParameters(root: folder)
    try parameters.set("x", to: "2")
    try parameters.set("y", to: "3")
    parameters.restore()
    #expect(try parameters.value(of: "x") == "1")
    try parameters.set("x", to: "4")
    parameters.forget(prefix: "x")
    parameters.restore()
    #expect(try parameters.value(of: "x") == "4")
  }
}
