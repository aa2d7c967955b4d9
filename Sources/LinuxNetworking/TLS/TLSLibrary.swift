import Glibc

/// The part of OpenSSL a TLS client needs, by its manual pages. Versions 1.1.1 and 3 have the same functions, but for
/// one name.
struct TLSLibrary: Sendable {
  // Contexts, connections, certificates, BIOs: all are pointers to what only the library knows.
  typealias Make = @convention(c) (OpaquePointer?) -> OpaquePointer?
  typealias Free = @convention(c) (OpaquePointer?) -> Void
  typealias Act = @convention(c) (OpaquePointer) -> Int32
  typealias Control = @convention(c) (OpaquePointer, Int32, Int, UnsafeMutableRawPointer?) -> Int
  typealias UseFile = @convention(c) (OpaquePointer, UnsafePointer<CChar>) -> Int32
  typealias UseTypedFile = @convention(c) (OpaquePointer, UnsafePointer<CChar>, Int32) -> Int32
  typealias Read = @convention(c) (OpaquePointer, UnsafeMutableRawPointer?, Int32) -> Int32
  typealias Write = @convention(c) (OpaquePointer, UnsafeRawPointer?, Int32) -> Int32
  typealias SetName = @convention(c) (OpaquePointer?, UnsafePointer<CChar>) -> Int32
  typealias AskPassword =
    @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32

