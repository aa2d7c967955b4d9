#!/usr/bin/env python3
"""Health checks by the thousand: ProbeLoad, which runs them as the daemon does, against nginx on loopback.

ProbeLoad has one thread and gets one CPU to itself, nginx has the others. Each check has a period of one second, so that
10,000 checks are 10,000 requests a second. Needs nginx, and a Swift toolchain to build ProbeLoad.

Example: checks.py --counts 1000 10000 --kinds http https
"""

import argparse
import os
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "Benchmarks" / "ProbeLoad"
TLS = ROOT / "Tests" / "LinuxNetworkingTests" / "Fixtures" / "TLS"

CONFIGURATION = """
daemon off; master_process on; worker_processes {workers}; pid {folder}/pid; error_log /dev/null;
worker_rlimit_nofile 65536;
events {{ worker_connections 16384; }}
http {{
  access_log off; {paths}
  server {{
    listen {port} backlog=16384; listen {secure} ssl backlog=16384;
    ssl_certificate {tls}/good.pem; ssl_certificate_key {tls}/key.pem;
    location / {{ return 200 "hello\\n"; }}
  }}
}}
"""


def start_nginx(folder, port, secure, cpus):
    paths = " ".join(f"{name}_temp_path {folder}/{name};"
                     for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    file = pathlib.Path(folder) / "nginx.conf"
    file.write_text(CONFIGURATION.format(workers=max(1, len(cpus)), folder=folder, paths=paths, port=port,
                                         secure=secure, tls=TLS))
    command = ["taskset", "-c", ",".join(map(str, cpus)), "nginx", "-e", "/dev/null", "-p", folder, "-c", str(file)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def measure(program, cpu, kind, port, count, period, seconds):
    command = ["taskset", "-c", str(cpu), program, kind, str(port), str(count), str(period), str(seconds)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(line.split() for line in text.splitlines())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--kinds", nargs="+", default=["tcp", "http", "https"])
    parser.add_argument("--period", type=int, default=1000, help="of each check, in milliseconds")
    parser.add_argument("--seconds", type=int, default=10)
    arguments = parser.parse_args()
    # As the daemon is built (scripts/build-release).
    subprocess.run(["swift", "build", "-c", "release", "-Xswiftc", "-cross-module-optimization", "--package-path", PACKAGE,
                    "--quiet"], check=True)
    program = str(PACKAGE / ".build" / "release" / "ProbeLoad")
    first, *others = sorted(os.sched_getaffinity(0))
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, CPUs: {1 + len(others)}\n")
    print("| kind | checks | findings/s | failed | CPU | µs/check | most open | bytes/check waiting | running |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        nginx = start_nginx(folder, 18080, 18443, others or [first])
        try:
            time.sleep(1)
            for kind in arguments.kinds:
                for count in arguments.counts:
                    found = measure(program, first, kind, 18443 if kind == "https" else 18080, count,
                                    arguments.period, arguments.seconds)
                    print(f"| {kind} | {count} | {found['per_second']} | {found['failed']} | {found['cpu_percent']} % "
                          f"| {float(found['cpu_microseconds_per_check']):.1f} | {found['most_open']} "
                          f"| {found['bytes_per_check_waiting']} | {found['bytes_per_check_running']} |", flush=True)
        finally:
            nginx.terminate()
            nginx.wait()


if __name__ == "__main__":
    main()
