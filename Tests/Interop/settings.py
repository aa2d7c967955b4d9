"""What `global_defs` says of the daemon itself: its processors and priorities, its buffers, how it reloads."""

import glob
import os
import subprocess
import time

from election import Check
from lab import Lab, create_daemon, now, run, wait_for
from operations import _read

CONFIGURATION = """
instance {instance}
global_defs {{
  vrrp_cpu_affinity {processor}
  max_auto_priority 12
  min_auto_priority_delay 200000
  vrrp_netlink_cmd_rcv_bufs 51000
  vrrp_netlink_monitor_rcv_bufs 9000000
  vrrp_netlink_monitor_rcv_bufs_force
  data_use_instance
  config_save_dir {directory}/saved
  reload_check_config {directory}/report
  reload_file {directory}/reloading
  reload_time_file {directory}/when
  {more}
}}
vrrp_instance inside {{
  interface eth0
  virtual_router_id 51
  priority {priority}
  version 3
  advert_int 0.2
  virtual_ipaddress {{
    {address}
  }}
}}
"""


def _reloads(daemon):
    return daemon.log().count("Reload complete")


def check_settings(profile):
    """Each setting has the effect one can see from outside."""
    with Lab(routers=1, client=False) as lab:
        os.environ["TMPDIR"] = lab.directory
        processor = max(os.sched_getaffinity(0))

        def write(priority=100, instance="blue", more=""):
            return daemon.configure(None, CONFIGURATION.format(
                directory=lab.directory, processor=processor, address=lab.plan.virtual(0), priority=priority,
                instance=instance, more=more))

        def path(name):
            return os.path.join(lab.directory, name)

        daemon = create_daemon(lab, 1, profile)
        write().start()
        checks = [Check("starts", bool(wait_for(lambda: lab.owners(lab.plan.virtual(0)) == {1}, 15, 0.1)))]
        child = int(_read(path("r1-vrrp.pid")))
        checks.append(Check("vrrp_cpu_affinity", os.sched_getaffinity(child) == {processor}))
        buffers = subprocess.run(["ip", "netns", "exec", lab.namespace(1), "ss", "-f", "netlink", "-m", "-p"],
                                 capture_output=True, text=True, check=False).stdout
        rooms = [size for size in ("rb102000,", "rb18000000,") if size in buffers]
        checks.append(Check("netlink buffers", len(rooms) == 2, " ".join(rooms)))
        steps = []
        for _ in range(3):
            os.kill(child, 19)
            time.sleep(0.6)
            os.kill(child, 18)
            time.sleep(0.3)
            steps.append(os.sched_getparam(child).sched_priority)
        checks.append(Check("max_auto_priority", steps == [11, 12, 12], str(steps)))
        daemon.process.send_signal(10)
        checks.append(Check("data_use_instance", bool(wait_for(lambda: _read(path("keepalived.blue.data")), 5, 0.05))))

        write(priority=90, more="no_such_keyword")
        daemon.reload()
        refused = wait_for(lambda: "Reload refused" in daemon.log(), 5, 0.05)
        checks.append(Check("reload_check_config", bool(refused) and "no_such_keyword" in _read(path("report"))))

        write(priority=110, instance="green")
        with open(path("reloading"), "w") as file:
            file.write("wait for this to go")
        daemon.reload()
        gone = wait_for(lambda: not os.path.exists(path("reloading")), 5, 0.01)
        done = wait_for(lambda: _reloads(daemon) == 1, 5, 0.05)
        checks.append(Check("reload_file", bool(gone and done)))
        checks.append(Check("what cannot change", "instance cannot change at a reload" in daemon.log()))
        saved = sorted(os.path.basename(name) for name in glob.glob(path("saved/*")))
        kept = f"{child}.2.pre" in " ".join(saved) and f"keepalived.conf.{child}.1" in saved
        checks.append(Check("config_save_dir", kept, " ".join(saved) if not kept else ""))

        write(priority=120)
        begin = now()
        due = time.time() + 2
        with open(path("when"), "w") as file:
            file.write(time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime(due)))
        reloaded = wait_for(lambda: _reloads(daemon) == 2, 6, 0.02)
        passed = now() - begin
        checks.append(Check("reload_time_file", bool(reloaded) and not os.path.exists(path("when")) and passed > 0.9,
                            f"after {passed:.2f} s"))
        checks.append(Check("ends", daemon.stop() == 0))
        return checks, {"r1": daemon.log()}


FILTERED = """
global_defs {{
  nftables {table}
}}
vrrp_instance inside {{
  interface eth0
  virtual_router_id 51
  version 3
  advert_int 0.2
  no_accept
  virtual_ipaddress {{
    {address}
  }}
}}
"""


