import ConfigParser

/// A host on which everything is wrong.
struct BareHost: HostProvider {
  var interfaces: [HostInterface] { [HostInterface(name: "eth0", mtu: 100, isRunning: false, hasMulticast: false)] }
  var searchPath: [String] { ["/bin"] }
  func file(_ path: String) -> HostFile? { path.utf8.count % 3 == 0 ? nil : HostFile(owner: 7, mode: 0o777) }
  func realPath(_ path: String) -> String? { path }
  func user(_ name: String) -> HostUser? { nil }
  func group(_ name: String) -> UInt32? { nil }
  func kernelSetting(_ name: String) -> String? { "0" }
  func text(_ path: String) -> [UInt8]? { path.utf8.count % 2 == 0 ? nil : Array("254 main\n# x\nnothing".utf8) }
  func names(in directory: String) -> [String] { ["a.conf"] }
}

/// Any file, which may include itself and a second file. It is read within bounds and without a trap, the written tree
/// gives it back byte for byte, every diagnostic can be shown, and its formatted form stays as it is.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  var limits = ParserLimits()
  limits.expandedBytes = 1 << 16
  limits.expandedLines = 500
  limits.files = 20
  limits.lineBytes = 4096
  limits.diagnostics = 50
  let sources = MemorySources(
    ["b": "include a\npriority 100 }\n"], bytes: ["a": bytes], variables: ["NAME": "${_ENV NAME}"])
  var loaded = loadConfiguration(from: "a", sources: sources, configID: "node", limits: limits)
  precondition(loaded.isReadable)
  loaded.check(against: BareHost(), writtenPaths: ["/run/vrrpd.pid"])
  for diagnostic in loaded.diagnostics {
    precondition(!TextRenderer(usesColour: true).render(diagnostic, in: loaded.sources).isEmpty)
  }
  _ = JSONRenderer().render([loaded])
  _ = JSONRenderer().renderSARIF([loaded])
  precondition(SyntaxTree(bytes).text == bytes)
  let formatted = Formatter.format(bytes)
  precondition(Formatter.format(formatted) == formatted)
  var nodes = [loaded, loaded]
  compareNodes(&nodes, names: ["a", "b"])
  return 0
}
