from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director_lib.errors import InputError, StorageError, StreamFileError
from director_lib.streams.editor import save_prompts
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.locking import stream_lock
from director_lib.streams.reader import read_stream
from tests.streams import shapes
from tests.streams.shapes import digest, segment_on_disk, spec_file, with_segments, write


def test_a_save_changes_one_line_and_tells_the_new_digest_and_the_old_text(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    before = spec_file(root).read_text(encoding="utf-8")
    saved = save_prompts(root, "a", 1, {"image_prompt": "Új “hajnal”"}, expected_sha256=digest(root))
    after = spec_file(root).read_text(encoding="utf-8")
    assert after == before.replace(shapes.SEA, "Új “hajnal”")
    assert saved.before == {"image_prompt": shapes.SEA}
    assert saved.sha256 == hashlib.sha256(spec_file(root).read_bytes()).hexdigest() == digest(root)


def test_both_keys_of_a_prompt_get_the_new_text(root: StreamsRoot) -> None:
    write(root.root, "a", with_segments({"id": 1, "keyframe_prompt": "snow", "image_prompt": "rain"}))
    save_prompts(root, "a", 1, {"image_prompt": "fog"}, expected_sha256=digest(root))
    assert segment_on_disk(root) == {"id": 1, "keyframe_prompt": "fog", "image_prompt": "fog"}
    assert read_stream(root, "a").segments[0].prompt_conflict == {}


def test_a_conflict_can_be_settled_by_the_text_that_one_key_has(root: StreamsRoot) -> None:
    write(root.root, "a", with_segments({"id": 1, "keyframe_prompt": "snow", "image_prompt": "rain"}))
    save_prompts(root, "a", 1, {"image_prompt": "rain"}, expected_sha256=digest(root))
    assert segment_on_disk(root) == {"id": 1, "keyframe_prompt": "rain", "image_prompt": "rain"}


@pytest.mark.parametrize(
    ("field", "key"), [("image_prompt", "keyframe_prompt"), ("motion_prompt", "animation_prompt")]
)
def test_a_prompt_is_saved_under_the_name_that_the_segment_uses(
    root: StreamsRoot, field: str, key: str
) -> None:
    write(root.root, "a", with_segments({"id": 1, key: "old"}))
    save_prompts(root, "a", 1, {field: "new"}, expected_sha256=None)
    assert segment_on_disk(root) == {"id": 1, key: "new"}


def test_a_missing_prompt_is_added_under_the_name_that_other_segments_use(root: StreamsRoot) -> None:
    write(root.root, "a", with_segments({"id": 1, "keyframe_prompt": "x"}, {"id": 2}))
    changes = {"image_prompt": "i", "motion_prompt": "m", "negative_prompt": "n"}
    saved = save_prompts(root, "a", 2, changes, expected_sha256=None)
    assert segment_on_disk(root, 1) == {
        "id": 2,
        "keyframe_prompt": "i",
        "motion_prompt": "m",
        "negative_prompt": "n",
    }
    assert saved.before == {"image_prompt": "", "motion_prompt": "", "negative_prompt": ""}


def test_a_first_prompt_gets_the_usual_name(root: StreamsRoot) -> None:
    write(root.root, "a", with_segments({"id": 1}))
    save_prompts(root, "a", 1, {"image_prompt": "i"}, expected_sha256=None)
    assert segment_on_disk(root) == {"id": 1, "image_prompt": "i"}


def test_an_empty_text_adds_no_key(root: StreamsRoot) -> None:
    write(root.root, "a", with_segments({"id": 1}))
    save_prompts(root, "a", 1, {"negative_prompt": ""}, expected_sha256=None)
    assert segment_on_disk(root) == {"id": 1}


def test_segments_listed_under_sections_are_saved_there(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.sections_as_segments())
    save_prompts(
        root, "a", 2, {"image_prompt": "storm", "motion_prompt": "shake"}, expected_sha256=digest(root)
    )
    assert segment_on_disk(root, 1, "sections")["keyframe_prompt"] == "storm"
    assert segment_on_disk(root, 1, "sections")["motion_prompt"] == "shake"
    assert segment_on_disk(root, 0, "sections") == shapes.sections_as_segments()["sections"][0]


def test_a_segment_numbered_by_its_position_is_the_one_that_is_saved(root: StreamsRoot) -> None:
    write(root.root, "a", with_segments({"image_prompt": "x"}, {"image_prompt": "y"}))
    save_prompts(root, "a", 2, {"image_prompt": "z"}, expected_sha256=digest(root))
    assert [segment_on_disk(root, index)["image_prompt"] for index in (0, 1)] == ["x", "z"]


def test_saving_what_is_there_already_writes_nothing(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    inode = spec_file(root).stat().st_ino
    saved = save_prompts(root, "a", 1, {"image_prompt": shapes.SEA}, expected_sha256="0" * 64)
    assert spec_file(root).stat().st_ino == inode
    assert saved.sha256 == digest(root)


def test_no_changes_save_nothing(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    assert save_prompts(root, "a", 1, {}, expected_sha256=digest(root)).before == {}


def test_crlf_tabs_byte_order_mark_and_spelling_survive_a_save(root: StreamsRoot) -> None:
    text = '\ufeff{\r\n\t"x": 1e3,\r\n\t"segments": [ {"id":1.0, "image_prompt":"old", "x": [ ]} ]\r\n}\r\n'
    write(root.root, "a", text)
    save_prompts(root, "a", 1, {"image_prompt": "új"}, expected_sha256=digest(root))
    assert spec_file(root).read_bytes().decode() == text.replace("old", "új")


def test_a_stream_without_production_json_says_so(root: StreamsRoot) -> None:
    write(root.root, "a", form=shapes.input_form())
    with pytest.raises(StreamFileError, match=r"no production\.json yet"):
        save_prompts(root, "a", 1, {"image_prompt": "x"}, expected_sha256=None)


def test_a_broken_production_json_is_left_as_it_is(
    root: StreamsRoot, long_ago: Callable[[Path], None]
) -> None:
    write(root.root, "a", '{"segments": [')
    long_ago(spec_file(root))
    with pytest.raises(StreamFileError) as caught:
        save_prompts(root, "a", 1, {"image_prompt": "x"}, expected_sha256=None)
    assert caught.value.line == 1
    assert spec_file(root).read_text() == '{"segments": ['


def test_a_production_json_that_is_a_list_is_left_as_it_is(root: StreamsRoot) -> None:
    write(root.root, "a", "[]")
    with pytest.raises(StreamFileError, match="does not hold an object"):
        save_prompts(root, "a", 1, {"image_prompt": "x"}, expected_sha256=None)


@pytest.mark.parametrize("value", [["a", "b"], {"subject": "x"}])
def test_a_prompt_that_is_a_list_or_object_is_never_overwritten(root: StreamsRoot, value: Any) -> None:
    write(root.root, "a", with_segments({"id": 1, "image_prompt": value}))
    with pytest.raises(StreamFileError, match=r"\$\.segments\[0\]\.image_prompt is not a single text"):
        save_prompts(root, "a", 1, {"image_prompt": "x"}, expected_sha256=None)
    assert segment_on_disk(root)["image_prompt"] == value


@pytest.mark.parametrize("changes", [{"title": "x"}, {"keyframe_prompt": "x"}, {"image_prompt": 5}])
def test_anything_but_the_text_of_a_prompt_is_refused(root: StreamsRoot, changes: Any) -> None:
    write(root.root, "a", shapes.art_film("a"))
    with pytest.raises(InputError):
        save_prompts(root, "a", 1, changes, expected_sha256=None)


def test_a_stream_that_somebody_else_is_saving_is_waited_for_and_then_refused(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    with (
        stream_lock(root, "a"),
        pytest.raises(StorageError, match="being saved by somebody else"),
        stream_lock(root, "a", timeout_s=0),
    ):
        pass
    with stream_lock(root, "a", timeout_s=0):
        pass


def test_a_root_that_cannot_hold_the_lock_is_a_storage_error(root: StreamsRoot) -> None:
    write(root.root, "a", shapes.art_film("a"))
    (root.root / ".locks").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be used to lock"):
        save_prompts(root, "a", 1, {"image_prompt": "x"}, expected_sha256=None)


def test_the_stream_s_folder_holds_nothing_new_after_a_save(root: StreamsRoot) -> None:
    folder = write(root.root, "a", shapes.art_film("a"))
    before = sorted(folder.iterdir())
    save_prompts(root, "a", 1, {"image_prompt": "x"}, expected_sha256=None)
    assert sorted(folder.iterdir()) == before
    assert root.list_ids() == ["a"]
