"""A server that speaks Google's protocol, counts what it makes, and misbehaves when told to."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from director_lib.engines.google.models import DEFAULT_IMAGE_MODEL, DEFAULT_VIDEO_MODEL
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.answers import Reply
from tests.engines.fakes.google.media import clip

GOOD_KEY = "AIza-good-key-0123456789"
_MADE = re.compile(r"^/v1/models/(?P<model>[^/:]+):generateContent$")
_WRITTEN = re.compile(r"^/v1beta/models/(?P<model>[^/:]+):generateContent$")
_MODEL = re.compile(r"^/v1/models/(?P<model>[^/:]+)$")
_JOBS = re.compile(r"^/v1/interactions$")
_JOB = re.compile(r"^/v1/interactions/(?P<id>[^/?]+?)(?P<cancel>/cancel)?$")
_FILE = re.compile(r"^/v1beta/files/(?P<name>[^/:?]+)(?P<download>:download)?$")


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Mischief:
    """What goes wrong with the next request: ``reset``, ``silence`` or a wrong reply."""

    what: str
    after_making: bool = False
    reply: Reply | None = None


@dataclass
class StoredFile:
    """A file that Google keeps."""

    data: bytes
    state: str = "ACTIVE"
    reply: Reply | None = None


@dataclass
class GoogleServer:
    """The fake. Fields may be changed while it serves."""

    n_pictures: int = 0
    n_clips: int = 0
    n_texts: int = 0
    seen: list[Seen] = field(default_factory=list)
    mischief: deque[Mischief] = field(default_factory=deque)
    picture_answer: dict[str, Any] = field(default_factory=answers.picture_answer)
    text_answer: dict[str, Any] = field(default_factory=answers.text_answer)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    elsewhere: list[Seen] = field(default_factory=list)
    models: set[str] = field(default_factory=lambda: {DEFAULT_IMAGE_MODEL, DEFAULT_VIDEO_MODEL})
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self._server.google = self  # type: ignore[attr-defined]
        self._server.handle_error = lambda request, address: None  # type: ignore[method-assign]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return what answers its requests."""
        return GoogleHandler

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def n_made(self) -> int:
        """How many pictures, clips and texts it has made and would charge."""
        return self.n_pictures + self.n_clips + self.n_texts

    def close(self) -> None:
        """Let go of everybody who waits, and stop."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def refuse_next(self, reply: Reply) -> None:
        self.mischief.append(Mischief("reply", reply=reply))

    def draw(self, body: dict[str, Any]) -> dict[str, Any]:
        """Make a picture, and answer with it."""
        with self.lock:
            self.n_pictures += 1
        return self.picture_answer

    def write(self, body: dict[str, Any]) -> dict[str, Any]:
        """Write a text, and answer with it."""
        with self.lock:
            self.n_texts += 1
        return self.text_answer

    def film(self, body: dict[str, Any]) -> dict[str, Any]:
        """Begin with a clip, and answer with its job."""
        with self.lock:
            self.n_clips += 1
            job = answers.new_job(f"v1_job{self.n_clips}", body["model"])
            self.jobs[job["id"]] = job
        return job

    def finish(self, job_id: str, *, delivery: str = "inline", data: bytes | None = None) -> None:
        """Complete a job; its clip comes inside the answer, as a file of the API, or from another host."""
        data = clip() if data is None else data
        uri = f"{self.url}/v1beta/files/{job_id}"
        if delivery == "elsewhere":
            uri = f"http://localhost:{self.port}/elsewhere/{job_id}.mp4"
        self.files[job_id] = StoredFile(data)
        self.jobs[job_id] |= answers.finished_job(data, uri if delivery != "inline" else None)


class GoogleHandler(BaseHTTPRequestHandler):
    asked: Seen

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output clean."""

    @property
    def google(self) -> GoogleServer:
        return self.server.google  # type: ignore[attr-defined, no-any-return]

    def do_POST(self) -> None:
        mischief = self.google.mischief.popleft() if self.google.mischief else None
        if mischief is not None and not mischief.after_making:
            self._misbehave(mischief)
            return
        self._see(self.google.seen)
        reply = self._refusal() or self._make()
        if mischief is None:
            self._send(reply)
        else:
            self._misbehave(mischief)

    def do_GET(self) -> None:
        google = self.google
        path = self.path.partition("?")[0]
        if path.startswith("/elsewhere/"):
            self._see(google.elsewhere)
            stored = google.files[path.removeprefix("/elsewhere/").removesuffix(".mp4")]
            self._send(stored.reply or Reply(200, stored.data, {"Content-Type": "video/mp4"}))
            return
        self._see(google.seen)
        if google.mischief:
            self._misbehave(google.mischief.popleft())
        else:
            self._send(self._refusal() or self._look_up(path))

    def _look_up(self, path: str) -> Reply:
        google = self.google
        if (match := _JOB.match(path)) and match["id"] in google.jobs:
            return answers.as_json(google.jobs[match["id"]])
        if (match := _MODEL.match(path)) and match["model"] in google.models:
            return answers.as_json({"name": f"models/{match['model']}", "displayName": "A model"})
        if (match := _FILE.match(path)) and match["name"] in google.files:
            stored = google.files[match["name"]]
            if not match["download"]:
                return answers.as_json({"name": f"files/{match['name']}", "state": stored.state})
            return stored.reply or Reply(200, stored.data, {"Content-Type": "video/mp4"})
        return answers.refusal(404, "NOT_FOUND", "Requested entity was not found.")

    def _make(self) -> Reply:
        google, body = self.google, self.asked.body
        if (match := _JOB.match(self.path)) and match["cancel"]:
            return self._cancel(match["id"])
        wrong = answers.find_fault(self.path, body)
        if wrong:
            return answers.refusal(400, "INVALID_ARGUMENT", wrong)
        if _MADE.match(self.path):
            return answers.as_json(google.draw(body))
        if _WRITTEN.match(self.path):
            return answers.as_json(google.write(body))
        if _JOBS.match(self.path):
            return answers.as_json(google.film(body))
        return answers.refusal(404, "NOT_FOUND", "Requested entity was not found.")

    def _cancel(self, job_id: str) -> Reply:
        job = self.google.jobs.get(job_id)
        if job is None:
            return answers.refusal(404, "NOT_FOUND", "Requested entity was not found.")
        if job["status"] not in ("queued", "in_progress"):
            return answers.refusal(400, "FAILED_PRECONDITION", "Interaction cannot be cancelled.")
        job["status"] = "cancelled"
        return answers.as_json(job)

    def _refusal(self) -> Reply | None:
        return None if self.headers.get("x-goog-api-key") == GOOD_KEY else answers.wrong_key()

    def _misbehave(self, mischief: Mischief) -> None:
        if mischief.what == "reset":
            self._reset()
        elif mischief.what == "silence":
            self.google.closing.wait(20)
            self.close_connection = True
        else:
            if self.command == "POST" and not mischief.after_making:
                self._see(self.google.seen)
            assert mischief.reply is not None
            self._send(mischief.reply)

    def _see(self, seen: list[Seen]) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked = Seen(self.command, self.path, headers, json.loads(raw) if raw else None)
        seen.append(self.asked)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.code)
        for name, value in ({"Content-Length": str(len(reply.body))} | reply.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True
