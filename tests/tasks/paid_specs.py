"""A stream with a story, a fake of Google, and a worker's second hand in the test's own process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.stream_task import StreamJob, StreamTask
from director_lib.errors import DirectorError
from director_lib.store.claims import Claim
from director_lib.store.database import open_database
from director_lib.store.job_receipts import JobReceipt, find_receipt
from director_lib.tasks.live import LiveTask
from director_lib.tasks.stream_child import Done, Failed
from director_lib.tasks.stream_jobs import load_job
from director_lib.tasks.stream_shift import StreamShift
from director_lib.tasks.workshop import Workshop
from director_lib.workbench import Workbench
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.server import GOOD_KEY, GoogleServer

STORY = "The lighthouse stood above the sea.\n\nAn old keeper lit the lamp. Nobody came.\n\nThen winter came."
STREAM = "fresh"


def segment(last_sentence: object, **fields: Any) -> dict[str, Any]:
    plain = {
        "title": "The lamp",
        "represents": "patience",
        "image_prompt": "an old keeper beside a brass lamp, warm light, medium shot",
        "motion_prompt": f"Slow push in, take {last_sentence}",
        "duration_s": 6,
    }
    return {"last_sentence": last_sentence} | plain | fields


def plan(*segments: dict[str, Any]) -> dict[str, Any]:
    colors = [{"name": "lamp", "hex": "#F0B35A"}, {"name": "fog", "hex": "grey"}]
    made = list(segments or (segment(1), segment(3), segment(4)))
    return {"style": "ink on paper", "mood": "patient", "colors": colors, "segments": made}


class _Ear:
    """Hears the news."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def progress(self, phase: str, percent: float) -> None:
        """Nobody looks."""

    def line(self, text: str) -> None:
        self.lines.append(text)


class OwnHand(StreamShift):
    """Carries jobs out in the test's own process; a ``BaseException`` is its death."""

    def _run(self, source: str, job: StreamJob, _claim: Claim, _live: LiveTask) -> Done | Failed | None:
        self.ear = _Ear()
        try:
            return Done(load_job(source)(job, self.ear))
        except DirectorError as error:
            return Failed(error.code, error.user_message)


@dataclass
class PaidStudio:
    """What the tests work with."""

    workbench: Workbench
    google: GoogleServer
    folder: Path

    def __post_init__(self) -> None:
        self.google.text_answer = answers.text_answer(plan())

    @property
    def settings(self) -> Settings:
        return self.workbench.studio.settings

    def order(self) -> StreamTask:
        task = self.workbench.specs.draft(STREAM, engine="google")
        assert isinstance(task, StreamTask)
        return task

    def work(self) -> OwnHand:
        """Carry the next task out, as a worker does that just started."""
        with closing(open_database(self.settings.database)) as database:
            hand = OwnHand(Workshop(database, self.settings, worker="one"))
            assert hand.carry_out_next()
            return hand

    def made(self) -> StreamTask:
        task = self.order()
        self.work()
        return self.workbench.stream_tasks.get(task.id)

    def receipt(self, task: StreamTask) -> JobReceipt:
        with self.workbench.studio.database.read() as connection:
            found = find_receipt(connection, task.id)
        assert found is not None
        return found

    @property
    def spec_file(self) -> Path:
        return self.folder / "production.json"


def open_paid(settings: Settings, google: GoogleServer) -> Iterator[PaidStudio]:
    """A studio whose Google is the fake."""
    folder = settings.streams_root / STREAM
    folder.mkdir(parents=True)
    form = {"title": "Fresh", "language": "en", "story": STORY, "customer": {"name": "Zsófi Secret"}}
    (folder / "input.json").write_text(json.dumps(form | {"brief": {"tone": "quiet"}}))
    told = settings.model_copy(update={"google_base_url": google.url, "engine_spec": "google"})
    with Workbench.open(told, Actor("dora", Role.DIRECTOR)) as workbench:
        yield PaidStudio(workbench, google, folder)


@pytest.fixture
def google() -> Iterator[GoogleServer]:
    """A fake of Google."""
    server = GoogleServer()
    yield server
    server.close()


@pytest.fixture
def paid(settings: Settings, google: GoogleServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[PaidStudio]:
    """A stream with a story and without a spec; the worker's environment has the key."""
    monkeypatch.setenv("GOOGLE_AI_API_KEY", GOOD_KEY)
    monkeypatch.setattr("director_lib.tasks.spec_call.time.sleep", lambda _s: None)
    yield from open_paid(settings, google)
