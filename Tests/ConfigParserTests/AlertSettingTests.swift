import ConfigParser
import Testing

@Suite struct AlertSettingTests {
  @Test func `mail is what keepalived's keywords say`() {
    let global = load(
      """
      global_defs {
        notification_email {
          a@example.org
          b@example.org
        }
        notification_email_from ha@example.org
        smtp_server mx.example.org 587
        smtp_helo_name node.example.org
        smtp_connect_timeout 5
        no_email_faults
        smtp_alert
      }
      """ + instance("") + instance("smtp_alert off", name: "B", id: 52)
    )
    let mail = global.configuration.global.mail
    #expect(mail.recipients == ["a@example.org", "b@example.org"])
    #expect((mail.sender, mail.server, mail.port) == ("ha@example.org", "mx.example.org", 587))
    #expect((mail.heloName, mail.timeoutSeconds, mail.omitsFaults) == ("node.example.org", 5, true))
    #expect(global.configuration.virtualRouters.map(\.notify.sendsMail) == [true, false])
  }

  @Test func `the narrower switch wins`() {
    let text = "global_defs {\n smtp_alert\n smtp_alert_vrrp off\n smtp_alert_checker on\n}\n" + instance("")
    #expect(load(text).configuration.virtualRouters.first?.notify.sendsMail == false)
  }

  @Test(
    arguments: [
      ("never", .never), ("offered", .whenOffered), ("required", .required), ("implicit", .implicit),
      ("sometimes", .whenOffered),
    ] as [(String, AlertDefinition.Encryption)])
  func `smtp_tls`(word: String, encryption: AlertDefinition.Encryption) {
    let loaded = load("global_defs {\n smtp_tls \(word)\n}\n")
    #expect(loaded.configuration.global.alerts.encryption == encryption)
    #expect(loaded.problems.isEmpty == (word != "sometimes"))
  }

  @Test func `logging in needs a password, and makes the server prove who it is`() {
    let alerts = load("global_defs {\n smtp_auth user \"a secret\"\n alert_tls_ca /etc/ca.pem\n}\n")
      .configuration.global.alerts
    #expect(alerts.credentials == .init(user: "user", password: "a secret"))
    #expect(alerts.authorityFile == "/etc/ca.pem")
    #expect(alerts.verifiesMailServer)
    #expect(!AlertDefinition().verifiesMailServer)
    let loaded = load("global_defs {\n smtp_auth user\n}\n")
    #expect(loaded.configuration.global.alerts.credentials == nil)
    #expect(loaded.problems == [.missingArgument])
  }

  @Test(
    arguments: [
      ("http://h", "h", 80, "/", false), ("https://h.example:8443/a/b?c=d#e", "h.example", 8443, "/a/b?c=d", true),
      ("http://[2001:db8::1]:81/x", "2001:db8::1", 81, "/x", false),
      ("https://[2001:db8::1]?q", "2001:db8::1", 443, "/?q", true),
    ] as [(String, String, UInt16, String, Bool)])
  func `a webhook is a URL`(url: String, host: String, port: UInt16, path: String, isEncrypted: Bool) throws {
    let hook = try #require(load("global_defs {\n webhook \(url)\n}\n").configuration.global.alerts.webhook)
    #expect((hook.host, hook.port, hook.path, hook.isEncrypted) == (host, port, path, isEncrypted))
    #expect(hook.bearerToken == nil)
  }

  @Test(arguments: [
    "h", "ftp://h/", "http://", "http:///x", "http://u:p@h/", "http://h:0/", "http://h:99999/", "http://[::1/",
    "http://[::1]x/",
  ]) func `what is no URL is said to be none`(url: String) {
    let loaded = load("global_defs {\n webhook \(url)\n}\n")
    #expect(loaded.configuration.global.alerts.webhook == nil)
    #expect(loaded.problems == [.unknownValue])
  }

  @Test func `a webhook may want a token`() {
    let hook = load("global_defs {\n webhook http://h/ abc\n}\n").configuration.global.alerts.webhook
    #expect(hook?.bearerToken == "abc")
  }
}
