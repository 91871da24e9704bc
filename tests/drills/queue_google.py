"""Google's fake with a will of its own: slow, moody, and true to what it made."""

from __future__ import annotations

import base64
import io
import json
import random
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import numpy as np
from PIL import Image

from tests.drills.queue_chances import Chances, name_in
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.answers import Reply
from tests.engines.fakes.google.media import clip
from tests.engines.fakes.google.server import GoogleHandler, GoogleServer, StoredFile

_LONGEST_HANG_S = 30.0
_OPEN = ("queued", "in_progress")


def own_clip(name: str, made: bytes) -> bytes:
    """Return a clip that no other task has: players skip the part at its end."""
    words = name.encode().ljust(24)
    return made + (len(words) + 8).to_bytes(4) + b"free" + words


def own_still(name: str) -> bytes:
    """Return a still that no other task has."""
    colours = np.random.default_rng(list(name.encode())).integers(0, 255, (36, 64, 3), dtype=np.uint8)
    written = io.BytesIO()
    Image.fromarray(colours).save(written, "PNG")
    return written.getvalue()


class MoodyGoogle(GoogleServer):
    """Makes what is ordered, each its own, and finishes clips in its own time."""

    def __init__(self, chances: Chances) -> None:
        self.chances = chances
        self._running: dict[str, tuple[str, float, dict[str, Any]]] = {}
        super().__init__()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        return _MoodyHandler

    def draw(self, body: dict[str, Any]) -> dict[str, Any]:
        name = name_in(str(body["contents"][0]["parts"][-1]["text"]), "still")
        self.chances.note_made(name, who="google")["ended_s"] = time.monotonic()
        return answers.picture_answer(answers.picture_part(own_still(name)))

    def film(self, body: dict[str, Any]) -> dict[str, Any]:
        name = name_in(str(body["input"][0]["content"][-1]["text"]), "clip")
        job = super().film(body)
        entry = self.chances.note_made(name, who="google", id=job["id"])
        lasts_s = self.chances.lot(name).choice([0.3, 1.0, 2.5, 5.0, 25.0])
        self._running[job["id"]] = (name, time.monotonic() + lasts_s, entry)
        return job

    def name_of(self, job_id: str) -> str:
        return self._running[job_id][0] if job_id in self._running else ""

    def step(self, job_id: str) -> None:
        """Finish a job whose time has come, or note that it was stopped."""
        if job_id not in self._running:
            return
        name, ends_s, entry = self._running[job_id]
        with self.lock:
            is_open = self.jobs[job_id]["status"] in _OPEN
            if is_open and time.monotonic() >= ends_s:
                self._end(job_id, name)
            if self.jobs[job_id]["status"] not in _OPEN and entry["ended_s"] is None:
                entry["ended_s"] = min(ends_s, time.monotonic())

    def step_all(self) -> None:
        for job_id in list(self._running):
            self.step(job_id)

    def _end(self, job_id: str, name: str) -> None:
        if self.chances.lot(name).random() < 0.06:
            self.chances.note(name, "failed")
            self.jobs[job_id] |= {"status": "failed", "usage": {"total_output_tokens": 0}}
        else:
            self.finish(job_id, delivery="uri", data=own_clip(name, clip()))
            self.files[job_id] = StoredFile(own_clip(name, clip()))


class _MoodyHandler(GoogleHandler):
    google: MoodyGoogle  # type: ignore[assignment]

    def do_POST(self) -> None:  # noqa: N802
        self._see([])
        what, name = self._order()
        fault = self.google.chances.draw(what, name)
        if reply := _refusal_for(fault):
            return self._send(reply)
        if fault == "reset":
            return self._reset()
        if fault == "slow":
            time.sleep(random.uniform(0.3, 2.5))
        reply = self._refusal() or self._make()
        if what == "google cancel":
            self.google.step(self.path.split("/")[-2])
        return self._answer_order(fault, reply)

    def _order(self) -> tuple[str, str]:
        if self.path.endswith("/cancel"):
            return "google cancel", self.google.name_of(self.path.split("/")[-2])
        if self.path.endswith(":generateContent"):
            return "draw", name_in(str(self.asked.body), "still")
        return "film", name_in(str(self.asked.body["input"][0]["content"][-1]["text"]), "clip")

    def _answer_order(self, fault: str, reply: Reply) -> None:
        if fault == "reset_after":
            return self._reset()
        if fault == "hang":
            self.google.closing.wait(_LONGEST_HANG_S)
            self.close_connection = True
            return None
        if fault == "slow_after":
            time.sleep(random.uniform(0.3, 2.5))
        if fault == "page_after":
            reply = answers.page(502)
        if fault == "garbage_after":
            reply = answers.page(200)
        if fault == "half_file":
            part = answers.picture_part(base64.b64decode(_data_in(reply))[:200])
            reply = answers.as_json(answers.picture_answer(part))
        return self._send(reply)

    def do_GET(self) -> None:  # noqa: N802
        self._see([])
        path = self.path.partition("?")[0]
        job_id = path.rpartition("/")[2].partition(":")[0]
        fault = ""
        if job_id in self.google.jobs:
            self.google.step(job_id)
            fault = self._draw_for(path, self.google.name_of(job_id))
        reply = _refusal_for(fault) or self._refusal() or self._look_up(path)
        if fault == "reset":
            return self._reset()
        if fault == "slow":
            time.sleep(random.uniform(0.3, 1.5))
        if fault == "garbage":
            reply = answers.page(200)
        if fault in ("half", "short", "wrong type"):
            return self._spoil(fault, reply)
        return self._send(reply)

    def _draw_for(self, path: str, name: str) -> str:
        if "/files/" not in path:
            return self.google.chances.draw("google job", name)
        return self.google.chances.draw("google file", name) if path.endswith(":download") else ""

    def _spoil(self, fault: str, reply: Reply) -> None:
        half = reply.body[: len(reply.body) // 2]
        if fault == "half":
            self._send(Reply(200, half, reply.headers | {"Content-Length": str(len(reply.body))}))
            self.close_connection = True
        elif fault == "short":
            self._send(Reply(200, half, reply.headers))
        else:
            self._send(Reply(200, b"<html>Please sign in</html>", {"Content-Type": "text/html"}))


def _data_in(reply: Reply) -> str:
    told: dict[str, Any] = json.loads(reply.body)
    return str(told["candidates"][0]["content"]["parts"][0]["inlineData"]["data"])


def _refusal_for(fault: str) -> Reply | None:
    match fault:
        case "429":
            return answers.quota("1s")
        case "503":
            return answers.refusal(503, "UNAVAILABLE", "The model is overloaded.")
        case "500":
            return answers.refusal(500, "INTERNAL", "An internal error has occurred.")
        case "404":
            return answers.refusal(404, "NOT_FOUND", "Requested entity was not found.")
        case "refusal":
            return answers.as_json(answers.no_picture("IMAGE_SAFETY"))
    return None
