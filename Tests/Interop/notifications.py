"""Who hears of what in a FIFO and by scripts, beside keepalived; what runs before and after; where files and names are."""

import os
import subprocess
import time

from election import Check
from lab import Lab, create_daemon, run, wait_for
from operations import _read, _script

CONFIGURATION = """
{root}
global_defs {{
  router_id r1
  script_user root
  enable_script_security
  vrrp_notify_fifo {directory}/fifo
  vrrp_notify_fifo_script {directory}/reader
  startup_script {directory}/startup
  shutdown_script {directory}/shutdown
  {globals}
}}
track_file level {{
  file {directory}/level
  weight 1
}}
vrrp_instance A {{
  interface eth0
  virtual_router_id 51
  priority 150
  version 3
  advert_int 0.2
  {instance}
  track_file {{
    level
  }}
  virtual_ipaddress {{
    {addresses[0]}
  }}
}}
vrrp_instance C {{
  interface eth0
  virtual_router_id 53
  version 3
  advert_int 0.2
  virtual_ipaddress {{
    {addresses[2]}
  }}
}}
vrrp_instance D {{
  interface eth0
  virtual_router_id 54
  version 3
  advert_int 0.2
  virtual_ipaddress {{
    {addresses[3]}
  }}
}}
vrrp_sync_group G {{
  group {{
    C
    D
  }}
  notify {directory}/told
}}
{more}
"""

SECOND = """
vrrp_instance B {{
  interface eth0
  virtual_router_id 52
  version 3
  advert_int 0.2
  {instance}
  virtual_ipaddress {{
    {addresses[1]}
  }}
}}
"""


class _Life:
    """One daemon, its files, and what was read from its FIFO since the last question."""

    def __init__(self, lab, profile):
        os.chmod(lab.directory, 0o755)
        self.lab, self.directory, self.seen = lab, lab.directory, 0
        path = {name: os.path.join(self.directory, name) for name in
                ("told", "heard", "reader", "startup", "shutdown", "lines", "level", "order")}
        self.path = path
        _script(path["told"], f'echo "$*" >> {path["heard"]}')
        _script(path["reader"], f'echo reader >> {path["order"]}; exec cat "$1" >> {path["lines"]}')
        present = f'$(ip addr show dev eth0 | grep -c {lab.plan.virtual(0)}/)'
        _script(path["startup"], f'sleep 0.3; echo "startup {present}" >> {path["order"]}')
        _script(path["shutdown"], f'echo "shutdown {present}" >> {path["order"]}')
        self.level(0)
        self.daemon = create_daemon(lab, 1, profile)

    def level(self, value):
        # In one step: a file that was cut and not yet written is no number.
        with open(self.path["level"] + ".new", "w") as file:
            file.write(f"{value}\n")
        os.replace(file.name, self.path["level"])

    def configure(self, second=None, instance="", globals="", root=""):
        addresses = [self.lab.plan.virtual(index) for index in range(4)]
        more = "" if second is None else SECOND.format(instance=second, addresses=addresses)
        self.daemon.configure([], CONFIGURATION.format(
            directory=self.directory, addresses=addresses, more=more, instance=instance, globals=globals, root=root))
        return self

    def reload(self):
        self.daemon.reload()
        time.sleep(1)

    def news(self, wanted=1):
        """The lines since the last question, once there are so many; a moment longer, should there be more."""
        wait_for(lambda: len(_read(self.path["lines"]).splitlines()) >= self.seen + wanted, 10, 0.05)
        time.sleep(0.3)
        lines = _read(self.path["lines"]).splitlines()
        news, self.seen = lines[self.seen:], len(lines)
        return news


def _changes(profile):
    """What a FIFO says of a start, of priorities, of a removal and of a deletion."""
    with Lab(routers=1, client=False) as lab:
        life = _Life(lab, profile)
        told = {}
        life.configure(second="").daemon.start()
        told["start"] = sorted(life.news(10))
        life.level(10)
        told["silent priority"] = life.news(0)
        life.configure(second="", instance="notify_priority_changes").reload()
        life.news(0)
        life.level(20)
        told["priority"] = life.news()
        life.configure(instance="notify_priority_changes").reload()
        # keepalived loses sight of the effective priority in a reload, and finds it again.
        told["removed"] = [line for line in life.news() if "_PRIORITY" not in line]
        life.configure(second="notify_deleted").reload()
        told["new"] = life.news(2)
        life.configure().reload()
        told["deleted"] = life.news()
        life.daemon.terminate()
        life.daemon.wait(10)
        heard = _read(life.path["heard"]).splitlines()
        return told, heard, _read(life.path["order"]).splitlines(), life.news(0), life.daemon.log()


def check_lines(profile):
    """The same lines as keepalived in a whole life; what keepalived's reader never gets to read ours does."""
    ours, heard, order, last, log = _changes(profile)
    theirs, their_heard, _, _, their_log = _changes("keepalived")
    checks = [Check(step, ours[step] == theirs[step], "" if ours[step] == theirs[step] else
                    f"{ours[step]} instead of {theirs[step]}") for step in ours]
    return checks + [
        Check("group scripts", heard == their_heard, "" if heard == their_heard else f"{heard}, {their_heard}"),
        Check("the last lines are read", 'INSTANCE "A" STOP 170' in last and 'GROUP "G" STOP 0' in last, f"{last}"),
        Check("startup script first, shutdown script last",
              order[:2] == ["startup 0", "reader"] and order[-1] == "shutdown 0", f"{order}"),
        Check("one reader for all reloads", order.count("reader") == 1),
    ], {profile: log, "keepalived": their_log}


