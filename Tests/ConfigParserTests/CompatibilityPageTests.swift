import ConfigParser
import Testing

@Suite struct CompatibilityPageTests {
  /// The blocks whose lines begin with keywords, in the order of the page.
  private static let blocks = Context.allCases.filter { $0.hasKeywords }
  private static let lines: [Context] = [.addresses, .routes, .rules]

  @Test func `the page lists every keyword with what it comes to`() throws {
    var page = Self.introduction
    for context in Self.blocks {
      page += "\n## \(context == .root ? "Outside of all blocks" : "`\(context.title)`\(Self.parent(context))")\n\n"
      page += "| keyword | takes | default | since | status |\n|---|---|---|---|---|\n"
      for keyword in Schema.keywords(in: context) { page += Self.row(keyword) }
    }
    for context in Self.lines {
      page += "\n## Lines of `\(context.title)`\n\n| word | takes |\n|---|---|\n"
      for option in Schema.options(in: context) {
        let names = ([option.name] + option.aliases).map { "`\($0)`" }.joined(separator: ", ")
        page += "| \(names) | \(option.value) |\n"
      }
    }
    // A new keyword that does nothing yet is a promise that the page does not make.
    #expect(!page.contains("parsed only"))
    try GeneratedPage(path: "docs/compatibility/keepalived.md").expect(page)
  }

  @Test func `no block has a keyword twice`() {
    for context in Self.blocks {
      let names = Schema.keywords(in: context).map(\.name)
      #expect(names.count == Set(names).count, "\(context)")
    }
  }

  @Test func `the schema has all keywords of the language`() {
    // keepalived 2.4.3 knows 531 paths; `vrrp_track_file` and its old lines share those of `track_file`.
    let count = Self.blocks.reduce(0) { $0 + Schema.keywords(in: $1).count }
    #expect(count >= 520)
  }

  private static func parent(_ context: Context) -> String {
    switch context {
    case .httpURL: " of `HTTP_GET`"
    case .sslURL: " of `SSL_GET`"
    case .smtpHost: " of `SMTP_CHECK`"
    default: ""
    }
  }

  private static func row(_ keyword: Keyword) -> String {
    var status =
      switch keyword.status {
      case .works: "works"
      case .parsedOnly: "parsed only"
      case .noEffect(let reason): "no effect: \(reason)"
      }
    if let replacement = keyword.replacement {
      status += replacement.isEmpty ? "; outdated" : "; outdated, use `\(replacement)`"
    }
    let takes = keyword.block != nil ? "\(keyword.argument.phrase)block" : keyword.argument.phrase
    return "| `\(keyword.name)` | \(takes) | \(keyword.defaultValue ?? "") | \(keyword.since ?? "") | \(status) |\n"
  }

