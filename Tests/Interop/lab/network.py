"""The topology: routers and a client on bridged segments, and what can go wrong between them."""

import atexit
import contextlib
import dataclasses
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile

from . import namespaces
from .addresses import AddressMonitor
from .capture import Tap
from .namespaces import inside, now, run

PREFIX = os.environ.get("LAB_PREFIX", "vrrplab")
CLIENT = 100  # the client's host number and port


@dataclasses.dataclass(frozen=True)
class AddressPlan:
    """Addresses on segment `s`: host `h` of a router or the client, and virtual address number `k`."""

    ipv4: str = "10.{s}.0.{h}/16"
    ipv6: str = "fd00:{s}::{h}/64"

    def host(self, number, segment=0, family=4):
        template = self.ipv4 if family == 4 else self.ipv6
        return template.format(s=10 + segment, h=number).partition("/")[0]

    def virtual(self, number, segment=0, family=4):
        """Only of the default plan: 250 addresses for each value of the third byte."""
        if family == 6:
            return f"fd00:{10 + segment}::1:{number:x}"
        return f"10.{10 + segment}.{1 + number // 250}.{1 + number % 250}"


def requirement_missing():
    """Why a lab cannot be built here, in words; None when it can."""
    if os.geteuid() != 0:
        return "needs root to make network namespaces"
    for command in ("ip", "nft"):
        if shutil.which(command) is None:
            return f"needs the command {command} (Debian: apt-get install iproute2 nftables)"
    return None


