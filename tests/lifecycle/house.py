"""A studio whose streams come and go."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from PIL import Image

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.review import Decision, DecisionKind
from director_lib.domain.version import Kind
from director_lib.store.assets import find_asset_id
from director_lib.store.decisions import list_decisions
from director_lib.store.events import LogFault, list_events, verify_log
from director_lib.store.stream_rows import has_stream_rows
from director_lib.workbench import Workbench
from director_lib.workbench.lifecycle import Lifecycle

START = datetime(2026, 11, 20, 9, tzinfo=UTC)


@dataclass
class House:
    """One studio with a clock that moves by a second."""

    settings: Settings
    now: datetime = START
    opened: dict[Role, Workbench] = field(default_factory=dict)

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def open_as(self, role: Role) -> Workbench:
        """Open the studio in a role, once: a page stays open while streams come and go."""
        if role not in self.opened:
            self.opened[role] = Workbench.open(self.settings, Actor(f"{role}-person", role), self.clock)
        return self.opened[role]

    def close(self) -> None:
        for workbench in self.opened.values():
            workbench.close()

    def lifecycle(self, role: Role = Role.ADMIN, *, patience_s: float = 2.0) -> Lifecycle:
        return Lifecycle(self.open_as(role).studio, patience_s=patience_s)

    @property
    def root(self) -> Path:
        return self.settings.streams_root

    def make(self, stream_id: str, color: str = "navy", title: str = "The film") -> Path:
        """Make a stream's folder with one segment and its still, as a person with a file manager would."""
        folder = self.root / stream_id
        (folder / "keyframes").mkdir(parents=True)
        spec = {
            "stream": {"id": stream_id, "title": title},
            "segments": [{"id": 1, "image_prompt": "a sea", "motion_prompt": "push in"}],
        }
        (folder / "production.json").write_text(json.dumps(spec, indent=2))
        Image.new("RGB", (64, 36), color).save(folder / "keyframes" / "segment_1_keyframe.png")
        return folder

    def approve(self, stream_id: str, note: str = "") -> None:
        workbench = self.open_as(Role.DIRECTOR)
        workbench.streams.scan(stream_id)
        [version] = workbench.reviews.standing(stream_id).versions.values()
        kind = DecisionKind.APPROVED_WITH_NOTES if note else DecisionKind.APPROVED
        workbench.reviews.decide(stream_id, Kind.KEYFRAME, {1: version.sha256}, kind, note)

    def decisions(self, stream_id: str) -> list[Decision]:
        return self._read(lambda connection: _decisions(connection, stream_id))

    def notes(self, stream_id: str) -> list[str]:
        return [decision.note for decision in self.decisions(stream_id)]

    def verbs(self, stream_id: str) -> list[str]:
        """The stream's events, oldest first."""
        events = self._read(lambda connection: list_events(connection, stream_id=stream_id))
        return [event.verb for event in reversed(events)]

    def is_known(self, stream_id: str) -> bool:
        return bool(self._read(lambda connection: has_stream_rows(connection, stream_id)))

    def log_faults(self) -> list[LogFault]:
        return self._read(verify_log)

    def _read(self, question: Callable[[sa.Connection], Any]) -> Any:
        with self.open_as(Role.VIEWER).studio.database.read() as connection:
            return question(connection)


def _decisions(connection: sa.Connection, stream_id: str) -> list[Decision]:
    asset_id = find_asset_id(connection, stream_id, 1, Kind.KEYFRAME)
    return [] if asset_id is None else list_decisions(connection, asset_id)
