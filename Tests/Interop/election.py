"""One virtual router on two daemons: election, hand-over, preemption, loss of the link, return."""

import dataclasses
import time

from lab import Lab, VirtualRouter, active_down_interval, create_daemon, now, skew_time, wait_for

EARLY, LATE = 0.015, 0.060  # how far from theory a take-over may be, in seconds: centiseconds below, load above


@dataclasses.dataclass(frozen=True)
class Kind:
    """What the virtual router looks like, and who can be asked to run it."""

    name: str
    version: int = 3
    interval: float = 0.1
    addresses: int = 1
    family: int = 4
    password: str = None
    authentication: str = "PASS"
    options: tuple = ()
    keepalived: bool = True
    unicast: bool = False
    frr: bool = True
    quick: bool = False

    def router(self, lab, number, priority):
        """The definition for router `number` of the lab."""
        addresses = [lab.plan.virtual(index, family=self.family) for index in range(self.addresses)]
        if self.family == 6:
            addresses.insert(0, "fe80::5e:33")  # RFC 9568 section 5.2.9: the first is link-local
        ends = [lab.plan.host(host) for host in (number, 3 - number)]
        return VirtualRouter(
            addresses, version=self.version, interval=self.interval, priority=priority, password=self.password,
            authentication=self.authentication, options=self.options,
            unicast=tuple(ends) if self.unicast else None)


HMAC = ("auth_hmac {", "  key 1 0123456789abcdef0123456789abcdef", "  active_key 1", "}")
KINDS = {kind.name: kind for kind in (
    Kind("v2", version=2, interval=1, quick=True),
    Kind("v2-pass", version=2, interval=1, password="s3cret", frr=False),
    Kind("v2-ah", version=2, interval=1, password="s3cret", authentication="AH", frr=False),
    Kind("v3-hmac", options=HMAC, frr=False, keepalived=False),  # keepalived has it since 2.4
    Kind("v3-ip4", quick=True),
    Kind("v3-ip4-3vip", addresses=3),
    Kind("v3-ip6", family=6),
    Kind("v3-unicast", unicast=True, frr=False),
)}


@dataclasses.dataclass
class Check:
    """One thing seen or not seen, with the figure that goes with it."""

    name: str
    passed: bool
    figure: str = ""


def check_election(first, second, kind_name):
    """All the checks of one case; daemons' logs are added when one failed."""
    kind = KINDS[kind_name]
    with Lab(client=False) as lab:
        routers = {number: kind.router(lab, number, priority) for number, priority in ((1, 150), (2, 100))}
        pair = Pair(lab, routers, {1: first, 2: second})
        checks = [pair.election("election"), *pair.hand_over()]
        pair.daemons[1].kill()
        time.sleep(3 * kind.interval)
        pair.daemons[1].start()
        checks += [pair.election("preemption"), pair.detection()]
        lab.link(1, True)
        checks += [pair.election("return"), *pair.complaints()]
        return checks, pair.logs()


class Pair:
    """Two daemons in one virtual router and a tap on both cables."""

    def __init__(self, lab, routers, profiles):
        self.lab, self.routers, self.tap = lab, routers, lab.tap()
        self.daemons = {number: create_daemon(lab, number, profiles[number]).configure([routers[number]]).start()
                        for number in routers}
        self.interval, self.addresses = routers[1].interval, routers[1].addresses
        self.skew, self.down = skew_time(routers[2]), active_down_interval(routers[2])
        # FRR (8.4) loses its first IPv6 advert: the macvlan it just brought up has no address to send from yet.
        self.late = LATE + (self.interval if profiles[2] == "frr" and ":" in self.addresses[0] else 0)

    def election(self, name):
        """Router 1 alone advertises, owns every address, and router 2 owns none."""
        begin = time.monotonic()

        def settled():
            return (self.tap.senders(2.2 * self.interval + 0.1) == {1}
                    and all(self.lab.owners(address) == {1} for address in self.addresses))
        passed = bool(wait_for(settled, 3 * self.down + 8, 0.05))
        took = f"{time.monotonic() - begin:.1f} s" if passed else f"senders {self.tap.senders(1)}, " + ", ".join(
            f"{address} on {self.lab.owners(address) or 'none'}" for address in self.addresses)
        time.sleep(1 + self.interval)
        return Check(name, passed, took)

    def hand_over(self):
        """Asks router 1 to stop."""
        mark, asked = self.tap.mark(), now()
        self.daemons[1].terminate()
        farewell = wait_for(lambda: self.tap.since(mark, kind="advert", port=1, priority=0), 2)
        base = farewell[0].time if farewell else now()
        yield Check("priority 0", bool(farewell))
        yield self._take_over("hand-over", mark, base, self.skew)
        status = self.daemons[1].wait(8)
        yield Check("exit", status == 0, f"{now() - asked:.2f} s" if status == 0 else f"status {status}")

    def detection(self):
        """Cuts the cable of router 1."""
        mark, cut = max(0, self.tap.mark() - 200), now()
        self.lab.link(1, False)
        time.sleep(0.05)
        heard = [p.time for p in self.tap.since(mark, kind="advert", port=1) if p.time <= cut + 0.02]
        return self._take_over("detection", self.tap.mark(), max(heard, default=cut), self.down)

    def _take_over(self, name, mark, base, theory):
        """Router 2 advertises `theory` seconds after `base` and announces every address."""
        def adverts():
            return [p for p in self.tap.since(mark, kind="advert", port=2) if p.priority and p.time >= base]
        taken = wait_for(adverts, theory + 3)
        if not taken:
            return Check(name, False, "router 2 never advertised")

        def announced():
            spoken = {p.target for p in self.tap.since(mark, port=2) if p.kind in ("garp", "na")}
            return set(self.addresses) <= spoken
        deviation = taken[0].time - base - theory
        figure = f"{(deviation + theory) * 1e3:.1f} ms, {deviation * 1e3:+.1f} of theory"
        if not wait_for(announced, 1):
            return Check(name, False, f"{figure}, addresses not announced")
        return Check(name, -EARLY <= deviation <= self.late, figure)

    def complaints(self):
        for number, daemon in self.daemons.items():
            lines = daemon.complaints()
            yield Check(f"log of {daemon.profile} ({number})", not lines, "; ".join(lines[:3]))

    def logs(self):
        return {f"router {number} ({daemon.profile})": daemon.log()[-3000:] for number, daemon in self.daemons.items()}
