#!/usr/bin/env python3
"""False take-overs on a busy machine: adverts every 10 ms while processes that never sleep want every CPU.

Two routers of each daemon in default settings, for daemons measured one after the other under the same load. Nothing
fails, so every take-over is a false one.

Example: busy.py --processes 8 --seconds 60
"""

import subprocess
import sys
import time

from comparison import compare, heading, options, parse, save
from lab import Lab, VirtualRouter, create_daemon, wait_for


def measure(profile, chosen):
    with Lab(client=False) as lab:
        tap, address = lab.tap(), lab.plan.virtual(0)
        for number, priority in ((1, 200), (2, 100)):
            router = VirtualRouter([address], priority=priority, interval=chosen.interval)
            create_daemon(lab, number, profile).configure([router]).start()
        if not wait_for(lambda: tap.senders(0.5) == {1} and lab.owns(1, address), 20, 0.1):
            raise RuntimeError(f"{profile}: no election")
        load = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(chosen.processes)]
        try:
            time.sleep(2)
            mark = tap.mark()
            time.sleep(chosen.seconds)
            adverts = tap.since(mark, kind="advert")
        finally:
            for process in load:
                process.kill()
                process.wait()
    times = [packet.time for packet in adverts if packet.port == 1]
    senders = [packet.port for packet in adverts]
    return {
        "take-overs": sum(later == 2 and earlier == 1 for earlier, later in zip(senders, senders[1:])),
        "adverts": len(times),
        "longest gap": max(later - earlier for earlier, later in zip(times, times[1:])) * 1e3,
    }


def main():
    parser = options(__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--interval", type=float, default=0.01, help="seconds between adverts")
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parse(parser)
    heading(f"Adverts every {chosen.interval:g} s under {chosen.processes} busy processes, {chosen.seconds:g} s")
    figures = {profile: measure(profile, chosen) for profile in chosen.daemons}
    compare([
        (what, {profile: figures[profile][key] for profile in figures})
        for what, key in (("false take-overs", "take-overs"), ("adverts of the active router", "adverts"),
                          ("longest gap between them, ms", "longest gap"))], chosen.daemons)
    save(chosen.json, figures)


if __name__ == "__main__":
    sys.exit(main())
