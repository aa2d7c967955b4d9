"""What the wire must not do to us, and what we must not do to the wire."""

import glob
import os
import shutil
import subprocess
import time

from election import Check
from lab import REPOSITORY, Lab, VirtualRouter, cpu_seconds, create_daemon, now, skew_time, wait_for

FLOOD_RATE, FLOOD_SECONDS = 50_000, 2
LONGEST_GAP = 1.1  # advertisement intervals


class Routers:
    """Two daemons of one kind in one virtual router, settled: router 1 is active."""

    interval = 0.2

    def __init__(self, lab, profile):
        self.lab, self.tap, self.monitor = lab, lab.tap(), lab.address_monitor()
        self.address = lab.plan.virtual(0)
        self.definitions = {number: VirtualRouter([self.address], interval=self.interval, priority=priority)
                            for number, priority in ((1, 150), (2, 100))}
        self.daemons = {number: create_daemon(lab, number, profile).configure([definition]).start()
                        for number, definition in self.definitions.items()}
        if not self.settle():
            raise RuntimeError(f"router 1 ({profile}) did not become active\n{self.daemons[1].log()[-2000:]}")

    def settle(self):
        """Waits until router 1 alone advertises and owns the address."""
        done = wait_for(lambda: self.tap.senders(1) == {1} and self.lab.owners(self.address) == {1}, 15, 0.1)
        time.sleep(1)
        return done

    def two_owners(self, instant, mark):
        """For how long after `instant` there still were two owners; None when there are two yet."""
        if not wait_for(lambda: len(self.lab.owners(self.address)) == 1, 5, 0.02):
            return None
        removed = [change.time for change in self.monitor.changes[mark:]
                   if change.address == self.address and not change.added]
        return min(removed) - instant if removed else 0.0

    def logs(self):
        return _logs(self.daemons)


def check_flood(profile):
    """Adverts that must be discarded, many of them, leave the cadence of the active router and its addresses alone."""
    with Lab() as lab:
        routers = Routers(lab, profile)
        pids = [pid for daemon in routers.daemons.values() for pid in daemon.processes()]

        def logged():
            return sum(os.path.getsize(daemon.log_path) for daemon in routers.daemons.values())
        mark, changes, used, written = routers.tap.mark(), routers.monitor.mark(), cpu_seconds(pids), logged()
        flood = lab.traffic("flood", "eth0", routers.definitions[1].vrid, lab.plan.host(2), FLOOD_RATE, FLOOD_SECONDS)
        sent = int(flood.communicate(timeout=FLOOD_SECONDS + 20)[0])
        time.sleep(2 * routers.interval)
        used, written = cpu_seconds(pids) - used, logged() - written
        times = [p.time for p in routers.tap.since(mark, kind="advert", port=1)]
        gaps = [later - earlier for earlier, later in zip(times, times[1:])]
        longest = max(gaps, default=float("inf")) / routers.interval
        others = routers.tap.since(mark, kind="advert", port=2)
        moved = [change for change in routers.monitor.changes[changes:] if change.address == routers.address]
        return [
            Check("adverts sent", sent >= FLOOD_RATE * FLOOD_SECONDS * 0.5, f"{sent} in {FLOOD_SECONDS} s"),
            Check("cadence", longest <= LONGEST_GAP and len(times) > 5, f"longest gap {longest:.3f} intervals"),
            Check("backup keeps quiet", not others, f"{len(others)} adverts"),
            Check("addresses stay", not moved, f"{len(moved)} changes"),
            Check("log is bounded", written < 64 << 10, f"{written} bytes, {used * 1e3:.0f} ms CPU for both"),
        ], routers.logs()


def check_partition(profile):
    """A firewall eats protocol 112: two owners, necessarily. When it is gone, one of them goes at once."""
    with Lab(client=False) as lab:
        routers = Routers(lab, profile)
        lab.mute(1, True)
        split = wait_for(lambda: len(lab.owners(routers.address)) == 2, 5)
        time.sleep(1)
        mark, instant = routers.monitor.mark(), now()
        lab.mute(1, False)
        return [Check("both active apart", bool(split)), _heal(routers, instant, mark)], routers.logs()


def check_freeze(profile):
    """The active router sleeps for a second, as a virtual machine may: another one takes over and one gives way."""
    with Lab(client=False) as lab:
        routers = Routers(lab, profile)
        routers.daemons[1].freeze()
        taken = wait_for(lambda: routers.tap.senders(0.5) == {2}, 5)
        time.sleep(1)
        mark, instant = routers.monitor.mark(), now()
        routers.daemons[1].thaw()
        return [Check("take-over", bool(taken)), _heal(routers, instant, mark)], routers.logs()


