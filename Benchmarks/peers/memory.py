#!/usr/bin/env python3
"""Memory, start and idle cost of one virtual router, for daemons measured in turns in the same run.

All processes of a daemon count, and shared pages count in PSS by share. The start is measured with priority 255, where
nothing has to be waited for: from exec to the first advert on the wire. CPU is the time all threads spent on a CPU.

Example: memory.py -n 10 --seconds 30
"""

import sys
import time

from comparison import compare, heading, options, parse, save
from lab import (Lab, VirtualRouter, cpu_seconds, create_daemon, median, memory_kib, percentile, wait_for)


def measure_start(profile):
    """Milliseconds from exec to the first advert."""
    with Lab(routers=1, client=False) as lab:
        tap = lab.tap()
        router = VirtualRouter([lab.plan.virtual(0)], priority=255)
        daemon = create_daemon(lab, 1, profile).configure([router]).start()
        adverts = wait_for(lambda: tap.since(kind="advert"), 5)
        return (adverts[0].time - daemon.process.executed_at) * 1e3 if adverts else None


def measure_idle(profile, seconds):
    """Memory of the active router's daemon, and CPU of it and of its backup at rest."""
    with Lab(client=False) as lab:
        tap, daemons, address = lab.tap(), {}, lab.plan.virtual(0)
        for number, priority in ((1, 200), (2, 100)):
            router = VirtualRouter([address], priority=priority)
            daemons[number] = create_daemon(lab, number, profile).configure([router])
        daemons[1].start()
        if not wait_for(lambda: tap.senders(2.5) == {1} and lab.owns(1, address), 15, 0.1):
            raise RuntimeError(f"{profile}: no election\n{daemons[1].log()[-2000:]}")
        time.sleep(1)
        memory = memory_kib(daemons[1].processes())  # before a second copy halves the pages both map
        daemons[2].start()
        time.sleep(7)  # until the second round of announcements is over
        trees = {number: daemon.processes() for number, daemon in daemons.items()}
        before = {number: cpu_seconds(pids) for number, pids in trees.items()}
        time.sleep(seconds)
        used = {number: (cpu_seconds(pids) - before[number]) / seconds * 1e6 for number, pids in trees.items()}
        shared = memory_kib(trees[1])["pss"]
        return {**memory, "shared": shared, "processes": len(trees[1]), "active": used[1], "backup": used[2]}


def main():
    parser = options(__doc__)
    parser.add_argument("-n", type=int, default=10, help="starts of each daemon")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of memory and idle CPU of each daemon")
    parser.add_argument("--seconds", type=float, default=10, help="how long to watch an idle daemon")
    chosen = parse(parser)
    heading("One virtual router: memory, start, idle")
    starts = {daemon: [] for daemon in chosen.daemons}
    idles = {daemon: [] for daemon in chosen.daemons}
    for _ in range(chosen.n):
        for daemon in chosen.daemons:
            starts[daemon].append(measure_start(daemon))
    for _ in range(chosen.rounds):
        for daemon in chosen.daemons:
            idles[daemon].append(measure_idle(daemon, chosen.seconds))

    def middle(key):
        return {daemon: median([idle[key] for idle in idles[daemon]]) for daemon in chosen.daemons}
    compare([
        ("processes", middle("processes")),
        ("PSS of all processes, no second daemon on the machine, KiB", middle("pss")),
        ("PSS of all processes, the backup's daemon beside it, KiB", middle("shared")),
        ("RSS of all processes, KiB", middle("rss")),
        ("exec to first advert, median, ms", {daemon: median(starts[daemon]) for daemon in chosen.daemons}),
        ("exec to first advert, max, ms", {daemon: percentile(starts[daemon], 100) for daemon in chosen.daemons}),
        ("CPU as active router, µs/s", middle("active")),
        ("CPU as backup, µs/s", middle("backup")),
    ], chosen.daemons)
    save(chosen.json, {"starts": starts, "idle": idles})


if __name__ == "__main__":
    sys.exit(main())
