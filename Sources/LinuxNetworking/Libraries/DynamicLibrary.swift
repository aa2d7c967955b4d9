import Glibc

/// A shared library that is mapped when it is first needed, and from then on to the end of the process.
///
/// One daemon is several processes, and few of them need what a library brings: linked, it would be mapped in all. See
/// decision 0018.
final class DynamicLibrary: Sendable {
  /// The file that was found.
  let name: String
  /// The loader's own number; only `dlsym` reads it.
  private let handle: UInt

  /// Why a library cannot be used, for an operator.
  struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// `libssl.so.3: cannot open shared object file`.
    let description: String
  }

  /// The first of `names` that the loader finds.
  init(_ names: [String]) throws(Failure) {
    var reasons: [String] = []
    for name in names {
      if let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) {
        self.name = name
        self.handle = UInt(bitPattern: handle)
        return
      }
      reasons.append(dlerror().map { String(cString: $0) } ?? name)
    }
    throw Failure(description: reasons.joined(separator: "; "))
  }

  /// The function called `name`, or by one of its older names, of the C type `type`, which must be a
  /// `@convention(c)` type of just that function: nobody can check it.
  func function<Function>(_ name: String, orElse older: String? = nil, as type: Function.Type) throws(Failure)
    -> Function
  {
    precondition(MemoryLayout<Function>.size == MemoryLayout<UInt>.size, "not a C function")
    for name in [name, older].compactMap(\.self) {
      guard let address = dlsym(UnsafeMutableRawPointer(bitPattern: handle), name) else { continue }
      return unsafeBitCast(address, to: type)
    }
    throw Failure(description: "\(self.name): no function \(name)")
  }
}
