"""What went wrong with the tool before this one, in approvals, versions and production.json: impossible here.

Failures of tasks, of the server and of the pages have tests of this name in their own folders.
"""

from __future__ import annotations

import json
import shutil
import threading
from datetime import datetime
from pathlib import Path

import pytest

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.errors import DirectorError, InputError, NotFoundError, RuleError, StaleWriteError
from director_lib.media.files import hash_file
from director_lib.metrics.effective import effective_decisions
from director_lib.pages.cards import card
from director_lib.store.comments import Talk
from director_lib.tasks.selection import Leave, choose
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs, director, open_as, stream_folder, write_still

__all__ = ["director", "open_as", "stream_folder"]

STILL = Kind.KEYFRAME


def current_sha256(workbench: Workbench, segment_id: int = 1) -> str:
    version = workbench.reviews.standing("film").version(segment_id, STILL)
    assert version is not None
    return version.sha256


def decide(workbench: Workbench, kind: DecisionKind = DecisionKind.APPROVED, note: str = "") -> None:
    workbench.reviews.decide("film", STILL, {1: current_sha256(workbench)}, kind, note)


def verdict(workbench: Workbench, segment_id: int = 1) -> str | None:
    decision = workbench.reviews.standing("film").decision(segment_id, STILL)
    return decision.decision.value if decision else None


def test_a_new_picture_does_not_inherit_the_old_approval(director: Workbench, stream_folder: Path) -> None:
    decide(director)
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "olive")
    director.streams.scan("film")
    assert verdict(director) is None
    assert not director.reviews.standing("film").verdict(1, STILL).is_approved


@pytest.mark.parametrize("kind", [kind for kind in DecisionKind if kind.value in ("approved", "regenerate")])
@pytest.mark.parametrize("note", ["", "brighter, please"])
def test_every_page_and_the_queue_agree_on_what_is_approved(
    director: Workbench, kind: DecisionKind, note: str
) -> None:
    if note and kind is DecisionKind.APPROVED:
        kind = DecisionKind.APPROVED_WITH_NOTES
    decide(director, kind, note)
    expected = kind is not DecisionKind.REGENERATE
    standing = director.reviews.standing("film")
    [overview] = director.streams.overviews()
    with director.studio.database.read() as connection:
        [choice] = choose(connection, standing.stream, STILL, [1], Leave())
    shown = card(standing.stream.get_segment(1), Kind.VIDEO, standing, None, 0, Talk())
    assert [
        standing.asset(standing.stream.get_segment(1), STILL).approved,
        overview.approved == 1,
        overview.gates[2].approved == 1,
        choice.reason == "its keyframe is approved",
        shown["keyframe_approved"],
        bool(effective_decisions(director.insight.decisions("film"))["is_approved"].any()),
    ] == [expected] * 6


def test_a_comment_does_not_remove_an_approval(director: Workbench) -> None:
    decide(director)
    director.comments.add("film", 1, STILL, "lovely")
    assert verdict(director) == "approved"


def test_a_segment_that_does_not_exist_cannot_be_approved(director: Workbench) -> None:
    with pytest.raises(RuleError):
        director.reviews.decide("film", STILL, {99: "0" * 64}, DecisionKind.APPROVED)
    with pytest.raises(RuleError):
        director.reviews.decide("no-such-film", STILL, {1: current_sha256(director)}, DecisionKind.APPROVED)
    assert director.insight.decisions().empty


def test_a_stream_that_was_deleted_and_made_again_is_not_born_approved(
    director: Workbench, stream_folder: Path
) -> None:
    decide(director)
    kept = stream_folder.with_name("kept")
    shutil.copytree(stream_folder, kept)
    director.lifecycle.trash("film")
    kept.rename(stream_folder)
    director.streams.scan("film")
    assert verdict(director) is None
    assert [one.number for one in director.reviews.versions("film", 1, STILL)] == [1]


def test_restoring_the_oldest_version_deletes_no_version(director: Workbench, stream_folder: Path) -> None:
    still = stream_folder / "keyframes" / "segment_1_keyframe.png"
    for color in ("olive", "gold", "pink", "gray", "white", "black"):
        write_still(still, color)
        director.streams.scan("film")
    before = director.reviews.versions("film", 1, STILL)
    director.reviews.restore(before[0].id)
    assert director.reviews.versions("film", 1, STILL) == before
    assert hash_file(still) == before[0].sha256
    for version in before:
        path = director.studio.files.get(version.sha256, version.extension)
        assert hash_file(path) == version.sha256