def _heal(routers, instant, mark):
    """Two owners for no longer than an interval and the skew, and router 1 is active in the end."""
    seconds = routers.two_owners(instant, mark)
    limit = routers.interval + skew_time(routers.definitions[2]) + 0.05
    settled = routers.settle()
    return Check("one gives way", seconds is not None and seconds <= limit and bool(settled),
                 "two owners for more than 5 s" if seconds is None else f"two owners for {seconds * 1e3:.0f} ms")


def check_examples(profile):
    """Every file in examples/ is accepted without a word."""
    with Lab(routers=1, segments=2, client=False) as lab:
        checks, daemon = [], create_daemon(lab, 1, profile)
        for path in sorted(glob.glob(os.path.join(REPOSITORY, "examples/**/*.conf"), recursive=True)):
            with open(path) as file:
                status, words = daemon.configure(None, text=file.read()).check()
            checks.append(Check(os.path.basename(path), status == 0 and not words, words or f"status {status}"))
        return checks, {}


_FIELDS = ["_ws.expert.message", "_ws.malformed", "ip.checksum.status", "vrrp.checksum.status",
           "icmpv6.checksum.status", "vrrp.version", "vrrp.auth_type", "vrrp.prio", "ipv6.src", "arp.isgratuitous",
           "icmpv6.nd.na.flag.o", "icmpv6.nd.na.flag.s"]


def check_tshark(profile):
    """Wireshark decodes what we send, finds every checksum good and has nothing to remark."""
    if shutil.which("tshark") is None:
        return "tshark is not installed", {}
    with Lab(routers=1, client=False) as lab:
        tap = lab.tap()
        addresses = {vrid: lab.plan.virtual(vrid) for vrid in (1, 2, 3)}
        sixes = ["fe80::5e:4", lab.plan.virtual(4, family=6)]
        daemon = create_daemon(lab, 1, profile).configure([
            VirtualRouter([addresses[1]], vrid=1, version=2, priority=254),
            VirtualRouter([addresses[2]], vrid=2, version=2, priority=254, password="s3cret"),
            VirtualRouter([addresses[3]], vrid=3, interval=0.1, priority=254),
            VirtualRouter(sixes, vrid=4, interval=0.1, priority=254)]).start()
        wait_for(lambda: {p.vrid for p in tap.since(kind="advert")} == {1, 2, 3, 4}, 8, 0.1)
        time.sleep(1.5)
        daemon.stop()
        time.sleep(0.3)
        ours = [p for p in tap.since() if p.kind == "advert" or p.target in (*addresses.values(), *sixes)]
        path = f"{lab.directory}/sent.pcap"
        tap.save(path, ours)
        rows = _dissect(path)
        if any(row["vrrp.version"] == "3" and row["vrrp.checksum.status"] == "0" for row in rows):
            # RFC 9568 sums an IPv4 advert alone; others add a pseudo header. Either must be good for all.
            rows = _dissect(path, "-o", "vrrp.v3_checksum_as_in_v2:TRUE")
        return list(_judge(rows)), _logs({1: daemon})


def _dissect(path, *options):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "separator=\t", "-E", "occurrence=f",
               "-o", "ip.check_checksum:TRUE", *options]
    for field in _FIELDS:
        command += ["-e", field]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return [dict(zip(_FIELDS, line.split("\t"))) for line in done.stdout.splitlines()]


def _judge(rows):
    adverts = [row for row in rows if row["vrrp.version"]]
    kinds = {
        "v2": [row for row in adverts if row["vrrp.version"] == "2" and row["vrrp.auth_type"] == "0"],
        "v2 PASS": [row for row in adverts if row["vrrp.auth_type"] == "1"],
        "v3 IPv4": [row for row in adverts if row["vrrp.version"] == "3" and not row["ipv6.src"]],
        "v3 IPv6": [row for row in adverts if row["vrrp.version"] == "3" and row["ipv6.src"]],
        "GARP": [row for row in rows if row["arp.isgratuitous"] in ("1", "True")],
        "NA": [row for row in rows if row["icmpv6.nd.na.flag.o"] in ("1", "True")
               and row["icmpv6.nd.na.flag.s"] in ("0", "False")],
    }
    for name, found in kinds.items():
        remarks = {row["_ws.expert.message"] or row["_ws.malformed"] for row in found} - {""}
        bad = [row for row in found if "0" in (
            row["ip.checksum.status"], row["vrrp.checksum.status"], row["icmpv6.checksum.status"])]
        yield Check(name, bool(found) and not remarks and not bad,
                    f"{len(found)} packets, {len(bad)} bad checksums" + "".join(f"; {text}" for text in remarks))
    farewells = [row for row in adverts if row["vrrp.prio"] == "0"]
    yield Check("priority 0", len(farewells) >= 4, f"{len(farewells)} packets")


def _logs(daemons):
    return {f"router {number} ({daemon.profile})": daemon.log()[-3000:] for number, daemon in daemons.items()}
