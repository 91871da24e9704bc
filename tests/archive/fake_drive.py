"""Google Drive v3 over HTTP, as far as the archive uses it, with faults on demand."""

from __future__ import annotations

import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

FOLDER = "folder-0123456789"
_STEP = 256 * 1024


@dataclass
class Upload:
    """A resumable upload: what arrived of it so far."""

    name: str
    size: int
    data: bytearray = field(default_factory=bytearray)


@dataclass
class FakeDrive:
    """A shared drive's folder.

    Attributes:
        faults: By "METHOD what", what goes wrong in the next calls, one after the other: a status code, a
            code with a reason ("403 storageQuotaExceeded"), "cut" for a connection that ends half-way, or
            "" for a call that goes well.
        received: How many bytes of parts arrived in all.
    """

    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    tokens: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    received: int = 0
    damages: int = 0
    url: str = ""

    def revoke(self) -> None:
        """Let no token be valid any longer that was given so far."""
        self.tokens.clear()


@contextmanager
def running_drive() -> Iterator[FakeDrive]:
    """Serve one until the block ends."""
    drive = FakeDrive()

    class Handler(_Handler):
        pass

    Handler.drive = drive
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    drive.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield drive
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    drive: FakeDrive
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        body = self._body()
        if self.path == "/token":
            token = f"token-{len(self.drive.asked)}"
            self.drive.tokens.append(token)
            self.drive.asked.append(body.decode())
            self._json(200, {"access_token": token, "expires_in": 3600})
        elif self._goes_wrong("POST upload") or not self._is_signed_in():
            return
        else:
            key = f"u{len(self.drive.uploads)}"
            about = json.loads(body)
            assert about["parents"] == [FOLDER]
            self.drive.uploads[key] = Upload(about["name"], int(self.headers["X-Upload-Content-Length"]))
            self._json(200, {}, Location=f"{self.drive.url}/session/{key}")

    def do_PUT(self) -> None:
        span = self.headers["Content-Range"]
        upload = self.drive.uploads.get(self.path.rpartition("/")[2])
        length = int(self.headers.get("Content-Length", 0))
        is_question = span.startswith("bytes */")
        what = "PUT status" if is_question else "PUT part"
        fault = self.drive.faults[what].pop(0) if self.drive.faults[what] else ""
        body = self.rfile.read(length // 2 if fault else length)
        if upload is not None and not is_question:
            start = int(re.findall(r"\d+", span)[0])
            if start == len(upload.data):
                kept = body[: len(body) // _STEP * _STEP] if fault else body
                upload.data += kept
                self.drive.received += len(kept)
        if fault:
            self.rfile.read(0 if fault == "cut" else length - len(body))
            self._fail(fault)
        elif not self._is_signed_in():
            return
        elif upload is None:
            self._json(404, {})
        elif len(upload.data) == upload.size:
            data = bytes(upload.data)
            if self.drive.damages:
                self.drive.damages -= 1
                data = data[:-1] + bytes([data[-1] ^ 1])
            self.drive.files[f"f{len(self.drive.files)}-{upload.name[:6]}"] = (upload.name, data)
            self._json(200, {})
        else:
            ends = {"Range": f"bytes=0-{len(upload.data) - 1}"} if upload.data else {}
            self._json(308, {}, **ends)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        what = "GET media" if "alt" in query else "GET list" if "q" in query else "GET about"
        if self._goes_wrong(what) or not self._is_signed_in():
            return
        assert query["supportsAllDrives"] == ["true"]
        if "q" in query:
            wanted = re.findall(r"name = '([^']+)'", query["q"][0])[0]
            found = [
                {"id": key, "size": str(len(data))}
                for key, (name, data) in self.drive.files.items()
                if name == wanted
            ]
            self._json(200, {"files": found})
        elif "alt" in query:
            data = self.drive.files[parts.path.rpartition("/")[2]][1]
            start, end = map(int, re.findall(r"\d+", self.headers["Range"]))
            self._send(206, data[start : end + 1], {})
        else:
            self._json(200 if parts.path.endswith(FOLDER) else 404, {"id": FOLDER})

    def do_DELETE(self) -> None:
        if self._is_signed_in():
            self.drive.files.pop(urlsplit(self.path).path.rpartition("/")[2], None)
            self._send(204, b"", {})

    def _goes_wrong(self, what: str) -> bool:
        fault = self.drive.faults[what].pop(0) if self.drive.faults[what] else ""
        if fault:
            self._fail(fault)
        return bool(fault)

    def _fail(self, fault: str) -> None:
        if fault == "cut":
            self.close_connection = True
            self.connection.close()
            return
        code, _, reason = fault.partition(" ")
        self._json(int(code), {"error": {"errors": [{"reason": reason}]}})

    def _is_signed_in(self) -> bool:
        if self.headers.get("Authorization", "").removeprefix("Bearer ") in self.drive.tokens:
            return True
        self._json(401, {"error": {"errors": [{"reason": "authError"}]}})
        return False

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _json(self, code: int, content: dict[str, Any], **headers: str) -> None:
        self._send(code, json.dumps(content).encode(), {"Content-Type": "application/json", **headers})

    def _send(self, code: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
