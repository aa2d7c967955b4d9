#!/usr/bin/env python3
"""How long a fail-over takes on the wire and for a client, for daemons measured in turns in the same run.

Every daemon has two routers of equal priority without preemption and a client that asks the address for an ICMP echo
every millisecond. All daemons run all the time; the trials alternate at random. All times are the kernel's.

  detection over theory  the cable of the active router is cut: first advert of the new one, less the last advert of the
                         old one, less 3 * Advertisement_Interval + Skew_Time
  client, cable cut      longest time in which the client's requests went without an answer
  hand-over over theory  SIGTERM: first advert of the new one less the priority-0 advert, less Skew_Time
  client, hand-over      the same

Example: failover.py --cases 3:0.1 -n 50
"""

import contextlib
import random
import signal
import sys
import time

from comparison import compare, heading, options, parse, save
from lab import (
    Lab, VirtualRouter, active_down_interval, create_daemon, longest_outage, now, skew_time, spread, wait_for)


class Contender:
    """One daemon on two routers of its own."""

    def __init__(self, lab, profile, router):
        self.lab, self.profile, self.router = lab, profile, router
        self.tap, self.address = lab.tap(client=True), router.addresses[0]
        self.daemons = {number: create_daemon(lab, number, profile).configure([router]).start() for number in (1, 2)}
        self.client = lab.traffic("ping", self.address, 1000)
        self.client.send_signal(signal.SIGSTOP)

    def active(self):
        """The one router that advertises and owns the address, once there is exactly one."""
        def one():
            senders = self.tap.senders(2.2 * self.router.interval + 0.05)
            return len(senders) == 1 and self.lab.owners(self.address) == senders and senders
        found = wait_for(one, 3 * active_down_interval(self.router) + 10, 0.05)
        if not found:
            raise RuntimeError(f"{self.profile}: no single active router\n{self.daemons[1].log()[-2000:]}")
        return next(iter(found))

    def trial(self, event):
        """One fail-over; a dictionary of milliseconds, with None for what was not seen."""
        active = self.active()
        other = 3 - active
        self.client.send_signal(signal.SIGCONT)
        time.sleep(0.1 + random.random() * self.router.interval)
        self.tap.forget()
        mark, instant = max(0, self.tap.mark() - 4000), now()
        self.lab.link(active, False) if event == "cut" else self.daemons[active].terminate()
        cut = now()

        def adverts():
            return [p for p in self.tap.since(mark, kind="advert", port=other) if p.priority and p.time >= instant]
        taken = wait_for(adverts, active_down_interval(self.router) + 3, 0.005)
        time.sleep(0.3)
        self.client.send_signal(signal.SIGSTOP)
        heard = self.tap.since(mark, kind="advert", port=active)
        if event == "cut":
            base = max((p.time for p in heard if p.time <= cut), default=None)
            theory = active_down_interval(self.router)
        else:
            base = next((p.time for p in heard if p.priority == 0 and p.time >= instant), None)
            theory = skew_time(self.router)
        outage = longest_outage(self.tap.since(mark), instant - 0.05)
        self._repair(event, active)
        return {"event": event, "daemon": self.profile,
                "overhead": (taken[0].time - base - theory) * 1e3 if taken and base else None,
                "outage": None if outage is None else outage * 1e3}

    def _repair(self, event, router):
        if event == "cut":
            self.lab.link(router, True)
        else:
            if self.daemons[router].wait(5) is None:
                print(f"{self.profile} did not stop within 5 s", file=sys.stderr)
            self.daemons[router].kill()
            self.daemons[router].start()
        time.sleep(0.7)


def run_case(daemons, version, interval, trials, vmac=False):
    """Figures of every trial, in the order they were made."""
    with contextlib.ExitStack() as stack:
        contenders = []
        for profile in daemons:
            lab = stack.enter_context(Lab())
            router = VirtualRouter(
                [lab.plan.virtual(0)], version=version, interval=interval, preempts=False, vmac=vmac)
            contenders.append(Contender(lab, profile, router))
        plan = [(contender, event) for contender in contenders for event in ("cut", "stop") for _ in range(trials)]
        random.shuffle(plan)
        return [contender.trial(event) for contender, event in plan]


def report(figures, daemons):
    rows = []
    for event, key, name in (("cut", "overhead", "detection over theory"), ("cut", "outage", "client, cable cut"),
                             ("stop", "overhead", "hand-over over theory"), ("stop", "outage", "client, hand-over")):
        chosen = {daemon: [figure[key] for figure in figures if (figure["event"], figure["daemon"]) == (event, daemon)]
                  for daemon in daemons}
        for index, statistic in enumerate(("median", "p99", "max")):
            rows.append((f"{name}, {statistic}, ms", {daemon: spread(chosen[daemon])[index] for daemon in daemons}))
        missed = {daemon: sum(value is None for value in chosen[daemon]) for daemon in daemons}
        if any(missed.values()):
            rows.append((f"{name}, not seen", missed))
    compare(rows, daemons)


def main():
    parser = options(__doc__)
    parser.add_argument("--cases", nargs="+", default=["2:1", "3:0.1", "3:0.01"], help="version:interval in seconds")
    parser.add_argument("-n", type=int, default=20, help="trials of each kind and daemon")
    parser.add_argument("--vmac", action="store_true", help="the address is behind the virtual MAC (use_vmac)")
    parser.add_argument("--seed", type=int, default=1, help="of the order and the phase of the trials")
    chosen = parse(parser)
    random.seed(chosen.seed)
    heading("Fail-over")
    results = {}
    for case in chosen.cases:
        version, interval = case.split(":")
        results[case] = run_case(chosen.daemons, int(version), float(interval), chosen.n, chosen.vmac)
        print(f"VRRPv{version}, an advert every {interval} s, {chosen.n} trials of each kind\n")
        report(results[case], chosen.daemons)
        save(chosen.json, results)


if __name__ == "__main__":
    sys.exit(main())