def check_readers(profile):
    """A reader that dies is there again; states are repeated on a reload that asks for it."""
    with Lab(routers=1, client=False) as lab:
        life = _Life(lab, profile)
        life.configure(globals="fifo_write_vrrp_states_on_reload").daemon.start()
        life.news(8)
        life.reload()
        repeated = life.news(4)
        reader = run(["pgrep", "-f", f"cat {life.directory}/fifo"], check=False).split()
        for pid in reader:
            os.kill(int(pid), 9)
        again = wait_for(lambda: _read(life.path["order"]).splitlines().count("reader") == 2, 5, 0.1)
        life.level(-254)
        heard = life.news(1)
        life.daemon.stop()
        return [
            Check("states again", sorted(repeated) == ['GROUP "G" MASTER 0', 'INSTANCE "A" MASTER 150',
                                                       'INSTANCE "C" MASTER 100', 'INSTANCE "D" MASTER 100'],
                  f"{repeated}"),
            Check("a new reader", bool(again), f"{len(reader)} killed"),
            Check("which reads", 'INSTANCE "A" FAULT' in "".join(heard), f"{heard}"),
        ], {profile: life.daemon.log()}


def _treatment(pid):
    """How the kernel treats a process: fields of its stat after the name, real-time limit, locked memory, processors."""
    stat = _read(f"/proc/{pid}/stat").rsplit(")", 1)
    status = _read(f"/proc/{pid}/status").splitlines()
    return (stat[1].split() if len(stat) > 1 else [],
            [line for line in _read(f"/proc/{pid}/limits").splitlines() if "realtime timeout" in line],
            [line for line in status if line.startswith("VmLck")],
            [line.split()[1] for line in status if line.startswith("Cpus_allowed_list")])


def check_scheduling(profile):
    """Names, places, scheduling: as the configuration says."""
    with Lab(routers=1, client=False) as lab:
        life = _Life(lab, profile)
        name = f"vrrplab{os.getpid()}"
        life.configure(
            root=f"instance {name}\nchild_wait_time 7\nnet_namespace {lab.namespace(1)}\n"
                 f"bfd_instance path {{\n  neighbor_ip {lab.plan.host(9)}\n}}",
            globals="process_name ha-parent\n  vrrp_process_name ha-vrrp\n  vrrp_rt_priority 23\n  vrrp_priority -7\n"
                    "  bfd_process_name ha-bfd\n  bfd_rt_priority 17\n  bfd_priority -3\n  bfd_no_swap\n"
                    "  bfd_rlimit_rttime 400000\n  bfd_cpu_affinity 0\n"
                    "  vrrp_no_swap\n  vrrp_rlimit_rttime 500000\n  umask IRWXG | IRWXO\n"
                    f"  stats_dump_file {life.directory}/statistics")
        command = life.daemon.command()
        for option in ("-p", "-r", "-c", "-b"):
            place = command.index(option)
            del command[place:place + 2]
        log = open(life.daemon.log_path, "ab")
        # Started where it does not belong: the configuration names its namespace.
        child = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            owned = wait_for(lambda: lab.owners(lab.plan.virtual(0)) == {1}, 10, 0.05)
            files = {kind: f"/run/keepalived/{lab.namespace(1)}/{kind}_{name}.pid" for kind in ("keepalived", "vrrp", "bfd")}
            wait_for(lambda: all(map(os.path.exists, files.values())), 5, 0.05)
            pids = {kind: _read(path).strip() for kind, path in files.items()}
            fields, limits, locked, _ = _treatment(pids["vrrp"])
            bfd = _treatment(pids["bfd"])
            names = [_read(f"/proc/{pid}/comm").strip() for pid in pids.values()]
            os.kill(child.pid, 12)
            wait_for(lambda: os.path.exists(f"{life.directory}/statistics"), 5, 0.05)
            mode = os.stat(f"{life.directory}/statistics").st_mode & 0o777
            second = subprocess.run(command, capture_output=True, text=True, timeout=20)
        finally:
            child.terminate()
            ended = child.wait(15)
            log.close()
        left = [path for path in files.values() if os.path.exists(path)]
        return [
            Check("namespace", bool(owned)),
            Check("pid files", pids["keepalived"] == str(child.pid) and bool(pids["vrrp"]), f"{pids}"),
            Check("names", names == ["ha-parent", "ha-vrrp", "ha-bfd"], f"{names}"),
            Check("real time", fields[37:39] == ["23", "2"], f"priority and policy {fields[37:39]}"),
            Check("nice", fields[16:17] == ["-7"], f"{fields[16:17]}"),
            Check("limit", bool(limits) and limits[0].split()[3] == "500000", f"{limits}"),
            Check("locked", bool(locked) and int(locked[0].split()[1]) > 0, f"{locked}"),
            Check("BFD process", (bfd[0][37:39], bfd[0][16:17], bfd[1][0].split()[3], bfd[3]) ==
                  (["17", "2"], ["-3"], "400000", ["0"]) and int(bfd[2][0].split()[1]) > 0, f"{bfd[1:]}"),
            Check("mask", mode == 0o600, f"{mode:o}"),
            Check("only one", second.returncode == 0 and "already running" in second.stderr, second.stderr.strip()),
            Check("files go", ended == 0 and not left, f"{left}"),
        ], {profile: life.daemon.log()}
