"""Addresses, routes and rules: the kernel has the same of them whoever reads the configuration."""

import json
import signal
import time

from election import Check
from lab import Lab, create_daemon, profile_missing, run, wait_for

# Every option of the grammar that Linux without modules takes. Left out on purpose: `local` and `broadcast` routes and
# gateways of the other family, which keepalived refuses or gives a scope the kernel refuses.
STATICS = """
static_ipaddress {
  198.51.100.1/24 dev eth1 label eth1:s scope link brd +
  2001:db8:9::1/64 dev eth1 home
}
static_routes {
  203.0.113.0/24 via 198.51.100.2 dev eth1 metric 7
  unreachable 203.0.114.0/24
}
static_rules {
  from 198.51.100.0/24 table 100 preference 900
}
"""
INSTANCE = """
vrrp_instance a {
  version 3
  interface eth0
  virtual_router_id 51
  priority 150
  advert_int 0.1
  virtual_ipaddress {
    192.0.2.10/24 label eth0:vip brd 192.0.2.255
    192.0.2.11/32 scope link noprefixroute
    192.0.2.12 peer 172.16.9.9
    192.0.2.13/24 dev eth1 brd +
    192.0.2.14/28 dev eth1 brd -
  }
  virtual_ipaddress_excluded {
    2001:db8::10/64 home
    2001:db8::11/128
    2001:db8::12/64 -nodad mngtmpaddr
    2001:db8::13/64 preferred_lft 1000
    2001:db8::14/128 preferred_lft forever noprefixroute
    239.1.2.3/32 autojoin
  }
  virtual_routes {
    172.17.1.0/24 via 192.0.2.254
    172.17.2.0/24 dev eth0
    172.17.3.0/24 via 192.0.2.254 dev eth0 src 192.0.2.10 metric 5 mtu lock 1400 advmss 1300 rtt 300ms rttvar 2000 \
reordering 5 window 4000 cwnd lock 10 ssthresh 20 rto_min lock 300ms initcwnd 11 initrwnd 12 features ecn quickack 1 \
congctl lock reno hoplimit 33 fastopen_no_cookie 1
    172.17.4.0/24 nexthop via 192.0.2.254 weight 3 nexthop via 192.0.2.253 dev eth0 weight 5 onlink
    blackhole 172.17.5.0/24
    prohibit 172.17.6.0/24 table 77
    172.17.7.0/24 via 192.0.2.254 tos 0x10 scope global realms 3/4
    172.17.8.0/24 via 172.16.1.1 dev eth0 onlink
    172.17.9.0/24 via 192.0.2.254 protocol 99 no_track
    172.17.10.0/24 via 192.0.2.254 protocol 99
    172.17.12.0/24 dev eth0 scope host table local
    throw 172.17.13.0/24
    172.17.16.0/24 via 192.0.2.254 append
    172.17.16.0/24 via 192.0.2.253 append
    172.17.17.0/24 via 192.0.2.254 add
    172.17.17.0/24 via 192.0.2.253 prepend
    172.17.18.0/24 via 192.0.2.254 or 192.0.2.253
    172.17.19.0/24 encap ip id 7 dst 172.16.9.9 ttl 9 via 192.0.2.254
    172.17.21.0/24 via 192.0.2.254 rtt 1 rto_min 100
    default via 192.0.2.254 table 200
    2001:db8:1::/48 via 2001:db8::fe
    2001:db8:2::/48 via fe80::2 dev eth0 pref high expires 600 metric 9
    2001:db8:3::/48 from 2001:db8::/64 dev eth0
    unreachable 2001:db8:4::/48
    2001:db8:5::/48 nexthop via 2001:db8::fd weight 2 nexthop via 2001:db8::fe dev eth0
    ::/0 via 2001:db8::fe table 200
  }
  virtual_rules {
    from 192.0.2.10 table 200 preference 1000
    to 172.17.0.0/16 iif eth0 table 200 preference 1001
    not from 192.0.2.0/24 to 172.17.0.0/16 tos 0x10 fwmark 3/7 table 77 preference 1002
    from 192.0.2.10 oif eth0 uidrange 5-10 ipproto tcp sport 10-20 dport 30-40 blackhole preference 1003
    to 172.17.0.0/16 suppress_prefixlength 8 suppress_ifgroup 3 table main preference 1004
    from 192.0.2.11 goto 1010 preference 1005
    from 192.0.2.12 nop preference 1006
    from 192.0.2.13 unreachable preference 1007
    from 192.0.2.14 prohibit preference 1010
    from all tunnel-id 77 table 77 preference 1011
    from 192.0.2.14 realms 3/4 table 77 preference 1012
    from all l3mdev preference 1013
    from 2001:db8::/64 table 200 preference 1000
    from 192.0.2.20 table 200
    from 192.0.2.21 table 200
    from 2001:db8:7::/64 table 200
    from 192.0.2.22 table 200 protocol 99 no_track preference 1014
  }
}
"""


