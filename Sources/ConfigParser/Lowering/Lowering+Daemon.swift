import VRRPCore

extension Lowering {
  /// Applies a line of `global_defs` that concerns the daemon as a whole.
  mutating func applyDaemon(_ setting: DaemonSetting, _ value: Value, of index: Int) {
    switch setting {
    case .mailEncryption:
      let choices: [AlertDefinition.Encryption] = [.never, .whenOffered, .required, .implicit]
      if let choice = value.choice, choices.indices.contains(choice) {
        configuration.global.alerts.encryption = choices[choice]
      }
    case .mailLogin: setMailLogin(index)
    case .alertAuthority: configuration.global.alerts.authorityFile = value.word.map { text($0) }
    case .webhook: setWebhook(index)
    case .instance: configuration.daemon.instance = fileName(value)
    case .networkNamespace: configuration.daemon.networkNamespace = fileName(value)
    case .pidDirectory: configuration.daemon.usesPidDirectory = true
    case .childWait:
      if let seconds = value.integer { configuration.daemon.childWaitSeconds = UInt32(clamping: seconds) }
    case .fileMask: setFileMask(index)
    case .processNames: configuration.daemon.usesProcessNames = true
    case .bfdProcess(let setting):
      var process = configuration.bfdProcess
      apply(setting, value, of: index, to: &process)
      configuration.bfdProcess = process
    case .processName: configuration.daemon.processName = value.word.map { text($0) }
    case .routerProcessName: configuration.daemon.routerProcessName = value.word.map { text($0) }
    case .symlinkPaths: configuration.global.keepsSymbolicLinks = value.boolean ?? true
    case .supplementaryGroups: configuration.global.setsSupplementaryGroups = value.boolean ?? true
    case .automaticPriority:
      configuration.global.automaticPriority.maximum = UInt8(clamping: value.integer ?? 99)
    case .automaticPriorityDelay:
      guard let delay = value.integer else { return }
      configuration.global.automaticPriority.delayMicroseconds = UInt32(clamping: delay)
    case .reloadCheck:
      configuration.global.reload.checksFirst = true
      configuration.global.reload.reportPath = value.word.map { text($0) }
    case .reloadTime: configuration.global.reload.timePath = value.word.map { text($0) }
    case .reloadRepeat: configuration.global.reload.repeatsDaily = true
    case .reloadMarker:
      configuration.global.reload.marker = value.word.map { .path(text($0)) } ?? .inPidDirectory
    case .saveDirectory: configuration.global.reload.saveDirectory = value.word.map { text($0) }
    case .buffer(let user):
      if let bytes = value.integer { configuration.global[user].byteCount = UInt32(clamping: bytes) }
    case .forcedBuffer(let user): configuration.global[user].isForced = value.boolean ?? true
    }
  }

  /// A name that becomes part of paths: one without a slash.
  mutating func fileName(_ value: Value) -> String? {
    guard let word = value.word else { return nil }
    let name = text(word)
    guard !name.utf8.contains(UInt8(ascii: "/")), name != ".", name != ".." else {
      report(.unknownValue, "'\(name)' becomes part of file names: it must not have a slash", at: word.range)
      return nil
    }
    return name
  }

  /// `umask`: a number as C writes it, or permissions to take away such as `IRWXG | IRWXO`.
  private mutating func setFileMask(_ index: Int) {
    var mask: UInt32 = 0
    for word in arguments(tree.statements[index]) {
      let name = text(tree.words[word])
      for part in name.split(separator: "|") {
        guard let bits = Self.permission(String(part)) else {
          report(
            .unknownValue, "'\(part)' is no mask: write 0177, or names such as IRWXG | IRWXO",
            at: tree.words[word].range)
          return
        }
        mask |= bits
      }
    }
    configuration.daemon.fileMask = mask
  }

