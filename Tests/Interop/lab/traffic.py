#!/usr/bin/env python3
"""Traffic of the client, each in a process of its own so that its cadence does not share an interpreter with the taps.

  traffic.py ping ADDRESS MICROSECONDS            ICMP echo requests until killed or orphaned
  traffic.py flood INTERFACE VRID SOURCE RATE SECONDS
                                                  adverts that a router must discard; prints how many were sent
  traffic.py lower INTERFACE VRID SOURCE RATE SECONDS
                                                  good adverts of priority 50; prints how many were sent
  traffic.py claim INTERFACE ADDRESS              a gratuitous ARP of 00:00:5e:00:01:99
"""

import os
import socket
import struct
import sys
import time


def checksum(data):
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ping(address, microseconds):
    six = ":" in address
    family = socket.AF_INET6 if six else socket.AF_INET
    sender = socket.socket(family, socket.SOCK_RAW, socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # the answers are read by the taps
    sender.setblocking(False)
    parent, sequence, step, due = os.getppid(), 0, microseconds / 1e6, time.monotonic()
    while os.getppid() == parent:
        header = struct.pack("!BBHHH", 128 if six else 8, 0, 0, os.getpid() & 0xFFFF, sequence & 0xFFFF)
        if not six:  # the kernel fills in the one of ICMPv6
            header = header[:2] + struct.pack("!H", checksum(header)) + header[4:]
        try:
            sender.sendto(header, (address, 0))
        except OSError:
            pass  # no route or no neighbour at the moment: that is what an outage looks like
        sequence, due = sequence + 1, due + step
        pause = due - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        else:
            due = time.monotonic()


def forged_adverts(vrid, source):
    """Version 3 adverts of the highest priority and of priority 0, each with one defect that forbids to act on it."""
    for priority in (255, 0):
        good = _advert(3, vrid, priority, source)
        yield good[:6] + struct.pack("!H", (int.from_bytes(good[6:8], "big") + 1) & 0xFFFF) + good[8:], 255, source
        yield good, 254, source
        yield _advert(3, vrid % 255 + 1, priority, source), 255, source
        yield _advert(3, vrid, priority, source, count=9), 255, source
        yield good[:7], 255, source
        yield _advert(7, vrid, priority, source), 255, source
        yield _advert(3, vrid, priority, source, kind=2), 255, source


def _advert(version, vrid, priority, source, count=1, kind=1):
    body = struct.pack("!BBBBHH", version << 4 | kind, vrid, priority, count, 1, 0) + socket.inet_aton(source)
    pseudo = socket.inet_aton(source) + socket.inet_aton("224.0.0.18") + struct.pack("!BBH", 0, 112, len(body))
    return body[:6] + struct.pack("!H", checksum(pseudo + body)) + body[8:]


def _frame(payload, ttl, source):
    header = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0xC0, 20 + len(payload), 0, 0, ttl, 112, 0, socket.inet_aton(source),
        socket.inet_aton("224.0.0.18"))
    header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
    return bytes.fromhex("01005e000012" "00005e000199" "0800") + (header + payload).ljust(46, b"\0")


def claim(interface, address):
    sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sender.bind((interface, 0))
    own, sought = bytes.fromhex("00005e000199"), socket.inet_aton(address)
    sender.send(b"\xff" * 6 + own + bytes.fromhex("0806" "0001080006040001") + own + sought + b"\xff" * 6 + sought)


def flood(interface, frames, rate, seconds):
    sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    sender.bind((interface, 0))
    begin, sent = time.monotonic(), 0
    while (elapsed := time.monotonic() - begin) < seconds:
        while sent < elapsed * rate:
            sender.send(frames[sent % len(frames)])
            sent += 1
            if sent % 64 == 0 and time.monotonic() - begin >= seconds:
                break
        time.sleep(0.0005)
    print(sent)


def main(arguments):
    match arguments:
        case ["ping", address, microseconds]:
            ping(address, int(microseconds))
        case ["flood", interface, vrid, source, rate, seconds]:
            frames = [_frame(*forged) for forged in forged_adverts(int(vrid), source)]
            flood(interface, frames, float(rate), float(seconds))
        case ["lower", interface, vrid, source, rate, seconds]:
            flood(interface, [_frame(_advert(3, int(vrid), 50, source), 255, source)], float(rate), float(seconds))
        case ["claim", interface, address]:
            claim(interface, address)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
