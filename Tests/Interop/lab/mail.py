"""A mail server and a webhook that keep what they are sent: enough of RFC 5321 and RFC 9112 for one client."""

import base64
import http.server
import socketserver
import ssl
import threading


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class MailServer:
    """Listens on an address. `mode` is plain, starttls or implicit; with `login`, nobody mails without it."""

    def __init__(self, address, mode="plain", certificate=None, login=None, refused=()):
        self.mode, self.login, self.refused = mode, login, refused
        self.mails, self.context = [], None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        owner = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                try:
                    _MailSession(owner, self.request).run()
                except (OSError, ssl.SSLError, EOFError):
                    pass

        self._server = _Server(address, Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def subjects(self):
        return [line[9:] for mail in list(self.mails) for line in mail["lines"] if line.startswith("Subject: ")]

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _MailSession:
    def __init__(self, owner, connection):
        self.owner, self.connection, self.buffer = owner, connection, b""
        self.is_encrypted, self.user = False, None

    def line(self):
        while b"\n" not in self.buffer:
            data = self.connection.recv(4096)
            if not data:
                raise EOFError
            self.buffer += data
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r").decode()

    def say(self, text):
        self.connection.sendall(f"{text}\r\n".encode())

    def encrypt(self):
        self.connection = self.owner.context.wrap_socket(self.connection, server_side=True)
        self.is_encrypted = True

    def run(self):
        if self.owner.mode == "implicit":
            self.encrypt()
        self.say("220 mail.example.org ESMTP")
        sender, recipients = None, []
        while True:
            words = self.line().split(" ", 1)
            verb, rest = words[0].upper(), words[1] if len(words) > 1 else ""
            if verb == "EHLO":
                offers = ["STARTTLS"] if self.owner.mode == "starttls" and not self.is_encrypted else []
                offers += [f"AUTH {self.owner.login[0]}"] if self.owner.login and self.is_encrypted else []
                lines = ["mail.example.org", *offers]
                for line in lines[:-1]:
                    self.say(f"250-{line}")
                self.say(f"250 {lines[-1]}")
            elif verb == "HELO":
                self.say("250 mail.example.org")
            elif verb == "STARTTLS":
                self.say("220 go ahead")
                self.encrypt()
            elif verb == "AUTH":
                self.user = self.authenticate(rest)
                self.say("235 welcome" if self.user == self.owner.login[1:] else "535 no")
            elif verb == "MAIL":
                sender = rest[rest.index("<") + 1:rest.rindex(">")]
                self.say("250 ok" if not self.owner.login or self.user else "530 log in")
            elif verb == "RCPT":
                recipient = rest[rest.index("<") + 1:rest.rindex(">")]
                if recipient in self.owner.refused:
                    self.say("550 nobody of that name")
                else:
                    recipients.append(recipient)
                    self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                while (line := self.line()) != ".":
                    lines.append(line)
                self.owner.mails.append({"sender": sender, "recipients": recipients, "lines": lines,
                                         "encrypted": self.is_encrypted, "user": self.user})
                recipients = []
                self.say("250 queued")
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("502 what?")

    def authenticate(self, rest):
        if rest.upper().startswith("PLAIN "):
            return tuple(base64.b64decode(rest[6:]).decode().split("\0")[1:])
        self.say("334 VXNlcm5hbWU6")
        user = base64.b64decode(self.line()).decode()
        self.say("334 UGFzc3dvcmQ6")
        return user, base64.b64decode(self.line()).decode()


class Webhook:
    """Keeps the bodies of what is posted to an address."""

    def __init__(self, address, certificate=None):
        self.posts = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                owner.posts.append({"path": self.path, "headers": dict(self.headers), "body": body})
                self.send_response(204)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(address, Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
