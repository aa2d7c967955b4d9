import Glibc

/// Names and texts of error numbers.
public enum ErrorNumber {
  /// The symbol of `<errno.h>`, or the number when we never meet it.
  public static func name(_ number: Int32) -> String {
    switch number {
    case EPERM: "EPERM"
    case ENOENT: "ENOENT"
    case ESRCH: "ESRCH"
    case EINTR: "EINTR"
    case EIO: "EIO"
    case ENXIO: "ENXIO"
    case E2BIG: "E2BIG"
    case ENOEXEC: "ENOEXEC"
    case EBADF: "EBADF"
    case ECHILD: "ECHILD"
    case EAGAIN: "EAGAIN"
    case ENOMEM: "ENOMEM"
    case EACCES: "EACCES"
    case EBUSY: "EBUSY"
    case EEXIST: "EEXIST"
    case ENODEV: "ENODEV"
    case ENOTDIR: "ENOTDIR"
    case EISDIR: "EISDIR"
    case EINVAL: "EINVAL"
    case EMFILE: "EMFILE"
    case EFBIG: "EFBIG"
    case ENOSPC: "ENOSPC"
    case EROFS: "EROFS"
    case EPIPE: "EPIPE"
    case ERANGE: "ERANGE"
    case ELOOP: "ELOOP"
    case EPROTO: "EPROTO"
    case EBADMSG: "EBADMSG"
    case EMSGSIZE: "EMSGSIZE"
    case ENOPROTOOPT: "ENOPROTOOPT"
    case EPROTONOSUPPORT: "EPROTONOSUPPORT"
    case EOPNOTSUPP: "EOPNOTSUPP"
    case EAFNOSUPPORT: "EAFNOSUPPORT"
    case EADDRINUSE: "EADDRINUSE"
    case EADDRNOTAVAIL: "EADDRNOTAVAIL"
    case ENETDOWN: "ENETDOWN"
    case ENETUNREACH: "ENETUNREACH"
    case ECONNRESET: "ECONNRESET"
    case ENOBUFS: "ENOBUFS"
    case ENOTCONN: "ENOTCONN"
    case ETIMEDOUT: "ETIMEDOUT"
    case ECONNREFUSED: "ECONNREFUSED"
    case EHOSTDOWN: "EHOSTDOWN"
    case EHOSTUNREACH: "EHOSTUNREACH"
    case EINPROGRESS: "EINPROGRESS"
    default: "errno \(number)"
    }
  }

  /// The C library's text.
  public static func text(_ number: Int32) -> String {
    guard let text = strerror(number) else { return "Unknown error" }
    return String(cString: text)
  }
}
