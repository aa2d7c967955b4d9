"""IPVS of another network namespace (`net_namespace_ipvs`): checks are made in the daemon's own."""

import subprocess

from director_site import SERVERS, SERVICE, Site, address

KEY = f"-t {SERVICE[4]}:80"
# Where the daemon runs and checks from: it reaches the servers, and balances nothing.
OBSERVER = "sorry"


def configuration(line, weight=1):
    return f"""
{line}
global_defs {{
  router_id observer
}}
virtual_server {SERVICE[4]} 80 {{
  delay_loop 1
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  real_server {address(4, SERVERS['web1'])} 80 {{
    weight {weight}
    TCP_CHECK {{
      connect_timeout 1
      retry 0
    }}
  }}
}}
"""


def first_table():
    """The services of the host's first namespace."""
    return subprocess.run(["ipvsadm", "-Sn"], stdout=subprocess.PIPE, text=True).stdout.split()


def run(report, _, daemon="vrrpd"):
    site = Site("NAT")
    with report.stage(site, f"namespace, {daemon}"):
        site.start_web("web1")
        site.start_daemon(daemon, configuration("net_namespace_ipvs director"), "-C", name=OBSERVER)
        web1 = f"{address(4, SERVERS['web1'])}:80"
        report.until("the director balances", lambda: site.servers(KEY) == {web1: 1})
        answer = site.fetch("client", SERVICE[4])
        report.check("and a client is served", answer == "web1", answer)
        report.check("where the daemon runs is nothing", site.table(OBSERVER) == {}, site.table(OBSERVER))
        site.reload(configuration("net_namespace_ipvs client", weight=2), name=OBSERVER)
        report.until("a reload changes the weight", lambda: site.servers(KEY) == {web1: 2})
        report.check("and not the namespace", site.table("client") == {}, site.table("client"))
        if daemon == "vrrpd":
            report.check("which it says", "net_namespace_ipvs cannot change at a reload" in site.log_text(OBSERVER))
        site.stop_web("web1")
        report.until("a failure is seen", lambda: site.servers(KEY) == {})
        status = site.stop_daemon(OBSERVER)
        report.check("stopped: nothing is left", status == 0 and not site.table(), f"{status}, {site.table()}")

        site.start_web("web1")
        site.start_daemon(daemon, configuration("net_namespace_ipvs"), "-C", name=OBSERVER)
        report.until("without a name it is the host's first", lambda: web1 in first_table())
        report.check("and no other", not site.table() and not site.table(OBSERVER))
        site.stop_daemon(OBSERVER)
        report.check("stopped: nothing is left there", not first_table(), first_table())

        process = site.start_daemon(daemon, configuration("net_namespace_ipvs nosuch"), "-C", name=OBSERVER)
        report.check("a namespace that is not there ends the daemon", process.wait(15) == 1)
        site.processes.pop(f"daemon-{OBSERVER}")
        if daemon == "vrrpd":
            said = "/run/netns/nosuch" in site.log_text(OBSERVER)
            report.check("which says why", said, "" if said else site.log_text(OBSERVER)[-500:])
