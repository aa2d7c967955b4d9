"""Two directors with VRRP and the sync daemon: an open connection survives the end of one of them."""

import socket
import time

from director_site import SERVERS, Site, address, batch, inside

SERVICE = "10.8.0.100"
KEY = f"-t {SERVICE}:7000"


def configuration(priority):
    return f"""
global_defs {{
  router_id director{priority}
  lvs_sync_daemon eth1 inside
}}
vrrp_instance inside {{
  interface eth1
  virtual_router_id 51
  priority {priority}
  version 3
  advert_int 0.2
  virtual_ipaddress {{
    {SERVICE}/24
  }}
}}
virtual_server {SERVICE} 7000 {{
  delay_loop 1
  lvs_sched rr
  lvs_method DR
  protocol TCP
  real_server {address(4, SERVERS['web1'])} 7000 {{
    TCP_CHECK {{
      connect_timeout 1
    }}
  }}
}}
"""


def role(name):
    with inside(name), open("/proc/thread-self/net/ip_vs_conn_sync") as connections:
        return sum(f"{7000:04X}" in line for line in connections)


def listens(name):
    with inside(name), open("/proc/thread-self/net/tcp") as sockets:
        return any(f":{7000:04X} 00000000:0000 0A" in line for line in sockets)


def owns(name):
    with inside(name):
        with open("/proc/thread-self/net/fib_trie") as tree:
            return SERVICE in tree.read()


def run(report, _, daemon="vrrpd"):
    site = Site("DR", owns_address=False, pair=True)
    with report.stage(site, f"a pair with the sync daemon, {daemon}"):
        batch([f"addr add {SERVICE}/32 dev lo"], "web1")
        site.spawn_script("web1", "echo", "echo")
        # The service is there as soon as a director is, before a check could say that its server is not.
        report.until("the server listens", lambda: listens("web1"))
        for name, priority in [("director", 150), ("second", 100)]:
            site.start_daemon(daemon, configuration(priority), name=name)
        report.until("the first director takes the address", lambda: owns("director"))
        served = {f"{address(4, SERVERS['web1'])}:7000": 1}
        report.until("both have the service",
                     lambda: all(site.table(name).get(KEY) == served for name in site.directors))
        with inside("client"):
            stream = socket.create_connection((SERVICE, 7000), timeout=5)
        for _ in range(20):
            stream.sendall(b"ping")
            assert stream.recv(100) == b"ping"
            time.sleep(0.05)
        report.until("the second one knows the connection", lambda: role("second") > 0)
        begin = time.monotonic()
        batch(["link set f-director down"])
        report.until("the second one takes the address", lambda: owns("second"))
        stream.settimeout(20)
        try:
            stream.sendall(b"still there?")
            heard = stream.recv(100)
        except OSError as error:
            heard = error
        report.check("the connection survives", heard == b"still there?",
                     f"{heard}, {time.monotonic() - begin:.2f} s after the cut")
        for name in site.directors:
            status = site.stop_daemon(name)
            report.check(f"{name} stops and leaves nothing", status == 0 and not site.table(name), f"status {status}")
