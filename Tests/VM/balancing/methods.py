"""NAT, direct routing and tunnels; IPv4 and IPv6; TCP and UDP: servers die, a sorry server serves, servers return."""

import time

from director_site import SERVERS, SERVICE, Site, Traffic, address, digest

KEYS = {4: "-t 10.100.0.1:80", 6: "-t [fd64::1]:80"}
DATAGRAM_KEYS = {4: "-u 10.100.0.1:7", 6: "-u [fd64::1]:7"}


def configuration(method):
    blocks = ["global_defs {\n router_id director\n}\n"]
    for family in [4, 6]:
        servers = "".join(f"""
  real_server {address(family, SERVERS[name])} 80 {{
    HTTP_GET {{
      url {{
        path /
        digest {digest(name)}
      }}
      connect_timeout 1
      retry 1
      delay_before_retry 1
    }}
  }}""" for name in ["web1", "web2"])
        blocks.append(f"""
virtual_server {SERVICE[family]} 80 {{
  delay_loop 1
  lvs_sched rr
  lvs_method {method}
  protocol TCP
  sorry_server {address(family, SERVERS['sorry'])} 80{servers}
}}
virtual_server {SERVICE[family]} 7 {{
  delay_loop 1
  lvs_sched rr
  lvs_method {method}
  protocol UDP
  real_server {address(family, SERVERS['web1'])} 7 {{
    UDP_CHECK {{
      payload 77686f
      require_reply
      connect_timeout 1
      retry 1
    }}
  }}
}}
""")
    return "".join(blocks)


def member(family, name, port=80):
    place = address(family, SERVERS[name])
    return f"{place}:{port}" if family == 4 else f"[{place}]:{port}"


def run(report, method, daemon="vrrpd"):
    site = Site(method)
    with report.stage(site, f"{method}, {daemon}"):
        for name in SERVERS:
            site.start_web(name)
        site.start_daemon(daemon, configuration(method), "-C")
        both = {family: {member(family, name): 1 for name in ["web1", "web2"]} for family in [4, 6]}

        def everywhere(wanted):
            table = site.table()
            return all(table.get(KEYS[family]) == wanted[family] for family in [4, 6])

        report.until("start: both servers are in the kernel", lambda: everywhere(both))
        for family in [4, 6]:
            answers = {site.fetch("client", SERVICE[family]) for _ in range(4)}
            report.check(f"IPv{family}: a client sees both", answers == {"web1", "web2"}, answers)
            answer = site.ask(SERVICE[family])
            report.check(f"IPv{family}: a datagram is answered", answer == "web1", answer)

        traffic = [Traffic(site, SERVICE[family]) for family in [4, 6]]
        spans = []

        def change(what, action, wanted):
            begin = time.monotonic()
            action()
            report.until(what, lambda: everywhere(wanted))
            # A request on its way to a server that died is lost; the check needs its time to notice.
            spans.append((begin - 2.1, time.monotonic() + 0.2))

        change("the first server dies and is removed", lambda: site.stop_web("web1"),
               {family: {member(family, "web2"): 1} for family in [4, 6]})
        report.until("its datagrams' service loses it, too",
                     lambda: all(site.servers(DATAGRAM_KEYS[family]) == {} for family in [4, 6]))
        change("the last one dies; the sorry server serves", lambda: site.stop_web("web2"),
               {family: {member(family, "sorry"): 1} for family in [4, 6]})
        for family in [4, 6]:
            answer = site.fetch("client", SERVICE[family])
            report.check(f"IPv{family}: a client is told so", answer == "sorry", answer)
        site.start_web("web1")
        report.until("a server is back; the sorry server goes",
                     lambda: everywhere({family: {member(family, "web1"): 1} for family in [4, 6]}))
        site.start_web("web2")
        report.until("the other one is back", lambda: everywhere(both))
        time.sleep(0.5)
        for family, stream in zip([4, 6], traffic):
            stream.stop()
            lost = stream.failures_outside(spans)
            report.check(f"IPv{family}: nobody else was kept waiting", not lost and len(stream.answers) > 20,
                         f"{len(stream.answers)} answers, {len(stream.failures)} failures, unexcused: {lost}, changes: {spans}")
        before = site.log_text().count("Reload complete")
        site.reload(configuration(method))
        report.until("a reload ends", lambda: site.log_text().count("Reload complete") > before)
        report.check("and leaves everything", everywhere(both))
        status = site.stop_daemon()
        report.check("stopped: nothing is left", status == 0 and not site.table(), f"status {status}, {site.table()}")
