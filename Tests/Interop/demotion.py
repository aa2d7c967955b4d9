"""Make before break when something tracked fails: who is put at fault serves until its successor speaks."""

import os

from election import Check
from lab import Lab, VirtualRouter, create_daemon, skew_time, wait_for

SCRIPT = """
vrrp_script there {{
  script "/usr/bin/test -e {path}"
  interval 1
}}
"""


def check_demotion(first, second):
    """Two owners for a moment instead of none for a skew."""
    with Lab(client=False) as lab:
        path, address = os.path.join(lab.directory, "healthy"), lab.plan.virtual(0)
        open(path, "w").close()
        tracked = VirtualRouter([address], version=3, interval=0.5, priority=150,
                                options=("track_script {", "  there", "}"))
        successor = VirtualRouter([address], version=3, interval=0.5, priority=100)
        monitor = lab.address_monitor()
        daemons = {1: create_daemon(lab, 1, first), 2: create_daemon(lab, 2, second)}
        daemons[1].configure(None, SCRIPT.format(path=path) + tracked.for_keepalived()).start()
        daemons[2].configure([successor]).start()
        checks = [Check("election", bool(wait_for(lambda: lab.owners(address) == {1}, 15, 0.05)))]
        mark = monitor.mark()
        os.unlink(path)
        moved = bool(wait_for(lambda: lab.owners(address) == {2}, 15, 0.05))
        gained = monitor.first(2, True, mark).get(address)
        lost = monitor.first(1, False, mark).get(address)
        if not moved or gained is None or lost is None:
            checks.append(Check("demotion", False, f"owners {lab.owners(address)}"))
        else:
            gap = gained - lost
            skew = skew_time(successor)
            figure = f"nobody had the address for {max(0, gap) * 1e3:.1f} ms, a skew being {skew * 1e3:.0f} ms"
            checks.append(Check("demotion", gap < 0.02, figure))
        checks.append(Check("FAULT", "Entering FAULT STATE" in daemons[1].log()))
        return checks, {f"router {number}": daemon.log()[-3000:] for number, daemon in daemons.items()}
