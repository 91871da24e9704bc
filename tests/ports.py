"""Ports for the servers that tests start."""

from __future__ import annotations

import os
import re
import socket
from itertools import count

# Below the range that Linux gives to connections and to kernels; one of those would take a port between its
# choice and its use. Each process of the tests has a part of its own.
_FIRST, _PER_PROCESS, _N_PROCESSES = 20_000, 750, 16
_turns = count(os.getpid() % _PER_PROCESS)


def free_port() -> int:
    """Return a port of this machine that nobody listens on and that nobody else is given."""
    worker = re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or "0"
    start = _FIRST + int(worker) % _N_PROCESSES * _PER_PROCESS
    for _ in range(_PER_PROCESS):
        port = start + next(_turns) % _PER_PROCESS
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError(f"Each port from {start} to {start + _PER_PROCESS - 1} is in use.")
