"""What the benchmarks beside other daemons have in common: options, the laboratory's path, tables with ratios."""

import argparse
import json
import os
import shlex
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../Tests/Interop"))

from lab import Table, context_of_host, profile_missing, requirement_missing  # noqa: E402


def options(description):
    """A parser with the options every benchmark has; the caller adds its own and calls `parse`."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--daemons", nargs="+", default=["ours", "keepalived"],
                        help="profiles of the laboratory; ratios are first to second")
    parser.add_argument("--json", help="write every single figure to this file")
    return parser


def parse(parser):
    """The options, once it is clear that the benchmark can run; otherwise one line on standard error, and exit 1."""
    chosen = parser.parse_args()
    missing = requirement_missing() or next(filter(None, map(profile_missing, chosen.daemons)), None)
    if missing:
        sys.exit(f"{os.path.basename(sys.argv[0])}: {missing}")
    return chosen


def heading(title):
    """Says what is measured, where, and how to repeat it."""
    command = shlex.join([os.path.join("Benchmarks/peers", os.path.basename(sys.argv[0])), *sys.argv[1:]])
    print(f"## {title}\n\n{context_of_host()}\nRepeat: `{command}`\n", flush=True)


def compare(rows, daemons):
    """A table of `rows`, (what, {daemon: figure}), with the ratio of the first daemon to the second."""
    table = Table("what", *daemons, *([f"{daemons[0]} / {daemons[1]}"] if len(daemons) > 1 else []))
    for what, figures in rows:
        table.add(what, *(figures.get(daemon) for daemon in daemons), *_ratio(figures, daemons))
    print(f"{table}\n", flush=True)


def _ratio(figures, daemons):
    if len(daemons) < 2:
        return []
    first, second = (figures.get(daemon) for daemon in daemons[:2])
    return [first / second if first is not None and second else None]


def save(path, figures):
    if path:
        with open(path, "w") as file:
            json.dump({"host": context_of_host(), "command": sys.argv, "figures": figures}, file, indent=1)
