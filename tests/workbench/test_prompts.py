from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.people import Role
from director_lib.errors import InputError, PermissionDeniedError, PromptClashError, StaleWriteError
from director_lib.store.events import list_events
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs
from tests.workbench.outside import edit_outside


def test_saving_a_prompt_changes_one_line_of_the_user_s_file(
    director: Workbench, stream_folder: Path
) -> None:
    before = (stream_folder / "production.json").read_text().splitlines()
    segment = director.prompts.save("film", 2, "image_prompt", "a quiet sea", base_text="a sea, part 2")
    after = (stream_folder / "production.json").read_text().splitlines()
    assert segment.image_prompt == "a quiet sea"
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


def test_an_edit_of_what_somebody_else_changed_is_refused_and_keeps_theirs(
    director: Workbench, stream_folder: Path
) -> None:
    spec = stream_folder / "production.json"
    spec.write_text(spec.read_text().replace("a sea, part 2", "their sea"))
    with pytest.raises(StaleWriteError):
        director.prompts.save("film", 2, "image_prompt", "my sea", base_text="a sea, part 2")
    assert "their sea" in spec.read_text()


def test_a_clash_carries_both_texts_and_the_one_both_began_with(
    director: Workbench, stream_folder: Path
) -> None:
    edit_outside(stream_folder, 2, image_prompt="their sea")
    with pytest.raises(PromptClashError, match="image prompt of segment 2") as refused:
        director.prompts.save("film", 2, "image_prompt", "my sea", base_text="a sea, part 2")
    clash = refused.value
    assert (clash.field, clash.segment_id) == ("image_prompt", 2)
    assert (clash.base, clash.theirs, clash.yours) == ("a sea, part 2", "their sea", "my sea")
    segment = director.prompts.save("film", 2, "image_prompt", "my sea", base_text=clash.theirs)
    assert segment.image_prompt == "my sea"


def test_edits_of_other_segments_and_fields_merge_silently(director: Workbench, stream_folder: Path) -> None:
    edit_outside(stream_folder, 1, image_prompt="their sea")
    edit_outside(stream_folder, 2, motion_prompt="their way", title="Theirs")
    segment = director.prompts.save("film", 2, "image_prompt", "my sea", base_text="a sea, part 2")
    assert (segment.image_prompt, segment.motion_prompt, segment.title) == ("my sea", "their way", "Theirs")
    assert director.streams.get("film").get_segment(1).image_prompt == "their sea"


def test_the_same_edit_on_both_sides_is_no_clash(director: Workbench, stream_folder: Path) -> None:
    edit_outside(stream_folder, 2, image_prompt="same idea")
    segment = director.prompts.save("film", 2, "image_prompt", "same idea ", base_text="a sea, part 2")
    assert segment.image_prompt == "same idea"


def test_a_field_that_only_others_changed_keeps_their_words(director: Workbench, stream_folder: Path) -> None:
    edit_outside(stream_folder, 2, motion_prompt="their way")
    yours = {"image_prompt": "my sea", "motion_prompt": "push in", "negative_prompt": ""}
    base = {"image_prompt": "a sea, part 2", "motion_prompt": "push in", "negative_prompt": ""}
    director.prompts.save_changed("film", 2, yours, base=base)
    segment = director.streams.get("film").get_segment(2)
    assert (segment.image_prompt, segment.motion_prompt) == ("my sea", "their way")


def test_a_clash_in_one_field_saves_none_of_them(director: Workbench, stream_folder: Path) -> None:
    edit_outside(stream_folder, 2, motion_prompt="their way")
    yours = {"image_prompt": "my sea", "motion_prompt": "my way"}
    base = {"image_prompt": "a sea, part 2", "motion_prompt": "push in"}
    with pytest.raises(PromptClashError, match="motion prompt"):
        director.prompts.save_changed("film", 2, yours, base=base)
    assert director.streams.get("film").get_segment(2).image_prompt == "a sea, part 2"


def test_a_write_between_the_look_and_the_lock_is_a_clash(
    director: Workbench, stream_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from director_lib.workbench import prompts

    lock = prompts.stream_lock

    def lock_late(*arguments: Any) -> Any:
        edit_outside(stream_folder, 2, image_prompt="their sea")
        return lock(*arguments)

    monkeypatch.setattr(prompts, "stream_lock", lock_late)
    with pytest.raises(PromptClashError):
        director.prompts.save("film", 2, "image_prompt", "my sea", base_text="a sea, part 2")
    assert director.streams.get("film").get_segment(2).image_prompt == "their sea"


def test_text_that_cannot_be_recorded_is_refused_before_the_file_is_touched(
    director: Workbench, stream_folder: Path
) -> None:
    before = (stream_folder / "production.json").read_bytes()
    with pytest.raises(InputError, match="cannot be stored"):
        director.prompts.save("film", 2, "image_prompt", "half \ud800")
    assert (stream_folder / "production.json").read_bytes() == before


def test_an_edit_is_an_event_with_before_and_after(director: Workbench) -> None:
    director.prompts.save("film", 1, "motion_prompt", "pan left")
    with director.studio.database.read() as connection:
        event = list_events(connection, stream_id="film", limit=1)[0]
    assert (event.verb, event.details["before"]["motion_prompt"]) == ("edited_prompt", "push in")
    assert event.details["after"] == {"motion_prompt": "pan left"}


def test_a_prompt_that_is_too_long_is_refused(director: Workbench) -> None:
    with pytest.raises(InputError, match="20,000"):
        director.prompts.save("film", 1, "image_prompt", "x" * 20_001)


def test_only_the_three_prompt_fields_can_be_edited(director: Workbench) -> None:
    with pytest.raises(InputError, match="title"):
        director.prompts.save("film", 1, "title", "x")


def test_a_viewer_cannot_edit(director: Workbench, open_as: OpenAs) -> None:
    with pytest.raises(PermissionDeniedError):
        open_as("vera", Role.VIEWER).prompts.save("film", 1, "image_prompt", "x")


def test_drafts_are_each_person_s_own_and_saving_forgets_them(director: Workbench, open_as: OpenAs) -> None:
    director.prompts.save_draft("film", 1, "image_prompt", "half a thou", "a sea, part 1")
    assert [draft.text for draft in director.prompts.drafts("film")] == ["half a thou"]
    assert open_as("dan", Role.DIRECTOR).prompts.drafts("film") == []
    director.prompts.save("film", 1, "image_prompt", "half a thought")
    assert director.prompts.drafts("film") == []


def test_a_draft_equal_to_what_is_saved_is_none(director: Workbench) -> None:
    director.prompts.save_draft("film", 1, "image_prompt", "x", "a sea, part 1")
    director.prompts.save_draft("film", 1, "image_prompt", "a sea, part 1", "a sea, part 1")
    assert director.prompts.drafts("film") == []


def test_a_conflict_between_two_prompt_keys_is_settled_by_a_choice(
    director: Workbench, stream_folder: Path
) -> None:
    spec = stream_folder / "production.json"
    spec.write_text(
        spec.read_text().replace('"a sea, part 1"', '"a sea, part 1", "keyframe_prompt": "a lake"', 1)
    )
    assert director.streams.get("film").get_segment(1).prompt_conflict == {
        "image_prompt": "a sea, part 1",
        "keyframe_prompt": "a lake",
    }
    segment = director.prompts.choose("film", 1, "keyframe_prompt")
    assert segment.image_prompt == "a lake"
    assert segment.prompt_conflict == {}
