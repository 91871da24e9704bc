"""Making streams of stories and folders."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from director_lib.domain.checkpoint import GateState
from director_lib.domain.people import Role
from director_lib.domain.stream import Scene
from director_lib.errors import InputError, InvalidIdError, NotFoundError, PermissionDeniedError, RuleError
from director_lib.store.events import list_events
from director_lib.streams import new_folder
from director_lib.workbench import Workbench
from director_lib.workbench.new_streams import NewStream
from tests.workbench.conftest import OpenAs


def files(root: Path) -> set[str]:
    return {path.name for path in root.iterdir() if path.name not in (".locks", ".moves")}


def test_a_pasted_story_is_a_stream_that_waits_for_its_first_verdict(director: Workbench) -> None:
    made = director.streams.create("Árvíz: a novel", "Once.\n\nTwice.", language="hu")
    assert made == "arviz-a-novel"
    stream = director.streams.get(made)
    assert (stream.title, stream.language, stream.story) == (
        "Árvíz: a novel",
        "hu",
        (Scene("", "Once.\n\nTwice."),),
    )
    assert (stream.segments, stream.spec_sha256, stream.oddities) == ((), None, ())
    story, spec, *_ = director.checkpoints.standing(made)
    assert (story.state, spec.state) == (GateState.WAITING, GateState.MISSING)
    with director.studio.database.read() as connection:
        [event] = list_events(connection, stream_id=made)
    assert (event.verb, event.actor, event.details["n_characters"]) == ("created_stream", "dora", 13)
    assert made in [overview.id for overview in director.streams.overviews()]


def test_scenes_keep_their_titles(director: Workbench) -> None:
    scenes = (Scene("One", "A."), Scene("", "B."))
    made = director.new_streams.create(NewStream("Two parts", scenes, author="Ann", source="two.md"))
    form = json.loads((director.studio.root.root / made / "input.json").read_text())
    assert form["story"] == [
        {"scene": 1, "title": "One", "text": "A."},
        {"scene": 2, "title": "", "text": "B."},
    ]
    assert (form["author"], form["source"], form["created_by"]) == ("Ann", "two.md", "dora")
    assert director.streams.get(made).story == scenes


@pytest.mark.parametrize("stream_id", ["film", "FILM", "other"])
def test_an_id_that_is_taken_is_refused_and_nothing_is_left(director: Workbench, stream_id: str) -> None:
    root = director.studio.root.root
    (root / "other").mkdir()
    before = files(root)
    with pytest.raises(RuleError, match="choose another id"):
        director.streams.create("Anything", "Once.", stream_id=stream_id)
    assert files(root) == before
    assert director.studio.root.list_ids() == ["film"]


@pytest.mark.parametrize("stream_id", ["../up", ".hidden", "a/b", "a b", "", "x" * 101])
def test_an_id_that_is_none_is_refused(director: Workbench, stream_id: str) -> None:
    with pytest.raises(InvalidIdError):
        director.streams.create("Anything", "Once.", stream_id=stream_id)


def test_a_disk_that_refuses_leaves_nothing(director: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    root = director.studio.root.root
    before = files(root)

    def full(_path: Path, _data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(new_folder, "_write", full)
    with pytest.raises(Exception, match="Nothing was made"):
        director.streams.create("Anything", "Once.")
    assert files(root) == before


def test_what_a_crash_left_half_made_is_removed_later(director: Workbench) -> None:
    root = director.studio.root.root
    old, young = root / ".new-1", root / ".new-2"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (time.time() - 7_200,) * 2)
    director.streams.create("Anything", "Once.")
    assert not old.exists()
    assert young.exists()
    assert director.studio.root.list_ids() == ["anything", "film"]


def test_a_new_stream_begins_without_what_an_earlier_one_of_its_id_left(director: Workbench) -> None:
    made = director.streams.create("Again", "Once.")
    shutil.rmtree(director.studio.root.root / made)
    director.streams.create("Again", "Twice.")
    with director.studio.database.read() as connection:
        verbs = [event.verb for event in list_events(connection, stream_id=made)]
    assert verbs == ["created_stream"]


def test_a_draft_suggests_title_free_id_and_language(director: Workbench) -> None:
    from director_lib.streams.story_files import read_plain_text

    draft = read_plain_text("It was the night that she had left, and he was with the others.")
    suggested = director.new_streams.suggest(draft, "film.txt")
    assert (suggested.title, suggested.stream_id, suggested.language) == ("Film", "film-2", "en")
    assert director.new_streams.suggest(draft).title == ""


def test_a_folder_elsewhere_is_copied_only_when_asked(
    director: Workbench, open_as: OpenAs, stream_folder: Path, tmp_path: Path
) -> None:
    admin = open_as("ada", Role.ADMIN)
    elsewhere = tmp_path / "Old film (1)"
    shutil.copytree(stream_folder, elsewhere)
    (elsewhere / "keyframes" / "link.png").symlink_to("/etc/passwd")
    (elsewhere / ".git").mkdir()
    look = admin.new_streams.look_at_folder(elsewhere)
    assert (look.error, look.n_segments, look.suggested_id, look.is_here) == (None, 4, "old-film-1", False)
    with pytest.raises(InputError, match="outside of the streams folder"):
        admin.new_streams.adopt(elsewhere)
    made = admin.new_streams.adopt(elsewhere, copy=True)
    copy = admin.studio.root.root / made
    assert (copy / "keyframes" / "segment_1_keyframe.png").is_file()
    assert not (copy / "keyframes" / "link.png").exists()
    assert not (copy / ".git").exists()
    assert (elsewhere / "production.json").exists()
    assert admin.new_streams.adopt(stream_folder) == "film"


def test_a_folder_that_is_no_stream_says_why(open_as: OpenAs, tmp_path: Path, stream_folder: Path) -> None:
    admin = open_as("ada", Role.ADMIN)
    (tmp_path / "bare").mkdir()
    assert "no input.json" in str(admin.new_streams.look_at_folder(tmp_path / "bare").error)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "production.json").write_text("{")
    assert "production.json" in str(admin.new_streams.look_at_folder(tmp_path / "broken").error)
    named = stream_folder.rename(stream_folder.with_name("a film"))
    assert "Rename it" in str(admin.new_streams.look_at_folder(named).error)
    for path in ("bare", "broken"):
        with pytest.raises(InputError):
            admin.new_streams.adopt(tmp_path / path, copy=True)
    for wrong in (tmp_path / "nowhere", Path("\0")):
        with pytest.raises(InputError):
            admin.new_streams.look_at_folder(wrong)
    with pytest.raises(InputError):
        admin.new_streams.adopt(admin.studio.root.root.parent, copy=True)


def test_who_may_not_make_streams_is_refused(open_as: OpenAs, tmp_path: Path) -> None:
    viewer, director = open_as("vic", Role.VIEWER), open_as("dora", Role.DIRECTOR)
    for refused in (
        lambda: viewer.streams.create("A", "Once."),
        viewer.uploads.begin,
        lambda: director.new_streams.look_at_folder(tmp_path),
    ):
        with pytest.raises(PermissionDeniedError):
            refused()


def test_a_file_that_was_handed_in_is_its_owners_alone_and_the_oldest_go(open_as: OpenAs) -> None:
    dora, ann = open_as("dora", Role.DIRECTOR), open_as("ann", Role.DIRECTOR)
    first = dora.uploads.begin()
    first.write(b"Once")
    token = first.keep()
    assert dora.uploads.get(token) == b"Once"
    for wrong in (token.upper(), "../" + token, "x"):
        with pytest.raises(NotFoundError):
            dora.uploads.get(wrong)
    with pytest.raises(NotFoundError):
        ann.uploads.get(token)
    dropped = dora.uploads.begin()
    dropped.drop()
    for _ in range(11):
        one = dora.uploads.begin()
        one.write(b"x")
        one.keep()
    with pytest.raises(NotFoundError):
        dora.uploads.get(token)
    too_large = dora.uploads.begin()
    with pytest.raises(InputError):
        too_large.write(b"x" * 25_000_001)
    too_large.drop()
