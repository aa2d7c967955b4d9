"""A client, a director and servers in network namespaces, for daemons that balance with IPVS.

    client, director, perhaps second         eth1: 10.8.0.0/24, fd08::/64
    director, perhaps second,
    web1, web2, sorry, client                eth0: 10.1.0.0/24, fd01::/64; the client's is the way back of what is not NAT

The service's addresses are 10.100.0.1 and fd64::1, on the director unless it is to take them itself. Made for a virtual machine of its own: it uses the
host's first namespace for its bridge and does not tidy up behind a crash.
"""

import contextlib
import hashlib
import http.client
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path.insert(0, f"{REPOSITORY}/Tests/Interop")

from lab.namespaces import enter, inside, run, wait_for  # noqa: E402

SERVICE = {4: "10.100.0.1", 6: "fd64::1"}
SERVERS = {"web1": 11, "web2": 12, "sorry": 99}
WORK = "/run/balancing"
BUILDS = [f"{REPOSITORY}/.build/{kind}/vrrpd" for kind in ("release", "debug")]
OURS = next(filter(os.path.exists, BUILDS), BUILDS[0])
DAEMONS = {
    "vrrpd": [os.environ.get("VRRPD", OURS), "-n", "-l", "-G", "-D"],
    "keepalived": ["/usr/sbin/keepalived", "-n", "-l", "-G", "-D"],
}


def address(family, number):
    return f"10.1.0.{number}" if family == 4 else f"fd01::{number}"


def batch(lines, namespace=None):
    command = ["ip", *(["-n", namespace] if namespace else []), "-batch", "-"]
    run(command, text="\n".join(lines) + "\n")


def sysctl(namespace, **values):
    with inside(namespace):
        for name, value in values.items():
            with open("/proc/sys/" + name.replace("__", "/"), "w") as file:
                file.write(str(value))


