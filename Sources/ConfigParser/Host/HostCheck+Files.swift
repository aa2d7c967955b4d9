import LoadBalancing
import NetPrimitives
import VRRPCore

// Files, pipes, and what the kernel must allow.
extension HostCheck {
  /// A path is read, or written by the daemon.
  mutating func checkPath(_ word: Word, _ setting: Setting?) {
    let path = reader.text(word)
    switch setting {
    case .ssl?:
      if host.file(path) == nil { report(.fileMissing, "there is no file '\(path)'", at: word.range) }
    case .trackFile?:
      let isMade = configuration.trackFiles.contains { $0.path == path && $0.initialValue != nil }
      if isMade {
        checkDirectory(of: path, at: word.range)
      } else if host.file(path) == nil {
        report(
          .fileMissing, "there is no file '\(path)': it counts as 0 until there is", at: word.range,
          notes: [Diagnostic.Note("'init_file' makes it")], severity: .warning)
      }
    default: checkDirectory(of: path, at: word.range)
    }
  }

  /// `notify_fifo` and its relatives.
  mutating func checkPipe(_ index: Int, _ word: Word) {
    let path = reader.text(word)
    if let file = host.file(path) {
      if file.kind != .pipe {
        report(.pathUnusable, "'\(path)' is there and no pipe: nothing is written to it", at: word.range)
      }
    } else {
      checkDirectory(of: path, at: word.range)
    }
    let words = reader.arguments(tree.statements[index]).dropFirst()
    guard let first = words.first else { return }
    var group = words.count > 1 ? reader.text(tree.words[first + 1]) : nil
    if let name = group, name.hasPrefix(":") { group = String(name.dropFirst()) }
    checkUser(
      GlobalDefinition.ScriptUser(user: reader.text(tree.words[first]), group: group), at: tree.words[first].range)
  }

  /// A file that will be made needs a directory.
  mutating func checkDirectory(of path: String, at range: SourceRange) {
    guard path.hasPrefix("/"), let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
    let directory = slash == path.startIndex ? "/" : String(path[..<slash])
    guard host.file(directory)?.kind != .directory, missing.insert("directory \(directory)").inserted else { return }
    report(.pathUnusable, "there is no directory '\(directory)' for '\(path)'", at: range)
  }

  /// What virtual servers need of the kernel, said at the first that needs it.
  mutating func checkBalancing() {
    guard !configuration.virtualServers.isEmpty else { return }
    let blocks = tree.children(of: nil).filter { reader.setting(of: $0) == .root(.virtualServer) }
    guard let first = blocks.first else { return }
    let line = tree.statements[first].line
    if host.file("/proc/net/ip_vs") == nil {
      report(
        .kernelSetting, "the kernel of this host has no IPVS yet", at: line,
        notes: [Diagnostic.Note("modprobe ip_vs")], severity: .note)
    }
    for family in [AddressFamily.ipv4, .ipv6] {
      let setting = family == .ipv4 ? "net/ipv4/ip_forward" : "net/ipv6/conf/all/forwarding"
      let translates = configuration.virtualServers.contains { server in
        server.family == family && server.realServers.contains { $0.forwarding == .masquerade }
      }
      guard translates, host.kernelSetting(setting) == "0" else { continue }
      report(
        .kernelSetting, "'lvs_method NAT' needs forwarding of \(family.name), which is switched off", at: line,
        notes: [Diagnostic.Note("sysctl -w \(Self.dotted(setting))=1")])
    }
  }
}