  // Contexts.
  let clientMethod: @convention(c) () -> OpaquePointer?
  let makeContext: Make
  let freeContext: Free
  let loadAuthorities: @convention(c) (OpaquePointer, UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Int32
  let loadSystemAuthorities: Act
  let useCertificateChain: UseFile
  let useKey: UseTypedFile
  let checkKey: Act
  let setPasswordCallback: @convention(c) (OpaquePointer, AskPassword?) -> Void
  let setPasswordData: @convention(c) (OpaquePointer, UnsafeMutableRawPointer?) -> Void
  // Connections.
  let makeConnection: Make
  let freeConnection: Free
  let control: Control
  let setStreams: @convention(c) (OpaquePointer, OpaquePointer?, OpaquePointer?) -> Void
  let becomeClient: @convention(c) (OpaquePointer) -> Void
  let handshake: Act
  let read: Read
  let write: Write
  let shutdown: Act
  let error: @convention(c) (OpaquePointer, Int32) -> Int32
  let offerProtocols: @convention(c) (OpaquePointer, UnsafePointer<UInt8>, UInt32) -> Int32
  let chosenProtocol:
    @convention(c) (
      OpaquePointer, UnsafeMutablePointer<UnsafePointer<UInt8>?>, UnsafeMutablePointer<UInt32>
    ) -> Void
  // Certificates.
  let expectHost: SetName
  let expectAddress: SetName
  let parameters: Make
  let verdict: @convention(c) (OpaquePointer) -> Int
  let peerCertificate: Make
  let freeCertificate: Free
  let end: Make
  let timeLeft:
    @convention(c) (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, OpaquePointer?, OpaquePointer?) -> Int32
  // Memory in the place of a socket.
  let memoryMethod: @convention(c) () -> OpaquePointer?
  let makeStream: Make
  let readStream: Read
  let writeStream: Write
  // Errors of the calling thread.
  let nextError: @convention(c) () -> UInt
  let clearErrors: @convention(c) () -> Void
  let errorText: @convention(c) (UInt, UnsafeMutablePointer<CChar>, Int) -> Void

  /// Loaded at the first use.
  static let shared = Result { () throws(DynamicLibrary.Failure) in try TLSLibrary() }

  private init() throws(DynamicLibrary.Failure) {
    let library = try DynamicLibrary(["libssl.so.3", "libssl.so.1.1"])
    clientMethod = try library.function("TLS_client_method", as: (@convention(c) () -> OpaquePointer?).self)
    makeContext = try library.function("SSL_CTX_new", as: Make.self)
    freeContext = try library.function("SSL_CTX_free", as: Free.self)
    loadAuthorities = try library.function(
      "SSL_CTX_load_verify_locations",
      as: (@convention(c) (OpaquePointer, UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Int32).self)
    loadSystemAuthorities = try library.function("SSL_CTX_set_default_verify_paths", as: Act.self)
    useCertificateChain = try library.function("SSL_CTX_use_certificate_chain_file", as: UseFile.self)
    useKey = try library.function("SSL_CTX_use_PrivateKey_file", as: UseTypedFile.self)
    checkKey = try library.function("SSL_CTX_check_private_key", as: Act.self)
    setPasswordCallback = try library.function(
      "SSL_CTX_set_default_passwd_cb", as: (@convention(c) (OpaquePointer, AskPassword?) -> Void).self)
    setPasswordData = try library.function(
      "SSL_CTX_set_default_passwd_cb_userdata",
      as: (@convention(c) (OpaquePointer, UnsafeMutableRawPointer?) -> Void).self)
    makeConnection = try library.function("SSL_new", as: Make.self)
    freeConnection = try library.function("SSL_free", as: Free.self)
    control = try library.function("SSL_ctrl", as: Control.self)
    setStreams = try library.function(
      "SSL_set_bio", as: (@convention(c) (OpaquePointer, OpaquePointer?, OpaquePointer?) -> Void).self)
    becomeClient = try library.function("SSL_set_connect_state", as: (@convention(c) (OpaquePointer) -> Void).self)
    handshake = try library.function("SSL_do_handshake", as: Act.self)
    read = try library.function("SSL_read", as: Read.self)
    write = try library.function("SSL_write", as: Write.self)
    shutdown = try library.function("SSL_shutdown", as: Act.self)
    error = try library.function("SSL_get_error", as: (@convention(c) (OpaquePointer, Int32) -> Int32).self)
    offerProtocols = try library.function(
      "SSL_set_alpn_protos", as: (@convention(c) (OpaquePointer, UnsafePointer<UInt8>, UInt32) -> Int32).self)
    chosenProtocol = try library.function(
      "SSL_get0_alpn_selected",
      as: (@convention(c) (
        OpaquePointer, UnsafeMutablePointer<UnsafePointer<UInt8>?>, UnsafeMutablePointer<UInt32>
      ) -> Void).self)
    expectHost = try library.function("SSL_set1_host", as: SetName.self)
    expectAddress = try library.function("X509_VERIFY_PARAM_set1_ip_asc", as: SetName.self)
    parameters = try library.function("SSL_get0_param", as: Make.self)
    verdict = try library.function("SSL_get_verify_result", as: (@convention(c) (OpaquePointer) -> Int).self)
    peerCertificate = try library.function(
      "SSL_get1_peer_certificate", orElse: "SSL_get_peer_certificate", as: Make.self)
    freeCertificate = try library.function("X509_free", as: Free.self)
    end = try library.function("X509_get0_notAfter", as: Make.self)
    timeLeft = try library.function(
      "ASN1_TIME_diff",
      as: (@convention(c) (
        UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>, OpaquePointer?, OpaquePointer?
      ) -> Int32).self)
    memoryMethod = try library.function("BIO_s_mem", as: (@convention(c) () -> OpaquePointer?).self)
    makeStream = try library.function("BIO_new", as: Make.self)
    readStream = try library.function("BIO_read", as: Read.self)
    writeStream = try library.function("BIO_write", as: Write.self)
    nextError = try library.function("ERR_get_error", as: (@convention(c) () -> UInt).self)
    clearErrors = try library.function("ERR_clear_error", as: (@convention(c) () -> Void).self)
    errorText = try library.function(
      "ERR_error_string_n", as: (@convention(c) (UInt, UnsafeMutablePointer<CChar>, Int) -> Void).self)
  }

  /// Numbers of ssl.h, bio.h and x509_vfy.h.
  enum Number {
    static let modeControl: Int32 = 33
    static let serverNameControl: Int32 = 55
    static let releaseBuffersMode = 0x10
    static let pemFile: Int32 = 1
    static let wantsRead: Int32 = 2
    static let wantsWrite: Int32 = 3
    static let closed: Int32 = 6
    static let verified = 0
    static let notYetValid = 9
    static let expired = 10
    static let wrongHost = 62
    static let wrongAddress = 64
  }

  /// The oldest error of the thread in words, and forgets the others.
  func takeErrorText() -> String {
    let number = nextError()
    clearErrors()
    var buffer = [CChar](repeating: 0, count: 256)
    errorText(number, &buffer, buffer.count)
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// The alert the peer sent, if that is what the thread's oldest error says; forgets the others.
  func takeAlert() -> UInt8? {
    let number = nextError()
    clearErrors()
    // The library is ERR_LIB_SSL, and its reasons from 1000 on (SSL_AD_REASON_OFFSET) are alerts of the peer.
    let (library, reason) = (number >> 23 & 0xff, number & 0x7f_ffff)
    return library == 20 && (1000...1255).contains(reason) ? UInt8(reason - 1000) : nil
  }
}
