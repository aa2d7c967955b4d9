import ConfigParser

/// A diagnostic with a configuration that causes it: a snapshot for the tests, a section for `docs/diagnostics.md`.
struct DiagnosticExample: Sendable {
  let code: DiagnosticCode
  let title: String
  /// Why it is said and what to do, for the page.
  let advice: String
  let text: String
  /// A second node's configuration, for the comparison of nodes.
  var peer: String?
  /// The host it is checked against.
  var host: TestHost?

  init(
    _ code: DiagnosticCode, _ title: String, _ advice: String, _ text: String, peer: String? = nil,
    host: TestHost? = nil
  ) {
    self.code = code
    self.title = title
    self.advice = advice
    self.text = text
    self.peer = peer
    self.host = host
  }

  /// What is said of the code about the example, as text.
  func rendered() -> String {
    let loaded = results()
    let renderer = TextRenderer()
    var text = ""
    for result in loaded {
      for diagnostic in result.diagnostics where diagnostic.code == code {
        text += renderer.render(diagnostic, in: result.sources)
      }
    }
    return text
  }

  private func results() -> [LoadedConfiguration] {
    let files = [
      "a.conf": text, "b.conf": peer ?? "", "loop.conf": "include a.conf\n",
    ]
    var limits = ParserLimits()
    limits.blockDepth = 8
    let names = peer == nil ? ["a.conf"] : ["a.conf", "b.conf"]
    var loaded = names.map {
      loadConfiguration(from: $0, sources: MemorySources(files), configID: "node", limits: limits)
    }
    if peer != nil { compareNodes(&loaded, names: names) }
    if let host { for index in loaded.indices { loaded[index].check(against: host) } }
    return loaded
  }
}

/// An instance of the examples.
private func router(_ lines: String, name: String = "VI_1", id: Int = 51) -> String {
  let body = lines.split(separator: "\n").map { "  \($0)\n" }.joined()
  return "vrrp_instance \(name) {\n  interface eth0\n  virtual_router_id \(id)\n\(body)}\n"
}

private let vip = "virtual_ipaddress {\n  192.0.2.1/24\n}"

/// A virtual server of the examples.
private func server(_ lines: String, head: String = "192.0.2.1 80") -> String {
  let body = lines.split(separator: "\n").map { "  \($0)\n" }.joined()
  return "virtual_server \(head) {\n  protocol TCP\n  lvs_sched rr\n  lvs_method NAT\n\(body)}\n"
}

private let realServer = "real_server 192.0.2.11 80 {\n  TCP_CHECK {\n  }\n}"

extension DiagnosticExample {
  static let all = syntax + files + values + routers + scripts + servers + nodes + hosts + state

