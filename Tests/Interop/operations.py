"""What operators lean on: scripts, FIFOs, dumps, reloads, and a daemon that survives its own crashes."""

import os
import signal
import time

from election import Check
from lab import Lab, create_daemon, now, wait_for
from robustness import Routers

# A second instance, and the group that is both, which goes on.
OUTSIDE_IN_GROUP = """vrrp_instance outside {{
  interface eth0
  virtual_router_id 52
  version 3
  advert_int 0.2
  virtual_ipaddress {{
    {addresses[1]}
  }}
}}
vrrp_sync_group both {{
  group {{
    inside
    outside
  }}
"""

CONFIGURATION = """
global_defs {{
  router_id r1
  script_user root
  enable_script_security
  vrrp_notify_fifo {directory}/fifo
  stats_dump_file {directory}/stats
}}
vrrp_script probe {{
  script "{directory}/probe"
  interval 0.2
  weight -60
}}
vrrp_instance inside {{
  interface eth0
  virtual_router_id 51
  priority 150
  version 3
  advert_int 0.2
  virtual_ipaddress {{
    {addresses[0]}
  }}
  track_script {{
    probe
  }}
  notify "{directory}/told"
  notify_master "{directory}/told specific"
}}
""" + OUTSIDE_IN_GROUP + """  sync_group_tracking_weight
  notify "{directory}/told"
}}
"""


def _script(path, body):
    with open(path, "w") as file:
        file.write(f"#!/bin/sh\n{body}\n")
    os.chmod(path, 0o755)


def _read(path):
    try:
        with open(path) as file:
            return file.read()
    except FileNotFoundError:
        return ""


def check_hooks(profile):
    """Scripts are run, told the right words, and count; the FIFO says the same; statistics are written on a signal."""
    with Lab(routers=1, client=False) as lab:
        # Root runs only what nobody else may replace, the way to it included.
        os.chmod(lab.directory, 0o755)
        path = {name: os.path.join(lab.directory, name) for name in ("told", "heard", "probe", "bad", "fifo", "stats")}
        _script(path["told"], f'echo "$*" >> {path["heard"]}')
        _script(path["probe"], f'test ! -e {path["bad"]}')
        addresses = [lab.plan.virtual(number) for number in range(2)]
        tap = lab.tap()
        daemon = create_daemon(lab, 1, profile)
        daemon.configure(None, CONFIGURATION.format(directory=lab.directory, addresses=addresses)).start()
        wait_for(lambda: os.path.exists(path["fifo"]), 5)
        fifo = os.open(path["fifo"], os.O_RDONLY | os.O_NONBLOCK)
        owned = wait_for(lambda: all(lab.owners(address) == {1} for address in addresses), 15, 0.1)
        heard = wait_for(lambda: "GROUP both MASTER 0" in _read(path["heard"]), 5, 0.05)
        with open(path["bad"], "w"):
            lowered = wait_for(lambda: 90 in {packet.priority for packet in tap.since() if packet.kind == "advert"}, 5)
        os.kill(daemon.process.pid, signal.SIGUSR2)
        written = wait_for(lambda: "Became master: 1" in _read(path["stats"]), 5, 0.05)
        daemon.terminate()
        daemon.wait(10)
        said = os.read(fifo, 65536).decode()
        os.close(fifo)
        lines = _read(path["heard"]).splitlines()
        return [
            Check("both members serve", bool(owned)),
            Check("group is told", bool(heard)),
            Check("specific before general", _order(lines, "specific", "INSTANCE inside MASTER 150")),
            Check("stop is told", "INSTANCE inside STOP 90" in lines or "INSTANCE inside STOP 150" in lines),
            Check("FIFO", 'INSTANCE "inside" MASTER 150\n' in said and 'GROUP "both" MASTER 0\n' in said),
            Check("failing script lowers the priority", bool(lowered)),
            Check("statistics", bool(written)),
        ], {"r1": daemon.log()}


def _order(lines, first, second):
    return first in lines and second in lines and lines.index(first) < lines.index(second)


def check_crash(profile):
    """The VRRP process is killed again and again: its successor takes the addresses over, and nobody else notices."""
    kills = 6
    with Lab() as lab:
        routers = Routers(lab, profile)
        mark, changes, begin = routers.tap.mark(), routers.monitor.mark(), now()
        for _ in range(kills):
            with open(os.path.join(lab.directory, "r1-vrrp.pid")) as file:
                os.kill(int(file.read()), signal.SIGKILL)
            time.sleep(0.8)
        adverts = [packet for packet in routers.tap.since(mark) if packet.kind == "advert"]
        times = [begin] + [packet.time for packet in adverts if packet.port == 1]
        gap = max(right - left for left, right in zip(times, times[1:])) if len(times) > 1 else float("inf")
        others = [packet for packet in adverts if packet.port == 2]
        moved = routers.monitor.changes[changes:]
        return [
            Check("cadence", gap <= 1.5 * routers.interval, f"longest gap {gap / routers.interval:.2f} intervals"),
            Check("backup keeps quiet", not others, f"{len(others)} adverts"),
            Check("addresses stay", not moved, f"{len(moved)} changes over {kills} kills"),
        ], routers.logs()


def check_reload(profile):
    """A reload of an unchanged file touches nothing; one that adds an address adds that address."""
    with Lab() as lab:
        routers = Routers(lab, profile)
        mark, changes = routers.tap.mark(), routers.monitor.mark()
        routers.daemons[1].reload()
        time.sleep(1)
        times = [packet.time for packet in routers.tap.since(mark) if packet.kind == "advert" and packet.port == 1]
        gap = max(right - left for left, right in zip(times, times[1:]))
        untouched = routers.monitor.changes[changes:]
        more = lab.plan.virtual(1)
        routers.definitions[1].addresses.append(more)
        routers.daemons[1].configure([routers.definitions[1]]).reload()
        added = wait_for(lambda: lab.owners(more) == {1}, 5, 0.05)
        others = [change for change in routers.monitor.changes[changes:] if change.address != more]
        with open(routers.daemons[1].configuration, "a") as file:
            file.write("vrrp_instance broken {\n")
        routers.daemons[1].reload()
        refused = wait_for(lambda: "Reload refused" in routers.daemons[1].log(), 5, 0.05)
        time.sleep(3 * routers.interval)
        serving = lab.owners(more) == {1} and routers.tap.senders(2 * routers.interval) == {1}
        return [
            Check("nothing is touched", not untouched, f"{len(untouched)} address changes"),
            Check("no advert is missed", gap <= 1.1 * routers.interval,
                  f"longest gap {gap / routers.interval:.2f} intervals"),
            Check("what is new is added", bool(added) and not others),
            Check("a broken file is refused", bool(refused) and serving),
        ], routers.logs()
