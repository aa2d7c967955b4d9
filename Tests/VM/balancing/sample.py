"""The shape of keepalived's sample configuration: addresses by VRRP, SSL_GET with digests, HTTP_GET with digests and a
sorry server, mail. Only the times are shorter."""

import json
import os

from director_site import SERVERS, WORK, Site, Traffic, address, digest

SECURE, PLAIN = "10.100.0.10", "10.100.0.11"
MAIL = f"{WORK}/mail"


def checked(name, port, check):
    return f"""
  real_server {address(4, SERVERS[name])} {port} {{
    weight 1
    {check} {{
      url {{
        path /
        digest {digest(name)}
      }}
      url {{
        path /index.html
        digest {digest(name)}
      }}
      connect_timeout 3
      retry 1
      delay_before_retry 1
    }}
  }}"""


CONFIGURATION = f"""
global_defs {{
  notification_email {{
    acassen@firewall.loc
    failover@firewall.loc
  }}
  notification_email_from Alexandre.Cassen@firewall.loc
  smtp_server 127.0.0.1
  smtp_connect_timeout 3
  router_id LVS_DEVEL
}}
vrrp_instance VI_1 {{
  state MASTER
  interface eth1
  virtual_router_id 51
  priority 100
  advert_int 1
  authentication {{
    auth_type PASS
    auth_pass 1111
  }}
  virtual_ipaddress {{
    {SECURE}
    {PLAIN}
  }}
}}
virtual_server {SECURE} 443 {{
  delay_loop 1
  lb_algo rr
  lb_kind NAT
  protocol TCP
{checked("web1", 443, "SSL_GET")}
}}
virtual_server {PLAIN} 80 {{
  delay_loop 1
  lb_algo rr
  lb_kind NAT
  protocol TCP
  smtp_alert
  sorry_server {address(4, SERVERS["sorry"])} 80
{checked("web1", 80, "HTTP_GET")}
{checked("web2", 80, "HTTP_GET")}
}}
"""


def subjects():
    if not os.path.exists(MAIL):
        return []
    with open(MAIL) as file:
        mails = [json.loads(line) for line in file]
    return [line[9:] for mail in mails for line in mail["lines"] if line.startswith("Subject: ")]


def run(report, _, daemon="vrrpd"):
    site = Site("NAT", owns_address=False)
    with report.stage(site, f"the sample configuration, {daemon}"):
        site.spawn_script("director", "mail", "mailbox", MAIL)
        for name in SERVERS:
            site.start_web(name)
        site.start_daemon(daemon, CONFIGURATION)
        secure, plain = f"-t {SECURE}:443", f"-t {PLAIN}:80"
        web1, web2, sorry = [address(4, SERVERS[name]) for name in ["web1", "web2", "sorry"]]
        report.until("VRRP takes the address", lambda: site.fetch("client", PLAIN, timeout=0.5), 20)
        report.until("all servers serve", lambda: site.servers(plain) == {f"{web1}:80": 1, f"{web2}:80": 1})
        report.until("a client is served over TLS", lambda: site.fetch("client", SECURE, 443) == "web1")
        traffic = Traffic(site, PLAIN)
        site.stop_web("web1")
        report.until("the first server dies", lambda: site.servers(plain) == {f"{web2}:80": 1})
        report.until("its TLS service, too", lambda: site.servers(secure) == {})
        site.stop_web("web2")
        report.until("the quorum is lost; the sorry server serves", lambda: site.servers(plain) == {f"{sorry}:80": 1})
        site.start_web("web1")
        site.start_web("web2")
        report.until("servers return", lambda: site.servers(plain) == {f"{web1}:80": 1, f"{web2}:80": 1})
        report.until("so does TLS", lambda: site.fetch("client", SECURE, 443) == "web1")
        traffic.stop()
        wanted = [
            f"[LVS_DEVEL] Realserver [{web1}]:tcp:443 of virtual server [{SECURE}]:tcp:443 - DOWN",
            f"[LVS_DEVEL] Realserver [{web1}]:tcp:80 of virtual server [{PLAIN}]:tcp:80 - DOWN",
            f"[LVS_DEVEL] Realserver [{web2}]:tcp:80 of virtual server [{PLAIN}]:tcp:80 - DOWN",
            f"[LVS_DEVEL] Virtualserver [{PLAIN}]:tcp:80 - DOWN",
            f"[LVS_DEVEL] Virtualserver [{PLAIN}]:tcp:80 - UP",
            f"[LVS_DEVEL] Realserver [{web1}]:tcp:443 of virtual server [{SECURE}]:tcp:443 - UP",
            f"[LVS_DEVEL] Realserver [{web2}]:tcp:80 of virtual server [{PLAIN}]:tcp:80 - UP",
        ]
        report.until("everything was mailed", lambda: set(wanted) <= set(subjects()))
        missing = sorted(set(wanted) - set(subjects()))
        report.check("no mail is missing", not missing, missing or f"{len(subjects())} mails")
        status = site.stop_daemon()
        report.check("stopped: nothing is left", status == 0 and not site.table(), f"status {status}")
