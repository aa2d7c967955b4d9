extension HTTPCheck {
  /// The request for a URL, byte for byte what keepalived sends; `nil` when path or host would break the line.
  public func request(for url: URL) -> [UInt8]? {
    guard !url.path.isEmpty, isOneWord(url.path), isOneWord(host(of: url)) else { return nil }
    var text = "GET "
    text += version == .http1_1 ? "\(url.path) HTTP/1.1\r\n" : "\(url.path) HTTP/1.0\r\n"
    text += "User-Agent: KeepAliveClient\r\n"
    if version != .http1_0 { text += "Connection: close\r\n" }
    text += "Host: \(host(of: url))\r\n\r\n"
    return Array(text.utf8)
  }
}
