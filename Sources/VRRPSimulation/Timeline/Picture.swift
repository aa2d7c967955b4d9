/// A Scalable Vector Graphic in the making: shapes, words and the style sheet, without any knowledge of elections.
///
/// Colours are in classes and not in variables, which not every viewer knows; dark ground is a media query.
struct Picture {
  private var body = ""
  private(set) var height = 0.0
  let width: Double

  init(width: Double) { self.width = width }

  /// What is drawn from here on is below `height`.
  mutating func grow(to height: Double) { self.height = max(self.height, height) }

  mutating func rectangle(
    _ css: String, from x: Double, to end: Double, y: Double, height: Double, title: String? = nil
  ) {
    let width = max(end - x, 0.8)
    let radius = min(3, width / 2, height / 2)
    body += "<rect class=\"\(css)\" x=\"\(Self.fixed(x))\" y=\"\(Self.fixed(y))\" width=\"\(Self.fixed(width))\" "
    body += "height=\"\(Self.fixed(height))\" rx=\"\(Self.fixed(radius))\""
    if let title { body += "><title>\(Self.escaped(title))</title></rect>\n" } else { body += "/>\n" }
  }

  mutating func line(_ css: String, x: Double, y: Double, to bottom: Double) {
    body += "<path class=\"\(css)\" d=\"M\(Self.fixed(x)) \(Self.fixed(y))V\(Self.fixed(bottom))\"/>\n"
  }

  mutating func rule(_ css: String, y: Double, from x: Double, to end: Double) {
    body += "<path class=\"\(css)\" d=\"M\(Self.fixed(x)) \(Self.fixed(y))H\(Self.fixed(end))\"/>\n"
  }

  /// Many short lines of one kind as one shape.
  mutating func ticks(_ css: String, at places: [Double], y: Double, height: Double) {
    guard !places.isEmpty else { return }
    let path = places.map { "M\(Self.fixed($0)) \(Self.fixed(y))v\(Self.fixed(height))" }.joined()
    body += "<path class=\"\(css)\" d=\"\(path)\"/>\n"
  }

  /// A mark with a number in it, round for an event and pointed for a finding.
  mutating func badge(_ css: String, _ text: String, x: Double, y: Double, isPointed: Bool) {
    if isPointed {
      let (x, y) = (Self.fixed(x), Self.fixed(y - 9))
      body += "<path class=\"\(css)\" d=\"M\(x) \(y)l9 9l-9 9l-9 -9z\"/>\n"
    } else {
      body += "<circle class=\"\(css)\" cx=\"\(Self.fixed(x))\" cy=\"\(Self.fixed(y))\" r=\"8\"/>\n"
    }
    words("mark", text, x: x, y: y + 3.5, anchor: "middle")
  }

  mutating func words(_ css: String, _ text: String, x: Double, y: Double, anchor: String = "start") {
    body += "<text class=\"\(css)\" x=\"\(Self.fixed(x))\" y=\"\(Self.fixed(y))\""
    if anchor != "start" { body += " text-anchor=\"\(anchor)\"" }
    body += ">\(Self.escaped(text))</text>\n"
  }

  /// The whole document.
  func document(title: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.fixed(width))" height="\(Self.fixed(height))" \
    viewBox="0 0 \(Self.fixed(width)) \(Self.fixed(height))" role="img">
    <title>\(Self.escaped(title))</title>
    <style>
    \(Self.style)
    </style>
    <rect class="ground" width="\(Self.fixed(width))" height="\(Self.fixed(height))"/>
    \(body)</svg>

    """
  }

  /// About how wide `text` is in the small letters.
  static func width(of text: String) -> Double { 6.2 * Double(text.utf8.count) }

  private static let style = """
    text { font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2933 }
    .head { font-size: 14px; font-weight: 600 } .name { font-weight: 600 } .note, .time { font-size: 11px; fill: #5b6773 }
    .mark { font-size: 10px; font-weight: 600; fill: #ffffff } .inactive, .inbackup { font-size: 11px }
    .inactive { fill: #ffffff } .badwords { fill: #b3261e } path { fill: none }
    .ground { fill: #ffffff } .grid { stroke: #e1e6ec } .divide { stroke: #c3ccd6 } .event { stroke: #8793a1; stroke-dasharray: 3 3 }
    .finding { stroke: #c62f28; stroke-width: 1.5 } .eventmark { fill: #5b6773 } .findingmark { fill: #c62f28 }
    .active { fill: #1f6fb2 } .backup { fill: #cbd8e5 } .fault { fill: #a77bb0 } .advert { stroke: #1f2933 }
    .farewell { stroke: #c62f28; stroke-width: 2.5 } .addresses { fill: #2a8f4f } .owner { fill: #2a8f4f }
    .nobody { fill: #c62f28 } .two { fill: #d99a00 }
    @media (prefers-color-scheme: dark) {
    text { fill: #e8ecf1 } .note, .time { fill: #9aa6b2 } .mark { fill: #10151a } .inactive { fill: #06131e } .badwords { fill: #ff8a80 }
    .ground { fill: #14181d } .grid { stroke: #2a313a } .divide { stroke: #45505c } .event { stroke: #75818e }
    .finding { stroke: #ff6b61 } .eventmark { fill: #9aa6b2 } .findingmark { fill: #ff6b61 }
    .active { fill: #4ea3e6 } .backup { fill: #35475a } .fault { fill: #c08fca } .advert { stroke: #e8ecf1 }
    .farewell { stroke: #ff6b61 } .addresses { fill: #4cbf75 } .owner { fill: #4cbf75 } .nobody { fill: #ff6b61 } .two { fill: #f0b429 }
    }
    """

  /// One decimal, the same on every machine.
  static func fixed(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let fraction = abs(tenths) % 10
    return sign + String(abs(tenths) / 10) + (fraction == 0 ? "" : ".\(fraction)")
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "&": result += "&amp;"
      case _: result.append(character)
      }
    }
    return result
  }
}