  private static let introduction = """
    # keepalived.conf, keyword by keyword

    What each keyword of keepalived's configuration language comes to here. *Works*: it does what it says. *No effect*:
    it is read and means nothing here, for the reason given.

    This page is written by a test (`VRRPD_UPDATE_DOCS=1 swift test --filter ConfigParserTests`); do not edit it.

    ## Differences on purpose

    - A main file that is missing, a directory or executable is an error, also with `-t` (keepalived -t exits with
      0).
    - `vrrpd -t` exits with 0, 5 (errors and warnings) or 6 (no script security, an include that must not fail, no
      file). It never exits with 2 in the middle of a file for a missing value: the line is reported and the rest is
      read. It never exits with 4: what is fatal there, such as a static address without an interface, is one error
      among others.
    - Notes do not count: a file that only has addresses without prefix length exits with 0.
    - All problems are reported once, each with file, line and column; keepalived repeats lexical errors for each
      process.
    - The file is read once, by one parser. `global_defs` holds for the whole file wherever it stands, at start and
      after a reload.
    - A block of an unknown keyword is skipped as a whole; keepalived looks its lines up in the block around it.
    - A missing closing brace is noticed where a block begins that cannot stand inside, and what follows is read as
      meant.
    - `track_script` and its relatives may name what is defined further down (a warning says that keepalived ignores
      the line).
    - `vrrp_garp_interval 0` and `vrrp_gna_interval 0`, which keepalived's own sample has and keepalived refuses,
      mean no spacing.
    - A number with text behind it (`2s`) is the number, with a warning, in every mode; keepalived refuses it under
      `-t` only.
    - Lines may be longer than 1024 bytes: up to 65 536 after replacement. A byte order mark at the start of a file
      is skipped.
    - A definition that stands for itself is an error; keepalived hangs. Replacement and repetition are bounded: 64
      rounds, 250 000 lines, 32 MB; 4096 files, 32 inside one another; 64 blocks inside one another.
    - `${NAME}` that is not defined stays one word, and is reported; keepalived breaks the line at its braces.
    - BFD over IPv6 is sent with 255 hops, as RFC 5881 has it, where keepalived sends 64; packets with 64 are taken
      ([0036](../decisions/0036-bfd-on-the-wire.md)).
    - The BFD process is in a real-time class and locks its memory without `bfd_rt_priority` and `bfd_no_swap`, like the
      VRRP process ([0035](../decisions/0035-bfd-process.md)).
    - A single port in `sport` and `dport` of a rule is accepted, as in `ip rule`.
    - Words after the values of a keyword are reported; keepalived ignores them.
    - `inet` and `inet6` in routes and rules stand alone, as documented; keepalived skips the word after them.
    - Whether interfaces, users and scripts exist is not asked by `-t`, which looks at nothing but the files: what
      keepalived says about a missing interface or an unsafe script, and its verdict when that is all there is,
      comes from `-t --check-host`. So does what follows from it there: a script that it drops is no longer tracked,
      and no reason to ask for script security.
    - The name of a mail server is not looked up.
    - A script without an absolute path, with shell syntax, or with arguments outside of quotes is a warning, and so
      are `state BACKUP` with priority 255, `unicast_src_ip` or `unicast_ttl` without peers, an address that is
      listed twice, an outdated keyword, and an unknown one wherever it stands: `-t` exits with 5 where keepalived has
      nothing to say or exits with 0.
    - Every value is checked: also the decimals of version 2's `advert_int` against what a packet can carry, more
      than 255 announcements, an interface's name of more than 15 bytes, the offsets of `regex`, the digits of
      `payload`, and the words of `vrrp_strict` and
      `vrrp_skip_check_adv_addr`, where one version or another of keepalived takes anything.
    - Real servers that differ only in a port that direct routing or a tunnel cannot use are one real server;
      keepalived keeps both and cannot add the second.
    - A `persistence_granularity` whose bits are not a prefix is refused.
    - `nftables_ipvs`: a process that starts keeps the marks it finds, keepalived counts anew and leaves services
      behind; a mark of `virtual_server fwmark` is not given to a group; a group with every port stays one service for
      each address, where keepalived 2.2.7 marks none of its packets; ranges that overlap are cut, where keepalived
      drops the second.
    - `net_namespace_ipvs` and `nftables_ipvs` stay as they are at a reload, with a warning; keepalived refuses the
      whole reload of the one and says nothing about the other.
    - `host` in `SMTP_CHECK`: the first is the check itself when that names no address, as in keepalived 2.4; 2.2.7
      keeps both, and gives those of `host` no time to connect.
    - Values that the version of the file would refuse are taken when another version takes them: decimals in
      `interval` and `timeout` of a script, `noreverse`, `.5`, a sign before a number.
    - All keywords up to 2.4.3 are known, whichever version the file was written for; what only an older version says,
      such as that a route without an interface cannot be tracked, is not said.
    - What an outdated keyword is called now is said once, not for each line.

    ## What was compared

    468 configurations from the open web were given to `vrrpd -t` and to keepalived 2.4.3: the exit status is the same
    for 415, and for 27 more it differs only because a script of theirs does not exist on the machine, which `-t` does
    not ask; the rest differ for a reason above. Of 125 files with 625 virtual servers, 2 441 real servers and 1 701
    checks the values were compared with what keepalived 2.2.7 dumps: 112 files agree in everything, 13 differ, each
    for a reason above or a default that one of the two writes out. The values of the VRRP side were compared for 144
    files.
    """ + "\n"
}

extension ArgumentKind {
  /// What follows the keyword, for the page; with a blank at the end before `block`.
  fileprivate var phrase: String {
    switch self {
    case .none: ""
    case .boolean: "[on, off] "
    case .integer(let range): "\(Self.text(range)) "
    case .optionalInteger(let range): "[\(Self.text(range))] "
    case .seconds(let range, _): "\(Self.time(range, 1_000_000_000)) s "
    case .milliseconds(let range): "\(Self.time(range, 1)) ms "
    case .weight(let range): "\(Self.text(range)) [reverse] "
    case .name: "name "
    case .text: "text "
    case .optionalText: "[text] "
    case .path: "path "
    case .interface: "interface "
    case .address(let family): family.map { "IPv\($0.rawValue) address " } ?? "address "
    case .endpoint: "address [port] "
    case .choice(let words), .anyCaseChoice(let words): words.map { "`\($0)`" }.joined(separator: " ") + " "
    case .script: "\"command\" [user [group]] "
    case .optionalScript: "[\"command\" [user [group]]] "
    case .user: "user [group] "
    case .fifo: "path [user [group]] "
    case .forwarding: "`NAT` `DR` `TUN` [tunnel] "
    case .virtualServer: "address [port], `fwmark` mark, or `group` name "
    case .words: "words "
    case .optionalWords: "[words] "
    }
  }

  private static func text(_ range: ClosedRange<Int64>) -> String {
    range.upperBound >= 4_294_967_295 ? "\(range.lowerBound)…" : "\(range.lowerBound)…\(range.upperBound)"
  }

  private static func time(_ range: ClosedRange<UInt64>, _ unit: UInt64) -> String {
    func text(_ value: UInt64) -> String {
      let digits = String(value % unit + unit).dropFirst()
      let fraction = digits.reversed().drop { $0 == "0" }.reversed()
      return "\(value / unit)" + (fraction.isEmpty ? "" : "." + String(fraction))
    }
    return range.upperBound >= 4_294_967_295_000 && unit > 1
      ? "\(text(range.lowerBound))…" : "\(text(range.lowerBound))…\(text(range.upperBound))"
  }
}
