#!/usr/bin/env python3
"""Many virtual routers, and many addresses on one, for daemons measured one after the other in the same run.

Two routers with one version 3 advert a second for each virtual router:

  CPU            time on a CPU of all threads, per second, as the active router and as its backup, at rest
  reload         SIGHUP with an unchanged file: CPU beyond that at rest, adverts of priority 0, changed addresses
  take-over      the active router is stopped: from the backup's first advert to its last virtual address and to the
                 first announcement of the last address
  start          from the first to the last address, when everything becomes active at once

Example: scale.py --instances 1000 --addresses
"""

import os
import subprocess
import sys
import tempfile
import time

from comparison import compare, heading, options, parse, save
from lab import (Lab, VirtualRouter, active_down_interval, cpu_seconds, create_daemon, median, memory_kib, now, run,
                 wait_for)

PER_SEGMENT = 250  # virtual routers on one segment; VRIDs end at 255
SETTLE, RELOAD, RELOADS = 7, 2, 5  # seconds until announcements are over, and that a reload may take; how many


def instances(lab, count, priority):
    """`count` virtual routers of one address each."""
    return [VirtualRouter([lab.plan.virtual(index % PER_SEGMENT, index // PER_SEGMENT)], priority=priority,
                          vrid=index % PER_SEGMENT + 1, interface=f"eth{index // PER_SEGMENT}", name=f"VR_{index}")
            for index in range(count)]


def one_with_addresses(lab, count, priority, vmac=False):
    """One virtual router of `count` addresses, of which the advert names one."""
    addresses = [lab.plan.virtual(index) for index in range(count)]
    return [VirtualRouter(addresses[:1], priority=priority, excluded=addresses[1:], vmac=vmac)]


def one_with_virtual_mac(lab, count, priority):
    """The same behind its virtual MAC."""
    return one_with_addresses(lab, count, priority, vmac=True)


class Run:
    """One daemon with `count` of something on two routers."""

    def __init__(self, lab, profile, make, count):
        self.lab, self.tap, self.monitor = lab, lab.tap(), lab.address_monitor()
        routers = {number: make(lab, count, priority) for number, priority in ((1, 200), (2, 100))}
        for router in (*routers[1], *routers[2]):
            if router.vmac and profile == "ours":
                router.options = ("vmac_prepare_addresses",)
        # Then addresses are there before their router is active: only announcements tell when they are in use.
        self.prepared = bool(routers[1][0].options)
        self.addresses = {address for router in routers[1] for address in (*router.addresses, *router.excluded)}
        self.first = routers[1][0]
        self.daemons = {number: create_daemon(lab, number, profile).configure(routers[number]) for number in routers}

    def measure(self, seconds):
        """All figures: seconds of rest for the CPU."""
        figures = {"start": self._start()}
        self.daemons[2].start()
        time.sleep(SETTLE)
        for name, number in (("active", 1), ("backup", 2)):
            pids = self.daemons[number].processes()
            figures[f"{name} memory"] = memory_kib(pids)
        before = self._cpu()
        time.sleep(seconds)
        rest = {number: (used - before[number]) / seconds for number, used in self._cpu().items()}
        figures |= {"active": rest[1] * 1e3, "backup": rest[2] * 1e3, **self._reload(), **self._take_over()}
        figures["packets lost"] = self.tap.dropped
        return figures

    def _cpu(self):
        return {number: cpu_seconds(daemon.processes()) for number, daemon in self.daemons.items()}

    def _start(self):
        self.daemons[1].start()
        limit = active_down_interval(self.first) + 40
        there = (lambda: self._announced(1)) if self.prepared else (lambda: self.monitor.first(1, True))
        if not wait_for(lambda: self.addresses <= there().keys(), limit, 0.1):
            raise RuntimeError(f"{self.daemons[1].profile}: not all addresses\n{self.daemons[1].log()[-2000:]}")
        times = [time for address, time in there().items() if address in self.addresses]
        return (max(times) - min(times)) * 1e3

    def _announced(self, port):
        """When each address was first announced."""
        first = {}
        for packet in self.tap.since(kind="garp", port=port):
            first.setdefault(packet.target, packet.time)
        return first

    def _reload(self):
        """The median of some reloads, each less the rest just before it, which is never the same."""
        mark, changes, costs = self.tap.mark(), self.monitor.mark(), []
        for _ in range(RELOADS):
            spent = [self._cpu()[1]]
            for reloads in (False, True):
                if reloads:
                    self.daemons[1].reload()
                time.sleep(RELOAD)
                spent.append(self._cpu()[1])
            costs.append(spent[2] - 2 * spent[1] + spent[0])
        return {
            "reload": median(costs) * 1e3,
            "reload farewells": len(self.tap.since(mark, kind="advert", port=1, priority=0)),
            "reload changes": sum(change.address in self.addresses for change in self.monitor.changes[changes:]),
        }

    def _take_over(self):
        """Milliseconds from the backup's first advert; None for what did not happen in time."""
        self.tap.forget(0)
        changes, instant = self.monitor.mark(), now()
        self.daemons[1].terminate()
        there = (lambda: self._announced(2)) if self.prepared else (lambda: self.monitor.first(2, True, changes))
        done = wait_for(lambda: self.addresses <= there().keys(), 40, 0.1)
        time.sleep(1)
        adverts = [p.time for p in self.tap.since(kind="advert", port=2) if p.priority and p.time > instant]
        announced, added = self._announced(2), self.monitor.first(2, True, changes)
        if not (done and adverts and self.addresses <= announced.keys()):
            return {"last address": None, "last announcement": None}
        last = [(max(times[address] for address in self.addresses) - min(adverts)) * 1e3
                for times in ([announced] if self.prepared else [added, announced])]
        return {"last address": last[0] if len(last) > 1 else None, "last announcement": last[-1]}


def measure_floor(count, seconds):
    """Milliseconds of CPU a second that `count` adverts cost bare loops of system calls: sent in one batch, heard from
    that loop, and heard from vrrpd, whose adverts do not all come at once."""
    segments = -(-count // PER_SEGMENT)
    interfaces = [f"eth{index}" for index in range(segments)]
    with tempfile.TemporaryDirectory() as folder, Lab(segments=segments, client=False) as lab:
        program = f"{folder}/floor"
        run(["cc", "-O2", "-o", program, f"{os.path.dirname(__file__)}/floor.c"])

        def start(router, *words):
            return subprocess.Popen(["ip", "netns", "exec", lab.namespace(router), program, *words, *interfaces])

        def rest(*processes):
            time.sleep(2)
            before = [cpu_seconds([process.pid]) for process in processes]
            time.sleep(seconds)
            return [(cpu_seconds([process.pid]) - used) / seconds * 1e3 for process, used in zip(processes, before)]

        hearer, sender = start(2, "receive"), start(1, "send", str(count))
        try:
            sent, heard = rest(sender, hearer)
            sender.kill()
            daemon = create_daemon(lab, 1, "ours").configure(instances(lab, count, 200)).start()
            tap = lab.tap()
            wait_for(lambda: len(tap.since(kind="advert", port=1)) > count, 20)
            time.sleep(SETTLE)
            [of_ours] = rest(hearer)
            daemon.terminate()
        finally:
            hearer.kill()
            sender.kill()
    return sent, heard, of_ours


ROWS = [
    ("CPU as active router, ms/s", "active"), ("CPU as backup, ms/s", "backup"),
    ("PSS as active router, KiB", "active pss"), ("RSS as active router, KiB", "active rss"),
    ("start: first to last address, ms", "start"),
    ("reload unchanged: CPU, ms", "reload"), ("reload unchanged: priority-0 adverts", "reload farewells"),
    ("reload unchanged: address changes", "reload changes"),
    ("take-over: to the last address, ms", "last address"),
    ("take-over: to the last announcement, ms", "last announcement"),
]


def compare_all(title, make, count, chosen, results):
    segments = -(-count // PER_SEGMENT) if make is instances else 1
    figures = {}
    for profile in chosen.daemons:
        with Lab(segments=segments, client=False) as lab:
            figure = Run(lab, profile, make, count).measure(chosen.seconds)
        figures[profile] = figure | {"active pss": figure["active memory"]["pss"],
                                     "active rss": figure["active memory"]["rss"]}
    print(f"{title}\n")
    compare([(what, {profile: figures[profile][key] for profile in figures}) for what, key in ROWS], chosen.daemons)
    results[title] = figures
    save(chosen.json, results)


def main():
    parser = options(__doc__)
    parser.add_argument("--instances", nargs="*", type=int, default=[100, 1000])
    parser.add_argument("--addresses", nargs="*", type=int, default=[1000, 5000], help="addresses of one instance")
    parser.add_argument("--virtual-mac", nargs="*", type=int, default=[1000, 5000],
                        help="addresses of one instance behind its virtual MAC")
    parser.add_argument("--seconds", type=float, default=10, help="how long to watch at rest")
    parser.add_argument("--floor", action="store_true", help="bare loops of system calls, too; needs a C compiler")
    chosen = parse(parser)
    heading("Scale")
    results = {}
    for count in chosen.instances:
        compare_all(f"{count} virtual routers with one address each", instances, count, chosen, results)
        if chosen.floor:
            sent, heard, of_ours = measure_floor(count, chosen.seconds)
            print(f"Bare loops of system calls, {count} adverts a second: {sent:.2f} ms/s to send them in one batch, "
                  f"{heard:.2f} to hear those, {of_ours:.2f} to hear vrrpd's\n", flush=True)
    for count in chosen.addresses:
        compare_all(f"One virtual router with {count} addresses", one_with_addresses, count, chosen, results)
    for count in chosen.virtual_mac:
        compare_all(f"One virtual router with {count} addresses behind its virtual MAC, ours with "
                    "vmac_prepare_addresses", one_with_virtual_mac, count,
                    chosen, results)


if __name__ == "__main__":
    sys.exit(main())
