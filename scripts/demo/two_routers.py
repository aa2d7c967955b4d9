#!/usr/bin/env python3
"""Two routers, one address, and a client that asks for it a thousand times a second, in network namespaces.

Runs the daemon (.build/release/vrrpd, or the command in VRRPD) on the files of examples/two-routers, lets the active
router die, come back and leave, and shows what the wire and the client see of it. Nothing outside the namespaces made
here is touched. Needs root. Prints colours on a terminal unless NO_COLOR is set.
"""

import itertools
import os
import signal
import sys
import time

REPOSITORY = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
sys.path.insert(0, os.path.join(REPOSITORY, "Tests/Interop"))

from lab import (  # noqa: E402
    AddressPlan, Lab, Table, create_daemon, longest_outage, now, profile_missing, requirement_missing)

EXAMPLES = os.path.join(REPOSITORY, "examples/two-routers")
NAMES = {1: "amsterdam", 2: "brussels"}
LETTERS = {1: "A", 2: "B"}
ADDRESS = "192.0.2.10"
INTERVAL, SKEW = 0.1, 0.1 * (256 - 100) / 256  # as in the files: brussels' priority is 100
ROW, CELL = 0.5, 0.0125  # seconds of one line of the timeline and of one letter in it
LATENESS = 0.15  # how long to wait for the packets of a line


class Paint:
    """Colours on a terminal, nothing in a log."""

    codes = {"A": "32", "B": "34", "lost": "31", "head": "1", "event": "33", "dim": "2"}

    def __init__(self, stream):
        self.on = stream.isatty() and "NO_COLOR" not in os.environ

    def __call__(self, name, text):
        return f"\033[{self.codes[name]}m{text}\033[0m" if self.on and text else text


class Timeline:
    """Prints one line for every half second, and what happened in it just before."""

    def __init__(self, tap, paint):
        self.tap, self.paint = tap, paint
        self.begin = self.printed = now()
        self.events = []

    def head(self):
        columns = f"{'until':>6}  {'active':<20} {'adverts/s':>9} {'GARPs':>5}  "
        client = f"client: one letter for {CELL * 1e3:g} ms, A or B answered, . nobody did"
        print(self.paint("head", columns + client), flush=True)

    def event(self, text):
        self.events.append((now(), text))

    def run(self, seconds):
        """Shows the time that passes."""
        end = now() + seconds
        while now() < end:
            if self.printed + ROW + LATENESS <= now():
                self._line(self.printed, self.printed + ROW)
                self.printed += ROW
            time.sleep(0.02)

    def _line(self, begin, end):
        while self.events and self.events[0][0] < end:
            instant, text = self.events.pop(0)
            print(self.paint("event", f"{instant - self.begin:5.1f}s  --> {text}"), flush=True)
        packets = [p for p in self.tap.packets if begin <= p.time < end]
        adverts = sorted((p for p in packets if p.kind == "advert" and p.priority), key=lambda p: p.time)
        active = []
        for advert in adverts:
            if active[-1:] != [advert.port]:
                active.append(advert.port)
        names = " > ".join(NAMES[port] for port in active) or "nobody"
        garps = sum(p.kind in ("garp", "na") for p in packets)
        cells = ["."] * round(ROW / CELL)
        for reply in (p for p in packets if p.kind == "reply"):
            cells[int((reply.time - begin) / CELL)] = LETTERS[reply.port]
        runs = ("".join(run) for _, run in itertools.groupby(cells))
        strip = "".join(self.paint("lost" if run[0] == "." else run[0], run) for run in runs)
        letter = LETTERS[active[-1]] if active else "lost"
        print(f"{end - self.begin:5.1f}s  {self.paint(letter, names.ljust(20))} {len(adverts) / ROW:>9.0f} "
              f"{garps or '':>5}  {strip}", flush=True)


