"""What goes over the wire: packet sockets with the kernel's timestamps, and a decoder for what a VRRP lab looks at."""

import ctypes
import dataclasses
import selectors
import socket
import struct
import threading

from .namespaces import inside, now

ETH_P_ALL = 0x0003
SO_TIMESTAMPNS = 35
SO_RCVBUFFORCE = 33
SO_ATTACH_FILTER = 26
SOL_PACKET = 263
PACKET_STATISTICS = 6
PACKET_IGNORE_OUTGOING = 23

# Classic BPF: ARP, all of IPv6, and of IPv4 the protocols 112 (VRRP), 51 (AH) and 1 (ICMP).
_FILTER = [
    (0x28, 0, 0, 12),  # load the EtherType
    (0x15, 7, 0, 0x0806),
    (0x15, 6, 0, 0x86DD),
    (0x15, 0, 4, 0x0800),
    (0x30, 0, 0, 23),  # load the IPv4 protocol
    (0x15, 3, 0, 112),
    (0x15, 2, 0, 51),
    (0x15, 1, 0, 1),
    (0x06, 0, 0, 0),  # refuse
    (0x06, 0, 0, 0x40000),  # accept
]


@dataclasses.dataclass(slots=True)
class Packet:
    """One frame that entered a port. `kind`: advert, garp, arp, na, request, reply (of echo), or None for the rest."""

    time: float
    port: int
    data: bytes
    kind: str = None
    source: str = None
    destination: str = None
    version: int = None
    vrid: int = None
    priority: int = None
    interval: float = None
    target: str = None  # the address a GARP or neighbour advertisement speaks for
    sequence: int = None  # of an echo


_ECHO = {(1, 8): "request", (1, 0): "reply", (58, 128): "request", (58, 129): "reply"}


def decode(time, port, data):
    """Reads a frame far enough to name it; never fails on a short one."""
    packet = Packet(time, port, data)
    ethertype = data[12:14]
    if ethertype == b"\x08\x06" and len(data) >= 42:
        sender, target = data[28:32], data[38:42]
        packet.kind = "garp" if sender == target else "arp"
        packet.source = packet.target = socket.inet_ntoa(sender)
    elif ethertype == b"\x08\x00" and len(data) >= 34:
        packet.source, packet.destination = socket.inet_ntoa(data[26:30]), socket.inet_ntoa(data[30:34])
        _decode_payload(packet, data[23], 14 + (data[14] & 15) * 4)
    elif ethertype == b"\x86\xdd" and len(data) >= 54:
        packet.source = socket.inet_ntop(socket.AF_INET6, data[22:38])
        packet.destination = socket.inet_ntop(socket.AF_INET6, data[38:54])
        _decode_payload(packet, data[20], 54)
    return packet


def _decode_payload(packet, protocol, offset):
    data = packet.data
    if protocol == 51 and len(data) >= offset + 2:  # AH: the next header, its own length in words less two
        protocol, offset = data[offset], offset + (data[offset + 1] + 2) * 4
    if protocol == 112 and len(data) >= offset + 8:
        packet.kind, packet.version = "advert", data[offset] >> 4
        packet.vrid, packet.priority = data[offset + 1], data[offset + 2]
        if packet.version == 2:
            packet.interval = float(data[offset + 5])
        else:
            packet.interval = (int.from_bytes(data[offset + 4 : offset + 6], "big") & 0x0FFF) / 100
    elif len(data) >= offset + 8 and (protocol, data[offset]) in _ECHO:
        packet.kind = _ECHO[protocol, data[offset]]
        packet.sequence = int.from_bytes(data[offset + 6 : offset + 8], "big")
    elif protocol == 58 and len(data) >= offset + 24 and data[offset] == 136:
        packet.kind = "na"
        packet.target = socket.inet_ntop(socket.AF_INET6, data[offset + 8 : offset + 24])


class Tap:
    """Records, in a thread of its own, what enters the watched ports; `packets` only grows until `forget`."""

    def __init__(self):
        self.packets, self.dropped = [], 0
        self._sockets, self._selector = [], selectors.DefaultSelector()
        self._stop, self._thread = False, threading.Thread(target=self._capture, daemon=True)

    def watch(self, namespace, interface, port):
        """Adds an interface; its packets carry the number `port`."""
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in _FILTER))
        with inside(namespace):
            tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
            tap.setsockopt(
                socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("HP", len(_FILTER), ctypes.addressof(code)))
            tap.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
            tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            tap.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
            tap.bind((interface, ETH_P_ALL))
        tap.setblocking(False)
        self._sockets.append(tap)
        self._selector.register(tap, selectors.EVENT_READ, port)

    def start(self):
        self._thread.start()
        return self

    def _capture(self):
        while not self._stop:
            for key, _ in self._selector.select(0.2):
                for _ in range(1000):  # then look at the other ports
                    try:
                        data, ancillary, _, _ = key.fileobj.recvmsg(9000, 64)
                    except (BlockingIOError, OSError):
                        break
                    self.packets.append(decode(_timestamp(ancillary), key.data, data))

    def mark(self):
        """A place in the record, for `since`."""
        return len(self.packets)

    def since(self, mark=0, **fields):
        """Packets recorded after `mark` whose fields have the given values, in order of time for each port."""
        return [p for p in self.packets[mark:] if all(getattr(p, name) == value for name, value in fields.items())]

    def senders(self, window, vrid=None):
        """Ports from which adverts (of a priority above 0) came in the last `window` seconds."""
        limit, ports = now() - window, set()
        for packet in reversed(self.packets):
            if packet.time < limit - 0.5:  # ports may be recorded a little out of order
                break
            if packet.kind == "advert" and packet.priority and packet.time >= limit:
                if vrid is None or packet.vrid == vrid:
                    ports.add(packet.port)
        return ports

    def forget(self, keep=5000):
        """Drops all but the newest packets. Marks taken before are void."""
        del self.packets[: max(0, len(self.packets) - keep)]

    def save(self, path, packets):
        """Writes packets as a pcap file with nanosecond times."""
        with open(path, "wb") as file:
            file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1))
            for packet in sorted(packets, key=lambda p: p.time):
                seconds = int(packet.time)
                nanoseconds = int((packet.time - seconds) * 1e9)
                file.write(struct.pack("<IIII", seconds, nanoseconds, len(packet.data), len(packet.data)) + packet.data)

    def close(self):
        """Ends the recording; `dropped` then says how many packets the kernel had no room for."""
        self._stop = True
        self._thread.join(2)
        while self._sockets:
            tap = self._sockets.pop()
            self.dropped += struct.unpack("II", tap.getsockopt(SOL_PACKET, PACKET_STATISTICS, 8))[1]
            tap.close()


def longest_outage(packets, begin):
    """The longest time in which the client's echo requests went without an answer, in seconds: from the first of them
    to the first that was answered. None when nothing was asked. Packets from `begin` on, at most a minute of them."""
    replies = {p.sequence for p in packets if p.kind == "reply" and p.time >= begin}
    requests = sorted((p.time, p.sequence) for p in packets if p.kind == "request" and p.time >= begin)
    longest, since = 0.0, None
    for time, sequence in requests:
        if sequence not in replies:
            since = since or time
        elif since:
            longest, since = max(longest, time - since), None
    if since and requests[-1][0] - since > 0.05:  # the last ones may yet be answered
        longest = max(longest, requests[-1][0] - since)
    return longest if requests else None


def _timestamp(ancillary):
    for level, kind, value in ancillary:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("qq", value[:16])
            return seconds + nanoseconds / 1e9
    return now()