class Site:
    """The network, with servers that can be started and stopped, and one daemon."""

    def __init__(self, method, owns_address=True, pair=False):
        self.method = method
        self.directors = {"director": 1, **({"second": 2} if pair else {})}
        self.names = ["client", *self.directors, *SERVERS]
        self.processes = {}
        self._owns_address = owns_address
        os.makedirs(WORK, exist_ok=True)
        self._wire()

    def _wire(self):
        lines = [f"netns add {name}" for name in self.names]
        front = ["client", *self.directors]
        for bridge, prefix, device, members in [("back", "b", "eth0", self.names), ("front", "f", "eth1", front)]:
            lines += [f"link add {bridge} type bridge", f"link set {bridge} up"]
            for name in members:
                lines += [f"link add {prefix}-{name} type veth peer name {device} netns {name}",
                          f"link set {prefix}-{name} master {bridge} up"]
        batch(lines)
        batch(["link set lo up", "link set eth0 up", "link set eth1 up",
               "addr add 10.9.0.10/32 dev lo", "addr add fd09::10/128 dev lo nodad",
               "addr add 10.8.0.10/24 dev eth1", "addr add fd08::10/64 dev eth1 nodad",
               "addr add 10.1.0.254/24 dev eth0", "addr add fd01::fe/64 dev eth0 nodad",
               "route add 10.100.0.0/24 via 10.8.0.1 src 10.9.0.10",
               "route add fd64::1/128 via fd08::1 src fd09::10"], "client")
        for name, number in self.directors.items():
            lines = ["link set lo up", "link set eth0 up", "link set eth1 up",
                     f"addr add 10.8.0.{number}/24 dev eth1", f"addr add fd08::{number}/64 dev eth1 nodad",
                     f"addr add 10.1.0.{number}/24 dev eth0", f"addr add fd01::{number}/64 dev eth0 nodad",
                     "route add 10.9.0.0/24 via 10.8.0.10", "route add fd09::/64 via fd08::10"]
            if self._owns_address:
                lines += [f"addr add {SERVICE[4]}/32 dev lo", f"addr add {SERVICE[6]}/128 dev lo nodad"]
            batch(lines, name)
            sysctl(name, net__ipv4__ip_forward=1, net__ipv6__conf__all__forwarding=1)
        for name in self.names:
            for device in ["all", "default", "eth0", *(["eth1"] if name in front else [])]:
                sysctl(name, **{f"net__ipv4__conf__{device}__rp_filter": 0})
        for name, number in SERVERS.items():
            self._wire_server(name, number)

    def _wire_server(self, name, number):
        back = {4: "10.1.0.1" if self.method == "NAT" else "10.1.0.254",
                6: "fd01::1" if self.method == "NAT" else "fd01::fe"}
        lines = ["link set lo up", "link set eth0 up", f"addr add {address(4, number)}/24 dev eth0",
                 f"addr add {address(6, number)}/64 dev eth0 nodad",
                 f"route add 10.9.0.0/24 via {back[4]}", f"route add fd09::/64 via {back[6]}",
                 f"route add 10.8.0.0/24 via {back[4]}"]
        if self.method == "DR":
            lines += [f"addr add {SERVICE[4]}/32 dev lo", f"addr add {SERVICE[6]}/128 dev lo nodad"]
        if self.method == "TUN":
            lines += [f"addr add {SERVICE[4]}/32 dev tunl0", "link set tunl0 up",
                      f"addr add {SERVICE[6]}/128 dev ip6tnl0 nodad", "link set ip6tnl0 up"]
        if self.method != "NAT":
            sysctl(name, net__ipv4__conf__all__arp_ignore=1, net__ipv4__conf__all__arp_announce=2)
        batch(lines, name)
        if self.method == "TUN":
            sysctl(name, net__ipv4__conf__tunl0__rp_filter=0)

    # Servers.

    def start_web(self, name):
        """nginx, for HTTP on port 80 and for HTTPS on port 443, that says its name; UDP on port 7 that does, too."""
        folder = f"{WORK}/{name}"
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/index.html", "w") as file:
            file.write(f"{name}\n")
        self._certificate()
        with open(f"{folder}/nginx.conf", "w") as file:
            file.write(
                f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/err; events {{}}\n"
                f"http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder};\n"
                f"fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};\n"
                f"server {{ listen 80; listen [::]:80; listen 443 ssl; listen [::]:443 ssl; root {folder};\n"
                f"ssl_certificate {WORK}/cert.pem; ssl_certificate_key {WORK}/key.pem; }} }}\n")
        self._spawn(name, name, ["nginx", "-c", f"{folder}/nginx.conf"])
        self._spawn(name, f"{name}-udp", [sys.executable, f"{HERE}/say.py", name])
        wait_for(lambda: self.fetch("director", address(4, SERVERS[name])) == name, 15)

    def stop_web(self, name):
        for key in [name, f"{name}-udp"]:
            process = self.processes.pop(key)
            process.kill()
            process.wait()

    def _certificate(self):
        if not os.path.exists(f"{WORK}/cert.pem"):
            run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                 "-keyout", f"{WORK}/key.pem", "-out", f"{WORK}/cert.pem", "-days", "2", "-subj", "/CN=balancing"])

    def _spawn(self, namespace, key, command, **options):
        options.setdefault("stdout", subprocess.DEVNULL)
        options.setdefault("stderr", subprocess.DEVNULL)
        self.processes[key] = subprocess.Popen(command, preexec_fn=lambda: enter(namespace), **options)
        return self.processes[key]

    def spawn_script(self, namespace, key, name, *arguments):
        """A Python program of this folder."""
        return self._spawn(namespace, key, [sys.executable, f"{HERE}/{name}.py", *arguments])

    # The daemon.

    def start_daemon(self, kind, configuration, *arguments, name="director"):
        self.configure(configuration, name)
        base = f"{WORK}/{name}"
        with open(f"{base}.log", "w") as log:
            return self._spawn(
                name, f"daemon-{name}",
                [*DAEMONS[kind], *arguments, "-f", f"{base}.conf", "-p", f"{base}.pid", "-c", f"{base}.checkers.pid",
                 "-r", f"{base}.vrrp.pid", "-b", f"{base}.bfd.pid"],
                stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "TMPDIR": WORK})

    def configure(self, text, name="director"):
        with open(f"{WORK}/new", "w") as file:
            file.write(text)
        os.rename(f"{WORK}/new", f"{WORK}/{name}.conf")

    def reload(self, text, name="director"):
        self.configure(text, name)
        self.processes[f"daemon-{name}"].send_signal(signal.SIGHUP)

    def stop_daemon(self, name="director"):
        daemon = self.processes[f"daemon-{name}"]
        daemon.terminate()
        status = daemon.wait(15)
        self.processes.pop(f"daemon-{name}")
        return status

    def log_text(self, name="director"):
        with open(f"{WORK}/{name}.log") as file:
            return file.read()

    def checker(self, name="director"):
        """The number of the check process."""
        with open(f"{WORK}/{name}.checkers.pid") as file:
            return int(file.read())

    # What is so.

    def fetch(self, namespace, host, port=80, timeout=2):
        """What a web server says; `None` when it says nothing sensible."""
        try:
            with inside(namespace):
                if port == 443:
                    context = ssl._create_unverified_context()
                    connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
                else:
                    connection = http.client.HTTPConnection(host, port, timeout=timeout)
                connection.request("GET", "/")
                body = connection.getresponse().read().decode().strip()
                connection.close()
                return body
        except (OSError, http.client.HTTPException):
            return None

    def ask(self, host, timeout=2):
        """What the UDP service says."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with inside("client"), socket.socket(family, socket.SOCK_DGRAM) as question:
            question.settimeout(timeout)
            try:
                question.sendto(b"who", (host, 7))
                return question.recv(100).decode()
            except OSError:
                return None

    def table(self, name="director"):
        """The kernel's table: {service: {server: weight}}, as `ipvsadm -Sn` tells it."""
        with inside(name):
            lines = run(["ipvsadm", "-Sn"]).splitlines()
        services = {}
        for line in lines:
            words = line.split()
            key = " ".join(words[1:3])
            if words[0] == "-A":
                services[key] = {}
            else:
                services[key][words[words.index("-r") + 1]] = int(words[words.index("-w") + 1])
        return services

    def servers(self, service):
        return self.table().get(service)

    def close(self):
        for process in self.processes.values():
            process.kill()
            process.wait()
        front = ["client", *self.directors]
        batch([f"link del b-{name}" for name in self.names] + [f"link del f-{name}" for name in front]
              + [f"netns del {name}" for name in self.names] + ["link del back", "link del front"])


