"""The daemons under comparison: how each is configured, started, asked and stopped.

Profiles: `ours` (the release build, or the command in the environment variable VRRPD), `keepalived`, `frr`.
"""

import contextlib
import dataclasses
import os
import re
import shlex
import shutil
import signal
import subprocess

from .measure import process_tree
from .namespaces import inside, run, wait_for

REPOSITORY = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
FRR = "/usr/lib/frr"

_COMPLAINT = re.compile(r"checksum|mismatch|invalid|\bbad\b|unexpected|dropp|discard|incorrect|malform|differ", re.I)
# "already processed": routers that were apart counted on, each for itself, and numbers of AH meet when they are not.
_HARMLESS = re.compile(r"received lower priority|already processed|NOTICE|Netlink|Already running|Command line", re.I)


@dataclasses.dataclass
class VirtualRouter:
    """One virtual router, to be written in the language of any daemon."""

    addresses: list
    vrid: int = 51
    version: int = 3
    interval: float = 1.0
    priority: int = 100
    preempts: bool = True
    interface: str = "eth0"
    password: str = None
    authentication: str = "PASS"  # what the password is for
    options: tuple = ()  # more lines of the instance, as keepalived writes them
    unicast: tuple = None  # own address, peer's address
    excluded: tuple = ()  # addresses that come and go with the others but are not in the advert
    name: str = None
    vmac: bool = False  # the addresses are behind the virtual MAC; FRR's always are

    def __post_init__(self):
        self.name = self.name or f"VR_{self.vrid}"

    def for_keepalived(self):
        state = "MASTER" if self.priority == 255 else "BACKUP"  # the owner of the addresses does not wait
        lines = [f"vrrp_instance {self.name} {{", f"  state {state}", f"  interface {self.interface}",
                 f"  virtual_router_id {self.vrid}", f"  priority {self.priority}",
                 f"  advert_int {self.interval:g}", f"  version {self.version}"]
        if not self.preempts:
            lines.append("  nopreempt")
        if self.vmac:
            lines.append("  use_vmac")
        if self.password:
            lines += ["  authentication {", f"    auth_type {self.authentication}", f"    auth_pass {self.password}", "  }"]
        lines += [f"  {line}" for line in self.options]
        if self.unicast:
            lines += [f"  unicast_src_ip {self.unicast[0]}", "  unicast_peer {", f"    {self.unicast[1]}", "  }"]
        for keyword, addresses in (("virtual_ipaddress", self.addresses),
                                   ("virtual_ipaddress_excluded", self.excluded)):
            if addresses:
                lines += [f"  {keyword} {{", *(f"    {address}" for address in addresses), "  }"]
        return "\n".join(lines + ["}"])


def skew_time(router):
    """Skew_Time in seconds: RFC 3768 section 6.1, RFC 9568 section 6.1."""
    share = (256 - router.priority) / 256
    return share if router.version == 2 else share * router.interval


def active_down_interval(router):
    """How long a backup waits for the next advert, in seconds (the same sections)."""
    return 3 * router.interval + skew_time(router)


def _our_command():
    own = os.path.join(REPOSITORY, ".build/release/vrrpd")
    return shlex.split(os.environ.get("VRRPD", "")) or [own]


def profile_missing(profile):
    """Why a profile cannot run here, in words; None when it can."""
    if profile == "ours":
        command = _our_command()[0]
        return None if shutil.which(command) else f"{command} does not exist (swift build -c release)"
    if profile == "keepalived":
        return None if shutil.which("keepalived") else "keepalived is not installed"
    if profile == "frr":
        return None if os.path.exists(f"{FRR}/vrrpd") else "frr is not installed"
    return f"no daemon profile is called {profile}"


def create_daemon(lab, router, profile):
    """A daemon of the profile for a router of the lab; configure it, then start it."""
    daemon = FRRDaemon(lab, router) if profile == "frr" else Daemon(lab, router, profile)
    lab.daemons[router] = daemon
    return daemon


