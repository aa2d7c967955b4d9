public import LoadBalancing
import NetPrimitives

// What is wanted and what the kernel tells differ in how they say the same; a plan must not see that.

extension IPVSService {
  /// Stands for settings our words cannot say. It has flags nobody can want.
  public static var foreign: IPVSService { IPVSService(scheduler: .wlc, flags: SchedulerFlags(rawValue: .max)) }

  /// These settings as the kernel would tell them: a granularity of every bit is none.
  public func asToldByKernel(_ family: AddressFamily) -> IPVSService {
    var service = self
    service.flags = SchedulerFlags(rawValue: flags.rawValue & ServiceFlag.scheduler)
    if let granularity = persistence?.granularity, granularity >= family.maximumPrefixLength {
      service.persistence?.granularity = nil
    }
    return service
  }
}

extension IPVSDestination {
  /// Stands for settings our words cannot say. It has a weight nobody can want.
  public static var foreign: IPVSDestination { IPVSDestination(forwarding: .masquerade, weight: .min) }
}

extension IPVSCommand {
  /// The command with its settings as the kernel would tell them afterwards.
  var asToldByKernel: IPVSCommand {
    switch self {
    case .addService(let key, let service): .addService(key, service.asToldByKernel(key.family))
    case .editService(let key, let service): .editService(key, service.asToldByKernel(key.family))
    case .deleteService, .addDestination, .editDestination, .deleteDestination: self
    }
  }
}
