#!/usr/bin/env python3
"""Runs the client against a port that is served and one that is not: try.py PATH-OF-HealthCheckClient"""

import socket
import subprocess
import sys

with socket.create_server(("127.0.0.1", 0)) as served, socket.socket() as bound:
    # Bound and not listened on: nobody else can take it meanwhile.
    bound.bind(("127.0.0.1", 0))
    targets = [f"tcp:127.0.0.1:{server.getsockname()[1]}" for server in (served, bound)]
    said = subprocess.run(
        [sys.argv[1], "--once", *targets], capture_output=True, check=True, text=True, timeout=20
    ).stdout.splitlines()
print("\n".join(said))
wanted = [f"{targets[0]}: up, ", f"{targets[1]}: down, connect: connection refused, "]
missing = [start for start in wanted if not any(line.startswith(start) for line in said)]
sys.exit(f"not said: {missing}" if missing else 0)
