import HealthCheck

/// What connections of the same settings share: trusted authorities and our own certificate.
final class TLSContext {
  /// What makes contexts differ.
  struct Key: Hashable {
    let verifies: Bool
    let authorityFile: String?
    let certificateFile: String?
    let keyFile: String?
    let keyPassword: String?

    init(_ definition: TLSDefinition) {
      verifies = definition.verification != .none
      // What nobody looks at is not read either.
      authorityFile = verifies ? definition.authorityFile : nil
      certificateFile = definition.certificateFile
      keyFile = definition.keyFile
      keyPassword = definition.keyPassword
    }
  }

  let library: TLSLibrary
  let pointer: OpaquePointer

  /// Reads the files. The error is for an operator.
  init(_ key: Key) throws(DynamicLibrary.Failure) {
    let library = try TLSLibrary.shared.get()
    library.clearErrors()
    guard let method = library.clientMethod(), let pointer = library.makeContext(method) else {
      throw DynamicLibrary.Failure(description: "TLS: \(library.takeErrorText())")
    }
    self.library = library
    self.pointer = pointer
    // From here on `deinit` frees the context.
    if key.verifies {
      if let file = key.authorityFile {
        try check(library.loadAuthorities(pointer, file, nil), "ca '\(file)'")
      } else {
        try check(library.loadSystemAuthorities(pointer), "the system's authorities")
      }
    }
    if let file = key.certificateFile {
      try check(library.useCertificateChain(pointer, file), "certificate '\(file)'")
    }
    if let file = key.keyFile { try useKey(file, password: key.keyPassword) }
    if key.certificateFile != nil, key.keyFile != nil {
      try check(library.checkKey(pointer), "key '\(key.keyFile ?? "")' does not belong to the certificate")
    }
  }

  deinit { library.freeContext(pointer) }

  private func useKey(_ file: String, password: String?) throws(DynamicLibrary.Failure) {
    // Without a callback OpenSSL asks on the terminal; a key whose password is missing must fail instead.
    var text = Array((password ?? "").utf8CString)
    library.setPasswordCallback(pointer) { buffer, size, _, data in
      guard let buffer, let password = data?.assumingMemoryBound(to: CChar.self) else { return -1 }
      var length: Int32 = 0
      while length < size, password[Int(length)] != 0 {
        buffer[Int(length)] = password[Int(length)]
        length += 1
      }
      return length
    }
    let result = text.withUnsafeMutableBytes { bytes in
      library.setPasswordData(pointer, bytes.baseAddress)
      defer { library.setPasswordData(pointer, nil) }
      return library.useKey(pointer, file, TLSLibrary.Number.pemFile)
    }
    try check(result, "key '\(file)'")
  }

  private func check(_ result: Int32, _ what: String) throws(DynamicLibrary.Failure) {
    guard result != 1 else { return }
    throw DynamicLibrary.Failure(description: "SSL: \(what): \(library.takeErrorText())")
  }
}
