"""Who is told of what: mails and webhooks, against servers that keep what they are sent."""

import contextlib
import json
import socket
import time

from election import Check
from lab import Lab, MailServer, Webhook, create_daemon, inside, run, wait_for
from operations import OUTSIDE_IN_GROUP

CONFIGURATION = """
global_defs {{
  router_id r1
  notification_email {{
    ops@example.org
    noc@example.org
  }}
  notification_email_from ha@example.org
  smtp_server 127.0.0.1 {port}
  smtp_connect_timeout 2
  {globals}
}}
vrrp_instance inside {{
  interface eth0
  virtual_router_id 51
  priority 150
  version 3
  advert_int 0.2
  {instance}
  virtual_ipaddress {{
    {addresses[0]}
  }}
}}
""" + OUTSIDE_IN_GROUP + """  {group}
}}
"""


@contextlib.contextmanager
def _node(lab):
    """The thread is where the daemon is, so that both have the same loopback."""
    lab.ip(lab.namespace(1), ["link set dev lo up"])
    with inside(lab.namespace(1)):
        yield


def _configuration(lab, port=2525, instance="", group="", **settings):
    lines = "\n  ".join(f"{key} {value}" for key, value in settings.items())
    addresses = [lab.plan.virtual(0), lab.plan.virtual(1)]
    return CONFIGURATION.format(port=port, addresses=addresses, globals=lines, instance=instance, group=group)


def _life(lab, profile, mail, text, count):
    """A whole life of a daemon: its subjects in the order in which they came, and its log."""
    daemon = create_daemon(lab, 1, profile).configure([], text).start()
    wait_for(lambda: len(mail.mails) >= count, 15, 0.05)
    daemon.terminate()
    daemon.wait(15)
    time.sleep(0.2)
    return daemon.log()


def check_mail(profile):
    """The mails of a life, and the same of keepalived: what is told, to whom, in which words. keepalived ends before it
    has mailed that it stops; we do not."""
    mails, logs = {}, {}
    for name in (profile, "keepalived"):
        with Lab(routers=1, client=False) as lab, _node(lab):
            mail = MailServer(("127.0.0.1", 2525))
            hook = Webhook(("127.0.0.1", 8080))
            settings = {"smtp_alert": "on", "webhook": "http://127.0.0.1:8080/vrrp secret"}
            if name == "keepalived":
                del settings["webhook"]
            logs[name] = _life(lab, name, mail, _configuration(lab, **settings), 6)
            mails[name] = list(mail.mails)
            if name == profile:
                posts = list(hook.posts)
            hook.close()
            mail.close()
    told = {name: sorted((line, mail["lines"][-1] if mail["lines"][-1] else mail["lines"][-2])
                         for mail in kept for line in mail["lines"] if line.startswith("Subject:"))
            for name, kept in mails.items()}
    stops = [subject for subject, _ in told[profile] if subject.endswith("Stopping")]
    told = {name: [entry for entry in entries if entry[0] not in stops] for name, entries in told.items()}
    ours = mails[profile]
    bodies = [json.loads(post["body"]) for post in posts]
    states = [(body["name"], body["state"]) for body in bodies]
    return [
        Check("same subjects and texts as keepalived", told[profile] == told["keepalived"],
              "" if told[profile] == told["keepalived"] else f"{told}"),
        Check("the end is told", len(stops) >= 2, f"{len(stops)} of stopping"),
        Check("both recipients", all(mail["recipients"] == ["ops@example.org", "noc@example.org"] for mail in ours)),
        Check("sender", all(mail["sender"] == "ha@example.org" for mail in ours)),
        Check("the webhook is told the same", ("inside", "MASTER") in states and ("both", "MASTER") in states
              and ("inside", "STOP") in states, f"{len(states)} posts"),
        Check("token", all(post["headers"].get("Authorization") == "Bearer secret" for post in posts)),
    ], logs


def check_slow_mail(profile):
    """A mail server that never answers holds nobody up: not the adverts, not the other alerts, not the end for long."""
    with Lab(routers=1, client=False) as lab, _node(lab):
        deaf = socket.create_server(("127.0.0.1", 2525))
        hook = Webhook(("127.0.0.1", 8080))
        text = _configuration(lab, smtp_alert="on", webhook="http://127.0.0.1:8080/")
        daemon = create_daemon(lab, 1, profile).configure([], text).start()
        owned = wait_for(lambda: lab.owners(lab.plan.virtual(0)) == {1}, 5, 0.05)
        told = wait_for(lambda: hook.posts, 20, 0.1)
        processes = len(daemon.processes())
        begin = time.monotonic()
        daemon.terminate()
        status = daemon.wait(15)
        taken = time.monotonic() - begin
        deaf.close()
        hook.close()
        return [
            Check("serves", bool(owned)), Check("the webhook is told", bool(told)),
            Check("a process of its own", processes == 3, f"{processes} processes"),
            Check("stops", status == 0 and taken < 4.5, f"{taken:.1f} s"),
            Check("says so", "did not answer in time" in daemon.log() and "given up" in daemon.log()),
        ], {"r1": daemon.log()}


def _certificate(lab, name):
    """A certificate of its own authority for 127.0.0.1: key and certificate in one file."""
    path = f"{lab.directory}/{name}.pem"
    run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{path}.key", "-out", path])
    with open(path, "a") as both, open(f"{path}.key") as key:
        both.write(key.read())
    return path


def check_secure_mail(profile):
    """TLS in both ways, both ways to log in, an encrypted webhook; and nothing is told to a server that is another."""
    checks, logs = [], {}
    cases = [
        ("STARTTLS and AUTH PLAIN", "starttls", "PLAIN", {"smtp_tls": "required"}, True),
        ("TLS from the start and AUTH LOGIN", "implicit", "LOGIN", {"smtp_tls": "implicit"}, True),
        ("STARTTLS when offered", "starttls", None, {}, True),
        ("no password for a stranger", "starttls", "PLAIN", {"smtp_tls": "required"}, False),
    ]
    for name, mode, login, settings, is_trusted in cases:
        with Lab(routers=1, client=False) as lab, _node(lab):
            own, other = _certificate(lab, "own"), _certificate(lab, "other")
            mail = MailServer(("127.0.0.1", 2525), mode, own, (login, "user", "a secret") if login else None)
            hook = Webhook(("127.0.0.1", 8443), own)
            if login:
                settings = {**settings, "smtp_auth": 'user "a secret"'}
            trust = {"alert_tls_ca": own if is_trusted else other, "webhook": "https://127.0.0.1:8443/vrrp"}
            text = _configuration(lab, instance="smtp_alert", **settings, **trust)
            daemon = create_daemon(lab, 1, profile).configure([], text).start()
            if is_trusted:
                wait_for(lambda: len(mail.mails) >= 2 and len(hook.posts) >= 2, 15, 0.05)
            else:
                wait_for(lambda: "no webhook" in daemon.log(), 15, 0.05)
            daemon.stop()
            users = {one["user"] for one in mail.mails}
            logs[name] = daemon.log()
            if is_trusted:
                checks.append(Check(
                    name, len(mail.mails) >= 2 and all(one["encrypted"] for one in mail.mails) and len(hook.posts) >= 2
                    and users == {("user", "a secret") if login else None}, f"{len(mail.mails)} mails"))
            else:
                checks.append(Check(name, not mail.mails and not hook.posts and "TLS" in daemon.log()))
            mail.close()
            hook.close()
    return checks, logs
