"""Which addresses come and go on the routers: a listener on rtnetlink."""

import collections
import contextlib
import dataclasses
import os
import selectors
import socket
import struct
import threading

from .capture import SO_RCVBUFFORCE
from .namespaces import inside, now

RTM_NEWADDR, RTM_DELADDR = 20, 21
RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR = 0x10, 0x100
IFA_ADDRESS, IFA_LOCAL = 1, 2


@dataclasses.dataclass(slots=True)
class AddressChange:
    time: float
    router: int
    added: bool
    address: str


class AddressMonitor:
    """Records every address added to or removed from the watched routers."""

    def __init__(self):
        self.overruns = 0
        # What was heard is read later: at a take-over of a thousand addresses every microsecond between two counts.
        self._heard, self._changes = collections.deque(), []
        self._sockets, self._selector = [], selectors.DefaultSelector()
        self._stop, self._thread = False, threading.Thread(target=self._listen, daemon=True)

    def watch(self, namespace, router):
        with inside(namespace):
            listener = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        listener.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        listener.bind((0, RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR))
        listener.setblocking(False)
        self._sockets.append(listener)
        self._selector.register(listener, selectors.EVENT_READ, router)

    def start(self):
        self._thread.start()
        return self

    @property
    def changes(self):
        """All that was heard so far."""
        while self._heard:
            self._read(*self._heard.popleft())
        return self._changes

    def mark(self):
        return len(self.changes)

    def first(self, router, added, mark=0):
        """{address: time of its first addition (or removal) on `router` after `mark`}."""
        times = {}
        for change in self.changes[mark:]:
            if change.router == router and change.added == added:
                times.setdefault(change.address, change.time)
        return times

    def _listen(self):
        # Ahead of the daemons, which have a real-time class too: else a time would say when they were done.
        with contextlib.suppress(PermissionError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(60))
        while not self._stop:
            for key, _ in self._selector.select(0.2):
                for _ in range(1000):
                    try:
                        buffer = key.fileobj.recv(65536)
                    except BlockingIOError:
                        break
                    except OSError:
                        self.overruns += 1  # ENOBUFS: changes were lost
                        break
                    self._heard.append((buffer, now(), key.data))

    def _read(self, buffer, time, router):
        offset = 0
        while offset + 16 <= len(buffer):
            length, kind = struct.unpack_from("IH", buffer, offset)
            if length < 16:
                return
            if kind in (RTM_NEWADDR, RTM_DELADDR):
                address = _address(buffer[offset + 16 : offset + length])
                self._changes.append(AddressChange(time, router, kind == RTM_NEWADDR, address))
            offset += (length + 3) & ~3

    def close(self):
        self._stop = True
        self._thread.join(2)
        while self._sockets:
            self._sockets.pop().close()


def _address(message):
    family, offset, found = message[0], 8, None
    while offset + 4 <= len(message):
        length, kind = struct.unpack_from("HH", message, offset)
        if length < 4:
            break
        if kind == IFA_LOCAL or (kind == IFA_ADDRESS and found is None):
            found = socket.inet_ntop(family, message[offset + 4 : offset + length])
        offset += (length + 3) & ~3
    return found
