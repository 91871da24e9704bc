"""The customer's personal data stays in the stream's own files: nothing that the workbench makes has it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from director_lib.batch import write_report
from director_lib.config import Settings
from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.intake.produced import Produced, take_in
from director_lib.pages.live import LiveLoop
from director_lib.pages.metrics import MetricsPage
from director_lib.pages.review import ReviewPage
from director_lib.pages.streams import StreamsPage
from director_lib.store.tasks import start
from director_lib.workbench import Workbench
from tests.cli.test_commands import Run, run
from tests.intake.studio import write_clip, write_still
from tests.workbench.conftest import OpenAs, open_as

__all__ = ["open_as", "run"]

SOURCES = ("deployment.json", "input.json", "production.json")
SECRET = "Marzipan-Sonntag-4711"
PERSONAL: dict[str, Any] = {
    "client": SECRET,
    "customer": {"name": SECRET, "address": [SECRET, {"street": SECRET}]},
    "client_email": SECRET,
    "customer_phone": [SECRET],
    "Client": SECRET,
    "CUSTOMER_NAME": SECRET,
}


@pytest.fixture
def stream_folder(settings: Settings) -> Path:
    """A stream with personal data wherever a key can be, beside what the workbench shows."""
    folder = settings.streams_root / "film"
    folder.mkdir(parents=True)
    form = {
        **PERSONAL,
        "title": "The film",
        "language": "en",
        "story": [{"scene": 1, "title": "One", "text": "Once upon a time.", **PERSONAL}],
        "brief": {
            "notes": "calm",
            "tone": ["warm", PERSONAL],
            "style": {"mood": "soft", **PERSONAL},
            **PERSONAL,
        },
        "style": {"look": "grainy", **PERSONAL},
        "meta": PERSONAL,
    }
    spec = {
        **PERSONAL,
        "stream": {"id": "film", "title": "The film", **PERSONAL},
        "input": {"language": "en", **PERSONAL},
        "visual_direction": {
            "aesthetic": {"grain": "fine", **PERSONAL},
            "color_palette": {"night": "#0b1020", **PERSONAL},
            "mood": [PERSONAL, "still"],
            "negative_prompts": ["text", PERSONAL],
            **PERSONAL,
        },
        "composition_rules": {"prompt_suffix": "35mm", **PERSONAL},
        "segments": [
            {"id": 1, "image_prompt": "a sea", "motion_prompt": "push in", "represents": "calm", **PERSONAL},
            {
                "id": 2,
                "image_prompt": "a pier",
                "keyframe_prompt": "a jetty",
                "motion_prompt": "pan",
                **PERSONAL,
            },
        ],
        "sections": [{"id": "one", "segment_ids": [1, 7], "text_content": "Once upon a time.", **PERSONAL}],
        "output": {"dimensions": "64x36", **PERSONAL},
        "production_notes": PERSONAL,
    }
    (folder / "input.json").write_text(json.dumps(form))
    (folder / "production.json").write_text(json.dumps(spec, indent=2))
    (folder / "deployment.json").write_text(json.dumps({"url": "https://a.example/film", **PERSONAL}))
    write_still(folder / "keyframes" / "segment_1_keyframe.png", "navy")
    return folder


@pytest.fixture
def director(open_as: OpenAs, tmp_path: Path) -> Workbench:
    """A director who has decided, edited, commented and made a still and a clip."""
    workbench = open_as("dora", Role.DIRECTOR)
    workbench.streams.scan("film")
    make(workbench, Kind.KEYFRAME, write_still(tmp_path / "made.png", "teal"))
    still = workbench.reviews.standing("film").version(1, Kind.KEYFRAME)
    assert still is not None
    workbench.reviews.decide("film", Kind.KEYFRAME, {1: still.sha256}, DecisionKind.APPROVED)
    make(workbench, Kind.VIDEO, write_clip(tmp_path / "made.mp4", frames=120))
    workbench.prompts.save("film", 1, "image_prompt", "a calmer sea", base_text="a sea")
    workbench.comments.add("film", 1, Kind.KEYFRAME, "lovely", version_id=None)
    return workbench


def make(workbench: Workbench, kind: Kind, path: Path) -> None:
    """Queue what a person would queue, and take a file in for it as the worker does."""
    (task,) = workbench.tasks.generate("film", kind, [1], allow_approved=True).queued
    studio = workbench.studio
    with studio.database.write() as connection:
        start(connection, task.id, studio.clock())
    done = take_in(
        studio.database, studio.files, studio.root, Produced(task.id, path, "double/1"), now=studio.clock()
    )
    assert done.error_message is None


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages that are read once and do not look again."""
    monkeypatch.setattr(LiveLoop, "start", lambda _self: None)
    yield
    for thread in threading.enumerate():
        if thread.daemon and thread.name.startswith("Thread-"):
            thread.join(10)


