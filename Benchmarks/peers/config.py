#!/usr/bin/env python3
"""Times `vrrpd -t` beside `keepalived -t` on the same large files, in turns; no root, nothing is configured.

Example: config.py --runs 9 --linear
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def instances(count):
    """Eleven lines for each instance; 255 router IDs on each interface."""
    text = []
    for i in range(count):
        text.append(
            f"vrrp_instance VI_{i} {{\n    state BACKUP\n    interface eth{i // 255}\n"
            f"    virtual_router_id {i % 255 + 1}\n    priority 100\n    advert_int 1\n"
            f"    virtual_ipaddress {{\n        10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}/24\n    }}\n}}\n\n")
    return "".join(text)


def servers(count):
    """66 lines for each virtual server: six real servers with a check."""
    text = []
    for i in range(count):
        a, b = i >> 8 & 255, i & 255
        text.append(
            f"virtual_server 10.1.{a}.{b} 80 {{\n    delay_loop 5\n    protocol TCP\n    lvs_sched rr\n"
            f"    lvs_method NAT\n")
        for real in range(6):
            text.append(
                f"    real_server 10.{real + 2}.{a}.{b} 80 {{\n        weight 1\n        TCP_CHECK {{\n"
                f"            connect_timeout 3\n            retry 2\n            delay_before_retry 1\n"
                f"            connect_port 80\n        }}\n        inhibit_on_failure\n    }}\n")
        text.append("}\n")
    return "".join(text)


def measure(command):
    """Wall and CPU seconds: on a busy machine only the second can be compared."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vrrpd", default=os.path.join(os.path.dirname(__file__), "../../.build/release/vrrpd"))
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--linear", action="store_true", help="10,000 and 1,000,000 lines of instances, too")
    chosen = parser.parse_args()
    if not shutil.which("keepalived") or not os.access(chosen.vrrpd, os.X_OK):
        sys.exit("config.py: needs keepalived, and vrrpd as `make build` builds it")
    cases = [("9091 instances", instances(9091)), ("1516 virtual servers", servers(1516))]
    cases += [(f"{count} instances", instances(count)) for count in (909, 90909)] if chosen.linear else []
    print("| file | lines | | ours, ms | keepalived, ms | keepalived / ours |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "keepalived.conf")
        for name, text in cases:
            with open(path, "w") as file:
                file.write(text)
            theirs, ours = [], []
            for _ in range(chosen.runs):
                # Its cost grows with the square: a million lines would take it minutes.
                if text.count("\n") < 200_000:
                    theirs.append(measure(["keepalived", "-t", "-f", path]))
                ours.append(measure([chosen.vrrpd, "-t", "-f", path]))
            for place, label in enumerate(["wall", "CPU"]):
                our = statistics.median(run[place] for run in ours)
                their = statistics.median(run[place] for run in theirs) if theirs else None
                compared = f"{their * 1e3:.1f} | {their / our:.1f}" if their else "- | -"
                print(f"| {name} | {text.count(chr(10))} | {label} | {our * 1e3:.1f} | {compared} |")


if __name__ == "__main__":
    main()
