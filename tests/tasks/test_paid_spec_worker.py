"""A first spec for money by a real worker, which is killed while Google writes."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.stream_task import StreamTask
from director_lib.domain.task import TaskState
from director_lib.workbench import Workbench
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.server import GOOD_KEY, GoogleServer, Mischief
from tests.patience import PATIENCE_S
from tests.tasks.conftest import make_scene
from tests.tasks.paid_specs import STORY, STREAM, google, plan
from tests.tasks.scene import until

__all__ = ["google"]


def test_a_killed_worker_leaves_the_outcome_unknown_and_only_a_person_asks_again(
    settings: Settings, google: GoogleServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_AI_API_KEY", GOOD_KEY)
    google.text_answer = answers.text_answer(plan())
    google.mischief.append(Mischief("silence", after_making=True))
    folder = settings.streams_root / STREAM
    folder.mkdir(parents=True)
    (folder / "input.json").write_text(json.dumps({"title": "Fresh", "language": "en", "story": STORY}))
    told = settings.model_copy(update={"google_base_url": google.url})
    scene = dataclasses.replace(make_scene(settings, tmp_path), settings=told)
    try:
        with Workbench.open(told, Actor("dora", Role.DIRECTOR)) as workbench:
            task = workbench.specs.draft(STREAM, engine="google")
            assert isinstance(task, StreamTask)
            first = scene.start()
            until(lambda: google.n_texts == 1, "Google writes")
            scene.kill(first)
            scene.start()
            [ended] = workbench.stream_tasks.wait([task.id], PATIENCE_S)
            assert ended.state is TaskState.UNKNOWN
            assert google.n_texts == 1
            again = workbench.stream_tasks.retry(task.id)
            [done] = workbench.stream_tasks.wait([again.id], PATIENCE_S)
            assert (done.state, google.n_texts) == (TaskState.SUCCEEDED, 2)
            assert len(workbench.streams.get(STREAM).segments) == 3
    finally:
        scene.close()
