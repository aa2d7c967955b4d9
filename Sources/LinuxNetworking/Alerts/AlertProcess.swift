import CLinuxShims
import Glibc
import NetPrimitives
public import VRRPRuntime

/// The process that delivers alerts: the only one that talks to name servers, mail servers and webhooks, which may be
/// slow. It takes one alert after the other from the parent, answers each when it is done with it, and ends when the
/// parent lets it go.
public struct AlertProcess: ~Copyable {
  /// A second attempt follows what may pass by itself after this long, in nanoseconds.
  private static let retryPause: UInt64 = 3_000_000_000

  private let log: (LogLine) -> Void
  let hostName = HostName.whole

  /// A process that says in `log` what did not work.
  public init(log: @escaping (LogLine) -> Void) { self.log = log }

  /// Delivers until the parent lets go; the exit status.
  public func run() -> Int32 {
    guard let channel = HookChannel.inherited() else { return 1 }
    // It needs no right of root's to send mail, and what a server says must not reach one.
    _ = try? Privileges.keepOnly([])
    signal(SIGPIPE, SIG_IGN)
    var none = SignalSet().system
    pthread_sigmask(SIG_SETMASK, &none, nil)
    var buffer = [UInt8](repeating: 0, count: HookRequest.byteLimit)
    while let bytes = channel.wait(into: &buffer) {
      // The parent made it out of a whole alert.
      guard case .alert(let delivery)? = try? HookRequest(decoding: bytes) else { continue }
      deliver(delivery)
      guard channel.send(HookReply(number: 0, end: .exited(0)).encoded) else { return 0 }
    }
    return 0
  }

  private func deliver(_ delivery: AlertDelivery) {
    if let mail = delivery.mail {
      attempt { () throws(AlertFailure) in
        try sendMail(delivery, mail)
      } orSay: {
        "\(delivery.title): no mail: \($0)"
      }
    }
    if let hook = delivery.alerts.webhook {
      attempt { () throws(AlertFailure) in
        try post(delivery, to: hook)
      } orSay: {
        "\(delivery.title): no webhook: \($0)"
      }
    }
  }

  /// Tells the operator of something that did not work.
  func say(_ text: String) { log(LogLine(.error, text)) }

  private func attempt(_ body: () throws(AlertFailure) -> Void, orSay text: (String) -> String) {
    do throws(AlertFailure) { return try body() } catch {
      guard error.mayPass else { return say(text(error.text)) }
    }
    // At a fail-over the network may need a moment, too.
    usleep(UInt32(Self.retryPause / 1000))
    do throws(AlertFailure) { try body() } catch { say(text(error.text)) }
  }
}

/// Why an alert was not delivered.
struct AlertFailure: Error {
  /// For the log.
  let text: String
  /// Whether it may be otherwise in a moment.
  let mayPass: Bool
}