class Lab:
    """Routers 1…n and a client; use as a context manager."""

    def __init__(self, routers=2, segments=1, client=True, plan=AddressPlan()):
        self.plan, self.segments = plan, segments
        self.routers = range(1, routers + 1)
        self.hosts = [*self.routers, CLIENT] if client else [*self.routers]
        self._prefix = f"{PREFIX}-{os.getpid()}-{next(_serial)}"
        self.bridge = f"{self._prefix}-bridge"
        self.directory = tempfile.mkdtemp(prefix="vrrplab-")
        self._closing, self._children, self._monitors, self.daemons = False, [], [], {}
        namespaces.sweep(PREFIX)
        atexit.register(self.close)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: sys.exit(128 + number))
        self._names = [self.bridge] + [self.namespace(host) for host in self.hosts]
        for name in self._names:
            run(["ip", "netns", "add", name])
            _configure_kernel(name)
        self._wire()

    def namespace(self, host):
        return f"{self._prefix}-{'client' if host == CLIENT else f'r{host}'}"

    def port(self, host, segment=0):
        """The bridge's end of the cable to `host`."""
        return f"c{segment}" if host == CLIENT else f"r{host}p{segment}"

    def _wire(self):
        bridge_lines, host_lines = [], {host: ["link set lo up"] for host in self.hosts}
        for segment in range(self.segments):
            bridge_lines.append(f"link add br{segment} type bridge mcast_snooping 0 forward_delay 0")
            for host in self.hosts:
                port = self.port(host, segment)
                bridge_lines += [
                    f"link add {port} type veth peer name eth{segment} netns {self.namespace(host)}",
                    f"link set {port} master br{segment} up"]
                host_lines[host] += [
                    f"link set eth{segment} up",
                    f"addr add {self.plan.ipv4.format(s=10 + segment, h=host)} dev eth{segment}",
                    f"addr add {self.plan.ipv6.format(s=10 + segment, h=host)} dev eth{segment} nodad"]
            bridge_lines.append(f"link set br{segment} up")
        self.ip(self.bridge, bridge_lines)
        for host, lines in host_lines.items():
            self.ip(self.namespace(host), lines)

    def ip(self, namespace, lines):
        """Runs lines of `ip -batch` inside a namespace."""
        run(["ip", "-n", namespace, "-batch", "-"], text="\n".join(lines) + "\n")

    # Faults

    def link(self, router, up, segment=0):
        """Plugs or unplugs the bridge's end of the cable, so that the router loses its carrier, too."""
        run(["ip", "-n", self.bridge, "link", "set", self.port(router, segment), "up" if up else "down"])

    def mute(self, router, muted, segment=0):
        """Drops protocol 112 from and to a router at the bridge, as a wrong firewall rule would. The link stays up."""
        port = self.port(router, segment)
        table = f"mute_{port}"
        rules = f"table bridge {table} {{}}\ndelete table bridge {table}\n"
        if muted:
            drops = "".join(
                f"    {side} {port} {match} drop\n"
                for side in ("iifname", "oifname") for match in ("ip protocol 112", "ip6 nexthdr 112"))
            chain = f"  chain drops {{\n    type filter hook forward priority 0\n{drops}  }}\n"
            rules += f"table bridge {table} {{\n{chain}}}\n"
        with inside(self.bridge):
            run(["nft", "-f", "-"], text=rules)

    # Observation

    def tap(self, client=False):
        """Starts recording what the routers send, and the client, too, if asked."""
        tap = Tap()
        for segment in range(self.segments):
            for host in [*self.routers, *([CLIENT] if client else [])]:
                tap.watch(self.bridge, self.port(host, segment), host)
        self._monitors.append(tap)
        return tap.start()

    def address_monitor(self):
        monitor = AddressMonitor()
        for router in self.routers:
            monitor.watch(self.namespace(router), router)
        self._monitors.append(monitor)
        return monitor.start()

    def owners(self, address):
        """Routers on which `address` is configured on a working interface."""
        return {router for router in self.routers if self.owns(router, address)}

    def owns(self, router, address):
        listing = run(["ip", "-n", self.namespace(router), "-o", "address", "show"], check=False)
        devices = [line.split()[1] for line in listing.splitlines() if f" {address}/" in line]
        # FRR leaves the address on a macvlan and takes the macvlan's carrier away.
        return any(self._has_carrier(router, device) for device in devices)

    def _has_carrier(self, router, device):
        shown = run(["ip", "-n", self.namespace(router), "link", "show", device.partition("@")[0]], check=False)
        return "NO-CARRIER" not in shown

    def traffic(self, *arguments):
        """Starts a traffic generator (`traffic.py`) at the client; it dies with the lab."""
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "traffic.py")
        child = self.spawn(CLIENT, [sys.executable, script, *map(str, arguments)], stdout=subprocess.PIPE, text=True)
        return child

    def spawn(self, host, command, **options):
        """Starts a command inside a host's namespace, in its own session; its `executed_at` is the moment of exec."""
        name = self.namespace(host)
        reader, writer = os.pipe()

        def between_fork_and_exec():
            namespaces.enter(name)
            os.write(writer, struct.pack("d", now()))

        try:
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True,
                                     preexec_fn=between_fork_and_exec, **options)
            child.executed_at = struct.unpack("d", os.read(reader, 8))[0]
        finally:
            os.close(reader)
            os.close(writer)
        self._children.append(child)
        return child

    def close(self):
        if self._closing:
            return
        self._closing = True
        with contextlib.suppress(ValueError):  # only the main thread may
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            namespaces.remove([name for name in self._names if os.path.exists(f"/run/netns/{name}")])
            for child in self._children:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(5)
            for monitor in self._monitors:
                monitor.close()
            shutil.rmtree(self.directory, ignore_errors=True)
        finally:
            with contextlib.suppress(ValueError):
                signal.signal(signal.SIGINT, signal.default_int_handler)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _count():
    number = 0
    while True:
        number += 1
        yield number


_serial = _count()


def _configure_kernel(namespace):
    """No duplicate address detection: a lab must not wait a second for its own addresses."""
    with inside(namespace):
        for key in ("all/accept_dad", "default/accept_dad", "default/dad_transmits"):
            with contextlib.suppress(OSError), open(f"/proc/sys/net/ipv6/conf/{key}", "w") as file:
                file.write("0")
