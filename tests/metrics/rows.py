"""Frames for tests, one row at a time; and a brute-force oracle's view of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd

from director_lib.metrics.frames import (
    check_bills,
    check_decisions,
    check_tasks,
    check_versions,
    empty_decisions,
    empty_tasks,
    empty_versions,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Return an instant so many minutes after a Monday morning."""
    return START + timedelta(minutes=minutes)


@dataclass
class Story:
    """Writes down versions, decisions and tasks of stream "film" as they happen."""

    stream_id: str = "film"
    versions: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)

    def version(self, segment: int, minutes: float, kind: str = "keyframe", **facts: Any) -> int:
        unit = (self.stream_id, segment, kind)
        attempt = 1 + sum((v["stream_id"], v["segment_id"], v["kind"]) == unit for v in self.versions)
        row = {
            "version_id": len(self.versions) + 1,
            "stream_id": self.stream_id,
            "segment_id": segment,
            "kind": kind,
            "attempt": attempt,
            "origin": "generated",
            "engine": "local",
            "model": "m1",
            "image_prompt": "a sea",
            "motion_prompt": None,
            "seed": 7,
            "source_version_id": None,
            "cost_usd": 0.0,
            "task_id": None,
            "created_at": at(minutes),
            "set_id": None,
        }
        self.versions.append(row | facts)
        return len(self.versions)

    def decide(self, version_id: int, decision: str, minutes: float, **facts: Any) -> int:
        judged = self.versions[version_id - 1]
        row = {
            "decision_id": len(self.decisions) + 1,
            "seq": len(self.decisions) + 1,
            **{name: judged[name] for name in ("stream_id", "segment_id", "kind", "version_id", "attempt")},
            "decision": decision,
            "note": "",
            "actor": "dora",
            "decided_at": at(minutes),
            "undone_at": None,
            "set_id": judged["set_id"],
        }
        self.decisions.append(row | facts)
        return len(self.decisions)

    def undo(self, seq: int, minutes: float) -> None:
        self.decisions[seq - 1]["undone_at"] = at(minutes)

    def task(
        self, queued: float, started: float | None, ended: float | None, state: str, **facts: Any
    ) -> None:
        row = {
            "task_id": f"t{len(self.tasks)}",
            "stream_id": self.stream_id,
            "segment_id": 1,
            "kind": "keyframe",
            "engine": "local",
            "state": state,
            "queued_at": at(queued),
            "started_at": None if started is None else at(started),
            "ended_at": None if ended is None else at(ended),
            "error_code": None,
        }
        self.tasks.append(row | facts)

    def decisions_frame(self) -> pd.DataFrame:
        rows = pd.DataFrame(self.decisions) if self.decisions else empty_decisions().assign(set_id=None)
        return check_decisions(rows.astype({"set_id": "str"}))

    def versions_frame(self) -> pd.DataFrame:
        rows = pd.DataFrame(self.versions) if self.versions else empty_versions().assign(set_id=None)
        return check_versions(rows.astype({"set_id": "str"}))

    def tasks_frame(self) -> pd.DataFrame:
        return check_tasks(pd.DataFrame(self.tasks)) if self.tasks else empty_tasks()


def bills_frame(*bills: tuple[int, str, float, float]) -> pd.DataFrame:
    """Write down bills of stream "film" for tasks that made nothing: segment, kind, minutes, US dollars."""
    rows = [
        {"task_id": f"b{place}", "stream_id": "film", "segment_id": segment, "kind": kind, "engine": "google",
         "billed_at": at(minutes), "billed_usd": usd}
        for place, (segment, kind, minutes, usd) in enumerate(bills)
    ]  # fmt: skip
    return check_bills(pd.DataFrame(rows))
