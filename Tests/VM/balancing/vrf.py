"""Virtual routers in a VRF, without an interface of their own (`vrf`): election, hand-over, freeze and return."""

import os
import signal
import subprocess
import time

from director_site import WORK, Site, batch
from lab.namespaces import run as command

ADDRESS = "10.9.0.100"
ROUTERS = {"left": 1, "right": 2}


def configuration(number):
    return f"""
vrrp_instance inside {{
  vrf red
  virtual_router_id 51
  priority {200 - 50 * number}
  version 3
  advert_int 0.5
  unicast_src_ip 10.9.0.{number}
  unicast_peer {{
    10.9.0.{3 - number}
  }}
  virtual_ipaddress {{
    {ADDRESS}/24 dev eth0
  }}
}}
"""


class Wire(Site):
    """Two routers with a VRF each, and a cable between those."""

    def __init__(self):
        self.processes, self.directors = {}, list(ROUTERS)
        os.makedirs(WORK, exist_ok=True)
        subprocess.run(["modprobe", "vrf"], check=False)
        batch([*(f"netns add {name}" for name in ROUTERS),
               "link add eth0 netns left type veth peer name eth0 netns right"])
        for name, number in ROUTERS.items():
            batch(["link set lo up", "link add red type vrf table 10", "link set red up", "link set eth0 master red",
                   "link set eth0 up", f"addr add 10.9.0.{number}/24 dev eth0"], name)

    def start(self, name):
        self.start_daemon("vrrpd", configuration(ROUTERS[name]), "-P", name=name)

    def owners(self):
        return [name for name in ROUTERS if ADDRESS in command(["ip", "-n", name, "address", "show", "dev", "eth0"])]

    def signal(self, name, number):
        """To both processes of a daemon."""
        os.kill(self.processes[f"daemon-{name}"].pid, number)
        with open(f"{WORK}/{name}.vrrp.pid") as file:
            os.kill(int(file.read()), number)

    def close(self):
        for process in self.processes.values():
            process.kill()
            process.wait()
        batch([f"netns del {name}" for name in ROUTERS])


def run(report, _):
    wire = Wire()
    with report.stage(wire, "VRF"):
        for name in ROUTERS:
            wire.start(name)
        report.until("the better router serves in the VRF", lambda: wire.owners() == ["left"])
        wire.stop_daemon("left")
        report.until("it hands over", lambda: wire.owners() == ["right"], 3)
        wire.start("left")
        report.until("it comes back", lambda: wire.owners() == ["left"])
        wire.signal("left", signal.SIGSTOP)
        report.until("frozen it has a successor", lambda: wire.owners() == ["left", "right"], 5)
        time.sleep(2)  # longer than its peers wait, by a margin
        wire.signal("left", signal.SIGCONT)
        report.until("and gives way when it wakes", lambda: "standing back" in wire.log_text("left"), 3)
        report.until("until one serves", lambda: wire.owners() == ["left"])