class Traffic:
    """A client that asks again and again; what it was told, and when it was told nothing."""

    def __init__(self, site, host, port=80):
        self.site, self.host, self.port = site, host, port
        self.answers, self.failures = [], []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stop.wait(0.05):
            begin = time.monotonic()
            answer = self.site.fetch("client", self.host, self.port, timeout=2)
            (self.answers if answer else self.failures).append((begin, answer))

    def stop(self):
        self._stop.set()
        self._thread.join()

    def failures_outside(self, spans):
        """Failures that no span of `(begin, end)` excuses."""
        return [time for time, _ in self.failures if not any(begin <= time <= end for begin, end in spans)]


def digest(name):
    return hashlib.md5(f"{name}\n".encode()).hexdigest()


class Report:
    """Counts checks; the last line is `N passed, N failed, N skipped`."""

    def __init__(self):
        self.passed = self.failed = 0
        self.begin = time.monotonic()

    def check(self, what, condition, detail=""):
        self.passed += bool(condition)
        self.failed += not condition
        mark = "ok  " if condition else "FAIL"
        print(f"{time.monotonic() - self.begin:7.2f} {mark} {what}{f': {detail}' if detail != '' else ''}", flush=True)
        return condition

    def until(self, what, condition, limit=15):
        begin = time.monotonic()
        met = wait_for(condition, limit, step=0.02)
        return self.check(what, met, f"{time.monotonic() - begin:.2f} s")

    @contextlib.contextmanager
    def stage(self, site, name):
        print(f"--- {name}", flush=True)
        before = self.failed
        try:
            yield
        except Exception as error:  # the next stage may still tell something
            self.check(name, False, repr(error))
        finally:
            for name in site.directors if self.failed > before else []:
                with contextlib.suppress(FileNotFoundError):
                    print(f"the log of the daemon of {name}:\n" + site.log_text(name)[-6000:], flush=True)
            site.close()

    def finish(self):
        print(f"{self.passed} passed, {self.failed} failed, 0 skipped")
        return 1 if self.failed else 0


class Wiretap:
    """Counts the messages of generic netlink, which IPVS speaks, in a namespace."""

    NETLINK_GENERIC = 16

    def __init__(self, namespace):
        batch(["link add nlmon0 type nlmon", "link set nlmon0 up"], namespace)
        with inside(namespace):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            self._socket.bind(("nlmon0", 0))
        self._socket.setblocking(False)

    def count(self):
        """Messages since the last call."""
        found = 0
        while True:
            try:
                _, place = self._socket.recvfrom(65536)
            except BlockingIOError:
                return found
            found += place[1] == self.NETLINK_GENERIC
