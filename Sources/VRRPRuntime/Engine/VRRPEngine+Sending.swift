import NetPrimitives
import VRRPCore

extension VRRPEngine where World: ~Copyable {
  /// Sends one advert, to every peer when there are several. Allocates nothing.
  mutating func advertise(_ priority: UInt8, of place: Int, now: MonotonicInstant) {
    let router = RouterHandle(rawValue: place)
    guard records[place]?.advertise(priority, as: router, in: &world) == false else { return }
    guard let count = records[place]?.templates.count else { return }
    for index in 0..<count { records[place]?.templates[index].priority = priority }
    sign(place, now: now)
    for index in 0..<count {
      let headers = seal(index, of: place)
      if let template = records[place]?.templates[index] { world.send(template, behind: headers, of: router) }
    }
    records[place]?.countSent(priority)
  }

  /// Writes the trailer of `auth_hmac`: one for all peers.
  private mutating func sign(_ place: Int, now: MonotonicInstant) {
    guard let trailer = trailer(of: place, now: now), let count = records[place]?.templates.count else { return }
    for index in 0..<count { records[place]?.templates[index].setTrailer(trailer) }
  }

  /// In a function of its own: while a copy of a template lives, changing it would allocate.
  private mutating func trailer(of place: Int, now: MonotonicInstant) -> HMACTrailer? {
    guard records[place]?.security.signer != nil, let template = records[place]?.templates.first else { return nil }
    let byteCount = template.message.byteCount
    let authenticator = world.authenticator
    let utcNanoseconds = wallClockOffset &+ now.nanoseconds
    return template.withRawSpan { bytes in
      records[place]?.security.signer?.sign(
        bytes.extracting(0..<byteCount), from: template.source, utcNanoseconds: utcNanoseconds, using: authenticator)
    }
  }

  /// The headers of authentication type 2 before one advert; `nil` for a router without.
  private mutating func seal(_ index: Int, of place: Int) -> AuthenticationHeader.Bytes? {
    guard records[place]?.security.header != nil, let template = records[place]?.templates[index],
      case (.v4(let source), .v4(let destination)) = (template.source, template.destination)
    else { return nil }
    let authenticator = world.authenticator
    let hopLimit = records[place]?.definition.hopLimit ?? 255
    let headers = template.withRawSpan { bytes in
      records[place]?.security.header?.headers(
        for: bytes, from: source, to: destination, hopLimit: hopLimit, using: authenticator)
    }
    rememberSequence(of: place)
    return headers
  }

  mutating func rememberSequence(of place: Int) {
    guard let sequence = records[place]?.security.header?.lastSequence else { return }
    world.remember(sequence: sequence, of: RouterHandle(rawValue: place))
  }
}
