"""Who speaks up when somebody contests an address, and who follows whom: rivals, floods, groups, three peers."""

import os
import re
import subprocess
import time

from election import Check
from lab import Lab, VirtualRouter, create_daemon, wait_for
from robustness import LONGEST_GAP, Routers

FLOOD_RATE, FLOOD_SECONDS = 50_000, 2
LOG_LIMIT = 64 << 10


def _cadence(routers, mark):
    """The longest gap between adverts of router 1 since `mark`, in intervals, and how many there were."""
    times = [packet.time for packet in routers.tap.since(mark, kind="advert", port=1)]
    gaps = [later - earlier for earlier, later in zip(times, times[1:])]
    return max(gaps, default=float("inf")) / routers.interval, len(times)


def check_trickle(profile):
    """Adverts that must be discarded, few enough to be processed each: 2 and 20 an interval leave the cadence alone."""
    with Lab() as lab:
        routers = Routers(lab, profile)
        checks = []
        for count in (2, 20):
            mark, changes = routers.tap.mark(), routers.monitor.mark()
            lab.traffic("flood", "eth0", routers.definitions[1].vrid, lab.plan.host(2), count / routers.interval,
                        3).communicate(timeout=20)
            gap, _ = _cadence(routers, mark)
            others = routers.tap.since(mark, kind="advert", port=2)
            moved = routers.monitor.changes[changes:]
            checks.append(Check(f"{count} an interval", gap <= LONGEST_GAP and not others and not moved,
                                f"longest gap {gap:.3f} intervals, {len(others)} adverts of the backup"))
        return checks, routers.logs()


def check_lower_flood(profile):
    """50,000 adverts of lower rank a second: answers, announcements and the log stay within bounds."""
    with Lab() as lab:
        routers = Routers(lab, profile)
        mark, changes = routers.tap.mark(), routers.monitor.mark()
        logged = os.path.getsize(routers.daemons[1].log_path)
        flood = lab.traffic("lower", "eth0", routers.definitions[1].vrid, lab.plan.host(2), FLOOD_RATE, FLOOD_SECONDS)
        sent = int(flood.communicate(timeout=FLOOD_SECONDS + 20)[0])
        time.sleep(1)
        gap, adverts = _cadence(routers, mark)
        announcements = len(routers.tap.since(mark, kind="garp", port=1))
        logged = os.path.getsize(routers.daemons[1].log_path) - logged
        moved = routers.monitor.changes[changes:]
        intervals = (FLOOD_SECONDS + 1) / routers.interval
        return [
            Check("adverts sent", sent >= FLOOD_RATE * FLOOD_SECONDS * 0.25, f"{sent} in {FLOOD_SECONDS} s"),
            Check("answers", adverts <= 3 * intervals, f"{adverts} adverts in {intervals:.0f} intervals"),
            Check("announcements", announcements <= 20 * (FLOOD_SECONDS + 1), f"{announcements} ARPs"),
            Check("log", logged < LOG_LIMIT, f"{logged} bytes"),
            Check("cadence", gap <= LONGEST_GAP, f"longest gap {gap:.3f} intervals"),
            Check("addresses stay", not moved),
        ], routers.logs()


def check_rival(profile):
    """Somebody else claims the address by ARP: the owner says so, with the hardware address, and announces again."""
    with Lab() as lab:
        routers = Routers(lab, profile)
        mark = routers.tap.mark()
        lab.traffic("claim", "eth0", routers.address).communicate(timeout=10)
        again = wait_for(lambda: routers.tap.since(mark, kind="garp", port=1), 3)
        told = wait_for(lambda: re.search(r"00:00:5e:00:01:99 claims", routers.daemons[1].log(), re.I), 3)
        quiet = not routers.tap.since(mark, kind="garp", port=2)
        return [Check("announces again", bool(again)), Check("tells of the rival", bool(told)),
                Check("the backup keeps quiet", quiet)], routers.logs()


PROCESS = """
vrrp_track_process sleeper {{
  process /bin/sleep {number}
  param_match exact
  weight 40
}}
vrrp_instance tracked {{
  interface eth0
  virtual_router_id 51
  version 3
  advert_int 0.2
  virtual_ipaddress {{
    {address}
  }}
  track_process {{
    sleeper
  }}
}}
"""


