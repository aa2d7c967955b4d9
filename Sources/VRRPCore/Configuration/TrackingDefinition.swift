/// What a virtual router or a sync group follows, besides its own interface and `track_interface`.
public struct TrackingDefinition: Hashable, Sendable {
  /// `track_script`.
  public var scripts: [TrackedObject] = []
  /// `track_file`.
  public var files: [TrackedObject] = []
  /// `track_process`.
  public var processes: [TrackedObject] = []
  /// `track_bfd`.
  public var bfdSessions: [TrackedObject] = []

  /// Nothing.
  public init() {}

  /// Whether nothing is followed.
  public var isEmpty: Bool { scripts.isEmpty && files.isEmpty && processes.isEmpty && bfdSessions.isEmpty }
}

/// One line of a `track_…` block, with the weight that holds there.
public struct TrackedObject: Hashable, Sendable {
  /// The name of the object.
  public var name: String
  /// -254…254; 0 makes its failure a fault.
  public var weight: Int16
  /// `reverse`: up counts as down and the other way round.
  public var isReversed: Bool

  /// The object `name`.
  public init(name: String, weight: Int16 = 0, isReversed: Bool = false) {
    self.name = name
    self.weight = weight
    self.isReversed = isReversed
  }
}
