"""Who changed a segment's prompts, edits made in the file itself included, and bringing words back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director_lib.domain.people import Role
from director_lib.domain.prompt_edits import PROMPT_FIELDS, PromptChange
from director_lib.errors import InputError, NotFoundError, PermissionDeniedError, PromptClashError
from director_lib.store.known_prompts import read_known_prompts
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs
from tests.workbench.outside import edit_outside

SEA = "a sea, part 1"


def told(changes: list[PromptChange]) -> list[tuple[str, str, str, str]]:
    return [(change.source.value, change.actor, change.before, change.after) for change in changes]


def test_the_history_tells_who_changed_what_newest_first(director: Workbench, open_as: OpenAs) -> None:
    director.prompts.save("film", 1, "image_prompt", "fog")
    open_as("pal", Role.PRODUCER).prompts.save("film", 1, "image_prompt", "rain")
    director.prompts.save("film", 1, "motion_prompt", "pan")
    director.prompts.save("film", 2, "image_prompt", "elsewhere")
    changes = director.prompts.history("film", 1)
    assert [(change.field, change.actor) for change in changes] == [
        ("motion_prompt", "dora"),
        ("image_prompt", "pal"),
        ("image_prompt", "dora"),
    ]
    assert told(director.prompts.history("film", 1, "image_prompt")) == [
        ("workbench", "pal", "fog", "rain"),
        ("workbench", "dora", SEA, "fog"),
    ]
    assert [(part.change, part.text) for part in changes[0].diff()] == [
        ("removed", "push in"),
        ("added", "pan"),
    ]
    assert director.prompts.history("film", 1, limit=1) == changes[:1]


def test_a_history_needs_a_segment_and_a_prompt_that_exist(director: Workbench) -> None:
    with pytest.raises(NotFoundError):
        director.prompts.history("film", 9)
    with pytest.raises(InputError):
        director.prompts.history("film", 1, "title")


def test_the_first_sight_of_a_stream_is_no_edit(director: Workbench) -> None:
    assert [director.prompts.history("film", number) for number in range(1, 5)] == [[], [], [], []]
    with director.studio.database.read() as connection:
        known = read_known_prompts(connection, "film")
    assert known[1, "image_prompt"] == SEA
    assert len(known) == 4 * len(PROMPT_FIELDS)


def test_an_edit_in_the_file_becomes_history_once(director: Workbench, stream_folder: Path) -> None:
    edit_outside(stream_folder, 1, image_prompt="theirs", negative_prompt="people")
    director.streams.scan("film")
    director.streams.scan("film")
    assert told(director.prompts.history("film", 1)) == [
        ("outside", "outside", "", "people"),
        ("outside", "outside", SEA, "theirs"),
    ]


def test_two_studios_that_see_the_same_edit_tell_it_once(
    director: Workbench, open_as: OpenAs, stream_folder: Path
) -> None:
    edit_outside(stream_folder, 1, image_prompt="theirs")
    director.streams.scan("film")
    open_as("dan", Role.DIRECTOR).streams.scan("film")
    assert len(director.prompts.history("film", 1)) == 1


def test_a_segment_that_is_new_in_the_file_is_no_edit(director: Workbench, stream_folder: Path) -> None:
    path = stream_folder / "production.json"
    spec = json.loads(path.read_text())
    spec["segments"].append({"id": 5, "image_prompt": "new"})
    path.write_text(json.dumps(spec))
    director.streams.scan("film")
    assert director.prompts.history("film", 5) == []
    edit_outside(stream_folder, 5, image_prompt="newer")
    director.streams.scan("film")
    assert told(director.prompts.history("film", 5)) == [("outside", "outside", "new", "newer")]


def test_an_own_save_is_never_taken_for_an_outside_edit(director: Workbench, open_as: OpenAs) -> None:
    watcher = open_as("wanda", Role.VIEWER)
    watcher.streams.scan("film")
    for text in ("fog", "rain", "  ", "snow"):
        director.prompts.save("film", 1, "image_prompt", text)
        watcher.streams.scan("film")
    assert {change.source.value for change in director.prompts.history("film", 1)} == {"workbench"}


def test_a_save_that_finds_an_outside_edit_tells_that_one_first(
    director: Workbench, stream_folder: Path
) -> None:
    edit_outside(stream_folder, 1, image_prompt="theirs", motion_prompt="tilt")
    director.prompts.save("film", 1, "image_prompt", "mine", base_text="theirs")
    assert told(director.prompts.history("film", 1, "image_prompt")) == [
        ("workbench", "dora", "theirs", "mine"),
        ("outside", "outside", SEA, "theirs"),
    ]
    assert told(director.prompts.history("film", 1, "motion_prompt")) == [
        ("outside", "outside", "push in", "tilt")
    ]


def test_a_crash_between_the_file_and_the_database_loses_nothing(
    director: Workbench, open_as: OpenAs, stream_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def power_cut(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("director_lib.workbench.prompts.record_events", power_cut)
    with pytest.raises(RuntimeError, match="power cut"):
        director.prompts.save("film", 1, "image_prompt", "mine")
    monkeypatch.undo()
    assert "mine" in (stream_folder / "production.json").read_text()
    after = open_as("dora", Role.DIRECTOR)
    after.streams.scan("film")
    assert told(after.prompts.history("film", 1)) == [("outside", "outside", SEA, "mine")]


def test_every_state_can_be_brought_back_as_a_new_edit(director: Workbench, stream_folder: Path) -> None:
    director.prompts.save("film", 1, "image_prompt", "fog")
    edit_outside(stream_folder, 1, image_prompt="theirs")
    director.streams.scan("film")
    newest, oldest = director.prompts.history("film", 1)
    segment = director.prompts.bring_back("film", 1, oldest.seq, "before", base_text="theirs")
    assert segment.image_prompt == SEA
    assert director.prompts.bring_back("film", 1, newest.seq, "after").image_prompt == "theirs"
    assert told(director.prompts.history("film", 1))[:2] == [
        ("brought_back", "dora", SEA, "theirs"),
        ("brought_back", "dora", "theirs", SEA),
    ]


def test_bringing_back_what_is_there_already_records_nothing(director: Workbench) -> None:
    director.prompts.save("film", 1, "image_prompt", "fog")
    [change] = director.prompts.history("film", 1)
    director.prompts.bring_back("film", 1, change.seq, "after")
    assert director.prompts.history("film", 1) == [change]


def test_bringing_back_over_a_change_that_nobody_saw_is_refused(
    director: Workbench, stream_folder: Path
) -> None:
    director.prompts.save("film", 1, "image_prompt", "fog")
    [change] = director.prompts.history("film", 1)
    edit_outside(stream_folder, 1, image_prompt="theirs")
    with pytest.raises(PromptClashError) as refused:
        director.prompts.bring_back("film", 1, change.seq, "before", base_text="fog")
    assert (refused.value.base, refused.value.theirs, refused.value.yours) == ("fog", "theirs", SEA)
    assert "theirs" in (stream_folder / "production.json").read_text()


def test_only_an_edit_of_that_segment_can_be_brought_back(director: Workbench, open_as: OpenAs) -> None:
    director.prompts.save_changed("film", 1, {"image_prompt": "fog", "motion_prompt": "pan"})
    change, _ = director.prompts.history("film", 1)
    with pytest.raises(NotFoundError):
        director.prompts.bring_back("film", 2, change.seq)
    with pytest.raises(InputError, match="several prompts"):
        director.prompts.bring_back("film", 1, change.seq)
    with pytest.raises(PermissionDeniedError):
        open_as("vera", Role.VIEWER).prompts.bring_back("film", 1, change.seq, field="image_prompt")
    segment = director.prompts.bring_back("film", 1, change.seq, field="motion_prompt")
    assert (segment.image_prompt, segment.motion_prompt) == ("fog", "push in")


def test_the_text_that_a_conflict_hid_can_be_brought_back(director: Workbench, stream_folder: Path) -> None:
    edit_outside(stream_folder, 1, keyframe_prompt="a lake")
    segment = director.prompts.choose("film", 1, "image_prompt")
    assert (segment.image_prompt, segment.prompt_conflict) == (SEA, {})
    [change] = director.prompts.history("film", 1)
    assert (change.before, change.after) == ("a lake", SEA)
    director.prompts.bring_back("film", 1, change.seq, "before")
    spec = json.loads((stream_folder / "production.json").read_text())
    keys = ("image_prompt", "keyframe_prompt")
    assert [spec["segments"][0][key] for key in keys] == ["a lake", "a lake"]


def test_an_edit_over_a_conflict_keeps_both_texts_in_the_history(
    director: Workbench, stream_folder: Path
) -> None:
    edit_outside(stream_folder, 1, keyframe_prompt="a lake")
    director.prompts.save("film", 1, "image_prompt", "a pond", base_text=SEA)
    assert [change.before for change in director.prompts.history("film", 1)] == [SEA, "a lake"]


def test_the_history_goes_with_a_stream_that_is_renamed_or_restored(
    open_as: OpenAs, stream_folder: Path
) -> None:
    admin = open_as("ada", Role.ADMIN)
    admin.prompts.save("film", 1, "image_prompt", "fog")
    admin.lifecycle.rename("film", "feature")
    admin.streams.scan("feature")
    assert told(admin.prompts.history("feature", 1)) == [("workbench", "ada", SEA, "fog")]
    entry = admin.lifecycle.trash("feature")
    with admin.studio.database.read() as connection:
        assert read_known_prompts(connection, "feature") == {}
    admin.lifecycle.restore(entry.id)
    edit_outside(stream_folder.parent / "feature", 1, image_prompt="theirs")
    admin.streams.scan("feature")
    assert told(admin.prompts.history("feature", 1))[0] == ("outside", "outside", "fog", "theirs")


TEXTS = st.sampled_from(["", "a", "b", "a b", "ü\n", "  a  "])
STEPS = st.lists(
    st.tuples(st.sampled_from(["save", "outside", "scan", "back"]), st.sampled_from(PROMPT_FIELDS), TEXTS),
    max_size=12,
)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_the_history_is_one_chain_that_ends_in_the_file(
    director: Workbench, stream_folder: Path, steps: list[tuple[str, str, str]]
) -> None:
    for step, field, text in steps:
        if step == "save":
            director.prompts.save("film", 4, field, text)
        elif step == "outside":
            edit_outside(stream_folder, 4, **{field: text})
        elif step == "scan":
            director.streams.scan("film")
        elif changes := director.prompts.history("film", 4, field):
            director.prompts.bring_back("film", 4, changes[-1].seq, field=field)
    director.streams.scan("film")
    segment = director.streams.get("film").get_segment(4)
    for field in PROMPT_FIELDS:
        changes = director.prompts.history("film", 4, field)[::-1]
        for earlier, later in zip(changes, changes[1:], strict=False):
            assert earlier.after.strip() == later.before.strip()
        if changes:
            assert changes[-1].after.strip() == getattr(segment, field).strip()
