"""Groups as marks (`nftables_ipvs`): a client is served through thousands of addresses that are one service of IPVS."""

import os
import signal

from director_site import SERVERS, Site, address, batch, inside, run as execute


def configuration(groups, extra="", lines="nftables_ipvs"):
    """`groups`: the name, the members, and a server of each."""
    blocks = [f"global_defs {{\n router_id director\n {lines}\n}}\n"]
    for name, members, server in groups:
        family = 6 if ":" in members[0] else 4
        blocks.append(f"virtual_server_group {name} {{\n" + "".join(f"  {member}\n" for member in members) + "}\n")
        blocks.append(f"""
virtual_server group {name} {{
  delay_loop 1
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  real_server {address(family, SERVERS[server])} 80 {{
    TCP_CHECK {{
      connect_timeout 1
      retry 0
    }}
  }}
}}
""")
    return "".join(blocks) + extra


SIMPLE = """
virtual_server 10.100.7.200 80 {
  delay_loop 1
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  real_server 10.1.0.99 80 {
  }
}
"""
ONE = ("one", ["10.100.0.1 80", "10.100.7.1-100 80", "10.100.8.0/22 80", "10.100.7.7 8080"], "web1")
TWO = ("two", ["10.100.7.150 80"], "web2")
SIX = ("six", ["fd64::1 80"], "web2")


def rules():
    """The words of `nft list ruleset`."""
    with inside("director"):
        return " ".join(execute(["nft", "list", "ruleset"]).split())


def served(site, where, wanted, report, port=80):
    answer = site.fetch("client", where, port)
    report.check(f"{where} {port} is served by {wanted}", answer == wanted, answer)


def run(report, _, daemon="vrrpd"):
    site = Site("NAT")
    with report.stage(site, f"marks, {daemon}"):
        batch(["route add local 10.100.7.0/24 dev lo", "route add local 10.100.8.0/22 dev lo"], "director")
        batch([f"route add {prefix} via 10.8.0.1 src 10.9.0.10" for prefix in ["10.100.7.0/24", "10.100.8.0/22"]], "client")
        for name in SERVERS:
            site.start_web(name)
        if daemon == "vrrpd":
            without_tables(report, site)
        web = {name: f"10.1.0.{SERVERS[name]}:80" for name in SERVERS}
        site.start_daemon(daemon, configuration([ONE, TWO, SIX], extra=SIMPLE), "-C")
        wanted = {"-f 1000": {web["web1"]: 1}, "-f 1001": {web["web2"]: 1},
                  "-t 10.100.7.200:80": {web["sorry"]: 1}, "-f 1002": {"[fd01::12]:80": 1}}
        report.until("a group of 1,126 addresses and ports is one service", lambda: site.table() == wanted)
        ours = rules()
        report.check("nft lists the map", "map tcp_map { type ipv4_addr . inet_service : mark flags interval" in ours
                     and "10.100.8.0/22 . 80 : 0x000003e8" in ours, ours)
        for place in ["10.100.0.1", "10.100.7.1", "10.100.7.100", "10.100.9.77", "10.100.11.255"]:
            served(site, place, "web1", report)
        served(site, "10.100.7.7", "web1", report, port=8080)
        served(site, "10.100.7.150", "web2", report)
        served(site, "fd64::1", "web2", report)
        served(site, "10.100.7.200", "sorry", report)
        served(site, "10.100.7.101", None, report)
        served(site, "10.100.7.8", None, report, port=8080)

        # Another first group, and one that is larger: marks stay, and so do connections.
        larger = ("one", [*ONE[1][1:], "10.100.7.101-120 80"], "web1")
        new = ("new", ["10.100.7.201 80"], "sorry")
        done = site.log_text().count("Reload complete")
        site.reload(configuration([new, larger, TWO]))
        report.until("a reload", lambda: site.log_text().count("Reload complete") > done)
        report.until("gives the new group a new mark", lambda: site.table() == {
            "-f 1000": {web["web1"]: 1}, "-f 1001": {web["web2"]: 1}, "-f 1003": {web["sorry"]: 1}})
        served(site, "10.100.7.201", "sorry", report)
        served(site, "10.100.7.101", "web1", report)
        served(site, "10.100.7.150", "web2", report)
        served(site, "10.100.0.1", None, report)

        if daemon == "vrrpd":
            with inside("director"):
                execute(["nft", "delete", "table", "ip", "keepalived_ipvs"])
            done = site.log_text().count("Reload complete")
            site.reload(configuration([new, larger, TWO], SIMPLE, "nftables_ipvs other\n nftables_ipvs_start_fwmark 5"))
            report.until("a reload", lambda: site.log_text().count("Reload complete") > done)
            report.check("keeps the name, and says so", "nftables_ipvs cannot change at a reload" in site.log_text()
                         and "table ip other" not in rules())
            served(site, "10.100.7.101", "web1", report)

            old = site.checker()
            os.kill(old, signal.SIGKILL)
            served(site, "10.100.7.150", "web2", report)
            report.until("another process takes over", lambda: site.checker() != old
                         and site.log_text().count("Startup complete") == 2)
            served(site, "10.100.7.201", "sorry", report)
            report.check("with the same marks", sorted(site.table()) == ["-f 1000", "-f 1001", "-f 1003",
                                                                         "-t 10.100.7.200:80"], site.table())
        site.stop_web("web1")
        report.until("a server dies", lambda: site.servers("-f 1000") == {})
        status = site.stop_daemon()
        left = rules()
        report.check("stopped: nothing is left", status == 0 and not site.table() and not left,
                     f"{status}, {site.table()}, {left}")
        if daemon == "vrrpd":
            takeover(report, site)


