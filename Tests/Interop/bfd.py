"""BFD: sessions with keepalived and FRR's bfdd, how soon a silent neighbour is noticed, and what follows from it."""

import os
import re
import signal
import subprocess
import sys

from election import Check
from lab import FRRDaemon, Lab, create_daemon, now, wait_for

INTERVAL, MULTIPLIER = 0.05, 3
# A neighbour is declared dead this long after its last packet (RFC 5880 section 6.8.4); that may have come up to one
# interval before its end.
DETECTION = INTERVAL * MULTIPLIER
# Two cores run everything: woken late is not wrong.
LATE = 0.15

SESSION = """
bfd_instance {name} {{
  neighbor_ip {neighbor}
  source_ip {source}
  min_rx {interval:g}
  min_tx {interval:g}
  multiplier {multiplier}
  {options}
}}
"""

ROUTER = """
vrrp_instance VR {{
  interface eth0
  virtual_router_id 51
  priority {priority}
  version 3
  advert_int {interval}
  {track}
  virtual_ipaddress {{
    {address}
  }}
}}
"""


class FRRPeer(FRRDaemon):
    """FRR's zebra and bfdd."""

    def command(self, daemon="bfdd", configuration=None):
        command = super().command(daemon, configuration)
        return command + (["--bfdctl", f"{self._run_directory}/bfdd.sock"] if daemon == "bfdd" else [])

    def configure(self, routers, text=None):
        with open(self.configuration, "w") as file:
            file.write(text)
        return self


def _session(lab, router, peer, family=4, name="peer", options=""):
    return SESSION.format(name=name, neighbor=lab.plan.host(peer, family=family),
                          source=lab.plan.host(router, family=family), interval=INTERVAL * 1000,
                          multiplier=MULTIPLIER, options=options)


def _frr_session(lab, router, peer, family=4, multihop=False):
    return (f"bfd\n peer {lab.plan.host(peer, family=family)} {'multihop ' if multihop else ''}"
            f"local-address {lab.plan.host(router, family=family)}\n"
            f"  receive-interval {INTERVAL * 1000:.0f}\n  transmit-interval {INTERVAL * 1000:.0f}\n"
            f"  detect-multiplier {MULTIPLIER}\n exit\nexit\n")


def _peer(lab, router, profile, text):
    if profile != "frr":
        return create_daemon(lab, router, profile).configure(None, text)
    daemon = FRRPeer(lab, router)
    lab.daemons[router] = daemon
    return daemon.configure(None, text)


def _states(daemon, name="peer"):
    """The states our session, or keepalived's, has entered."""
    return re.findall(rf"\({name}\) Entering (\w+) state", daemon.log())


def _state(daemon, name="peer"):
    return (_states(daemon, name) or [None])[-1]


def _read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def _child(lab, router, name):
    with open(os.path.join(lab.directory, f"r{router}-{name}.pid")) as file:
        return int(file.read())


def check_session(profile, peer, family, multihop=False):
    """A session comes up; the end of the neighbour is noticed; it comes back; the end of ours is told and noticed."""
    with Lab(client=False) as lab:
        frr = peer == "frr"
        ours = create_daemon(lab, 1, profile).configure(
            None, _session(lab, 1, 2, family, options="multihop" if multihop else ""))
        text = _frr_session(lab, 2, 1, family, multihop) if frr else _session(lab, 2, 1, family)
        other = _peer(lab, 2, peer, text)
        ours.start()
        other.start()
        begin = now()
        up = wait_for(lambda: _state(ours) == "Up", 20, 0.005)
        took = now() - begin
        settled = wait_for(lambda: len(_states(ours)) and _state(ours) == "Up", 1) and _stays(ours, 1.5)
        begin = now()
        other.kill()
        down = wait_for(lambda: _state(ours) == "Down", 5, 0.002)
        detection = now() - begin
        other.start()
        again = wait_for(lambda: _state(ours) == "Up", 20, 0.02) and _stays(ours, 0.5)
        if frr:
            heard = None
        else:
            ours.terminate()
            heard = wait_for(lambda: "Remote diagnostic - Administratively Down" in other.log(), 2, 0.01)
        checks = [
            Check("up", bool(up), f"{took:.2f} s"),
            Check("stays up", bool(settled)),
            Check("detection", bool(down) and DETECTION - INTERVAL - 0.005 <= detection <= DETECTION + LATE,
                  f"{detection * 1000:.0f} ms"),
            Check("up again", bool(again)),
        ]
        if heard is not None:
            checks.append(Check("good-bye", bool(heard)))
        return checks, {"r1": ours.log(), "r2": other.log()}


