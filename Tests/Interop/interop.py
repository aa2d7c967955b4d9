#!/usr/bin/env python3
"""Fail-over of one virtual router between two daemons, each in both roles, and what the wire must never do to it.

Cases are named FIRST>SECOND/KIND. Router 1 runs FIRST with priority 150, router 2 SECOND with priority 100:

  election   router 1 alone advertises and owns the addresses
  hand-over  router 1 is asked to stop: priority 0, router 2 advertises after Skew_Time and announces the addresses
  preemption router 1 is back and alone again
  detection  the cable of router 1 is cut: router 2 advertises after 3 * Advertisement_Interval + Skew_Time
  return     the cable is back: router 1 alone advertises
  log        neither daemon complained about a packet

Cases of our daemon alone: `partition` (protocol 112 is dropped, then not), `freeze` (the active router sleeps),
`flood` (50,000 adverts a second that must be discarded), `trickle` (few of them), `lower-flood` (50,000 a second of lower
rank), `rival` (somebody else claims the address by ARP), `process` (a tracked one), `unicast` (three peers),
`bfd-…` (sessions and what follows them), `sync-group`, `stop` (how long it takes), `examples` (it checks every file in examples/), `tshark`
(Wireshark judges what it sends).

Our daemon is .build/release/vrrpd or the command in VRRPD. Examples:
  interop.py                                    everything
  interop.py --only 'ours>keepalived/v3' flood  cases whose name contains one of the words
  interop.py --pairs keepalived:frr --quick     two others, the two kinds that say most
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import signal
import subprocess
import sys

from alerts import check_mail, check_real_mail, check_secure_mail, check_slow_mail
from bfd import check_early_reload, check_failover, check_flood as check_bfd_flood, check_life, check_session
from contests import (check_group, check_lower_flood, check_process, check_rival, check_stop, check_trickle,
                      check_unicast)
from demotion import check_demotion
from election import KINDS, check_election
from lab import profile_missing, requirement_missing
from notifications import check_lines, check_readers, check_scheduling
from objects import check_objects, check_static_reload
from operations import check_crash, check_hooks, check_reload
from robustness import check_examples, check_flood, check_freeze, check_partition, check_tshark
from settings import check_options, check_polled_links, check_settings, check_withdrawal
from vmac import check_vmac

CASE_LIMIT = 150  # seconds; a case takes 10 to 40


@dataclasses.dataclass(frozen=True)
class Case:
    """A check, and the daemon profiles it runs."""

    name: str
    check: object
    arguments: tuple
    profiles: tuple

    def reason_to_skip(self):
        return requirement_missing() or next(filter(None, map(profile_missing, self.profiles)), None)


def all_cases(pairs, quick):
    for pair in pairs:
        left, right = pair.split(":")
        for first, second in dict.fromkeys([(left, right), (right, left)]):
            for kind in KINDS.values():
                if (kind.quick or not quick) and all(getattr(kind, name, True) for name in (first, second)):
                    yield Case(f"{first}>{second}/{kind.name}", check_election, (first, second, kind.name),
                               (first, second))
            if "frr" not in (first, second):
                for family in (4,) if quick else (4, 6):
                    yield Case(f"{first}>{second}/vmac-ip{family}", check_vmac, (first, second, family),
                               (first, second))
    yield Case("ours>ours/partition", check_partition, ("ours",), ("ours",))
    yield Case("ours>ours/freeze", check_freeze, ("ours",), ("ours",))
    yield Case("ours>ours/flood", check_flood, ("ours",), ("ours",))
    yield Case("ours>ours/trickle", check_trickle, ("ours",), ("ours",))
    yield Case("ours>ours/lower-flood", check_lower_flood, ("ours",), ("ours",))
    yield Case("ours>ours/rival", check_rival, ("ours",), ("ours",))
    yield Case("ours/process", check_process, ("ours",), ("ours",))
    yield Case("ours>ours>ours/unicast", check_unicast, ("ours",), ("ours",))
    yield Case("ours>ours/sync-group", check_group, ("ours",), ("ours",))
    for peer in ("ours", "keepalived"):
        yield Case(f"ours>{peer}/demotion", check_demotion, ("ours", peer), ("ours", peer))
    yield Case("ours/stop", check_stop, ("ours",), ("ours",))
    yield Case("ours>ours/crash", check_crash, ("ours",), ("ours",))
    yield Case("ours>ours/reload", check_reload, ("ours",), ("ours",))
    yield Case("ours/hooks", check_hooks, ("ours",), ("ours",))
    yield Case("ours/mail", check_mail, ("ours",), ("ours", "keepalived"))
    yield Case("ours/real-mail", check_real_mail, ("ours",), ("ours",))
    yield Case("ours/slow-mail", check_slow_mail, ("ours",), ("ours",))
    yield Case("ours/objects", check_objects, ("ours",), ("ours", "keepalived"))
    yield Case("ours/statics", check_static_reload, ("ours",), ("ours",))
    yield Case("ours/secure-mail", check_secure_mail, ("ours",), ("ours",))
    yield Case("ours/notify-lines", check_lines, ("ours",), ("ours", "keepalived"))
    yield Case("ours/notify-readers", check_readers, ("ours",), ("ours",))
    yield Case("ours/scheduling", check_scheduling, ("ours",), ("ours",))
    yield Case("ours/settings", check_settings, ("ours",), ("ours",))
    yield Case("ours/polled-links", check_polled_links, ("ours",), ("ours",))
    yield Case("ours/options", check_options, ("ours",), ("ours",))
    yield Case("ours/withdrawal", check_withdrawal, ("ours",), ("ours",))
    for peer in ("keepalived", "frr", "ours"):
        for family in (4, 6):
            yield Case(f"ours>{peer}/bfd-ip{family}", check_session, ("ours", peer, family), ("ours", peer))
    yield Case("ours>frr/bfd-multihop", check_session, ("ours", "frr", 4, True), ("ours", "frr"))
    yield Case("ours>ours/bfd-failover", check_failover, ("ours",), ("ours", "keepalived"))
    yield Case("ours/bfd-flood", check_bfd_flood, ("ours",), ("ours",))
    yield Case("ours/bfd-life", check_life, ("ours",), ("ours", "keepalived"))
    yield Case("ours/bfd-early-reload", check_early_reload, ("ours",), ("ours", "keepalived"))
    yield Case("ours/examples", check_examples, ("ours",), ("ours",))
    yield Case("ours/tshark", check_tshark, ("ours",), ("ours",))


def run_here(case):
    """Runs a case in this process and prints its result as JSON: the child's side of `run_apart`."""
    checks, logs = case.check(*case.arguments)
    if isinstance(checks, str):
        json.dump({"skip": checks}, sys.stdout)
    else:
        passed = all(check.passed for check in checks)
        json.dump({"checks": [vars(check) for check in checks], "logs": {} if passed else logs}, sys.stdout)


