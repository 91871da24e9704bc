from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from director_lib.errors import NotFoundError, StaleWriteError
from director_lib.streams import editor, seen_specs
from director_lib.streams.editor import save_prompts
from director_lib.streams.folder import StreamsRoot
from tests.streams import shapes
from tests.streams.shapes import digest, edit_outside, segment_on_disk, spec_file, with_segments, write


def test_an_outside_change_of_another_segment_is_merged(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    sha256 = digest(root)
    edit_outside(root, 1, image_prompt="theirs")
    save_prompts(root, "a", 1, {"image_prompt": "mine"}, expected_sha256=sha256)
    assert [segment_on_disk(root, index)["image_prompt"] for index in (0, 1)] == ["mine", "theirs"]


def test_an_outside_change_of_another_field_is_merged(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    sha256 = digest(root)
    edit_outside(root, 0, motion_prompt="theirs", title="Theirs")
    save_prompts(root, "a", 1, {"image_prompt": "mine"}, expected_sha256=sha256)
    assert segment_on_disk(root)["motion_prompt"] == "theirs"
    assert segment_on_disk(root)["image_prompt"] == "mine"


def test_segments_reordered_outside_are_found_by_their_id(root: StreamsRoot) -> None:
    spec = shapes.art_film("a")
    write(root.root, "a", spec)
    sha256 = digest(root)
    spec["segments"].insert(0, {"id": 3, "image_prompt": "new one"})
    write(root.root, "a", spec)
    save_prompts(root, "a", 1, {"image_prompt": "mine"}, expected_sha256=sha256)
    assert [segment_on_disk(root, index)["image_prompt"] for index in range(3)] == [
        "new one",
        "mine",
        shapes.GULLS,
    ]


@pytest.mark.parametrize("values", [{"image_prompt": "theirs"}, {"keyframe_prompt": "theirs"}])
def test_an_outside_change_of_the_same_prompt_is_never_overwritten(
    root: StreamsRoot, values: dict[str, str]
) -> None:
    write(root.root, "a", shapes.art_film("a"))
    sha256 = digest(root)
    edit_outside(root, 0, **values)
    before = spec_file(root).read_bytes()
    with pytest.raises(StaleWriteError, match="image prompt of segment 1"):
        save_prompts(root, "a", 1, {"motion_prompt": "m", "image_prompt": "mine"}, expected_sha256=sha256)
    assert spec_file(root).read_bytes() == before


def test_an_outside_change_to_the_very_text_that_is_saved_is_no_conflict(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    sha256 = digest(root)
    edit_outside(root, 0, image_prompt="same idea")
    save_prompts(root, "a", 1, {"image_prompt": "same idea"}, expected_sha256=sha256)
    assert segment_on_disk(root)["image_prompt"] == "same idea"


def test_a_segment_removed_outside_is_not_found(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    sha256 = digest(root)
    write(root.root, "a", with_segments({"id": 2}))
    with pytest.raises(NotFoundError, match="1 of a"):
        save_prompts(root, "a", 1, {"image_prompt": "mine"}, expected_sha256=sha256)


def test_a_save_can_follow_a_save_without_reading_again(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    first = save_prompts(root, "a", 1, {"image_prompt": "one"}, expected_sha256=digest(root))
    save_prompts(root, "a", 2, {"image_prompt": "elsewhere"}, expected_sha256=first.sha256)
    save_prompts(root, "a", 1, {"image_prompt": "two"}, expected_sha256=first.sha256)
    with pytest.raises(StaleWriteError):
        save_prompts(root, "a", 1, {"image_prompt": "three"}, expected_sha256=first.sha256)


def test_a_file_that_was_never_seen_counts_as_changed(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    with pytest.raises(StaleWriteError):
        save_prompts(root, "a", 1, {"image_prompt": "mine"}, expected_sha256="0" * 64)


def test_the_text_that_the_edit_began_with_stands_in_for_a_file_never_seen(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    changes = {"image_prompt": "mine"}
    with pytest.raises(StaleWriteError):
        save_prompts(root, "a", 1, changes, expected_sha256="0" * 64, base={"image_prompt": "another"})
    save_prompts(root, "a", 1, changes, expected_sha256="0" * 64, base={"image_prompt": shapes.SEA})
    assert segment_on_disk(root)["image_prompt"] == "mine"


def test_only_the_last_specs_are_remembered(root: StreamsRoot) -> None:
    write(root.root, "a", with_segments({"id": 1, "image_prompt": "0"}))
    sha256 = digest(root)
    for number in range(1, seen_specs.KEPT_SPECS + 1):
        write(root.root, "a", with_segments({"id": 1, "image_prompt": str(number)}))
        digest(root)
    assert seen_specs.find_states(sha256, 1) is None
    assert seen_specs.find_states(digest(root), 1) == {"image_prompt": (("image_prompt", str(number)),)}


def test_without_an_expected_digest_the_save_goes_over_anything(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    edit_outside(root, 0, image_prompt="theirs")
    saved = save_prompts(root, "a", 1, {"image_prompt": "mine"}, expected_sha256=None)
    assert saved.before == {"image_prompt": "theirs"}


def _write_meanwhile(root: StreamsRoot, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Let another program write the file just before each of the first ``times`` checks."""
    real: Callable[[Path], bytes | None] = editor.find_bytes
    left = [times]

    def find_bytes(path: Path) -> bytes | None:
        if left[0]:
            left[0] -= 1
            edit_outside(root, 1, motion_prompt=f"theirs {left[0]}")
        return real(path)

    monkeypatch.setattr(editor, "find_bytes", find_bytes)


def test_a_change_in_the_last_moment_is_merged_too(
    root: StreamsRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root.root, "a", shapes.art_film("a"))
    sha256 = digest(root)
    _write_meanwhile(root, monkeypatch, 3)
    save_prompts(root, "a", 1, {"image_prompt": "mine"}, expected_sha256=sha256)
    assert segment_on_disk(root, 0)["image_prompt"] == "mine"
    assert segment_on_disk(root, 1)["motion_prompt"] == "theirs 0"


def test_a_file_that_changes_without_pause_is_given_up(
    root: StreamsRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(root.root, "a", shapes.art_film("a"))
    sha256 = digest(root)
    _write_meanwhile(root, monkeypatch, 100)
    with pytest.raises(StaleWriteError, match="keeps writing"):
        save_prompts(root, "a", 1, {"image_prompt": "mine"}, expected_sha256=sha256)
