import NetPrimitives

// What a changed configuration does to a router in office or in waiting.
extension VirtualRouter {
  mutating func reconfigured(
    _ wanted: Configuration, now: MonotonicInstant, effects: inout EffectBuffer
  ) -> State {
    let old = configuration
    configuration = wanted
    let weights = Int(priority) - Int(old.priority)
    priority = wanted.ownsAddresses ? 255 : UInt8(min(max(Int(wanted.priority) + weights, 1), 254))
    switch state {
    case .initialize, .fault, .leaving:
      return state
    case .backup(let backup):
      if wanted.ownsAddresses { return becomeActive(.startup, from: .backup, now: now, effects: &effects) }
      return .backup(adapted(backup, from: old))
    case .active(var active):
      active.advertiseAt = min(active.advertiseAt, now.advanced(byNanoseconds: wanted.interval.nanoseconds))
      let refresh = wanted.announcement.refreshNanoseconds
      if refresh != old.announcement.refreshNanoseconds {
        active.refreshAt = refresh > 0 ? now.advanced(byNanoseconds: refresh) : nil
      }
      if wanted.extraAnnouncementNanoseconds != old.extraAnnouncementNanoseconds {
        active.extraAt = following(now, every: wanted.extraAnnouncementNanoseconds)
      }
      return .active(active)
    }
  }

  /// `backup` under the present configuration instead of `old`: it waits no shorter for whoever was heard, and a
  /// `preempt_delay` that runs counts from where it began.
  private func adapted(_ backup: Backup, from old: Configuration) -> Backup {
    var backup = backup
    if configuration.interval != old.interval {
      backup.activeInterval = max(backup.activeInterval, configuration.interval)
    }
    if let end = backup.preemptAt {
      let start = MonotonicInstant(nanoseconds: end.nanoseconds - min(end.nanoseconds, old.preemptDelayNanoseconds))
      backup.preemptAt = start.advanced(byNanoseconds: configuration.preemptDelayNanoseconds)
    }
    return backup
  }
}