def check_process(profile):
    """A process that runs raises the priority, and its end lowers it again."""
    with Lab(routers=1, client=False) as lab:
        tap, number = lab.tap(), 100_000 + os.getpid()
        daemon = create_daemon(lab, 1, profile)
        daemon.configure(None, PROCESS.format(number=number, address=lab.plan.virtual(0))).start()

        def advertises(priority):
            return wait_for(lambda: {packet.priority for packet in tap.since(kind="advert")[-1:]} == {priority}, 15, 0.05)
        without = advertises(100)
        sleeper = subprocess.Popen(["/bin/sleep", str(number)])
        raised = advertises(140)
        sleeper.kill()
        sleeper.wait()
        lowered = advertises(100)
        return [Check("without it 100", bool(without)), Check("with it 140", bool(raised)),
                Check("without it 100 again", bool(lowered))], {"r1": daemon.log()}


def check_unicast(profile):
    """Three unicast peers: the second takes over from the first, the third from the second."""
    with Lab(routers=3, client=False) as lab:
        tap, address = lab.tap(), lab.plan.virtual(0)
        daemons = {}
        for number in lab.routers:
            peers = [lab.plan.host(other) for other in lab.routers if other != number]
            options = (f"unicast_src_ip {lab.plan.host(number)}", "unicast_peer {", *peers, "}", "check_unicast_src")
            router = VirtualRouter([address], interval=0.2, priority=200 - 50 * number, options=options)
            daemons[number] = create_daemon(lab, number, profile).configure([router]).start()
        checks = []
        for number in lab.routers:
            alone = wait_for(lambda: lab.owners(address) == {number} and tap.senders(0.5) == {number}, 15, 0.05)
            checks.append(Check(f"router {number} serves", bool(alone)))
            daemons[number].kill()
            lab.link(number, False)
        return checks, {f"r{number}": daemon.log() for number, daemon in daemons.items()}


GROUP = """
vrrp_sync_group both {{
  group {{
    VR_51
    VR_52
  }}
}}
"""


def check_group(profile):
    """A sync group on two segments: when one link goes, both addresses go to the other router, and come back."""
    with Lab(segments=2, client=False) as lab:
        daemons = {}
        addresses = [lab.plan.virtual(0, segment) for segment in range(2)]
        for number in lab.routers:
            routers = [VirtualRouter([addresses[segment]], vrid=51 + segment, interval=0.2, interface=f"eth{segment}",
                                     priority=200 - 50 * number) for segment in range(2)]
            text = "".join(router.for_keepalived() + "\n" for router in routers) + GROUP.format()
            daemons[number] = create_daemon(lab, number, profile).configure(None, text).start()

        def serves(number):
            return wait_for(lambda: all(lab.owners(address) == {number} for address in addresses), 15, 0.05)
        checks = [Check("router 1 serves both", bool(serves(1)))]
        lab.link(1, False, 1)
        checks.append(Check("router 2 serves both", bool(serves(2))))
        lab.link(1, True, 1)
        checks.append(Check("router 1 is back with both", bool(serves(1))))
        return checks, {f"r{number}": daemon.log() for number, daemon in daemons.items()}


def check_stop(profile):
    """A router that never heard a peer stops at once: there is no fixed second."""
    with Lab(routers=1, client=False) as lab:
        router = VirtualRouter([lab.plan.virtual(0)], interval=0.2)
        daemon = create_daemon(lab, 1, profile).configure([router]).start()
        served = wait_for(lambda: lab.owners(router.addresses[0]) == {1}, 15, 0.05)
        begin = time.monotonic()
        daemon.terminate()
        daemon.wait(10)
        seconds = time.monotonic() - begin
        gone = not lab.owners(router.addresses[0])
        return [Check("serves", bool(served)), Check("stops", seconds <= 0.4, f"{seconds * 1e3:.0f} ms"),
                Check("leaves no address", gone)], {"r1": daemon.log()}
