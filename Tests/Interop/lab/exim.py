"""exim, the mail server of Debian, as others run it, but for what it does with mails: it keeps them in a file."""

import email
import os
import re
import shutil
import signal
import subprocess
import tempfile

from .namespaces import wait_for

PATH = "/usr/sbin/exim4"
USER = "Debian-exim"

CONFIGURATION = """
primary_hostname = mail.example.org
spool_directory = {folder}/spool
log_file_path = {folder}/%slog
log_selector = +tls_cipher
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
pid_file_path = {folder}/spool/pid
host_lookup =
tls_advertise_hosts = *
tls_certificate = {folder}/own.pem
tls_privatekey = {folder}/own.pem
auth_advertise_hosts = ${{if eq{{$tls_in_cipher}}{{}}{{}}{{*}}}}
acl_smtp_mail = mail
acl_smtp_rcpt = recipient
deliver_drop_privilege = true
begin acl
mail:
  deny ! authenticated = *
       message = log in
  accept
recipient:
  deny local_parts = nobody
       message = there is no such person
  accept
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  file = {folder}/mails
  user = {user}
  batch_max = 100
  envelope_to_add
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{user}}}}{{eq{{$auth3}}{{a secret}}}}}}}}
  server_set_id = $auth2
"""


def exim_missing():
    """Why there is no exim to be run; `None` when there is."""
    return None if os.path.exists(PATH) else "needs exim4 (scripts/install-packages exim4-daemon-light)"


class Exim:
    """Runs exim in the calling thread's network namespace, on a port of 127.0.0.1. It takes mails over TLS from `user`
    with the password `a secret`, to everybody but nobody@. `certificate` holds a key, too."""

    def __init__(self, port, certificate):
        # The lab's own folder is for nobody else, and exim is somebody else.
        self.folder = folder = tempfile.mkdtemp(prefix="vrrpd-exim-")
        os.mkdir(f"{folder}/spool")
        shutil.copy(certificate, f"{folder}/own.pem")
        with open(f"{folder}/exim.conf", "w") as file:
            file.write(CONFIGURATION.format(folder=folder, port=port, user=USER))
        for path in [folder, f"{folder}/spool", f"{folder}/own.pem"]:
            shutil.chown(path, USER, USER)
        self._process = subprocess.Popen(
            [PATH, "-C", f"{folder}/exim.conf", "-bdf"], stdin=subprocess.DEVNULL, start_new_session=True)
        wait_for(lambda: "daemon started" in self.log(), 10, 0.05)

    def mails(self):
        """What was delivered: messages of Python's email package."""
        if not os.path.exists(f"{self.folder}/mails"):
            return []
        with open(f"{self.folder}/mails") as file:
            # Each begins with a line of its own; exim quotes those of texts that look like it.
            return [email.message_from_string(text) for text in re.split(r"^From .*\n", file.read(), flags=re.M)[1:]]

    def log(self):
        """Its log, and what it refused."""
        text = ""
        for name in ["mainlog", "rejectlog", "paniclog"]:
            if os.path.exists(f"{self.folder}/{name}"):
                with open(f"{self.folder}/{name}") as file:
                    text += file.read()
        return text

    def close(self):
        os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
