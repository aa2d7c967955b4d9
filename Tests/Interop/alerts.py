"""Who is told of what: mails and webhooks, against servers that keep what they are sent."""

import contextlib
import json
import socket
import time

from election import Check
from lab import Exim, Lab, MailServer, Webhook, create_daemon, exim_missing, inside, run, wait_for
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


def check_real_mail(profile):
    """exim is content with us: STARTTLS, AUTH, a recipient it refuses beside one it takes, and texts that arrive whole."""
    if missing := exim_missing():
        return missing, {}
    with Lab(routers=1, client=False) as lab, _node(lab):
        certificate = _certificate(lab, "own")
        mail = Exim(2525, certificate)
        text = _configuration(
            lab, smtp_alert="on", smtp_tls="required", smtp_auth='user "a secret"', alert_tls_ca=certificate)
        text = text.replace("noc@example.org", "nobody@example.org")
        daemon = create_daemon(lab, 1, profile).configure([], text).start()
        wait_for(lambda: any("MASTER" in one["Subject"] for one in mail.mails()), 20, 0.1)
        daemon.terminate()
        daemon.wait(15)
        wait_for(lambda: any("Stopping" in one["Subject"] for one in mail.mails()), 10, 0.1)
        mails, log, ours = mail.mails(), mail.log(), daemon.log()
        mail.close()
    arrivals = [line for line in log.splitlines() if " <= ha@example.org " in line]
    complaints = [line for line in log.splitlines() if "syntax or protocol" in line or "unexpected" in line.lower()
                  or "synchronization" in line or "lost" in line]
    return [
        Check("delivered", len(mails) >= 3 and len(mails) == len(arrivals), f"{len(mails)} mails"),
        Check("every one over TLS, after AUTH", arrivals and all(" X=TLS1" in line and " A=plain:user" in line
                                                                 for line in arrivals)),
        Check("from whom, to whom", all(one["From"] == "ha@example.org" and one["Envelope-to"] == "ops@example.org"
                                        for one in mails), f"{[(one['From'], one['Envelope-to']) for one in mails[:1]]}"),
        Check("the other recipient was refused", "nobody@example.org" in log),
        Check("subjects", any("MASTER" in one["Subject"] for one in mails), f"{[one['Subject'] for one in mails]}"),
        Check("each has a date and a text", all(one["Date"] and one.get_payload().strip() for one in mails)),
        Check("exim has nothing to complain about", not complaints, f"{complaints}"),
    ], {"r1": ours, "exim": log}