def run_apart(case, options):
    """Runs a case in a process of its own, so that one that hangs or dies takes nothing else down."""
    command = [sys.executable, os.path.abspath(__file__), "--case", case.name, "--pairs", *options.pairs]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    _running.add(child)
    try:
        output, errors = child.communicate(timeout=CASE_LIMIT)
        return json.loads(output)
    except subprocess.TimeoutExpired:
        child.terminate()
        child.communicate(timeout=20)
        return {"checks": [{"name": "time", "passed": False, "figure": f"more than {CASE_LIMIT} s"}]}
    except ValueError:
        last = (errors.strip().splitlines() or ["no output"])[-1]
        return {"checks": [{"name": "run", "passed": False, "figure": last}], "logs": {"script": errors}}
    finally:
        _running.discard(child)


_running = set()


def report(number, case, result):
    """Prints the line of a case, and all there is to know when it failed; returns passed, failed or skipped."""
    if "skip" in result:
        print(f"ok {number} - {case.name} # SKIP {result['skip']}", flush=True)
        return "skipped"
    failed = [check for check in result["checks"] if not check["passed"]]
    figures = ", ".join(f"{check['name']} {check['figure']}" for check in result["checks"] if check["figure"])
    print(f"{'not ok' if failed else 'ok'} {number} - {case.name}: {figures}")
    for check in failed:
        print(f"#   FAILED {check['name']}: {check['figure']}")
    for name, log in result.get("logs", {}).items():
        print(f"#   last lines of {name}:")
        for line in log.splitlines()[-25:]:
            print(f"#     {line}")
    sys.stdout.flush()
    return "failed" if failed else "passed"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", nargs="+", default=["ours:keepalived", "ours:frr", "ours:ours"])
    parser.add_argument("--only", nargs="+", help="run cases whose name contains one of these words")
    parser.add_argument("--quick", action="store_true", help="only the kinds v2 and v3-ip4")
    parser.add_argument("--jobs", type=int, default=3, help="cases at the same time (they mostly wait)")
    parser.add_argument("--list", action="store_true", help="print the names of the cases and stop")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    options = parser.parse_args()
    cases = list(all_cases(options.pairs, options.quick))
    if options.case:
        return run_here(next(case for case in cases if case.name == options.case))
    if options.only:
        cases = [case for case in cases if any(word in case.name for word in options.only)]
    if options.list:
        return print("\n".join(case.name for case in cases))
    return run_all(cases, options)


def run_all(cases, options):
    """All cases, some at a time, each reported in its order; the last line counts them."""
    tally = {"passed": 0, "failed": 0, "skipped": 0}
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    alone = [case for case in cases if case.check in (check_flood, check_lower_flood, check_bfd_flood)]  # it loads the machine, and judges a cadence
    together = [case for case in cases if case not in alone]
    print(f"1..{len(cases)}", flush=True)
    number = 0
    try:
        for group, jobs in ((together, options.jobs), (alone, 1)):
            with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
                skips = [case.reason_to_skip() for case in group]
                results = [pool.submit(lambda skip=skip: {"skip": skip}) if skip else
                           pool.submit(run_apart, case, options) for case, skip in zip(group, skips)]
                for case, result in zip(group, results):
                    number += 1
                    tally[report(number, case, result.result())] += 1
    finally:
        for child in list(_running):
            child.terminate()
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**tally))
    return 1 if tally["failed"] or not tally["passed"] and not tally["skipped"] else 0


if __name__ == "__main__":
    sys.exit(main())