class Daemon:
    """A daemon that reads keepalived.conf and knows keepalived's options."""

    def __init__(self, lab, router, profile):
        self.lab, self.router, self.profile = lab, router, profile
        self.configuration = os.path.join(lab.directory, f"r{router}.conf")
        self.log_path = os.path.join(lab.directory, f"r{router}.log")
        self.process = None

    def command(self):
        files = {option: os.path.join(self.lab.directory, f"r{self.router}-{name}.pid")
                 for option, name in (("-p", "parent"), ("-r", "vrrp"), ("-c", "check"), ("-b", "bfd"))}
        command = _our_command() if self.profile == "ours" else ["keepalived"]
        command += ["-f", self.configuration, "-n", "-l", "-D", "-G", "-P"]
        return command + [word for pair in files.items() for word in pair]

    def configure(self, routers, text=None):
        """Writes the configuration: of virtual routers, or the text given."""
        if text is None:
            text = f"global_defs {{\n  router_id r{self.router}\n}}\n"
            text += "\n".join(router.for_keepalived() for router in routers) + "\n"
        with open(self.configuration, "w") as file:
            file.write(text)
        return self

    def check(self):
        """Lets it check its configuration (-t); its exit status and what it said."""
        command = _our_command() if self.profile == "ours" else ["keepalived"]
        child = self.lab.spawn(self.router, [*command, "-t", "-f", self.configuration],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return child.wait(20), child.stdout.read().strip()

    def start(self):
        log = open(self.log_path, "ab")
        self.process = self.lab.spawn(self.router, self.command(), stdout=log, stderr=log, cwd=self.lab.directory)
        log.close()
        return self

    def processes(self):
        return process_tree(self.process.pid) if self.alive() else []

    def alive(self):
        return self.process is not None and self.process.poll() is None

    # Ends and interruptions

    def terminate(self):
        """Asks it to stop (SIGTERM)."""
        self.process.send_signal(signal.SIGTERM)

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def wait(self, timeout=10):
        """Waits for its end; its exit status, or None when it goes on."""
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def stop(self):
        """Stops it gracefully, by force after some seconds; its exit status."""
        self.terminate()
        status = self.wait()
        self.kill()
        return status

    def freeze(self):
        self._signal_all(signal.SIGSTOP)

    def thaw(self):
        self._signal_all(signal.SIGCONT)

    def kill(self):
        """Kills the whole tree, as a power failure would: frozen first, so that no child can say good-bye, and the
        children first, because the kernel continues a stopped group whose last parent has died."""
        if self.alive():
            pids = self.processes()
            self._signal_all(signal.SIGSTOP)
            for pid in reversed(pids):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self.process.wait(5)
        for name in os.listdir(self.lab.directory):  # keepalived refuses a start over the pid files of the dead
            if name.startswith(f"r{self.router}-") and name.endswith(".pid"):
                os.unlink(os.path.join(self.lab.directory, name))

    def _signal_all(self, number):
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    # Its log

    def log(self):
        try:
            with open(self.log_path, errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def complaints(self):
        """Distinct log lines about packets it did not like."""
        lines = [line for line in self.log().splitlines() if _COMPLAINT.search(line) and not _HARMLESS.search(line)]
        return sorted({re.sub(r"^.*?\d{4}: ", "", line) for line in lines})


class FRRDaemon(Daemon):
    """FRR's zebra and vrrpd without its supervisor. It wants a macvlan with the virtual MAC for each virtual router."""

    def __init__(self, lab, router):
        super().__init__(lab, router, "frr")
        self._zebra = None
        self._run_directory = os.path.join(lab.directory, f"frr{router}")

    def command(self, daemon="vrrpd", configuration=None):
        files = self._run_directory
        return [f"{FRR}/{daemon}", "-f", configuration or self.configuration, "-i", f"{files}/{daemon}.pid",
                "--vty_socket", files, "-z", f"{files}/zserv.api", "-A", "127.0.0.1", "--log", f"file:{self.log_path}"]

    def configure(self, routers, text=None):
        lines = []
        for router in routers:
            lines += [f"interface {router.interface}", f" vrrp {router.vrid} version {router.version}",
                      f" vrrp {router.vrid} priority {router.priority}",
                      f" vrrp {router.vrid} advertisement-interval {round(router.interval * 1000)}"]
            lines += [f" vrrp {router.vrid} {'ipv6' if ':' in address else 'ip'} {address}"
                      for address in router.addresses]
            lines += [] if router.preempts else [f" no vrrp {router.vrid} preempt"]
            lines.append("exit")
            self._create_macvlan(router)
        with inside(self.lab.namespace(self.router)):
            # Otherwise a backup answers ARP requests for the address from the parent interface.
            for key, value in (("arp_ignore", "1"), ("rp_filter", "2")):
                with open(f"/proc/sys/net/ipv4/conf/all/{key}", "w") as file:
                    file.write(value)
        with open(self.configuration, "w") as file:
            file.write("\n".join(lines) + "\n")
        return self

    def _create_macvlan(self, router):
        six = ":" in router.addresses[0]
        device, mac = f"vrrp{router.vrid}", f"00:00:5e:00:0{2 if six else 1}:{router.vrid:02x}"
        self.lab.ip(self.lab.namespace(self.router), [
            f"link add {device} link {router.interface} type macvlan mode bridge",
            f"link set dev {device} addrgenmode random", f"link set dev {device} address {mac}",
            *(f"addr add {address}/{'64' if six else '16'} dev {device}{' nodad' if six else ''}"
              for address in router.addresses),
            f"link set dev {device} up"])

    def start(self):
        os.makedirs(self._run_directory, exist_ok=True)
        with open(self.log_path, "ab") as log:
            os.chmod(self.log_path, 0o666)
            os.chmod(self.lab.directory, 0o755)
            shutil.chown(self._run_directory, "frr", "frr")
            output = {"stdout": log, "stderr": log}
            if self._zebra is None or self._zebra.poll() is not None:
                self._zebra = self.lab.spawn(self.router, self.command("zebra", "/dev/null"), **output)
                wait_for(lambda: os.path.exists(f"{self._run_directory}/zserv.api"), 5)
            self.process = self.lab.spawn(self.router, self.command(), **output)
        return self

    def show(self):
        """What FRR says of its virtual routers; for the report of a failure."""
        return run(["ip", "netns", "exec", self.lab.namespace(self.router), "vtysh", "--vty_socket",
                    self._run_directory, "-c", "show vrrp"], check=False, timeout=10)