  private static let syntax: [DiagnosticExample] = [
    .init(
      .unterminatedQuote, "unterminated quote",
      "A double quote takes in everything up to the next one or the end of the line.",
      "global_defs {\n  router_id \"LVS\n}\n"),
    .init(.embeddedNull, "NUL byte", "The file is binary, or was damaged.", "global_defs {\n  router_id a\0b\n}\n"),
    .init(
      .invisibleCharacter, "invisible character",
      "Copied from a web page or a document, a no-break space becomes part of the word beside it.",
      router("priority\u{a0}100\n\(vip)")),
    .init(
      .misusedDefinition, "definition that is not replaced",
      "`$NAME` counts only before a blank, `,`, `)` or the end of the line; `${NAME}` counts everywhere.",
      "$NET=192.0.2\n" + router("virtual_ipaddress {\n  $NET.1/24\n}")),
    .init(
      .selfReference, "definition of itself", "keepalived hangs on such a line.",
      "$IF=${IF}\n" + router("priority 100\ntrack_interface {\n  ${IF}\n}\n\(vip)")),
    .init(
      .invalidSequence, "sequence without end", "The step must lead from the first number to the last.",
      "~SEQ(N, 1, -1, 3) vrrp_script s$N {\n}\n"),
    .init(
      .undefinedDefinition, "undefined definition",
      "Definitions hold from the line they stand on, so one may be missing, misspelled, or further down.",
      "$PRIORITY=100\n" + router("priority ${PRIO}\n\(vip)")),
    .init(
      .unknownKeyword, "unknown keyword", "The line is ignored, with its block when it has one.",
      router("prioritty 100\n\(vip)")),
    .init(
      .misplacedKeyword, "misplaced keyword", "The keyword exists, but not in this block.",
      router("router_id LVS_1\n\(vip)")),
    .init(
      .missingOpeningBrace, "missing opening brace", "The lines that follow are taken into the block.",
      router("virtual_ipaddress\n  192.0.2.1/24\n}")),
    .init(
      .unexpectedOpeningBrace, "unexpected opening brace", "The keyword takes values, not a block.",
      router("priority {\n  100\n}\n\(vip)")),
    .init(
      .missingClosingBrace, "missing closing brace",
      "Found where a block starts that cannot stand inside, so the rest of the file is read as meant.",
      "vrrp_instance VI_1 {\n  interface eth0\n  virtual_router_id 51\n  virtual_ipaddress {\n    192.0.2.1/24\n  }\n"
        + "\nvrrp_script check {\n  script /bin/true\n}\n"
    ),
    .init(
      .extraClosingBrace, "extra closing brace", "", router(vip) + "}\n"),
    .init(
      .nestedTooDeeply, "blocks nested too deeply", "No configuration needs that many.",
      String(repeating: "a {\n", count: 9) + String(repeating: "}\n", count: 9)),
    .init(
      .commentWithoutHash, "comment without a sign", "Comments start with `#` or `!`.",
      router("priority 100 // the backup\n\(vip)")),
  ]

  private static let files: [DiagnosticExample] = [
    .init(.unreadableFile, "file that cannot be read", "", "include /etc/keepalived/site.conf\n"),
    .init(
      .includeWithoutMatch, "include that matches nothing",
      "A warning with `include`; an error with `includew`, `includea` or `include_check`.",
      "include /etc/keepalived/conf.d/*.conf\n"),
    .init(.includeLoop, "file that includes itself", "", "include loop.conf\n"),
    .init(
      .limitReached, "limit reached",
      "Files, includes, replaced text and nesting are bounded; the message names the limit.",
      "$A=x ${A}\nvrrp_script ${A} {\n}\n"),
  ]

  private static let values: [DiagnosticExample] = [
    .init(.missingArgument, "missing value", "", router("priority\n\(vip)")),
    .init(.invalidNumber, "no number", "", router("priority high\n\(vip)")),
    .init(
      .trailingText, "text after a number",
      "keepalived takes `2s` as 2 when it runs and refuses it under `-t`; here it is 2 in either case.",
      router("advert_int 2s\n\(vip)")),
    .init(.outOfRange, "value out of range", "", router("priority 256\n\(vip)")),
    .init(.invalidAddress, "no IP address", "", router("virtual_ipaddress {\n  192.0.2.300/24\n}")),
    .init(.unknownValue, "unknown value", "", router("state SLAVE\n\(vip)")),
    .init(.invalidBoolean, "neither true nor false", "", router("smtp_alert maybe\n\(vip)")),
    .init(
      .roundedValue, "rounded value", "VRRPv2 carries whole seconds, VRRPv3 hundredths up to 40.95.",
      router("advert_int 0.5\n\(vip)")),
    .init(
      .extraArgument, "words that are ignored", "A keyword reads its own values and nothing else on its line.",
      router("priority 100 nopreempt\n\(vip)")),
    .init(.unknownOption, "unknown word on a line", "", router("virtual_ipaddress {\n  192.0.2.1/24 device eth1\n}")),
    .init(.missingSetting, "missing setting", "", "vrrp_script check {\n  interval 2\n}\n"),
    .init(
      .duplicateName, "name used twice", "The first block counts.",
      "vrrp_script check {\n  script /bin/true\n}\nvrrp_script check {\n  script /bin/false\n}\n"),
    .init(
      .duplicateSetting, "setting used twice", "", router("state MASTER\nstate BACKUP\npriority 150\n\(vip)")),
    .init(
      .undefinedName, "undefined name", "",
      "vrrp_script check_http {\n  script /bin/true\n}\n" + router("track_script {\n  chk_http\n}\n\(vip)")),
    .init(
      .definedLater, "name defined further down", "keepalived ignores the line; here it counts.",
      router("track_script {\n  check\n}\n\(vip)") + "vrrp_script check {\n  script /bin/true\n}\n"),
    .init(
      .redundantZero, "zero spacing", "keepalived's own sample has this line, and keepalived refuses it.",
      "global_defs {\n  vrrp_garp_interval 0\n}\n"),
  ]

