import NetPrimitives
import VRRPCore

/// The words of one line, taken from the front.
struct LineReader {
  private(set) var words: Range<Int>

  init(_ words: Range<Int>) { self.words = words }

  /// The next word's index, or nothing at the end of the line.
  mutating func next() -> Int? {
    guard let first = words.first else { return nil }
    words = words.dropFirst()
    return first
  }
}

extension Lowering {
  /// The lines of `virtual_routes` and `static_routes`.
  mutating func lowerRoutes(_ block: Int) -> [RouteDefinition] {
    var result: [RouteDefinition] = []
    for index in tree.children(of: block) {
      if let route = lowerRoute(index) { result.append(route) }
    }
    return result
  }

  private mutating func lowerRoute(_ index: Int) -> RouteDefinition? {
    var reader = LineReader(tree.statements[index].words)
    var route = RouteDefinition(family: .ipv4)
    var family: AddressFamily?
    var hasDestination = false
    while let place = reader.next() {
      let word = tree.words[place]
      if let kind = RouteDefinition.Kind(rawValue: text(word)) {
        route.type = kind
        continue
      }
      guard let option = option(word, among: Schema.routeOptions) else {
        guard !hasDestination, let destination = destination(word) else {
          report(.unknownOption, "'\(text(word))' means nothing on the line of a route", at: word.range)
          continue
        }
        hasDestination = true
        (route.destination, family) = (destination.prefix, destination.family ?? family)
        continue
      }
      if option.setting == .nextHop {
        lowerNextHops(&reader, &route)
        break
      }
      if option.setting == .family {
        family = isWord(word, "inet6") ? .ipv6 : .ipv4
        continue
      }
      if option.setting == .to, let value = reader.next() {
        guard let destination = destination(tree.words[value]) else { return nil }
        hasDestination = true
        (route.destination, family) = (destination.prefix, destination.family ?? family)
        continue
      }
      guard apply(option, word, &reader, to: &route) else { return nil }
    }
    let line = tree.statements[index].line
    guard hasDestination else {
      report(.missingSetting, "a route needs a destination, or 'default'; the line is ignored", at: line)
      return nil
    }
    // `default` takes the family of what leads there.
    let hop = route.nextHops.compactMap { $0.gateway }.first
    route.family = family ?? route.gateway?.family ?? hop?.family ?? route.preferredSource?.family ?? .ipv4
    if route.isTracked, route.routingProtocol != nil {
      report(
        .adjustedSetting, "a route with a 'protocol' of its own is not followed; say 'no_track', or it gets ours",
        at: line)
      route.routingProtocol = nil
    }
    return route
  }

  private mutating func destination(_ word: Word) -> (prefix: IPPrefix?, family: AddressFamily?)? {
    if isWord(word, "default") || isWord(word, "any") || isWord(word, "all") { return (nil, nil) }
    if isWord(word, "default6") { return (nil, .ipv6) }
    guard let prefix = IPPrefix(text(word)) else {
      report(.invalidAddress, "'\(text(word))' is no prefix", at: word.range)
      return nil
    }
    return (prefix, prefix.address.family)
  }

  /// One word of a route and what follows it; false when the line cannot be used.
  private mutating func apply(
    _ option: LineOption, _ word: Word, _ reader: inout LineReader, to route: inout RouteDefinition
  ) -> Bool {
    guard option.takesValue else {
      switch option.setting {
      case .onLink: route.isOnLink = true
      case .noTrack: route.isTracked = false
      case .insertion: route.attributes.append(.init(option.name, ""))
      default: break
      }
      return true
    }
    guard var place = reader.next() else {
      report(.missingArgument, "'\(option.name)' needs a value; the line is ignored", at: word.range)
      return false
    }
    // `via inet6 ADDRESS` names the family once more.
    if option.setting == .gateway, isWord(place, "inet") || isWord(place, "inet6"), let next = reader.next() {
      place = next
    }
    var isLocked = false
    if isWord(place, "lock"), let next = reader.next() {
      isLocked = true
      place = next
    }
    set(option, tree.words[place], isLocked, &reader, in: &route)
    return true
  }

  private mutating func set(
    _ option: LineOption, _ value: Word, _ isLocked: Bool, _ reader: inout LineReader, in route: inout RouteDefinition
  ) {
    switch option.setting {
    case .source: route.preferredSource = address(value, nil)
    case .gateway: route.gateway = address(value, nil)
    case .from: route.source = prefixWithoutRemark(value)
    case .typeOfService: route.typeOfService = nameOrNumber(value)
    case .table: route.table = nameOrNumber(value)
    case .vrf: if interfaceName(value) { route.vrf = text(value) }
    case .routingProtocol: route.routingProtocol = nameOrNumber(value)
    case .scope: route.scope = scope(value)
    case .metric: route.metric = number(value, option.name)
    case .device: if interfaceName(value) { route.interface = text(value) }
    case .expires: route.expiresSeconds = number(value, option.name)
    case .trackGroup: route.trackGroup = trackGroup(value)
    case .routeMetric:
      if let kind = RouteMetric.Kind(rawValue: option.name), let number = metricValue(value, kind) {
        route.metrics.append(RouteMetric(kind, number, isLocked: isLocked))
      }
    case .preference: route.preference = preference(value)
    case .encapsulation: route.attributes.append(.init(option.name, encapsulation(value, &reader)))
    case .otherGateway:
      // The old way to write two ways: `via A or B`.
      var hop = RouteDefinition.NextHop()
      hop.gateway = address(value, nil)
      route.nextHops.append(hop)
    default: route.attributes.append(.init(option.name, (isLocked ? "lock " : "") + text(value)))
    }
  }