def _stays(daemon, seconds):
    """Whether the session neither goes down nor comes up for some time."""
    count = len(_states(daemon))
    return not wait_for(lambda: len(_states(daemon)) != count, seconds, 0.05)


def check_failover(profile):
    """The active router loses the neighbour it tracks: the other serves, and hands over when the neighbour is back."""
    with Lab(routers=3, client=False) as lab:
        address = lab.plan.virtual(0)
        first = create_daemon(lab, 1, profile).configure(None, _session(lab, 1, 3) + ROUTER.format(
            priority=150, interval=0.2, track="track_bfd { peer }", address=address))
        second = create_daemon(lab, 2, profile).configure(None, ROUTER.format(
            priority=100, interval=0.2, track="", address=address))
        third = create_daemon(lab, 3, "keepalived").configure(None, _session(lab, 3, 1))
        second.start()
        first.start()
        # Until the session is up the first takes no part.
        waiting = wait_for(lambda: lab.owners(address) == {2}, 10, 0.05)
        third.start()
        served = wait_for(lambda: lab.owners(address) == {1}, 15, 0.05)
        begin = now()
        third.kill()
        moved = wait_for(lambda: lab.owners(address) == {2}, 5, 0.005)
        took = now() - begin
        third.start()
        back = wait_for(lambda: lab.owners(address) == {1}, 15, 0.05)
        return [
            Check("down until reported up", bool(waiting)),
            Check("serves with the neighbour", bool(served)),
            # Detection, a good-bye with priority 0, Skew_Time of the other, and the look at addresses.
            Check("fail-over", bool(moved) and took < DETECTION + 0.2 + 2 * LATE, f"{took * 1000:.0f} ms"),
            Check("back", bool(back)),
        ], {"r1": first.log(), "r2": second.log(), "r3": third.log()}


FLOOD = """
import socket, sys, time
destination, end = (sys.argv[1], 3784), time.monotonic() + float(sys.argv[2])
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
count = 0
while time.monotonic() < end:
    for _ in range(50):
        sender.sendto(bytes(24), destination)
    count += 50
print(count)
"""


def check_flood(profile):
    """Datagrams that are no packets come as fast as somebody can send them: the session stays, and the process."""
    with Lab(routers=3, client=False) as lab:
        # 600 ms: sender and receivers share two cores.
        session = lambda router, peer: _session(lab, router, peer).replace("multiplier 3", "multiplier 12")
        ours = create_daemon(lab, 1, profile).configure(None, session(1, 2)).start()
        other = create_daemon(lab, 2, profile).configure(None, session(2, 1)).start()
        up = wait_for(lambda: _state(ours) == "Up" and _state(other) == "Up", 10, 0.05)
        states = len(_states(ours)), len(_states(other))
        pid = _child(lab, 1, "bfd")
        flood = lab.spawn(3, [sys.executable, "-c", FLOOD, lab.plan.host(1), "5"], stdout=subprocess.PIPE, text=True)
        count = int(flood.communicate(timeout=20)[0])
        return [
            Check("up", bool(up)), Check("flood", count > 50_000, f"{count / 5:.0f} datagrams a second"),
            Check("the session stays", (len(_states(ours)), len(_states(other))) == states),
            Check("the process stays", _child(lab, 1, "bfd") == pid),
        ], {"r1": ours.log(), "r2": other.log()}