def check_withdrawal(profile):
    """With -R the death of the VRRP process ends the daemon, which takes along what the process left: addresses, and the
    nftables tables of the configured name."""
    with Lab(routers=1, client=False) as lab:
        def tables():
            return subprocess.run(["ip", "netns", "exec", lab.namespace(1), "nft", "list", "tables"],
                                  capture_output=True, text=True, check=False).stdout

        daemon = create_daemon(lab, 1, profile)
        command = daemon.command()
        daemon.command = lambda: command + ["-R"]
        address = lab.plan.virtual(0)
        daemon.configure(None, FILTERED.format(table="of_ours", address=address)).start()
        owned = wait_for(lambda: lab.owners(address) == {1} and "of_ours" in tables(), 15, 0.1)
        os.kill(int(_read(os.path.join(lab.directory, "r1-vrrp.pid"))), 9)
        ended = daemon.wait(10)
        return [
            Check("serves", bool(owned)),
            Check("ends", ended == 1, str(ended)),
            Check("address is withdrawn", lab.owners(address) == set()),
            Check("tables are removed", "of_ours" not in tables()),
        ], {"r1": daemon.log()}


POLLED = """
{polling}
vrrp_instance inside {{
  interface eth0
  virtual_router_id 51
  priority 150
  version 3
  advert_int 0.1
  virtual_ipaddress {{
    {address}
  }}
}}
"""


def check_polled_links(profile):
    """A dormant interface is not running, says the kernel, but its driver has a link (`linkbeat_interfaces`)."""
    with Lab(routers=1, client=False) as lab:
        address = lab.plan.virtual(0)

        def write(polling):
            return daemon.configure(None, POLLED.format(polling=polling, address=address))

        def link(*words):
            run(["ip", "-n", lab.namespace(1), "link", "set", "dev", "eth0", *words])

        def owned(is_owned, limit=5):
            # A working interface is what the lab looks for, too, and this one works only by its driver.
            listing = ["ip", "-n", lab.namespace(1), "-o", "address", "show"]
            return bool(wait_for(lambda: (f" {address}/" in run(listing)) == is_owned, limit, 0.02))

        link("down")
        link("mode", "dormant", "up")
        daemon = create_daemon(lab, 1, profile)
        write("").start()
        faulty = bool(wait_for(lambda: "FAULT" in daemon.log(), 5, 0.02)) and not owned(True, 1)
        write("linkbeat_interfaces {\n  eth0 ETHTOOL\n}").reload()
        polled = owned(True)
        link("down")
        seen = owned(False)
        link("up")
        back = owned(True)
        write("linkbeat_interfaces {\n  eth0 IOCTL\n}").reload()
        flags = owned(False)
        write("linkbeat_use_polling").reload()
        everything = owned(True)
        write("").reload()
        return [
            Check("the kernel's word", faulty), Check("the driver's word", polled), Check("taken down", seen),
            Check("up again", back), Check("by its flags it is not running", flags), Check("all are polled", everything),
            Check("the kernel's word again", owned(False)),
        ], {"r1": daemon.log()}


def check_options(profile):
    """What the command line says: -a tells of addresses, -d of the configuration, -X lets go at once, -M sets the core
    pattern for as long as the daemon runs."""
    with Lab(routers=1, client=False) as lab:
        daemon = create_daemon(lab, 1, profile)
        pattern = os.path.join(lab.directory, "pattern")
        with open(pattern, "w") as file:
            file.write("before\n")
        command = daemon.command()
        # The pattern is the whole machine's; here it is a file of ours.
        shell = f'mount --bind {pattern} /proc/sys/kernel/core_pattern && exec "$@"'
        daemon.command = lambda: ["unshare", "-m", "sh", "-c", shell, "sh", *command, "-a", "-d", "-X", "-M/c/%p1"]
        text = CONFIGURATION.split("}}", 1)[1].format(priority=100, address=lab.plan.virtual(0))
        daemon.configure(None, text).start()
        owned = wait_for(lambda: lab.owners(lab.plan.virtual(0)) == {1}, 15, 0.1)
        lab.ip(lab.namespace(1), ["addr add 10.77.0.1/24 dev eth0", "addr del 10.77.0.1/24 dev eth0"])
        told = wait_for(lambda: "reports IP 10.77.0.1 removed from eth0" in daemon.log(), 5, 0.05)
        during = _read(pattern).strip()
        begin = now()
        status = daemon.stop()
        passed = now() - begin
        return [
            Check("serves", bool(owned)),
            Check("-a", bool(told) and "reports IP 10.77.0.1 added to eth0" in daemon.log()),
            Check("-d", "VRRP Instance = inside" in daemon.log()),
            Check("-M", (during, _read(pattern).strip()) == ("/c/%p1", "before"), f"{during} then {_read(pattern).strip()}"),
            Check("-X", status == 0, f"ended after {passed * 1000:.0f} ms"),
        ], {"r1": daemon.log()}
