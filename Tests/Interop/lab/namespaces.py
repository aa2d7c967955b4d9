"""Network namespaces: make them, enter them, remove them with everything that runs inside."""

import contextlib
import ctypes
import os
import re
import signal
import subprocess
import time

CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def now():
    """The wall clock in seconds: the clock of packet timestamps."""
    return time.clock_gettime(time.CLOCK_REALTIME)


def run(command, text=None, check=True, timeout=60):
    """Runs a command (a list), hands it `text` on standard input and returns its standard output."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def wait_for(condition, timeout, step=0.01):
    """Asks `condition` until it is true or `timeout` seconds passed; returns its last answer."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(step)
    return condition()


def enter(namespace):
    """Moves the calling thread into `namespace` for good; meant for a child between fork and exec."""
    descriptor = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if _libc.setns(descriptor, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter namespace {namespace}")
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def inside(namespace):
    """The calling thread runs inside `namespace`: sockets it opens there stay there."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        enter(namespace)
        yield
    finally:
        _libc.setns(home, CLONE_NEWNET)
        os.close(home)


def remove(names):
    """Kills what runs inside the named namespaces, then deletes them."""
    for name in names:
        for pid in run(["ip", "netns", "pids", name], check=False).split():
            if int(pid) != os.getpid():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(pid), signal.SIGKILL)
    for name in names:
        run(["ip", "netns", "delete", name], check=False)


def sweep(prefix):
    """Removes namespaces PREFIX-PID-* whose maker does not run any more."""
    pattern = re.compile(re.escape(prefix) + r"-(\d+)-")
    with contextlib.suppress(FileNotFoundError):
        found = [(name, pattern.match(name)) for name in os.listdir("/run/netns")]
        remove([name for name, match in found if match and not os.path.exists(f"/proc/{match[1]}")])