def check_early_reload(profile):
    """Who is started by a reload just after the start begins with the new file, not with what the parent read first."""
    with Lab(client=False) as lab:
        ours = create_daemon(lab, 1, profile).configure(None, "global_defs {\n  router_id one\n}\n").start()
        started = wait_for(lambda: "Starting VRRP child process" in ours.log(), 5, 0.005)
        ours.configure(None, _session(lab, 1, 2)).reload()
        begins = wait_for(lambda: "Starting BFD child process" in ours.log(), 5, 0.005)
        other = create_daemon(lab, 2, "keepalived").configure(None, _session(lab, 2, 1)).start()
        up = wait_for(lambda: _state(ours) == "Up", 15, 0.02)
        return [Check("started", bool(started)), Check("reads again", bool(begins)), Check("up", bool(up))], {
            "r1": ours.log(), "r2": other.log()}


def check_life(profile):
    """A reload leaves a session alone that did not change; a BFD process that is killed costs no fail-over."""
    with Lab(client=False) as lab:
        address = lab.plan.virtual(0)
        # `_bfd` and the like are put before the extension.
        router = f"global_defs {{\n  state_dump_file {lab.directory}/state.txt\n}}\n"
        router += ROUTER.format(priority=150, interval=0.2, track="track_bfd { peer }", address=address)
        ours = create_daemon(lab, 1, profile).configure(None, _session(lab, 1, 2) + router)
        other = create_daemon(lab, 2, "keepalived").configure(None, _session(lab, 2, 1))
        ours.start()
        other.start()
        served = wait_for(lambda: lab.owners(address) == {1}, 15, 0.05)
        states = len(_states(other))
        os.kill(ours.process.pid, signal.SIGUSR1)
        dumped = wait_for(lambda: "local state = Up" in _read(f"{lab.directory}/state_bfd.txt") and
                          "Bfd is up" in _read(f"{lab.directory}/state.txt"), 3)
        # Another session comes, and goes; the one that stays gets other times.
        more = SESSION.format(name="more", neighbor=lab.plan.host(9), source=lab.plan.host(1), interval=20, multiplier=5,
                              options="")
        ours.configure(None, _session(lab, 1, 2).replace("multiplier 3", "multiplier 5") + more + router).reload()
        reloaded = wait_for(lambda: ours.log().count("Reload complete") >= 2, 5)
        ours.configure(None, _session(lab, 1, 2) + router).reload()
        reloaded = reloaded and wait_for(lambda: ours.log().count("Reload complete") >= 4, 5)
        undisturbed = _stays(ours, 0.5) and len(_states(other)) == states
        changes = lab.address_monitor()
        pid = _child(lab, 1, "bfd")
        os.kill(pid, signal.SIGKILL)
        restarted = wait_for(lambda: _child(lab, 1, "bfd") != pid, 5, 0.05)
        up = wait_for(lambda: _state(ours) == "Up" and _states(ours).count("Up") == 2, 10, 0.05)
        wait_for(lambda: False, 5.5)
        kept = lab.owners(address) == {1} and not changes.changes
        # A VRRP process that takes over finds the session up.
        pid = _child(lab, 1, "vrrp")
        os.kill(pid, signal.SIGKILL)
        resumed = wait_for(lambda: _child(lab, 1, "vrrp") != pid, 5, 0.05)
        wait_for(lambda: False, 2)
        resumed = resumed and lab.owners(address) == {1} and not changes.changes
        # Taken out, it says good-bye; the router does not track it any more.
        ours.configure(None, router.replace("track_bfd { peer }", "")).reload()
        heard = wait_for(lambda: "Remote diagnostic - Administratively Down" in other.log(), 3, 0.02)
        return [
            Check("serves", bool(served)), Check("dumps", bool(dumped)), Check("reloads", bool(reloaded)),
            Check("a reload disturbs nothing", bool(undisturbed)), Check("restarted", bool(restarted)),
            Check("up again", bool(up)), Check("a crash moves nothing", bool(kept), f"{len(changes.changes)} changes"),
            Check("a new VRRP process knows", bool(resumed)),
            Check("good-bye at a reload", bool(heard)),
        ], {"r1": ours.log(), "r2": other.log()}
