"""What operators lean on: scripts that check and scripts that are told, FIFOs, files, dumps, reloads, crashes."""

import os
import signal
import time

from director_site import SERVERS, SERVICE, WORK, Site, Wiretap, address, batch, inside, wait_for
from director_site import run as execute

KEY = f"-t {SERVICE[4]}:80"
FOLDER = f"{WORK}/operation"


def configuration(weight=3, extra=""):
    return f"""
global_defs {{
  router_id director
  script_user root
  enable_script_security
  lvs_timeouts tcp 901 tcpfin 31 udp 32
  lvs_notify_fifo {FOLDER}/fifo
}}
track_file load {{
  file {FOLDER}/load
}}
virtual_server {SERVICE[4]} 80 {{
  delay_loop 1
  lvs_sched wrr
  lvs_method NAT
  protocol TCP
  quorum_up "{FOLDER}/told quorum up"
  quorum_down "{FOLDER}/told quorum down"
  real_server {address(4, SERVERS['web1'])} 80 {{
    weight {weight}
    notify_up "{FOLDER}/told web1 up"
    notify_down "{FOLDER}/told web1 down"
    MISC_CHECK {{
      misc_path {FOLDER}/probe
      misc_timeout 10
      misc_dynamic
    }}
  }}
  real_server {address(4, SERVERS['web2'])} 80 {{
    weight 10
    inhibit_on_failure
    FILE_CHECK {{
      track_file load
    }}
  }}
}}
virtual_server {SERVICE[4]} 81 {{
  delay_loop 1
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  ha_suspend
  real_server {address(4, SERVERS['web1'])} 9 {{
    TCP_CHECK {{
      connect_timeout 1
      retry 1
      delay_before_retry 0
    }}
  }}
}}
{extra}"""


def write(name, text, mode=0o644):
    with open(f"{FOLDER}/new", "w") as file:
        file.write(text)
    os.chmod(f"{FOLDER}/new", mode)
    os.rename(f"{FOLDER}/new", f"{FOLDER}/{name}")


def read(name):
    try:
        with open(f"{FOLDER}/{name}") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def prepare():
    os.makedirs(FOLDER, mode=0o755, exist_ok=True)
    write("told", f'#!/bin/sh\necho "$*" >>{FOLDER}/heard\n', 0o755)
    write("probe", f"#!/bin/sh\nexit $(cat {FOLDER}/status)\n", 0o755)
    write("status", "0\n")
    write("load", "0\n")


def run(report, _, daemon="vrrpd"):
    site = Site("NAT", owns_address=False)
    with report.stage(site, f"operation, {daemon}"):
        prepare()
        os.mkfifo(f"{FOLDER}/fifo")
        fifo = os.open(f"{FOLDER}/fifo", os.O_RDWR | os.O_NONBLOCK)
        process = site.start_daemon(daemon, configuration(), "-C")
        web1, web2 = [f"{address(4, SERVERS[name])}:80" for name in ["web1", "web2"]]
        report.until("start", lambda: site.servers(KEY) == {web1: 3, web2: 10})

        with inside("director"):
            timeouts = execute(["ipvsadm", "-Ln", "--timeout"]).split()[-3:]
        report.check("lvs_timeouts", timeouts == ["901", "31", "32"], timeouts)
        report.until("quorum_up is told at the start", lambda: "quorum up" in read("heard"))

        write("status", "7\n")
        report.until("a script sets the weight", lambda: site.servers(KEY) == {web1: 5, web2: 10})
        write("load", "-4\n")
        report.until("a file lowers the weight", lambda: site.servers(KEY) == {web1: 5, web2: 6})
        write("load", "-2147483648\n")
        report.until("a file takes a server out", lambda: site.servers(KEY) == {web1: 5, web2: 0})
        write("status", "1\n")
        report.until("a script takes a server out", lambda: site.servers(KEY) == {web2: 0})
        report.until("notify_down and quorum_down are told in order",
                     lambda: read("heard").splitlines()[-2:] == ["web1 down", "quorum down"])
        write("status", "0\n")
        write("load", "0\n")
        report.until("both are back with their own weight", lambda: site.servers(KEY) == {web1: 3, web2: 10})
        report.until("notify_up and quorum_up are told", lambda: "web1 up" in read("heard").splitlines()[-2:])
        lines = os.read(fifo, 65536).decode().splitlines()
        name = f"[{SERVICE[4]}]:tcp:80"
        report.check("the FIFO has it all", f"RS [{address(4, SERVERS['web1'])}]:tcp:80 {name} DOWN" in lines
                     and f"VS {name} DOWN" in lines and lines.count(f"VS {name} UP") == 2, lines)

        # ha_suspend: nobody checks what is not served here.
        suspended = f"-t {SERVICE[4]}:81"
        report.check("without the address nothing is checked", len(site.servers(suspended)) == 1)
        batch([f"addr add {SERVICE[4]}/32 dev lo"], "director")
        report.until("with the address it is", lambda: site.servers(suspended) == {})

        process.send_signal(signal.SIGUSR1)
        dump = f"{WORK}/keepalived_check.data"
        report.until("a dump is written", lambda: os.path.exists(dump) and "Health checkers" in open(dump).read())

        wire = Wiretap("director")
        done = site.log_text().count("Reload complete")
        site.reload(configuration())
        wait_for(lambda: site.log_text().count("Reload complete") > done, 10)
        time.sleep(0.5)
        messages = wire.count()
        report.check("a reload of the same file sends IPVS nothing", messages == 0, f"{messages} messages")
        site.reload(configuration(weight=4))
        report.until("a reload changes a weight", lambda: site.servers(KEY) == {web1: 4, web2: 10})

        old = site.checker()
        os.kill(old, signal.SIGKILL)
        report.check("a crash leaves the services", site.servers(KEY) == {web1: 4, web2: 10})
        report.until("another process takes over", lambda: site.checker() != old and f"pid={site.checker()}" in
                     site.log_text() and site.log_text().count("Startup complete") == 2)
        report.check("what it found it left", site.servers(KEY) == {web1: 4, web2: 10})
        write("status", "1\n")
        report.until("and it checks", lambda: site.servers(KEY) == {web2: 10})
        status = site.stop_daemon()
        report.check("stopped: nothing is left", status == 0 and not site.table(), f"status {status}, {site.table()}")
        site.start_daemon(daemon, configuration(), "-C", "-I")
        report.until("started again", lambda: KEY in site.table())
        site.stop_daemon()
        report.check("-I leaves the services", KEY in site.table())
        os.close(fifo)