def test_two_replacements_and_two_moves_within_one_second_overwrite_nothing(
    settings: Settings, stream_folder: Path
) -> None:
    now = datetime.fromisoformat("2026-11-20T09:00:00+00:00")
    with Workbench.open(settings, Actor("dora", Role.DIRECTOR), lambda: now) as workbench:
        for color in ("olive", "gold"):
            write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", color)
            workbench.streams.scan("film")
        assert len({version.sha256 for version in workbench.reviews.versions("film", 1, STILL)}) == 2
        kept = stream_folder.with_name("kept")
        shutil.copytree(stream_folder, kept)
        entries = [workbench.lifecycle.trash("film").id]
        kept.rename(stream_folder)
        entries.append(workbench.lifecycle.trash("film").id)
        assert {entry.id for entry in workbench.lifecycle.list_trash()} == set(entries)
        assert len(set(entries)) == 2


@pytest.mark.parametrize("name", ["segment_4.jpg", "scene_04_harbour.png", "segment_4_keyframe.webp"])
def test_stills_of_every_name_have_a_history(director: Workbench, stream_folder: Path, name: str) -> None:
    still = stream_folder / "keyframes" / name
    for color in ("olive", "gold"):
        write_still(still, color)
        director.streams.scan("film")
    first, second = director.reviews.versions("film", 4, STILL)
    director.reviews.restore(first.id)
    assert hash_file(still) == first.sha256 != second.sha256


def test_nobody_reads_broken_json_while_prompts_are_saved(director: Workbench, stream_folder: Path) -> None:
    spec, broken, stop = stream_folder / "production.json", [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            text = spec.read_bytes()
            try:
                json.loads(text)
            except ValueError:
                broken.append(text)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(60):
            director.prompts.save("film", 1 + number % 4, "image_prompt", f"a sea {number} " * number)
    finally:
        stop.set()
        reader.join()
    assert broken == []


def test_an_edit_made_at_the_same_time_is_kept_or_refused_and_never_lost(
    director: Workbench, stream_folder: Path
) -> None:
    spec = stream_folder / "production.json"
    director.streams.get("film")
    spec.write_text(spec.read_text().replace("a sea, part 2", "their edit"))
    director.prompts.save("film", 1, "image_prompt", "my edit", base_text="a sea, part 1")
    with pytest.raises(StaleWriteError):
        director.prompts.save("film", 2, "image_prompt", "mine, too", base_text="a sea, part 2")
    texts = [segment.image_prompt for segment in director.streams.get("film").segments]
    assert texts[:2] == ["my edit", "their edit"]


def test_a_save_rewrites_nothing_adds_no_escapes_and_drops_no_key(
    director: Workbench, stream_folder: Path
) -> None:
    spec = stream_folder / "production.json"
    text = '{"készítő": "Ágnes",\r\n "n": 1.50, "segments": [{"id": 1, "image_prompt": "tenger"}], "x": {}}'
    spec.write_bytes(text.encode())
    director.prompts.save("film", 1, "image_prompt", "tó")
    assert spec.read_bytes().decode() == text.replace("tenger", "tó")


def test_an_edit_reaches_the_prompt_that_is_sent_whatever_its_key(
    director: Workbench, stream_folder: Path
) -> None:
    segment = {"id": 1, "image_prompt": "a sea", "keyframe_prompt": "a sea"}
    (stream_folder / "production.json").write_text(json.dumps({"segments": [segment]}))
    director.prompts.save("film", 1, "image_prompt", "a lake")
    [saved] = json.loads((stream_folder / "production.json").read_text())["segments"]
    assert saved == {"id": 1, "image_prompt": "a lake", "keyframe_prompt": "a lake"}
    request = director.tasks.request_for(director.streams.get("film"), 1, STILL)
    assert request.image_prompt == "a lake"


@pytest.mark.parametrize("name", ["..", "../film", "/etc", "film/keyframes", ".", "", "film\x00"])
def test_a_path_in_place_of_a_stream_id_deletes_nothing(
    open_as: OpenAs, settings: Settings, name: str
) -> None:
    admin = open_as("root", Role.ADMIN)
    before = sorted(settings.streams_root.rglob("*"))
    for attempt in (admin.lifecycle.trash, admin.lifecycle.purge, admin.streams.scan):
        with pytest.raises(DirectorError):
            attempt(name)
    assert [path for path in sorted(settings.streams_root.rglob("*")) if ".locks" not in path.parts] == before


def test_a_restore_copies_versions_only_and_no_other_file_of_the_disk(
    director: Workbench, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.png"
    write_still(secret)
    for extension in (".png", "/../../../../secret.png"):
        with pytest.raises((InputError, NotFoundError)):
            director.studio.files.get(str(secret.with_suffix("")), extension)
    with pytest.raises(NotFoundError):
        director.reviews.restore(10**9)
