import CLinuxShims
import Glibc

/// Tells when small files change: through inotify on their directories, so that a file that is replaced, removed or not
/// there yet is noticed like one that is written.
public final class FileWatcher {
  private let descriptor: FileDescriptor
  private var files: [String: Watched] = [:]

  private struct Watched {
    let path: String
    let name: String
    let directory: Int32
  }

  /// A watcher of nothing.
  public init() throws(SystemCallError) {
    descriptor = try FileDescriptor("inotify_init1") { inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) }
  }

  /// For the reactor; the watcher keeps it and closes it.
  public var rawDescriptor: Int32 { descriptor.rawValue }

  /// Watches the file at `path` under the caller's own name for it. Its directory must exist.
  public func watch(_ key: String, path: String) throws(SystemCallError) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let directory = slash.map { String(path[...$0]) } ?? "."
    let name = slash.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    // Not IN_MODIFY: whoever writes a file anew empties it first, and half a number is another number.
    let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
    let number = descriptor.rawValue
    let watch = try SystemCallError.check("inotify_add_watch(\(directory))") {
      inotify_add_watch(number, directory, events)
    }
    files[key] = Watched(path: path, name: name, directory: watch)
  }

  /// Gives a file its first content; one that is there keeps its own unless it is to be overwritten. Links are not
  /// followed. What fails is noticed when the file is read.
  static func write(_ text: String, to path: String, overwriting: Bool) {
    let flags = O_WRONLY | O_CREAT | O_NOFOLLOW | (overwriting ? O_TRUNC : O_EXCL)
    guard let file = try? FileDescriptor.open(path, flags: flags, mode: 0o644) else { return }
    _ = try? file.write(Array(text.utf8))
  }

  /// Watches it no more.
  public func unwatch(_ key: String) {
    guard let old = files.removeValue(forKey: key) else { return }
    if !files.values.contains(where: { $0.directory == old.directory }) {
      _ = inotify_rm_watch(descriptor.rawValue, old.directory)
    }
  }

  /// The path of what is watched as `key`.
  public func path(of key: String) -> String? { files[key]?.path }

  /// The keys of the files that changed since the last call; all of them when the kernel lost count.
  public func changes() -> Set<String> {
    var changed: Set<String> = []
    var buffer = [UInt8](repeating: 0, count: 8192)
    let number = descriptor.rawValue
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) }
      guard count > 0 else { return changed }
      var offset = 0
      // struct inotify_event: watch, mask, cookie, length of the name, the name padded with zeros.
      while offset + 16 <= count {
        let (watch, mask, length) = buffer.withUnsafeBytes {
          (
            $0.loadUnaligned(fromByteOffset: offset, as: Int32.self),
            $0.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self),
            Int($0.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
          )
        }
        let end = min(offset + 16 + length, count)
        let name = String(decoding: buffer[(offset + 16)..<end].prefix { $0 != 0 }, as: UTF8.self)
        let isOverrun = mask & UInt32(IN_Q_OVERFLOW) != 0
        for (key, file) in files where isOverrun || (file.directory == watch && file.name == name) {
          changed.insert(key)
        }
        offset = end
      }
    }
  }
}