def takeover(report, site):
    """A daemon that was killed whole: the next one finds the marks of its groups, and removes what is no more."""
    site.start_daemon("vrrpd", configuration([TWO, ("old", ["10.100.7.9 80"], "sorry"), SIX]), "-C")
    report.until("started again", lambda: site.servers("-f 1002") == {"[fd01::12]:80": 1})
    daemon = site.processes.pop("daemon-director")
    checker = site.checker()
    # A check process whose parent is gone leaves in good order: it must die first, unnoticed.
    daemon.send_signal(signal.SIGSTOP)
    os.kill(checker, signal.SIGKILL)
    daemon.kill()
    daemon.wait()
    report.check("a crash leaves the services", len(site.table()) == 3, site.table())
    site.start_daemon("vrrpd", configuration([SIX, TWO]), "-C")
    report.until("the next daemon keeps the marks and removes the service of the group that is no more", lambda: list(
        sorted(site.table())) == ["-f 1000", "-f 1002"] and all(site.table().values()))
    served(site, "10.100.7.150", "web2", report)
    served(site, "fd64::1", "web2", report)
    site.stop_daemon()
    report.check("stopped: nothing is left", not site.table() and not rules(), site.table())


def without_tables(report, site):
    """A kernel without nf_tables: addresses are services."""
    with open("/proc/modules") as file:
        if "nf_tables" in file.read():
            print("nf_tables is loaded already: not seen what happens without it; run this stage first", flush=True)
            return
    execute(["modprobe", "ip_vs_rr"])
    with open("/proc/sys/kernel/modprobe") as file:
        loader = file.read()
    set_loader("/bin/false")
    site.start_daemon("vrrpd", configuration([TWO, SIX]), "-C")
    report.until("without nf_tables each address is a service", lambda: site.table() == {
        "-t 10.100.7.150:80": {"10.1.0.12:80": 1}, "-t [fd64::1]:80": {"[fd01::12]:80": 1}})
    report.check("which the log explains", "cannot mark packets, each address becomes a service" in site.log_text())
    served(site, "10.100.7.150", "web2", report)
    site.stop_daemon()
    set_loader(loader)


def set_loader(path):
    """What the kernel runs to load a module."""
    with open("/proc/sys/kernel/modprobe", "w") as file:
        file.write(path)
