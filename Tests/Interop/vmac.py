"""Virtual MACs: what the client and the switch see of a fail-over, and that a backup keeps its mouth shut."""

import time

from election import Check
from lab import (
    CLIENT, Lab, VirtualRouter, active_down_interval, create_daemon, longest_outage, now, run, wait_for)

INTERVAL = 0.1


def check_vmac(first, second, family):
    """Router 1 (priority 150) is stopped and, back again, cut off; the client's neighbour entry never changes."""
    with Lab() as lab:
        return VirtualMACs(lab, {1: first, 2: second}, family).checks()


class VirtualMACs:
    """Two daemons with `use_vmac`, and a client that asks the address for an echo every millisecond."""

    def __init__(self, lab, profiles, family):
        self.lab, self.tap, self.profiles = lab, lab.tap(client=True), profiles
        self.mac = f"00:00:5e:00:0{1 if family == 4 else 2}:33"
        addresses = [lab.plan.virtual(0, family=family)]
        self.address = addresses[0]
        if family == 6:
            addresses.insert(0, "fe80::5e:33")
        self.routers = {number: VirtualRouter(addresses, interval=INTERVAL, priority=priority, vmac=True)
                        for number, priority in ((1, 150), (2, 100))}
        self.daemons = {number: create_daemon(lab, number, profile).configure([self.routers[number]]).start()
                        for number, profile in profiles.items()}

    def checks(self):
        settled = self.settle()
        if not settled:
            return [Check("election", False, "no single active router")], self.logs()
        self.lab.traffic("ping", self.address, 1000)
        time.sleep(0.5)
        mark = self.tap.mark()
        time.sleep(1.5)
        checks = [Check("neighbour entry", self.is_right(1), self.entry() or "none"),
                  *self.sources(mark), *self.silence("backup", 2, self.tap.since(mark))]
        checks += self.stop()
        self.daemons[1].start()
        checks.append(Check("preemption", bool(self.settle())))
        checks += self.cut()
        return checks, self.logs()

    def settle(self):
        def settled():
            return self.tap.senders(0.5) == {1} and self.lab.owners(self.address) == {1}
        found = wait_for(settled, 15, 0.1)
        time.sleep(1)
        return found

    def entry(self):
        """The hardware address the client has for the virtual address."""
        words = run(["ip", "-n", self.lab.namespace(CLIENT), "neigh", "show", self.address], check=False).split()
        return words[words.index("lladdr") + 1] if "lladdr" in words else None

    def is_right(self, active):
        """Whether the client's entry is the virtual MAC. keepalived (2.2.7) names the address as the sender when it asks
        for the client's MAC, from the interface below: the client learns that one's."""
        return self.entry() == self.mac or self.profiles[active] == "keepalived"

    def sources(self, mark):
        adverts = self.tap.since(mark, kind="advert")
        spoken = {_source(packet) for packet in adverts}
        yield Check("adverts from the virtual MAC", spoken == {self.mac}, f"{len(adverts)} from {', '.join(spoken)}")

    def silence(self, name, router, packets):
        """Only of our daemon: nothing at all with the virtual MAC, lest the switch send it what is the other's."""
        if self.profiles[router] == "ours":
            leaks = [p for p in packets if p.port == router and _source(p) == self.mac]
            kinds = {p.kind or p.data[12:14].hex() for p in leaks}
            yield Check(f"{name} is silent", not leaks, f"{len(leaks)} frames {', '.join(kinds)}" if leaks else "0 frames")

    def stop(self):
        mark, instant = self.tap.mark(), now()
        self.daemons[1].terminate()
        yield Check("exit", self.daemons[1].wait(8) == 0)
        time.sleep(1)
        packets = self.tap.since(mark)
        yield from self._outage("hand-over", packets, instant)
        left = next((p.time for p in packets if p.port == 1 and p.kind == "advert" and p.priority == 0), instant)
        heard = [p.time for p in packets if p.port == 2 and p.kind == "advert" and p.priority and p.time > left]
        if heard:
            yield from self.silence("router that left", 1, [p for p in packets if p.time > min(heard)])
        devices = run(["ip", "-n", self.lab.namespace(1), "-br", "link"], check=False)
        yield Check("interface removed", "vrrp" not in devices, "" if "vrrp" not in devices else devices)

    def cut(self):
        mark, instant = self.tap.mark(), now()
        self.lab.link(1, False)
        time.sleep(active_down_interval(self.routers[2]) + 1)
        yield from self._outage("cable cut", self.tap.since(mark), instant)

    def _outage(self, name, packets, instant):
        outage = longest_outage(packets, instant - 0.05)
        limit = active_down_interval(self.routers[2]) + 0.15
        passed = outage is not None and outage < limit and self.is_right(2)
        yield Check(f"client, {name}", passed, f"{(outage or 0) * 1e3:.1f} ms without an answer, then at {self.entry()}")

    def logs(self):
        return {f"router {number} ({daemon.profile})": daemon.log()[-3000:] for number, daemon in self.daemons.items()}


def _source(packet):
    return packet.data[6:12].hex(":")
