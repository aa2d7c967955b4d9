#!/usr/bin/env python3
"""Times `vrrpctl check` and `vrrpd -t` beside `keepalived -t` on the same large files, in turns.

Usage: config.py VRRPCTL [RUNS] [--linear]      needs keepalived; no root, nothing is configured
"""
import os
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
    vrrpctl = os.path.abspath(sys.argv[1])
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    cases = [("9091 instances", instances(9091)), ("1516 virtual servers", servers(1516))]
    cases += [(f"{count} instances", instances(count)) for count in (909, 90909)] if "--linear" in sys.argv else []
    with tempfile.TemporaryDirectory() as directory:
        print(f"{'file':24}{'lines':>8}{'':>12}{'keepalived -t':>16}{'vrrpctl check':>16}{'ratio':>8}")
        for name, text in cases:
            path = os.path.join(directory, "keepalived.conf")
            with open(path, "w") as file:
                file.write(text)
            theirs, ours = [], []
            for _ in range(runs):
                # Its cost grows with the square: a million lines would take it minutes.
                theirs.append(
                    measure(["keepalived", "-t", "-f", path]) if text.count("\n") < 200_000
                    else (float("nan"), float("nan")))
                ours.append(measure([vrrpctl, "check", "--quiet", path]))
            for place, label in enumerate(["wall", "CPU"]):
                a = statistics.median(run[place] for run in theirs)
                b = statistics.median(run[place] for run in ours)
                lines = text.count("\n")
                print(f"{name:24}{lines:>8}{label:>12}{a * 1000:>13.1f} ms{b * 1000:>13.1f} ms{a / b:>8.1f}")


if __name__ == "__main__":
    main()