  /// A number in any base C knows.
  mutating func number(_ word: Word, _ name: String) -> UInt32? {
    if let number = LineSequence.number(bytes(word)), let value = UInt32(exactly: number) { return value }
    report(.invalidNumber, "'\(text(word))' is no number for '\(name)'", at: word.range)
    return nil
  }

  /// The value of a metric in the kernel's unit. Times may name theirs, and are kept between 0.2 s and 2 minutes, as
  /// keepalived has it.
  private mutating func metricValue(_ word: Word, _ kind: RouteMetric.Kind) -> UInt32? {
    var digits = bytes(word)
    var factor: Int64 = 1
    let unitsPerMillisecond: Int64? =
      switch kind {
      case .rtt: 8
      case .rttvar: 4
      case .retransmissionMinimum: 1
      case .mtu, .hoplimit, .advmss, .reordering, .window, .cwnd, .ssthresh, .initcwnd, .initrwnd, .quickack,
        .fastOpenNoCookie:
        nil
      }
    if let unitsPerMillisecond {
      for (unit, scale) in [("msecs", 1), ("msec", 1), ("ms", 1), ("secs", 1000), ("sec", 1000), ("s", 1000)]
      where digits.count > unit.utf8.count && digits.suffix(unit.utf8.count).elementsEqual(unit.utf8) {
        digits = digits.dropLast(unit.utf8.count)
        factor = Int64(scale) * unitsPerMillisecond
        break
      }
    }
    guard let number = LineSequence.number(digits), let written = UInt32(exactly: number) else {
      report(.invalidNumber, "'\(text(word))' is no number for '\(kind.rawValue)'", at: word.range)
      return nil
    }
    let value = Int64(written) * factor
    guard let unitsPerMillisecond else { return UInt32(clamping: value) }
    let bounds = (200 * unitsPerMillisecond)...(120_000 * unitsPerMillisecond)
    guard !bounds.contains(value) else { return UInt32(clamping: value) }
    report(
      .adjustedSetting, "'\(kind.rawValue)' is between 200ms and 120s; '\(text(word))' becomes the nearest",
      at: word.range)
    return UInt32(clamping: min(max(value, bounds.lowerBound), bounds.upperBound))
  }

  private mutating func preference(_ word: Word) -> UInt8? {
    if isWord(word, "low") { return 3 }
    if isWord(word, "medium") { return 0 }
    if isWord(word, "high") { return 1 }
    return integer(word, 0...3, for: "pref").map { UInt8(clamping: $0) }
  }

  /// The kind of encapsulation and the words that belong to it.
  private mutating func encapsulation(_ kind: Word, _ reader: inout LineReader) -> String {
    var text = text(kind)
    guard isWord(kind, "ip") || isWord(kind, "ip6") else {
      if let place = reader.next() { text += " " + self.text(tree.words[place]) }
      return text
    }
    while let first = reader.words.first, Self.encapsulationWords.contains(self.text(tree.words[first])) {
      for _ in 0..<2 { if let place = reader.next() { text += " " + self.text(tree.words[place]) } }
    }
    return text
  }

  private static var encapsulationWords: [String] { ["id", "dst", "src", "tos", "ttl", "flags", "tc", "hoplimit"] }

  func prefixWithoutRemark(_ word: Word) -> IPPrefix? { IPPrefix(text(word)) }

  // MARK: Several ways

  private mutating func lowerNextHops(_ reader: inout LineReader, _ route: inout RouteDefinition) {
    var hop = RouteDefinition.NextHop()
    while let place = reader.next() {
      let word = tree.words[place]
      if isWord(word, "nexthop") {
        route.nextHops.append(hop)
        hop = RouteDefinition.NextHop()
      } else if isWord(word, "onlink") {
        hop.isOnLink = true
      } else {
        setHop(word, &reader, &hop)
      }
    }
    route.nextHops.append(hop)
  }

  private mutating func setHop(_ word: Word, _ reader: inout LineReader, _ hop: inout RouteDefinition.NextHop) {
    guard var place = reader.next() else {
      report(.missingArgument, "'\(text(word))' needs a value", at: word.range)
      return
    }
    if isWord(word, "via") {
      if isWord(place, "inet") || isWord(place, "inet6"), let next = reader.next() { place = next }
      hop.gateway = address(tree.words[place], nil)
    } else if isWord(word, "dev") {
      if interfaceName(tree.words[place]) { hop.interface = text(tree.words[place]) }
    } else if isWord(word, "weight") {
      if let weight = integer(tree.words[place], 1...256, for: "weight") { hop.weight = UInt16(clamping: weight) }
    } else if isWord(word, "encap") {
      hop.attributes.append(.init("encap", encapsulation(tree.words[place], &reader)))
    } else if isWord(word, "realms") {
      hop.attributes.append(.init("realms", text(tree.words[place])))
    } else {
      report(.unknownOption, "'\(text(word))' means nothing after 'nexthop'", at: word.range)
    }
  }
}