  /// The bits of `text`, by the names of stat(7) without their `S_`, or as a number.
  private static func permission(_ text: String) -> UInt32? {
    let names: [String: UInt32] = [
      "IRWXU": 0o700, "IRUSR": 0o400, "IWUSR": 0o200, "IXUSR": 0o100, "IRWXG": 0o070, "IRGRP": 0o040, "IWGRP": 0o020,
      "IXGRP": 0o010, "IRWXO": 0o007, "IROTH": 0o004, "IWOTH": 0o002, "IXOTH": 0o001,
    ]
    if let bits = names[text] { return bits }
    let bits =
      text.hasPrefix("0x")
      ? UInt32(text.dropFirst(2), radix: 16) : text.hasPrefix("0") ? UInt32(text, radix: 8) : UInt32(text)
    return bits.flatMap { $0 <= 0o777 ? $0 : nil }
  }

  /// `smtp_auth USER PASSWORD`.
  private mutating func setMailLogin(_ index: Int) {
    let words = arguments(tree.statements[index])
    guard words.count >= 2, let first = words.first else {
      report(.missingArgument, "a user and a password are wanted", at: tree.statements[index].line)
      return
    }
    configuration.global.alerts.credentials = AlertDefinition.Credentials(
      user: text(tree.words[first]), password: text(tree.words[first + 1]))
  }

  /// `webhook URL [TOKEN]`.
  private mutating func setWebhook(_ index: Int) {
    let words = arguments(tree.statements[index])
    guard let first = words.first else { return }
    guard var hook = AlertDefinition.Webhook(url: text(tree.words[first])) else {
      report(
        .unknownValue,
        "'\(text(tree.words[first]))' is no URL to post to: http://HOST[:PORT]/PATH or https://… is wanted",
        at: tree.words[first].range)
      return
    }
    if words.count > 1 { hook.bearerToken = text(tree.words[first + 1]) }
    configuration.global.alerts.webhook = hook
  }
}

extension AlertDefinition.Webhook {
  /// `http://HOST[:PORT][/PATH]`, or with `https`; `nil` for anything else. There is no user in it, and no fragment.
  init?(url: String) {
    let (scheme, rest): (String, Substring) =
      if url.hasPrefix("http://") { ("http", url.dropFirst(7)) } else if url.hasPrefix("https://") {
        ("https", url.dropFirst(8))
      } else { ("", "") }
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let path = rest[authority.endIndex...].prefix { $0 != "#" }
    var (host, port) = (authority, Substring())
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      host = authority[authority.index(after: authority.startIndex)..<end]
      port = authority[authority.index(after: end)...]
    } else if let colon = authority.firstIndex(of: ":") {
      (host, port) = (authority[..<colon], authority[colon...])
    }
    let isEncrypted = scheme == "https"
    guard !scheme.isEmpty, !host.isEmpty, !authority.utf8.contains(UInt8(ascii: "@")) else { return nil }
    guard port.isEmpty || port.hasPrefix(":") else { return nil }
    guard let number = port.isEmpty ? (isEncrypted ? 443 : 80) : UInt16(port.dropFirst()), number > 0 else {
      return nil
    }
    self.init(
      host: String(host), port: number, path: path.hasPrefix("/") ? String(path) : "/\(path)",
      isEncrypted: isEncrypted)
  }
}

extension GlobalDefinition {
  fileprivate subscript(user: ReceiveBufferUser) -> ReceiveBufferDefinition {
    get {
      switch user {
      case .routerCommands: routerBuffers.commands
      case .routerEvents: routerBuffers.events
      case .checkCommands: checkBuffers.commands
      case .checkEvents: checkBuffers.events
      case .processEvents: processEventBuffer
      }
    }
    set {
      switch user {
      case .routerCommands: routerBuffers.commands = newValue
      case .routerEvents: routerBuffers.events = newValue
      case .checkCommands: checkBuffers.commands = newValue
      case .checkEvents: checkBuffers.events = newValue
      case .processEvents: processEventBuffer = newValue
      }
    }
  }
}
