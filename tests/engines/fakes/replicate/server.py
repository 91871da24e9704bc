"""Replicate's HTTP API on this machine, over real sockets."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from tests.engines.fakes.replicate.faults import Dropped, break_answer, refuse
from tests.engines.fakes.replicate.state import ENDED, Call, FakeReplicate

_ROUTES: tuple[tuple[str, str, str], ...] = (
    ("GET", r"/v1/account", "account"),
    ("POST", r"/v1/files", "upload"),
    ("GET", r"/v1/files", "files"),
    ("GET", r"/v1/files/([^/]+)", "file"),
    ("GET", r"/v1/models/([^/]+/[^/]+)", "model"),
    ("GET", r"/v1/models/([^/]+/[^/]+)/versions/([^/]+)", "version"),
    ("POST", r"/v1/models/([^/]+/[^/]+)/predictions", "create"),
    ("POST", r"/v1/predictions", "create"),
    ("GET", r"/v1/predictions", "list"),
    ("GET", r"/v1/predictions/([^/]+)", "poll"),
    ("POST", r"/v1/predictions/([^/]+)/cancel", "cancel"),
    ("GET", r"/delivery/([^/]+)/(.+)", "download"),
)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    fake: FakeReplicate

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def _answer(self, method: str) -> None:
        parts = urlsplit(self.path)
        self.query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.fake.calls.append(Call(method, parts.path, {k.lower(): v for k, v in self.headers.items()}))
        for verb, pattern, endpoint in _ROUTES:
            found = re.fullmatch(pattern, parts.path)
            if verb == method and found:
                return self._serve(endpoint, *found.groups())
        return self.problem(404, "The requested resource could not be found.")

    def _serve(self, endpoint: str, *names: str) -> None:
        fault = self.fake.next_fault(endpoint, *names)
        try:
            if fault == "reset_before":
                raise Dropped
            self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
            authorized = self.headers.get("authorization") == f"Bearer {self.fake.token}"
            if refuse(self, fault):
                return
            if endpoint != "download" and not authorized:
                self.problem(401, "You did not pass a valid authentication token")
                return
            status, answer = getattr(self, f"_{endpoint}")(*names)
            if not break_answer(self, fault, status, answer):
                self.send(status, answer)
        except Dropped:
            # closing with nothing to linger for makes a reset of what would be a proper end
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True

    def send(self, status: int, answer: Any, mime: str = "application/json", **headers: str) -> None:
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        fields = {"content-type": mime, "content-length": str(len(content))} | {
            key.replace("_", "-"): value for key, value in headers.items()
        }
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def problem(self, status: int, detail: str, **headers: str) -> None:
        body = {"title": "Refused", "detail": detail, "status": status}
        self.send(status, body, "application/problem+json", **headers)

    def _account(self) -> tuple[int, Any]:
        return 200, {"type": "organization", "username": "studio", "name": "Studio", "github_url": None}

    def _upload(self) -> tuple[int, Any]:
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = {
            part.get_param("name", header="content-disposition"): part
            for part in BytesParser(policy=HTTP).parsebytes(head + self.body).iter_parts()  # type: ignore[attr-defined]
        }
        content = parts["content"]
        metadata = json.loads(parts["metadata"].get_payload(decode=True)) if "metadata" in parts else {}
        data = content.get_payload(decode=True)
        return 201, self.fake.add_file(content.get_filename(), content.get_content_type(), data, metadata)

    def _files(self) -> tuple[int, Any]:
        return 200, {"next": None, "previous": None, "results": list(reversed(self.fake.files.values()))}

    def _file(self, file_id: str) -> tuple[int, Any]:
        return self._found(self.fake.files.get(file_id))

    def _model(self, name: str) -> tuple[int, Any]:
        return self._found(self.fake.models.get(name))

    def _version(self, name: str, version: str) -> tuple[int, Any]:
        latest = self.fake.models.get(name, {}).get("latest_version")
        return self._found(latest if latest and latest["id"] == version else None)

    def _create(self, name: str = "") -> tuple[int, Any]:
        body = json.loads(self.body)
        version = body.get("version", "")
        model = self.fake.models.get(name) or next(
            (
                item
                for item in self.fake.models.values()
                if version and item["latest_version"]["id"] == version
            ),
            None,
        )
        if model is None or (name and not model["is_official"]):
            return self._found(None)
        wrong = _find_wrong(body.get("input"), model)
        if wrong:
            return 422, {"title": "Input validation failed", "detail": wrong, "status": 422}
        name = f"{model['owner']}/{model['name']}"
        return 201, self.fake.create(
            name, version or "hidden", body["input"], self.headers.get("cancel-after")
        )

    def _list(self) -> tuple[int, Any]:
        start, after = int(self.query.get("cursor", 0)), self.query.get("created_after")
        newest = self.fake.listed()
        if after:
            limit = datetime.fromisoformat(after)
            newest = [item for item in newest if datetime.fromisoformat(item["created_at"]) >= limit]
        end = start + self.fake.page_size
        follow = f"{self.fake.address}/v1/predictions?cursor={end}"
        follow += f"&created_after={quote(after)}" if after else ""
        return 200, {
            "next": follow if end < len(newest) else None,
            "previous": None,
            "results": newest[start:end],
        }

    def _poll(self, prediction_id: str) -> tuple[int, Any]:
        return self._found(self.fake.step(prediction_id))

    def _cancel(self, prediction_id: str) -> tuple[int, Any]:
        record = self.fake.predictions.get(prediction_id)
        if record is not None and record["status"] not in ENDED:
            self.fake.end(prediction_id, "canceled", output=None)
        return self._found(record)

    def _download(self, prediction_id: str, name: str) -> tuple[int, Any]:
        return 200, self.fake.output_of(prediction_id)

    def _found(self, record: Any) -> tuple[int, Any]:
        if record is None:
            return 404, {
                "title": "Not Found",
                "detail": "The requested resource could not be found.",
                "status": 404,
            }
        return 200, record


def _find_wrong(given: Any, model: dict[str, Any]) -> str:
    """Say what is wrong with an input, as strictly as a model does."""
    if not isinstance(given, dict):
        return "- input: input is required"
    schemas = model["latest_version"]["openapi_schema"]["components"]["schemas"]
    for name in schemas["Input"]["required"]:
        if name not in given:
            return f"- input: {name} is required"
    for name, value in given.items():
        if name not in schemas["Input"]["properties"]:
            return f"- input.{name}: unexpected input"
        if "enum" in schemas.get(name, {}) and value not in schemas[name]["enum"]:
            return f"- input.{name}: must be one of {schemas[name]['enum']}"
    return ""


@contextmanager
def run_fake(
    fake: FakeReplicate, kind: type[ThreadingHTTPServer] = ThreadingHTTPServer
) -> Iterator[FakeReplicate]:
    """Serve a fake on a free port of this machine; nothing of it is left behind."""
    server = kind(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": fake}))
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield fake
    finally:
        fake.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
