"""The library of presets: whose they are, and putting them into many prompts in one step."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.domain.preset import PresetForm
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError, NothingToUndoError, PermissionDeniedError
from director_lib.workbench import Workbench
from tests.workbench.conftest import OpenAs


def prompts(folder: Path, field: str = "image_prompt") -> list[str]:
    return [segment[field] for segment in json.loads((folder / "production.json").read_text())["segments"]]


def test_everybody_sees_a_shared_preset_and_only_its_author_an_own_one(
    director: Workbench, open_as: OpenAs
) -> None:
    director.presets.add("Fog", "Lighting", "soft fog")
    director.presets.add("Mine", "mood", "my mood", shared=False)
    other = open_as("dan", Role.DIRECTOR)
    assert [(preset.name, preset.category) for preset in other.presets.list()] == [("Fog", "lighting")]
    assert [preset.name for preset in director.presets.list()] == ["Fog", "Mine"]
    [mine] = [preset for preset in director.presets.list() if not preset.is_shared]
    with pytest.raises(NotFoundError):
        other.presets.apply(mine.id, "film", Kind.KEYFRAME, [1])


def test_a_name_is_taken_only_by_what_one_sees(director: Workbench, open_as: OpenAs) -> None:
    director.presets.add("Fog", "lighting", "soft fog", shared=False)
    open_as("dan", Role.DIRECTOR).presets.add("Fog", "lighting", "thick fog")
    with pytest.raises(InputError, match="already"):
        director.presets.add("fog", "lighting", "thin fog")


def test_its_author_and_an_admin_change_a_preset_and_nobody_else(
    director: Workbench, open_as: OpenAs
) -> None:
    fog = director.presets.add("Fog", "lighting", "soft fog")
    other, admin = open_as("dan", Role.DIRECTOR), open_as("root", Role.ADMIN)
    form = PresetForm("Fog", "mood", "thick fog", is_shared=True)
    with pytest.raises(PermissionDeniedError):
        other.presets.edit(fog.id, form)
    with pytest.raises(PermissionDeniedError):
        other.presets.delete(fog.id)
    assert director.presets.edit(fog.id, form).category == "mood"
    assert admin.presets.edit(fog.id, PresetForm("Haze", "mood", "haze")).name == "Haze"
    admin.presets.delete(fog.id)
    assert director.presets.list() == []


def test_who_may_not_edit_prompts_has_no_preset_to_add_or_use(director: Workbench, open_as: OpenAs) -> None:
    fog = director.presets.add("Fog", "lighting", "soft fog")
    viewer = open_as("vic", Role.VIEWER)
    assert viewer.presets.list() == [fog]
    for refused in (
        lambda: viewer.presets.add("A", "b", "c"),
        lambda: viewer.presets.apply(fog.id, "film", Kind.KEYFRAME, [1]),
        lambda: viewer.presets.count([fog.id]),
        lambda: viewer.presets.delete(fog.id),
    ):
        with pytest.raises(PermissionDeniedError):
            refused()


def test_a_preset_is_put_into_many_prompts_and_what_is_left_out_is_named(
    director: Workbench, stream_folder: Path
) -> None:
    fog = director.presets.add("Fog", "lighting", "soft fog")
    version = director.reviews.standing("film").version(2, Kind.KEYFRAME)
    assert version is not None
    director.reviews.decide("film", Kind.KEYFRAME, {2: version.sha256}, DecisionKind.APPROVED)
    director.prompts.save("film", 3, "image_prompt", "a sea in soft fog")
    done = director.presets.apply(fog.id, "film", Kind.KEYFRAME, [1, 2, 3, 4, 4])
    assert done.saved == [1, 4]
    assert done.skipped == [(2, "it is approved"), (3, "its prompt says so already")]
    assert prompts(stream_folder) == [
        "a sea, part 1, soft fog",
        "a sea, part 2",
        "a sea in soft fog",
        "a sea, part 4, soft fog",
    ]
    assert director.presets.list()[0].use_count == 2


def test_on_the_page_of_clips_it_goes_into_how_the_camera_moves(
    director: Workbench, stream_folder: Path
) -> None:
    pan = director.presets.add("Pan", "motion", "slow pan")
    assert director.presets.apply(pan.id, "film", Kind.VIDEO, [1]).saved == [1]
    assert prompts(stream_folder, "motion_prompt")[0] == "push in, slow pan"
    assert prompts(stream_folder)[0] == "a sea, part 1"


def test_one_undo_takes_the_preset_out_of_all_of_them_and_redo_puts_it_in(
    director: Workbench, stream_folder: Path
) -> None:
    before = prompts(stream_folder)
    fog = director.presets.add("Fog", "lighting", "soft fog")
    director.presets.apply(fog.id, "film", Kind.KEYFRAME, [1, 2, 3, 4])
    after = prompts(stream_folder)
    assert director.reviews.undo() == "preset “Fog” on 1, 2, 3, 4"
    assert prompts(stream_folder) == before
    assert director.reviews.redo() == "preset “Fog” on 1, 2, 3, 4"
    assert prompts(stream_folder) == after
    director.reviews.undo()
    with pytest.raises(NothingToUndoError):
        director.reviews.undo()


def test_undo_leaves_a_prompt_that_somebody_edited_since_and_says_so(
    director: Workbench, open_as: OpenAs, stream_folder: Path
) -> None:
    fog = director.presets.add("Fog", "lighting", "soft fog")
    director.presets.apply(fog.id, "film", Kind.KEYFRAME, [1, 2])
    open_as("dan", Role.DIRECTOR).prompts.save("film", 2, "image_prompt", "a harbour")
    assert "left as they are: 2" in director.reviews.undo()
    assert prompts(stream_folder)[:2] == ["a sea, part 1", "a harbour"]


def test_an_unknown_segment_changes_no_prompt(director: Workbench, stream_folder: Path) -> None:
    before = prompts(stream_folder)
    fog = director.presets.add("Fog", "lighting", "soft fog")
    with pytest.raises(NotFoundError):
        director.presets.apply(fog.id, "film", Kind.KEYFRAME, [1, 99])
    assert prompts(stream_folder) == before


def test_uses_are_counted_for_presets_that_are_there(director: Workbench) -> None:
    fog = director.presets.add("Fog", "lighting", "soft fog")
    director.presets.count([fog.id, 404])
    director.presets.count([fog.id])
    assert director.presets.list()[0].use_count == 2