def files_with_the_secret(folder: Path) -> list[str]:
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    )


def test_the_check_finds_what_is_there(stream_folder: Path) -> None:
    assert files_with_the_secret(stream_folder) == list(SOURCES)


def test_no_page_gets_it(director: Workbench, monkeypatch: pytest.MonkeyPatch, quiet: None) -> None:
    sent: list[Any] = []
    pages = [ReviewPage(Kind.KEYFRAME), ReviewPage(Kind.VIDEO)]
    boards = [StreamsPage(), MetricsPage()]
    for page in (*pages, *boards):
        monkeypatch.setattr(page.screen, "push", lambda method, payload: sent.append((method, payload)))
    for page in pages:
        page.start(director, "film")
        for segment_id in (1, 2):
            data = {"request_id": "r", "segment_id": segment_id}
            page.screen._handle_event(None, {"event": "open_segment", "data": data}, [])
    streams, metrics = boards
    streams.start(director)
    metrics.start(director, "film")
    text = json.dumps(sent, default=str)
    assert "a calmer sea" in text
    assert "Once upon a time." in text
    assert "choose one and save it" in text, "the streams' oddities are told, without their values"
    assert SECRET not in text


def test_nothing_that_is_kept_has_it(director: Workbench, stream_folder: Path) -> None:
    """The database with its events, the version store, and the files that engines made."""
    director.studio.database.close()
    home = director.studio.settings.home
    found = files_with_the_secret(home)
    own = [str((stream_folder / name).relative_to(home)) for name in SOURCES]
    assert [path for path in found if path not in own] == []
    assert len(list((director.studio.settings.media_dir / "versions").rglob("*.*"))) == 3


def test_no_report_has_it(director: Workbench, tmp_path: Path) -> None:
    page = write_report(director, "film", tmp_path / "report")[0].read_text(encoding="utf-8")
    assert "The film" in page
    assert SECRET not in page
    assert files_with_the_secret(director.studio.settings.runs_dir) == []


@pytest.mark.parametrize(
    "command",
    [
        ["streams", "list", "--json"],
        ["streams", "check", "--json"],
        ["streams", "check"],
        ["versions", "film", "1", "keyframe", "--json"],
        ["tasks", "list", "--json"],
        ["metrics", "film", "--json"],
        ["doctor", "--json"],
    ],
    ids=" ".join,
)
def test_no_command_prints_it(run: Run, director: Workbench, command: list[str]) -> None:
    result = run(*command)
    assert result.stdout
    assert SECRET not in result.stdout + result.stderr


@pytest.mark.parametrize("name", SOURCES)
def test_no_error_quotes_it_from_a_broken_file(
    run: Run, director: Workbench, stream_folder: Path, name: str
) -> None:
    path = stream_folder / name
    path.write_text(path.read_text().rstrip("}\n ") + f', "client": "{SECRET}" oops')
    result = run("streams", "check", "film")
    assert f"{name}" in result.stdout
    assert "line " in result.stdout
    assert "column " in result.stdout
    assert SECRET not in result.stdout + result.stderr


def test_every_oddity_names_its_file_and_its_place(director: Workbench, stream_folder: Path) -> None:
    spec = json.loads((stream_folder / "production.json").read_text())
    spec["segments"][0]["duration"] = {"client": SECRET}
    spec["segments"][1]["title"] = ["no", {"customer": SECRET}]
    (stream_folder / "production.json").write_text(json.dumps(spec))
    oddities = director.streams.check("film").oddities
    paths = {odd.path for odd in oddities if odd.file == "production.json"}
    assert {"$.segments[0].duration", "$.segments[1].title", "$.segments[1].image_prompt"} <= paths
    assert {"$.sections[0].segment_ids", "$.visual_direction.color_palette"} & paths
    assert SECRET not in json.dumps([odd.message for odd in oddities])
