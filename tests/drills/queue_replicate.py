"""Replicate's fake with a will of its own: slow, moody, late with its list, and true to what it made."""

from __future__ import annotations

import random
import time
from typing import Any

from tests.drills.queue_chances import LOST_ORDERS, Chances, name_in
from tests.drills.queue_google import own_clip
from tests.engines.fakes.replicate.media import clip_bytes
from tests.engines.fakes.replicate.state import ENDED, FakeReplicate

_BEFORE = frozenset({"500", "reset_before"})
_FEWEST_BETWEEN = 4


class MoodyReplicate(FakeReplicate):
    """Makes what is ordered, each its own, and finishes it in its own time."""

    def __init__(self, chances: Chances) -> None:
        super().__init__()
        self.chances = chances
        self._running: dict[str, tuple[str, float, dict[str, Any]]] = {}
        self._listed_s: dict[str, float] = {}
        self._n_orders = 0
        self._lost_at = -_FEWEST_BETWEEN
        self._slow_after = 0

    def next_fault(self, endpoint: str, *names: str) -> str:
        if endpoint not in ("model", "upload", "create", "list", "poll", "cancel", "download"):
            return ""
        name = self._name_of(endpoint, names)
        with self.lock:
            fault = self.chances.draw(endpoint, name)
            fault = self._spread(fault) if endpoint == "create" else fault
        if fault == "slow":
            time.sleep(random.uniform(0.3, 2.5))
        return "" if fault == "slow" else fault

    def create(
        self, model: str, version: str, given: dict[str, Any], cancel_after: str | None
    ) -> dict[str, Any]:
        name = name_in(str(given.get("prompt")), "clip")
        record = super().create(model, version, given, cancel_after)
        lot = self.chances.lot(name)
        entry = self.chances.note_made(name, who="replicate", id=record["id"])
        now_s = time.monotonic()
        with self.lock:
            self._running[record["id"]] = (name, now_s + lot.choice([0.3, 1.0, 2.5, 5.0, 25.0]), entry)
            self._listed_s[record["id"]] = now_s + lot.choice([0.0, 0.5, 2.5])
            is_slow, self._slow_after = self._slow_after > 0, max(0, self._slow_after - 1)
        if is_slow:
            time.sleep(random.uniform(0.3, 2.5))
        return record

    def listed(self) -> list[dict[str, Any]]:
        """List new jobs late, as providers do."""
        now_s = time.monotonic()
        return [record for record in super().listed() if self._listed_s.get(record["id"], 0.0) <= now_s]

    def output_of(self, prediction_id: str) -> bytes:
        return own_clip(self._running[prediction_id][0], clip_bytes())

    def step(self, prediction_id: str) -> dict[str, Any] | None:
        """Finish a job whose time has come."""
        with self.lock:
            record = self.predictions.get(prediction_id)
            if record is None or record["status"] in ENDED:
                return record
            name, ends_s, entry = self._running[prediction_id]
            if time.monotonic() < ends_s:
                record |= {"status": "processing", "logs": "loading\n 40%|████      | 40/100\n"}
                return record
            entry["ended_s"] = ends_s
            if self.chances.lot(name).random() < 0.06:
                self.chances.note(name, "failed")
                record |= {"status": "failed", "error": "CUDA out of memory", "completed_at": self.instant()}
            else:
                self.finish(record)
            return record

    def end(self, prediction_id: str, status: str, **fields: Any) -> None:
        self.step(prediction_id)
        with self.lock:
            if self.predictions[prediction_id]["status"] not in ENDED:
                super().end(prediction_id, status, **fields)
                self._running[prediction_id][2]["ended_s"] = time.monotonic()

    def step_all(self) -> None:
        for prediction_id in list(self.predictions):
            self.step(prediction_id)

    def _name_of(self, endpoint: str, names: tuple[str, ...]) -> str:
        is_of_job = endpoint in ("poll", "cancel", "download") and names[0] in self._running
        return self._running[names[0]][0] if is_of_job else ""

    def _spread(self, fault: str) -> str:
        """Never lose one order after the other: three lost orders of one task would be its end."""
        self._n_orders += 1
        if fault in _BEFORE:
            if self._n_orders - self._lost_at < _FEWEST_BETWEEN:
                return ""
            self._lost_at = self._n_orders
            self.chances.note(LOST_ORDERS, fault)
        if fault == "slow_after":
            self._slow_after += 1
            return ""
        return fault
