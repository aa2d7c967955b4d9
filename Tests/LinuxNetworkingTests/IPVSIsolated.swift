import Foundation
import LinuxNetworking
import NetPrimitives
import Testing

/// Whether this kernel has IPVS and this process may use it. `make vm` runs what needs it where that is not so.
let hasIPVS = isRoot && (try? ServiceSocket().information()) != nil
let ipvsOnly: Comment = "needs root and a kernel with IPVS; run Tests/VM/run"

/// Runs `body` with a namespace and a table of services of its own.
func director(_ body: @escaping @Sendable (ServiceSocket) throws -> Void) async throws {
  try await isolated {
    // IPVS takes no destination where there is no address at all.
    try shell("ip link set lo up")
    try body(try ServiceSocket())
  }
}

/// Runs a command line of the shell in the calling thread's network namespace and returns what it prints.
@discardableResult
func shell(_ line: String) throws -> String {
  let pipe = try #require(popen("exec 2>&1; " + line, "r"))
  var text = ""
  while let part = readLine(from: pipe) { text += part }
  let status = pclose(pipe)
  try #require(status == 0, "\(line): \(text)")
  return text
}

private func readLine(from file: UnsafeMutablePointer<FILE>) -> String? {
  var buffer = [CChar](repeating: 0, count: 4096)
  guard fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
  return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// How many milliseconds `body` takes.
func milliseconds(_ body: () throws -> Void) rethrows -> Double {
  let begin = SystemClock.monotonic()
  try body()
  return Double(SystemClock.monotonic().nanoseconds - begin.nanoseconds) / 1e6
}

/// Whether `condition` comes true within some seconds.
func eventually(_ condition: () throws -> Bool) throws -> Bool {
  for _ in 0..<50 {
    if try condition() { return true }
    usleep(100_000)
  }
  return false
}
