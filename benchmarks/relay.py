"""A relay between browser and server that counts what the browser receives, as it is on the wire."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK_BYTES = 1 << 16


class Counter:
    """Bytes that went to the browser, over all connections."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._n_bytes = 0

    def add(self, n_bytes: int) -> None:
        """Count more."""
        with self._lock:
            self._n_bytes += n_bytes

    def take(self) -> int:
        """Return what was counted since the last call."""
        with self._lock:
            n_bytes, self._n_bytes = self._n_bytes, 0
        return n_bytes


@contextmanager
def counting_relay(server_port: int) -> Iterator[tuple[str, Counter]]:
    """Give an address that leads to the server on this machine, and the counter of what it sends."""
    counter = Counter()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, server_port, counter), daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", counter
        # Closing alone would leave the waiting thread in accept().
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, server_port: int, counter: Counter) -> None:
    with suppress(OSError):
        while True:
            browser, _ = listener.accept()
            server = socket.create_connection(("127.0.0.1", server_port))
            for one in (browser, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=_copy, args=(browser, server, None), daemon=True).start()
            threading.Thread(target=_copy, args=(server, browser, counter), daemon=True).start()


def _copy(source: socket.socket, target: socket.socket, counter: Counter | None) -> None:
    with suppress(OSError):
        while received := source.recv(_CHUNK_BYTES):
            if counter is not None:
                counter.add(len(received))
            target.sendall(received)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
