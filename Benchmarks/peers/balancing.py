#!/usr/bin/env python3
"""A director of 100 virtual servers with 10 real servers each, TCP_CHECK on all of them, for daemons in turns in one
virtual machine with real IPVS (Tests/VM/run).

  start          from exec until every real server is in the kernel's table
  CPU per check  time of the check process on a CPU over the connections the director asked for
  reload         SIGHUP with an unchanged file: messages to IPVS, CPU of the check process

Where QEMU emulates the processor only ratios mean anything.
"""

import argparse
import os
import signal
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, f"{REPOSITORY}/Tests/VM/balancing")

SERVICES, SERVERS, DELAY = 100, 10, 5
STARTS = 24  # of each daemon; the first of all is not counted
WORK = "/run/balancing"
COMMANDS = {
    "ours": [os.environ.get("VRRPD", f"{REPOSITORY}/.build/release/vrrpd")],
    "keepalived": ["/usr/sbin/keepalived"],
}


def configuration():
    blocks = ["global_defs {\n router_id many\n}\n"]
    for service in range(SERVICES):
        servers = "".join(f" real_server 10.2.{service}.{server + 1} 80 {{\n  TCP_CHECK {{\n   connect_timeout 3\n  }}\n }}\n"
                          for server in range(SERVERS))
        blocks.append(f"virtual_server 10.100.0.{service + 1} 80 {{\n delay_loop {DELAY}\n lvs_sched rr\n"
                      f" lvs_method NAT\n protocol TCP\n{servers}}}\n")
    return "".join(blocks)


def launch(site, name):
    """Starts a daemon. It, its check process, and the milliseconds from its exec until all servers are in the kernel."""
    base = f"{WORK}/{name}"
    moment, told = os.pipe()

    def enter():
        site.enter("director")
        os.write(told, str(time.monotonic()).encode())

    daemon = subprocess.Popen(
        [*COMMANDS[name], "-n", "-l", "-G", "-C", "-f", f"{WORK}/many.conf", "-p", f"{base}.pid", "-c",
         f"{base}.checkers.pid", "-r", f"{base}.vrrp.pid"],
        preexec_fn=enter, stdout=open(f"{base}.log", "w"), stderr=subprocess.STDOUT)
    # Seldom, because to look takes time from whom is looked at; it happened between the last two looks.
    before = now = time.monotonic()
    limit = now + 30
    while entries(daemon.pid) < SERVICES * SERVERS:
        if now > limit:
            raise RuntimeError(f"{name}: not all servers are in the kernel after 30 s")
        time.sleep(0.02)
        before, now = now, time.monotonic()
    took = (before + now) / 2 - float(os.read(moment, 64))
    os.close(moment)
    os.close(told)
    with open(f"{base}.checkers.pid") as file:
        return daemon, int(file.read()), took * 1e3


def measure_starts(site, name):
    """Starts a daemon and stops it again."""
    daemon, checker, took = launch(site, name)
    figures = {"start": took, "start CPU": cpu(checker)}
    daemon.terminate()
    daemon.wait(30)
    return figures


def measure(site, name, seconds):
    """All figures of one daemon at work, until it is stopped."""
    figures = {}
    wire = site.Wiretap("director")
    daemon, checker, _ = launch(site, name)
    # The first round is spread over a period after the first second.
    time.sleep(DELAY + 3)
    made, used, shares = connections(site), cpu(checker), split(checker)
    time.sleep(seconds)
    figures["checks"] = connections(site) - made
    figures["per check"] = (cpu(checker) - used) * 1e3 / max(1, figures["checks"])
    for share, now, before in zip(("user", "kernel"), split(checker), shares):
        figures[share] = (now - before) * 1e3 / max(1, figures["checks"])
    rate = (cpu(checker) - used) / seconds
    wire.count()
    used, begin = cpu(checker), time.monotonic()
    daemon.send_signal(signal.SIGHUP)
    time.sleep(4)
    figures["reload CPU"] = cpu(checker) - used - rate * (time.monotonic() - begin)
    figures["reload messages"] = wire.count()
    begin = time.monotonic()
    daemon.terminate()
    daemon.wait(30)
    figures["stop"] = (time.monotonic() - begin) * 1e3
    site.batch(["link del nlmon0"], "director")
    return figures


