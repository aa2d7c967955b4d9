"""Says back what it hears on TCP port 7000, for as long as it hears something."""

import socketserver


class Session(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1000):
            self.request.sendall(data)


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("", 7000), Session).serve_forever()
