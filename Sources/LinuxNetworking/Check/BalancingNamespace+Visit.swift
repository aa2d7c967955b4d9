import LoadBalancing

extension BalancingNamespace {
  /// Does `body` where IPVS is to be used: sockets it opens stay there.
  func visit<Answer>(_ body: () -> Answer) throws(SystemCallError) -> Answer {
    switch self {
    case .own: body()
    case .initial: try NetworkNamespace.initial().visit(body)
    case .named(let name): try NetworkNamespace.named(name).visit(body)
    }
  }
}

extension ServiceSocket {
  /// Opens a socket to the IPVS of a namespace. Needs CAP_SYS_ADMIN for any but our own.
  static func open(in namespace: BalancingNamespace) throws(IPVSError) -> ServiceSocket {
    let result: Result<ServiceSocket, IPVSError>
    do {
      result = try namespace.visit {
        do throws(IPVSError) { return .success(try ServiceSocket()) } catch { return .failure(error) }
      }
    } catch { throw .system(error) }
    return try result.get()
  }
}
