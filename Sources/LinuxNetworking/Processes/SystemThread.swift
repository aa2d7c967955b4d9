import CLinuxShims
import Glibc

/// A thread of our own, for loops that wait in the kernel: one of a pool would be missed there.
public enum SystemThread {
  private final class Work {
    let name: String
    let body: @Sendable () -> Void

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
      self.name = name
      self.body = body
    }
  }

  /// Bytes of stack.
  private static let stackByteCount = 512 * 1024

  /// Runs `body` on a new thread, which ends when it returns. Signals are left to other threads. At most 15 bytes of
  /// `name` are shown by tools.
  public static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemCallError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    pthread_attr_setstacksize(&attributes, stackByteCount)
    let work = Unmanaged.passRetained(Work(name, body))
    var thread = pthread_t()
    let result = pthread_create(
      &thread, &attributes,
      { argument in
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        guard let argument else { return nil }
        let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
        _ = shim_set_process_name(work.name)
        work.body()
        return nil
      }, work.toOpaque())
    guard result == 0 else {
      work.release()
      throw SystemCallError(call: "pthread_create", errno: result)
    }
  }
}
