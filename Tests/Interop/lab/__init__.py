"""A laboratory of network namespaces for VRRP daemons: Linux, root, Python 3.10+, standard library only.

    +------------ namespace PREFIX-PID-bridge ------------+
    |  br0 (segment 0)           br1 (segment 1) ...      |
    |  |-- r1p0  r2p0  c0        |-- r1p1  r2p1  c1       |
    +-----|-----|-----|--------------|-----|-----|--------+
        eth0  eth0  eth0           eth1  eth1  eth1        in namespaces ...-r1, ...-r2, ...-client

Nothing outside these namespaces is touched, and only processes inside them are ever killed. They are removed when the
`Lab` closes, at exit, on SIGINT and on SIGTERM; what a killed run left behind is swept away by the next one.

All times are seconds of the wall clock, which is the clock the kernel stamps packets with.
"""

from .capture import Packet, Tap, longest_outage
from .daemons import (
    REPOSITORY, Daemon, FRRDaemon, VirtualRouter, active_down_interval, create_daemon, profile_missing, skew_time)
from .exim import Exim, exim_missing
from .mail import MailServer, Webhook
from .measure import Table, context_of_host, cpu_seconds, median, memory_kib, percentile, process_tree, spread
from .namespaces import inside, now, run, wait_for
from .network import CLIENT, AddressPlan, Lab, requirement_missing

__all__ = [
    "AddressPlan", "CLIENT", "Daemon", "Exim", "FRRDaemon", "Lab", "MailServer", "Packet", "REPOSITORY", "Table", "Tap",
    "VirtualRouter",
    "Webhook", "active_down_interval",
    "context_of_host", "cpu_seconds", "create_daemon", "exim_missing", "inside", "longest_outage", "median", "memory_kib", "now",
    "percentile", "process_tree", "profile_missing", "requirement_missing", "run", "skew_time", "spread", "wait_for",
]
