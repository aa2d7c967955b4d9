"""Real servers that live as long as their BFD session does (`BFD_CHECK`), the other end being keepalived's."""

from director_site import SERVERS, SERVICE, Site, address, batch

KEY = f"-t {SERVICE[4]}:80"
DIRECTOR = "10.1.0.1"
SESSION = """
bfd_instance {name} {{
  neighbor_ip {neighbour}
  source_ip {source}
  min_rx 100
  min_tx 100
  multiplier 5
}}
"""


def configuration(weight=1):
    session = SESSION.format(name="path", neighbour=address(4, SERVERS["web1"]), source=DIRECTOR)
    return f"""{session}
virtual_server {SERVICE[4]} 80 {{
  delay_loop 1
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  real_server {address(4, SERVERS['web1'])} 80 {{
    weight {weight}
    BFD_CHECK {{
      name path
      alpha
    }}
  }}
  sorry_server {address(4, SERVERS['sorry'])} 80
}}
"""


def run(report, _, daemon="vrrpd"):
    site = Site("NAT")
    with report.stage(site, f"BFD, {daemon}"):
        web1, sorry = f"{address(4, SERVERS['web1'])}:80", f"{address(4, SERVERS['sorry'])}:80"
        site.start_web("web1")
        site.start_web("sorry")
        site.start_daemon(daemon, configuration())
        report.until("without a neighbour the sorry server serves", lambda: site.servers(KEY) == {sorry: 1})
        other = SESSION.format(name="director", neighbour=DIRECTOR, source=address(4, SERVERS["web1"]))
        site.start_daemon("keepalived", other, name="web1")
        report.until("the session comes up, and the server serves", lambda: site.servers(KEY) == {web1: 1})
        report.check("a client is served by it", site.fetch("client", SERVICE[4]) == "web1")
        site.reload(configuration(weight=2))
        report.until("a reload changes its weight", lambda: site.servers(KEY) == {web1: 2})
        batch(["link set eth0 down"], "web1")
        report.until("its cable is pulled: the sorry server serves", lambda: site.servers(KEY) == {sorry: 1}, 3)
        report.check("a client is told so", site.fetch("client", SERVICE[4]) == "sorry")
        batch(["link set eth0 up"], "web1")
        report.until("plugged in again it serves", lambda: site.servers(KEY) == {web1: 2})
        site.stop_daemon("web1")
        report.until("its neighbour stops: the sorry server serves", lambda: site.servers(KEY) == {sorry: 1}, 3)
        status = site.stop_daemon()
        report.check("stopped: nothing is left", status == 0 and not site.table(), f"{status}, {site.table()}")
