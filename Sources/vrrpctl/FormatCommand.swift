import ArgumentParser
import ConfigParser
import ConfigurationFiles
import Glibc

/// `vrrpctl format FILE…`.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "format", abstract: "Writes configuration files in one style; comments are kept.",
    discussion: """
      Only the files named are formatted, not those they include. Exits with 0, with --check 1 when a file is not in
      the style, and 2 when a file cannot be read or written.
      """)

  @Argument(help: "The configuration files.")
  var files: [String]

  @Flag(help: "Write each file back instead of to standard output.")
  var inPlace = false

  @Flag(help: "Write nothing; say which files are not in the style.")
  var check = false

  func run() throws {
    var status: Int32 = 0
    for file in files {
      let bytes: [UInt8]
      do {
        bytes = try FileSources().read(file)
      } catch {
        complain("\(file): cannot be read: \(error)")
        status = 2
        continue
      }
      let formatted = Formatter.format(bytes)
      if check {
        guard formatted != bytes else { continue }
        print(file)
        status = max(status, 1)
      } else if inPlace {
        if formatted != bytes, !replace(file, with: formatted) { status = 2 }
      } else {
        print(String(decoding: formatted, as: UTF8.self), terminator: "")
      }
    }
    if status != 0 { throw ExitCode(status) }
  }

  /// Puts a new file in the place of the old one, with its mode, so that nobody ever sees half of it.
  private func replace(_ file: String, with bytes: [UInt8]) -> Bool {
    var status = stat()
    guard stat(file, &status) == 0 else { return complain("\(file): \(String(cString: strerror(errno)))") }
    let temporary = file + ".vrrpctl.\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, status.st_mode & 0o7777)
    guard descriptor >= 0 else { return complain("\(temporary): \(String(cString: strerror(errno)))") }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      written += count
    }
    let isWhole = written == bytes.count && fsync(descriptor) == 0
    close(descriptor)
    guard isWhole, rename(temporary, file) == 0 else {
      unlink(temporary)
      return complain("\(file): \(String(cString: strerror(errno)))")
    }
    return true
  }

  @discardableResult
  private func complain(_ text: String) -> Bool {
    let line = Array("vrrpctl: \(text)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    return false
  }
}
