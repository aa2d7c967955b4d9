"""Answers every datagram on port 7 with the name it was given."""

import socket
import sys

service = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
service.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
# An answer must come from the address that was asked: the service's own, where that is not the interface's.
service.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
service.setsockopt(socket.IPPROTO_IP, 8, 1)  # IP_PKTINFO
service.bind(("::", 7))
while True:
    _, ancillary, _, client = service.recvmsg(100, 1000)
    known = [item for item in ancillary if item[0] == socket.IPPROTO_IPV6 and item[1] == socket.IPV6_PKTINFO]
    # The interface it came by is a tunnel's end perhaps; only the address counts.
    reply = [(level, kind, data[:16] + bytes(4)) for level, kind, data in known]
    service.sendmsg([sys.argv[1].encode()], reply, 0, client)
