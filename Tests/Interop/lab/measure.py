"""Figures of processes, and figures about figures."""

import os
import platform
import statistics
import time


def process_tree(root):
    """The process `root` and all its descendants, parents first."""
    children = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(entry))
    found, queue = [], [root]
    while queue:
        pid = queue.pop(0)
        if os.path.exists(f"/proc/{pid}"):
            found.append(pid)
        queue += children.get(pid, [])
    return found


def cpu_seconds(pids):
    """Time on a CPU of all threads of the processes, from schedstat (nanoseconds there)."""
    total = 0
    for pid in pids:
        try:
            for thread in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                    total += int(file.read().split()[0])
        except OSError:
            pass  # it ended meanwhile
    return total / 1e9


def memory_kib(pids):
    """{"rss": …, "pss": …}, summed over the processes, in KiB."""
    total = {"rss": 0, "pss": 0}
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                for line in file:
                    name, _, value = line.partition(":")
                    if name.lower() in total:
                        total[name.lower()] += int(value.split()[0])
        except OSError:
            pass
    return total


def median(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def percentile(values, rank):
    """The smallest value that at least `rank` percent of the values do not exceed (nearest rank)."""
    values = sorted(value for value in values if value is not None)
    return values[max(0, -(-rank * len(values) // 100) - 1)] if values else None


def spread(values):
    """Median, 99th percentile and maximum."""
    return median(values), percentile(values, 99), percentile(values, 100)


class Table:
    """A markdown table with aligned columns."""

    def __init__(self, *heads):
        self.rows = [list(heads)]

    def add(self, *cells):
        self.rows.append([_text(cell) for cell in cells])

    def __str__(self):
        widths = [max(len(row[column]) for row in self.rows) for column in range(len(self.rows[0]))]
        lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in self.rows]
        lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
        return "\n".join(lines)


def _text(cell):
    if cell is None:
        return "-"
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def context_of_host():
    """One line that says where figures come from."""
    load = os.getloadavg()[0]
    return (f"{time.strftime('%Y-%m-%d %H:%M')}, Linux {platform.release()} {platform.machine()}, "
            f"{os.cpu_count()} CPUs, load {load:.2f}")