def entries(process):
    with open(f"/proc/{process}/net/ip_vs") as table:
        return table.read().count("\n  -> ") - 1


def cpu(process):
    """Milliseconds on a CPU."""
    with open(f"/proc/{process}/schedstat") as file:
        return int(file.read().split()[0]) / 1e6


def split(process):
    """Milliseconds in its own code and in the kernel's, as the ticks of the clock found it."""
    with open(f"/proc/{process}/stat") as file:
        return [int(word) * 1000 / os.sysconf("SC_CLK_TCK") for word in file.read().rsplit(")", 1)[1].split()[11:13]]


def connections(site):
    with site.inside("director"), open("/proc/thread-self/net/snmp") as file:
        names, values = [line.split() for line in file if line.startswith("Tcp:")]
    return int(values[names.index("ActiveOpens")])


def inside(rounds, seconds):
    """In the machine: a director, and a namespace that is all of the servers."""
    import director_site as site

    os.makedirs(WORK, exist_ok=True)
    with open(f"{WORK}/many.conf", "w") as file:
        file.write(configuration())
    site.batch(["netns add director", "netns add servers",
                "link add eth0 netns director type veth peer name eth0 netns servers"])
    for name, address in [("director", "10.1.0.1"), ("servers", "10.1.0.2")]:
        site.batch(["link set lo up", "link set eth0 up", f"addr add {address}/24 dev eth0"], name)
    site.batch(["route add 10.2.0.0/16 via 10.1.0.2"], "director")
    site.batch(["route add local 10.2.0.0/16 dev lo"], "servers")
    listener = subprocess.Popen([sys.executable, __file__, "--listen"], preexec_fn=lambda: site.enter("servers"))
    time.sleep(1)
    found = {name: [] for name in COMMANDS}
    for turn in range(STARTS + 1):
        for name in sorted(COMMANDS, reverse=turn % 2 == 1):
            figures = measure_starts(site, name)
            # The first reads its program from the disk.
            if turn:
                tell(name, found, figures)
    for turn in range(rounds):
        for name in sorted(COMMANDS, reverse=turn % 2 == 1):
            tell(name, found, measure(site, name, seconds))
    listener.kill()
    table(found)


def tell(name, found, figures):
    found[name].append(figures)
    print(f"{name}: " + ", ".join(f"{what} {value:.4g}" for what, value in figures.items()), flush=True)


def listen():
    """Accepts and closes, in C's time and not ours: nothing is read."""
    import socket

    service = socket.create_server(("", 80), backlog=1024)
    while True:
        service.accept()[0].close()


def table(found):
    rows = [("start: exec to all in the kernel, ms", "start"), ("start: CPU of the check process, ms", "start CPU"),
            ("CPU per check, µs", "per check"),
            ("of it in the process's own code, µs", "user"), ("of it in the kernel, µs", "kernel"),
            ("reload unchanged: CPU, ms", "reload CPU"),
            ("reload unchanged: messages to IPVS", "reload messages"), ("stop, ms", "stop")]
    print("\n| median of the rounds | ours | keepalived | ours / keepalived |\n|---|---|---|---|")
    for label, key in rows:
        if not any(key in it for it in found["ours"]):
            continue
        ours, theirs = [statistics.median(it[key] for it in found[name] if key in it) for name in ("ours", "keepalived")]
        ratio = f"{ours / theirs:.2f}" if theirs > 0 else "-"
        print(f"| {label} | {ours:.4g} | {theirs:.4g} | {ratio} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="at work; 0 measures starts only")
    parser.add_argument("--seconds", type=int, default=20, help="of checks, measured in each round")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--listen", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.listen:
        listen()
    if chosen.inside:
        return inside(chosen.rounds, chosen.seconds)
    environment = [f"VRRPD={os.environ['VRRPD']}"] if "VRRPD" in os.environ else []
    limit = 200 + chosen.rounds * 2 * (chosen.seconds + 40)
    return subprocess.run(
        [f"{REPOSITORY}/Tests/VM/run", "--seconds", str(limit), "--", "env", *environment, sys.executable, __file__,
         "--inside", "--rounds", str(chosen.rounds), "--seconds", str(chosen.seconds)]).returncode


if __name__ == "__main__":
    sys.exit(main())
