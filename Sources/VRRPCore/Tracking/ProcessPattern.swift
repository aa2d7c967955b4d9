/// Which processes count for a `vrrp_track_process`.
public struct ProcessPattern: Hashable, Sendable {
  private let command: [String]
  private let match: TrackProcessDefinition.ParameterMatch
  private let comparesCommandLine: Bool

  /// The processes `definition` means.
  public init(_ definition: TrackProcessDefinition) {
    command = definition.command
    match = definition.parameterMatch
    // Parameters can be seen in the command line only.
    comparesCommandLine = definition.comparesFullCommand || match != .none || definition.command.count > 1
  }

  /// What the kernel tells of a process.
  public struct Candidate: Hashable, Sendable {
    /// `Name` in `/proc/PID/status`: at most 15 bytes.
    public var name: String
    /// `/proc/PID/cmdline`: the program as it was called, then its parameters. Empty for a thread of the kernel.
    public var commandLine: [String]

    /// A process called `name`.
    public init(name: String, commandLine: [String]) {
      self.name = name
      self.commandLine = commandLine
    }
  }

  /// Whether `candidate` counts.
  public func matches(_ candidate: Candidate) -> Bool {
    guard let program = command.first else { return false }
    guard comparesCommandLine else { return Array(program.utf8.prefix(15)) == Array(candidate.name.utf8) }
    guard candidate.commandLine.first == program else { return false }
    return matchesParameters(command.dropFirst(), candidate.commandLine.dropFirst())
  }

  private func matchesParameters(_ wanted: ArraySlice<String>, _ present: ArraySlice<String>) -> Bool {
    switch match {
    case .none where wanted.isEmpty: return true
    case .none, .exact: return Array(wanted) == Array(present)
    // Without parameters both demand that there be none.
    case .partial:
      return wanted.isEmpty ? present.isEmpty : Array(present.prefix(wanted.count)) == Array(wanted)
    case .initial:
      guard let last = wanted.last else { return present.isEmpty }
      guard present.count >= wanted.count else { return false }
      let ours = present.prefix(wanted.count)
      return Array(ours.dropLast()) == Array(wanted.dropLast()) && (ours.last?.hasPrefix(last) ?? false)
    }
  }
}