class Story:
    """The events, and the figures each leaves behind."""

    def __init__(self, lab, tap, timeline):
        self.lab, self.tap, self.timeline = lab, tap, timeline
        self.daemons, self.failures = {}, []
        self.summary = Table("what happened", "new active router after", "theory", "client without an answer for")
        for router, name in NAMES.items():
            with open(os.path.join(EXAMPLES, f"{name}.conf")) as file:
                self.daemons[router] = create_daemon(lab, router, "ours").configure(None, text=file.read())

    def start(self):
        self.timeline.event("start vrrpd on amsterdam (priority 150) and on brussels (priority 100)")
        for daemon in self.daemons.values():
            daemon.start()
        self.timeline.run(4)
        if self.tap.senders(0.5) != {1}:
            raise RuntimeError("amsterdam did not become active")

    def power_failure(self):
        self.timeline.event("power failure at amsterdam: cable dead, every process killed")
        mark, instant = self.tap.mark() - 1000, now()
        self.daemons[1].freeze()  # at once, so that it cannot say good-bye
        self.lab.link(1, False)
        self.daemons[1].kill()
        if self.lab.owns(1, ADDRESS):
            self.lab.ip(self.lab.namespace(1), [f"addr del {ADDRESS}/24 dev eth0"])  # as the reboot will
        last = max(p.time for p in self.tap.since(max(0, mark), kind="advert", port=1) if p.time < instant + 0.02)
        self._take_over("active router dies", 2, last, 3 * INTERVAL + SKEW, "of silence", instant, 6)

    def come_back(self):
        self.timeline.event("amsterdam boots: cable back, vrrpd started")
        instant = now()
        self.lab.link(1, True)
        self.daemons[1].start()
        self._take_over("it comes back and preempts", 1, instant, None, "from its start", instant, 6)

    def leave(self):
        self.timeline.event("amsterdam is stopped for maintenance (SIGTERM)")
        instant = now()
        self.daemons[1].terminate()
        self._take_over("it is stopped gracefully", 2, instant, SKEW, "from SIGTERM", instant, 5)
        status = self.daemons[1].wait(5)
        if status != 0:
            self.failures.append(f"vrrpd on amsterdam ended with status {status}")

    def _take_over(self, what, router, base, theory, unit, instant, seconds):
        self.timeline.run(seconds)
        adverts = [p for p in self.tap.since(kind="advert", port=router) if p.time > instant and p.priority]
        if not adverts:
            self.failures.append(f"{what}: {NAMES[router]} did not become active within {seconds} s")
            return
        outage = longest_outage(self.tap.packets, instant - 0.1) or 0
        took = adverts[0].time - base
        self.summary.add(what, f"{took * 1e3:.1f} ms {unit}", f"{theory * 1e3:.1f} ms" if theory else "-",
                         f"{outage * 1e3:.1f} ms")
        self.timeline.event(f"{NAMES[router]} active after {took * 1e3:.1f} ms {unit}, "
                            f"client without an answer for {outage * 1e3:.1f} ms")


def tell(paint):
    plan = AddressPlan(ipv4="192.0.2.{h}/24", ipv6="2001:db8:0:1::{h}/64")
    print(paint("head", "Two routers, one address"))
    print(f"  amsterdam {plan.host(1)}, brussels {plan.host(2)}, client {plan.host(100)}, all on one bridge; "
          f"they share {ADDRESS}")
    print(f"  configuration: {os.path.relpath(EXAMPLES)}/{{amsterdam,brussels}}.conf, an advert every 0.1 s\n")
    with Lab(plan=plan) as lab:
        tap = lab.tap(client=True)
        lab.traffic("ping", ADDRESS, 1000)
        timeline = Timeline(tap, paint)
        story = Story(lab, tap, timeline)
        timeline.head()
        try:
            for chapter in (story.start, story.power_failure, story.come_back, story.leave):
                chapter()
        except RuntimeError as error:
            story.failures.append(str(error))
        timeline.run(1)
        if story.daemons[2].alive():
            story.daemons[2].stop()
        print(f"\n{story.summary}\n")
        for failure in story.failures:
            print(paint("lost", f"failed: {failure}"))
        if story.failures:
            for router, daemon in story.daemons.items():
                print(f"\nlast lines of {NAMES[router]}'s log:\n{daemon.log()[-2000:]}")
            return 1
        print("All namespaces removed. Try it yourself: edit the two files and run again.")
        return 0


def main():
    missing = requirement_missing() or profile_missing("ours")
    if missing:
        print(f"demo: {missing}", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        return tell(Paint(sys.stdout))
    except KeyboardInterrupt:
        print("\ninterrupted; all namespaces removed")
        return 130


if __name__ == "__main__":
    sys.exit(main())