class Kernel:
    """What `ip` shows of a router's addresses, routes and rules, in an order of its own."""

    # Times that run, and what tells whose an object is.
    _varying = {"expires", "protocol", "preferred_life_time", "valid_life_time", "ifindex"}

    def __init__(self, lab, router=1):
        self.namespace = lab.namespace(router)
        self.addresses = self._read("address", lambda link: link["addr_info"])
        self.routes = sum((self._read(f"{family} route show table all proto {owner}")
                           for family in ("-4", "-6") for owner in (18, 112, 99)), [])
        self.rules = [rule for family in ("-4", "-6") for rule in self._read(f"{family} rule show", bare=True)]

    def _read(self, command, inner=None, bare=False):
        found = json.loads(run(["ip", "-j", "-d", "-n", self.namespace, *command.split()]) or "[]")
        if inner:
            found = [dict(entry, link=link["ifname"]) for link in found for entry in inner(link)]
        return [{key: value for key, value in entry.items() if key not in self._varying} for entry in found
                if not bare or entry.get("priority", 0) not in (0, 32766, 32767)]

    def sets(self):
        """Addresses, routes and rules as sets of texts; of addresses none the kernel made itself."""
        texts = ({json.dumps(entry, sort_keys=True) for entry in entries}
                 for entries in (self.addresses, self.routes, self.rules))
        return dict(zip(("addresses", "routes", "rules"), texts))


def _observe(lab, profile):
    """What the kernel has while a daemon is active, after it stopped, and its log."""
    daemon = create_daemon(lab, 1, profile)
    daemon.configure(None, STATICS + INSTANCE).start()
    wait_for(lambda: lab.owns(1, "192.0.2.10"), 15, 0.1)
    time.sleep(2.5)  # duplicate address detection
    during = Kernel(lab).sets()
    daemon.stop()
    return during, Kernel(lab).sets(), daemon.log()


def check_objects(profile):
    """Both daemons put the same into the kernel; ours leaves nothing behind, and survives a crash without a change."""
    missing = profile_missing("keepalived")
    if missing:
        return missing, {}
    with Lab(routers=1, segments=2, client=False) as lab:
        before = Kernel(lab).sets()
        # Ours first: keepalived leaves addresses with a peer behind.
        ours, after, log = _observe(lab, profile)
        theirs, _, their_log = _observe(lab, "keepalived")
        checks = []
        for kind in ours:
            more, less = ours[kind] - theirs[kind], theirs[kind] - ours[kind]
            figure = f"{len(ours[kind] - before[kind])} alike"
            if more or less:
                figure = f"only ours {sorted(more)}, only keepalived's {sorted(less)}"
            checks.append(Check(kind, not more and not less and ours[kind] != before[kind], figure))
        left = {kind: after[kind] - before[kind] for kind in after}
        checks.append(Check("nothing is left", not any(left.values()), str(left) if any(left.values()) else ""))
        return checks, {"ours": log, "keepalived": their_log}


def check_static_reload(profile):
    """A reload changes static objects by what changed; they outlive an election, a crash, and somebody's hand."""
    with Lab(routers=1, segments=2, client=False) as lab:
        namespace = lab.namespace(1)
        daemon = create_daemon(lab, 1, profile)
        daemon.configure(None, STATICS).start()

        def has(kind, text):
            return any(text in entry for entry in Kernel(lab).sets()[kind])
        started = wait_for(lambda: has("rules", '"priority": 900') and has("routes", "203.0.113.0/24"), 10, 0.1)
        run(["ip", "-n", namespace, "route", "del", "203.0.113.0/24"])
        run(["ip", "-n", namespace, "rule", "del", "pref", "900"])
        run(["ip", "-n", namespace, "address", "del", "198.51.100.1/24", "dev", "eth1"])
        repaired = wait_for(
            lambda: has("rules", '"priority": 900') and has("routes", "203.0.113.0/24")
            and has("addresses", "198.51.100.1"), 5, 0.1)
        changed = STATICS.replace("203.0.113.0/24", "203.0.115.0/24").replace("preference 900", "preference 901")
        watch = lab.spawn(1, ["timeout", "-s", "INT", "3", "ip", "monitor", "route", "rule", "address"],
                          stdout=-1, text=True)
        time.sleep(0.5)
        daemon.configure(None, changed).reload()
        reloaded = wait_for(lambda: has("rules", '"priority": 901') and has("routes", "203.0.115.0/24"), 5, 0.1)
        said = [line for line in watch.communicate(timeout=10)[0].splitlines() if line.strip()]
        old = has("rules", '"priority": 900') or has("routes", "203.0.113.0/24")
        daemon.process.send_signal(signal.SIGTERM)
        daemon.wait(10)
        left = has("rules", '"priority": 901') or has("routes", "203.0.115.0/24") or has("addresses", "198.51.100.1")
        return [
            Check("there from the start", bool(started)),
            Check("put back when taken away", bool(repaired)),
            Check("a reload replaces two", bool(reloaded) and not old and len(said) == 4, f"{len(said)} changes"),
            Check("gone at the end", not left),
        ], {"ours": daemon.log(), "monitor": "\n".join(said)}
