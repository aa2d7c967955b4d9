"""A mail server on 127.0.0.1:25 that appends what it is given to a file, one JSON object a line (RFC 5321)."""

import json
import socketserver
import sys


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        self.say("220 mailbox.test ESMTP")
        sender, recipients = None, []
        while line := self.rfile.readline(1000):
            command = line.decode(errors="replace").strip()
            verb = command[:4].upper()
            if verb in ("HELO", "EHLO"):
                self.say("250-mailbox.test\r\n250 8BITMIME" if verb == "EHLO" else "250 mailbox.test")
            elif verb == "MAIL":
                sender = command[10:].strip("<> ")
                self.say("250 2.1.0 fine")
            elif verb == "RCPT":
                recipients.append(command[8:].strip("<> "))
                self.say("250 2.1.5 fine")
            elif verb == "DATA":
                self.say("354 go on")
                lines = []
                while (text := self.rfile.readline(2000)) not in (b".\r\n", b""):
                    lines.append(text.decode(errors="replace").rstrip("\r\n"))
                with open(sys.argv[1], "a") as file:
                    file.write(json.dumps({"from": sender, "to": recipients, "lines": lines}) + "\n")
                self.say("250 2.0.0 kept")
                recipients = []
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("502 5.5.1 what?")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", 25), Session).serve_forever()
