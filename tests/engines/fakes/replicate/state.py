"""What the fake remembers, and how it can be told to misbehave."""

from __future__ import annotations

import hashlib
import re
import threading
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.engines.fakes.replicate.catalog import catalog
from tests.engines.fakes.replicate.media import clip_bytes

ENDED = frozenset({"succeeded", "failed", "canceled", "aborted"})
_UNITS_S = {"h": 3600, "m": 60, "s": 1, "": 1}


@dataclass
class Call:
    method: str
    path: str
    headers: dict[str, str]


@dataclass
class FakeReplicate:
    """The provider's side: jobs, files, and faults that happen once each, in order, for an endpoint.

    A job moves one step each time that it is asked for: starting, processing, succeeded.
    """

    token: str = "r8_good"
    page_size: int = 100
    shows_deadlines: bool = True
    lists: bool = True
    clock_ahead_s: float = 0.0
    output: bytes = field(default_factory=clip_bytes)
    models: dict[str, dict[str, Any]] = field(default_factory=catalog)
    predictions: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    calls: list[Call] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    lock: threading.RLock = field(default_factory=threading.RLock)
    address: str = ""

    @property
    def n_created(self) -> int:
        return len(self.predictions)

    @property
    def last(self) -> dict[str, Any]:
        return next(reversed(self.predictions.values()))

    def next_fault(self, endpoint: str, *names: str) -> str:
        """Return what goes wrong now; ``names`` are those in the address, such as a job's id."""
        with self.lock:
            return self.faults[endpoint].pop(0) if self.faults[endpoint] else ""

    def listed(self) -> list[dict[str, Any]]:
        """Return the jobs that the list of jobs shows, newest first."""
        with self.lock:
            return list(reversed(self.predictions.values())) if self.lists else []

    def output_of(self, prediction_id: str) -> bytes:
        """Return the file that a job made."""
        return self.output

    def instant(self, after_s: float = 0.0) -> str:
        moment = datetime.now(UTC) + timedelta(seconds=self.clock_ahead_s + after_s)
        return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")

    def add_file(self, name: str, mime: str, content: bytes, metadata: dict[str, Any]) -> dict[str, Any]:
        file_id = uuid.uuid4().hex[:26]
        record = {
            "id": file_id,
            "name": name,
            "content_type": mime,
            "size": len(content),
            "etag": "e",
            "checksums": {"sha256": hashlib.sha256(content).hexdigest()},
            "metadata": metadata,
            "created_at": self.instant(),
            "expires_at": self.instant(86400),
            "urls": {"get": f"{self.address}/v1/files/{file_id}"},
        }
        with self.lock:
            self.files[file_id] = record
        return record

    def create(
        self, model: str, version: str, given: dict[str, Any], cancel_after: str | None
    ) -> dict[str, Any]:
        prediction_id = uuid.uuid4().hex[:26]
        here = f"{self.address}/v1/predictions/{prediction_id}"
        record: dict[str, Any] = {
            "id": prediction_id,
            "model": model,
            "version": version,
            "input": given,
            "logs": "",
            "output": None,
            "data_removed": False,
            "error": None,
            "status": "starting",
            "source": "api",
            "created_at": self.instant(),
            "urls": {
                "get": here,
                "cancel": f"{here}/cancel",
                "web": f"https://replicate.com/p/{prediction_id}",
            },
        }
        if cancel_after is not None and self.shows_deadlines:
            record["deadline"] = self.instant(read_duration_s(cancel_after))
        with self.lock:
            self.predictions[prediction_id] = record
        return record

    def step(self, prediction_id: str) -> dict[str, Any] | None:
        with self.lock:
            record = self.predictions.get(prediction_id)
            if record is None or record["status"] in ENDED or record.get("held"):
                return record
            if record["status"] == "starting" and not record.get("asked"):
                record["asked"] = True
            elif record["status"] == "starting":
                logs = (
                    "Using seed: 7\nloading\n 12%|█▏        | 12/100\n 40%|████      | 40/100 [00:01<00:02]\n"
                )
                record |= {"status": "processing", "started_at": self.instant(), "logs": logs}
            else:
                self.finish(record)
            return record

    def finish(self, record: dict[str, Any]) -> None:
        record |= {
            "status": "succeeded",
            "completed_at": self.instant(),
            "output": f"{self.address}/delivery/{record['id']}/out.mp4",
            "metrics": {"predict_time": 3.2, "total_time": 4.1},
        }

    def end(self, prediction_id: str, status: str, **fields: Any) -> None:
        """Let a job end in a way of its own."""
        with self.lock:
            record = self.predictions[prediction_id]
            self.finish(record)
            record |= {"status": status, **fields}

    def erase(self, prediction_id: str) -> None:
        """Do what Replicate does after an hour."""
        self.predictions[prediction_id] |= {"input": {}, "output": None, "logs": "", "data_removed": True}


def read_duration_s(text: str) -> int:
    """Read a ``Cancel-After`` as the API's description says, at least 5 s."""
    parts = re.findall(r"(\d+)([hms]?)", text)
    total = sum(int(number) * _UNITS_S[unit] for number, unit in parts)
    if not re.fullmatch(r"(\d+h)?(\d+m)?(\d+s?)?", text) or total < 5:
        raise ValueError(f"bad Cancel-After {text!r}")
    return total