  private static let routers: [DiagnosticExample] = [
    .init(
      .ignoredPrefixLength, "prefix length that means nothing", "",
      router("unicast_src_ip 192.0.2.11/24\nunicast_peer {\n  192.0.2.12\n}\n\(vip)")),
    .init(
      .strictMode, "not in strict mode", "`vrrp_strict` and `strict_mode` hold an instance to the RFC.",
      router("strict_mode\nstate MASTER\npriority 150\n\(vip)")),
    .init(
      .masterWithAuthenticationHeader, "state MASTER with AH", "",
      router("state MASTER\npriority 150\nauthentication {\n  auth_type AH\n  auth_pass secret\n}\n\(vip)")),
    .init(.missingRouterID, "no virtual router ID", "", "vrrp_instance VI_1 {\n  interface eth0\n}\n"),
    .init(.missingInterface, "no interface", "", "vrrp_instance VI_1 {\n  virtual_router_id 51\n}\n"),
    .init(.duplicateInstance, "instance defined twice", "", router(vip) + router(vip, id: 52)),
    .init(
      .duplicateRouterID, "router ID used twice on an interface",
      "Two virtual routers of one ID and family on one segment cannot be told apart.",
      router(vip) + router("virtual_ipaddress {\n  192.0.2.2/24\n}", name: "VI_2")),
    .init(.noVirtualAddress, "no virtual address", "", router("priority 100")),
    .init(
      .mixedFamilies, "IPv4 and IPv6 mixed", "An instance advertises one family.",
      router("virtual_ipaddress {\n  192.0.2.1/24\n  2001:db8::1/64\n}")),
    .init(
      .missingPrefixLength, "no prefix length", "The address becomes a host route, which is often not meant.",
      router("virtual_ipaddress {\n  192.0.2.1\n}")),
    .init(
      .longPassword, "password longer than 8 bytes", "The packet has room for eight.",
      router("authentication {\n  auth_type PASS\n  auth_pass correcthorse\n}\n\(vip)")),
    .init(
      .noPreemptWithMaster, "nopreempt with state MASTER",
      "A router that starts as MASTER takes the addresses at once, which is what `nopreempt` is to prevent.",
      router("state MASTER\npriority 150\nnopreempt\n\(vip)")),
    .init(
      .preemptDelayIgnored, "preempt_delay that has no effect", "",
      router("priority 150\nnopreempt\npreempt_delay 30\n\(vip)")),
    .init(
      .versionTwoWithIPv6, "version 2 with IPv6", "", router("version 2\nvirtual_ipaddress {\n  fe80::1/64\n}")),
    .init(
      .authenticationIgnored, "authentication that is not used", "",
      router("version 3\nauthentication {\n  auth_type PASS\n  auth_pass secret\n}\n\(vip)")),
    .init(
      .sourceWithoutPeers, "unicast source without peers", "", router("unicast_src_ip 192.0.2.11\n\(vip)")),
    .init(
      .duplicateAddress, "address listed twice", "", router("virtual_ipaddress {\n  192.0.2.1/24\n  192.0.2.1/24\n}")),
    .init(.ownInterfaceTracked, "own interface tracked", "", router("track_interface {\n  eth0\n}\n\(vip)")),
    .init(.ownerAsBackup, "owner as BACKUP", "", router("state BACKUP\npriority 255\n\(vip)")),
    .init(
      .weightOnOwner, "weight on an owner", "The priority of an address owner is fixed (RFC 9568 §5.2.4).",
      router("priority 255\ntrack_interface {\n  eth1 weight -50\n}\n\(vip)")),
    .init(
      .weightInSyncGroup, "weight in a sync group", "",
      router("priority 100\ntrack_interface {\n  eth1 weight -50\n}\n\(vip)")
        + router("virtual_ipaddress {\n  192.0.2.2/24\n}", name: "VI_2", id: 52)
        + "vrrp_sync_group VG_1 {\n  group {\n    VI_1\n    VI_2\n  }\n}\n"),
    .init(
      .lonelySyncGroup, "sync group of one", "", router(vip) + "vrrp_sync_group VG_1 {\n  group {\n    VI_1\n  }\n}\n"),
    .init(
      .missingPreference, "rule without preference", "",
      router("\(vip)\nvirtual_rules {\n  from 192.0.2.0/24 table 100\n}")),
  ]

