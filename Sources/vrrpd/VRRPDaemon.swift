@main
enum VRRPDaemon {
  static func main() {}
}
