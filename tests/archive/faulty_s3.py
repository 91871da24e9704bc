"""A real S3 server's door with faults on demand: calls go through, or go wrong as they do on bad days."""

from __future__ import annotations

import http.client
import socket
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

_REFUSAL = "<?xml version='1.0'?><Error><Code>{}</Code><Message>told by the door</Message></Error>"
_HOP = {"connection", "transfer-encoding", "content-length", "date", "server"}


@dataclass
class FaultyS3:
    """The door.

    Attributes:
        faults: By call ("PUT part", "GET file" …), what goes wrong in the next ones, one after the other: a
            code with a reason ("503 SlowDown"), "cut" for a connection that ends half-way, "lost" for an
            answer that never arrives although the call was carried out, "wrong" for other bytes than those
            that are there, or "" for a call that goes well.
        always: The same for every call that has no fault of its own.
        asked: Every call, with the number of its part.
    """

    server: str
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    always: str = ""
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def fault(self, call: str) -> str:
        waiting = self.faults[call]
        return waiting.pop(0) if waiting else self.always

    def mend(self) -> None:
        """Let everything go well from now on, and forget what was asked."""
        self.always = ""
        self.faults.clear()
        self.asked.clear()

    def sent_parts(self) -> list[str]:
        return [call for call in self.asked if call.startswith("PUT part")]


@contextmanager
def running_door(server: str) -> Iterator[FaultyS3]:
    """Open a door before a server until the block ends."""
    door = FaultyS3(server)

    class Handler(_Handler):
        pass

    Handler.door = door
    own = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    own.daemon_threads = True
    door.url = f"http://127.0.0.1:{own.server_address[1]}"
    thread = threading.Thread(target=own.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield door
    finally:
        own.shutdown()
        thread.join()
        own.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    door: FaultyS3

    def do_GET(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        call, number = self._call()
        self.door.asked.append(f"{call} {number}".rstrip())
        fault = self.door.fault(call)
        length = int(self.headers.get("Content-Length") or 0)
        if fault == "cut" and self.command == "PUT":
            self.rfile.read(length // 2)
            self._hang_up()
            return
        body = self.rfile.read(length)
        if fault and fault[0].isdigit():
            code, _, reason = fault.partition(" ")
            self._reply(int(code), [], _REFUSAL.format(reason or "ServiceUnavailable").encode())
            return
        status, headers, data = self._forward(body)
        if fault == "lost":
            self._hang_up()
        elif fault == "wrong":
            self._reply(status, headers, bytes(byte ^ 1 for byte in data))
        else:
            self._reply(status, headers, data, is_cut=fault == "cut")

    def _call(self) -> tuple[str, str]:
        parts = urlsplit(self.path)
        asked = parse_qs(parts.query, keep_blank_values=True)
        what = "file" if parts.path.count("/") > 1 else "bucket"
        if "partNumber" in asked:
            what = "part"
        elif "uploadId" in asked:
            what = "upload"
        elif "uploads" in asked:
            what = "uploads"
        return f"{self.command} {what}", asked.get("partNumber", [""])[0]

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        address = urlsplit(self.door.server)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
        try:
            kept = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            connection.request(self.command, self.path, body=body, headers=kept)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _reply(
        self, status: int, headers: list[tuple[str, str]], data: bytes, *, is_cut: bool = False
    ) -> None:
        self.send_response(status)
        told = dict((name.lower(), value) for name, value in headers)
        for name, value in told.items():
            if name not in _HOP:
                self.send_header(name, value)
        is_head = self.command == "HEAD"
        self.send_header("Content-Length", told.get("content-length", "0") if is_head else str(len(data)))
        self.end_headers()
        if not is_head:
            self.wfile.write(data[: len(data) // 2] if is_cut else data)
        if is_cut:
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