  private static let scripts: [DiagnosticExample] = [
    .init(
      .relativeCommand, "script without absolute path", "",
      "vrrp_script check {\n  script \"killall -0 haproxy\"\n}\n"),
    .init(
      .shellSyntax, "shell syntax in a script", "",
      "vrrp_script check {\n  script \"/usr/bin/pgrep haproxy > /dev/null\"\n}\n"),
    .init(
      .unquotedCommand, "script with arguments, not quoted", "",
      "vrrp_script check {\n  script /usr/bin/killall -0 haproxy\n}\n"),
    .init(
      .scriptSecurity, "scripts without script security", "keepalived -t exits with 6 for this, and so does vrrpd -t.",
      "vrrp_script check {\n  script /usr/local/bin/check\n}\n"),
  ]

  private static let servers: [DiagnosticExample] = [
    .init(
      .defaultedSetting, "virtual server without a setting", "",
      "virtual_server 192.0.2.1 80 {\n  lvs_sched rr\n  lvs_method NAT\n  real_server 192.0.2.11 80 {\n  }\n}\n"),
    .init(.duplicateServer, "server listed twice", "", server("\(realServer)\n\(realServer)")),
    .init(.emptyServer, "virtual server without real servers", "", server("delay_loop 10")),
    .init(.adjustedSetting, "setting that is changed", "", server("quorum 5\n\(realServer)")),
    .init(
      .checkDropped, "check that cannot run", "", server("real_server 192.0.2.11 80 {\n  HTTP_GET {\n  }\n}")),
  ]

  private static let nodes: [DiagnosticExample] = [
    .init(
      .nodesDiffer, "nodes that do not fit together", "From `vrrpctl check --nodes`.",
      router("priority 150\n\(vip)"), peer: router("priority 100\nadvert_int 2\n\(vip)")),
    .init(
      .nodesTie, "nodes with equal priority", "", router("priority 100\n\(vip)"), peer: router("priority 100\n\(vip)")),
    .init(
      .bothMaster, "both nodes MASTER", "", router("state MASTER\npriority 150\n\(vip)"),
      peer: router("state MASTER\npriority 100\n\(vip)")),
    .init(
      .weightNeverMoves, "weight that can never move the addresses",
      "The election is run with the tracker failing; the router stays active.",
      router("priority 150\ntrack_interface {\n  eth1 weight -20\n}\n\(vip)"), peer: router("priority 100\n\(vip)")),
    .init(
      .nodesSummary, "who wins", "", router("priority 150\n\(vip)"), peer: router("priority 100\n\(vip)")),
  ]

  private static let hosts: [DiagnosticExample] = [
    .init(
      .interfaceNotOnHost, "interface that is not there",
      "From `--check-host`, as the others of this group. With `dynamic_interfaces` it is a note.",
      router("track_interface {\n  eth2\n}\n\(vip)"), host: TestHost()),
    .init(
      .interfaceCannotSend, "interface that cannot send", "", router(vip),
      host: TestHost(interfaces: [HostInterface(name: "eth0", isRunning: false, addresses: TestHost.addresses)])),
    .init(
      .interfaceWithoutAddress, "interface without a source address",
      "Adverts come from the interface's own address of the instance's family; over IPv6 from its link-local one.",
      router(vip), host: TestHost(interfaces: [HostInterface(name: "eth0")])),
    .init(
      .sourceNotOnHost, "source that is not there", "",
      router("unicast_src_ip 192.0.2.13\nunicast_peer {\n  192.0.2.12\n}\n\(vip)"), host: TestHost()),
    .init(
      .peerIsOurselves, "peer that is this host", "",
      router("unicast_peer {\n  192.0.2.11\n  192.0.2.12\n}\n\(vip)"), host: TestHost()),
    .init(
      .advertisementTooLong, "advert longer than a packet", "",
      router("virtual_ipaddress {\n" + (1...8).map { "  192.0.2.\($0 + 100)/24\n" }.joined() + "}"),
      host: TestHost(interfaces: [HostInterface(name: "eth0", mtu: 60, addresses: TestHost.addresses)])),
    .init(
      .addressAlreadyThere, "virtual address that is there without the daemon", "",
      router("priority 100\nvirtual_ipaddress {\n  192.0.2.11/24\n}"), host: TestHost()),
    .init(
      .ownerWithoutAddress, "owner without its address",
      "Priority 255 is for the router whose interface has the address anyway (RFC 9568 §5.2.4).",
      router("priority 255\n\(vip)"), host: TestHost()),
    .init(
      .userNotOnHost, "user that is not there", "",
      "global_defs {\n  script_user monitor\n  enable_script_security\n}\n", host: TestHost()),
    .init(
      .scriptMissing, "script that is not there", "",
      "global_defs {\n  enable_script_security\n}\n" + router("notify /etc/keepalived/notify.sh\n\(vip)"),
      host: TestHost()),
    .init(
      .scriptNotExecutable, "script that cannot be run", "",
      router("notify_master /etc/keepalived/mode.conf\n\(vip)"),
      host: TestHost(files: ["/etc/keepalived/mode.conf": HostFile()])),
    .init(
      .insecureScript, "script that others can change",
      "A warning without `enable_script_security`, an error with it: then the script is not run.",
      "global_defs {\n  enable_script_security\n}\n" + router("notify /home/bob/notify.sh\n\(vip)"),
      host: TestHost(files: [
        "/home": HostFile(.directory, mode: 0o755), "/home/bob": HostFile(.directory, owner: 1000, mode: 0o755),
        "/home/bob/notify.sh": HostFile(mode: 0o755),
      ])),
    .init(
      .fileMissing, "file that is not there", "",
      "SSL {\n  ca /etc/ssl/site.pem\n}\n", host: TestHost()),
    .init(
      .pathUnusable, "path that cannot be made", "",
      "global_defs {\n  vrrp_notify_fifo /run/site/vrrp.fifo\n}\n", host: TestHost()),
    .init(
      .kernelSetting, "kernel setting that is missing", "", server(realServer),
      host: TestHost(files: ["/proc/net/ip_vs": HostFile()], settings: ["net/ipv4/ip_forward": "0"])),
  ]

  private static let state: [DiagnosticExample] = [
    .init(.noEffect, "keyword without effect", "", "global_defs {\n  vrrp_iptables\n}\n"),
    .init(
      .deprecatedKeyword, "outdated keyword", "", "global_defs {\n  lvs_flush_onstop\n}\n"),
  ]
}
