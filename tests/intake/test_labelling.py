"""What a generated file tells of itself, and that a found one is left alone."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest
from PIL import Image

from director_lib.domain.disclosure import DIGITAL_SOURCE_TYPE, PROVENANCE_KEY
from director_lib.domain.version import Kind, Origin
from director_lib.errors import InvalidMediaError
from director_lib.intake import labelling
from director_lib.media.files import hash_file
from tests.intake.studio import START, Studio, write_clip, write_still

REFERENCES = ("b" * 64, "c" * 64)


def written_in(path: Path) -> dict[str, object]:
    """Read the provenance of a still or clip."""
    if path.suffix == ".png":
        with Image.open(path) as image:
            return dict(json.loads(image.text[PROVENANCE_KEY]))
    with av.open(str(path)) as container:
        return dict(json.loads(container.metadata[PROVENANCE_KEY]))


def test_a_generated_still_carries_its_provenance_in_the_store_and_in_the_folder(
    studio: Studio, tmp_path: Path
) -> None:
    task = studio.running_task(negative_prompt="people", reference_sha256s=REFERENCES)
    studio.take_in(task, write_still(tmp_path / "made.png"))
    version = studio.current()
    assert version is not None
    for path in (studio.still(), studio.files.get(version.sha256, version.extension)):
        facts = written_in(path)
        assert facts["digital_source_type"] == DIGITAL_SOURCE_TYPE
        assert (facts["engine"], facts["model"], facts["seed"]) == ("double", "double/1", 1)
        assert (facts["prompt"], facts["negative_prompt"]) == ("a harbour at dawn", "people")
        assert (facts["params"], facts["task"]) == ({"steps": 4}, task.id)
        assert facts["references"] == list(REFERENCES)


def test_a_generated_clip_names_its_keyframe_by_its_bytes(studio: Studio, tmp_path: Path) -> None:
    write_still(studio.still())
    studio.scan()
    keyframe = studio.current()
    assert keyframe is not None
    task = studio.running_task(kind=Kind.VIDEO, motion_prompt="pan", source_version_id=keyframe.id)
    studio.take_in(task, write_clip(tmp_path / "made.mp4"))
    facts = written_in(studio.folder / "videos" / "segment_1.mp4")
    assert (facts["motion_prompt"], facts["source_sha256"]) == ("pan", keyframe.sha256)


def test_who_asked_and_what_it_cost_stay_in_the_studio(studio: Studio, tmp_path: Path) -> None:
    studio.take_in(studio.running_task(), write_still(tmp_path / "made.png"))
    text = json.dumps(written_in(studio.still()))
    assert "dora" not in text
    assert "cost" not in text


def test_all_that_was_sent_is_recorded_with_the_version(studio: Studio, tmp_path: Path) -> None:
    task = studio.running_task(reference_sha256s=REFERENCES)
    assert studio.task(task.id).request.reference_sha256s == REFERENCES
    studio.take_in(task, write_still(tmp_path / "made.png"))
    version = studio.current()
    assert version is not None
    made_of = version.provenance
    assert made_of.reference_sha256s == REFERENCES
    assert (made_of.image_prompt, made_of.seed, made_of.author) == ("a harbour at dawn", 1, "dora")
    assert (made_of.engine, made_of.model, made_of.params) == ("double", "double/1", {"steps": 4})
    assert (made_of.found_as, made_of.found_at, made_of.task_id) == (None, None, task.id)


def test_a_found_file_is_never_changed_and_tells_where_it_was(studio: Studio) -> None:
    dropped = hash_file(write_still(studio.still()))
    studio.scan()
    version = studio.current()
    assert version is not None
    assert hash_file(studio.still()) == version.sha256 == dropped
    assert version.origin is Origin.FOUND
    assert version.provenance.found_as == "keyframes/segment_1_keyframe.png"
    assert version.provenance.found_at is not None
    assert version.provenance.found_at >= START
    assert version.created_at <= version.provenance.found_at


def test_an_archived_file_tells_the_name_it_had_in_the_archive(studio: Studio) -> None:
    write_still(studio.folder / "keyframes" / "versions" / "segment_1_20260101_120000.png", "teal")
    write_still(studio.still())
    studio.scan()
    assert [version.provenance.found_as for version in studio.versions()] == [
        "keyframes/versions/segment_1_20260101_120000.png",
        "keyframes/segment_1_keyframe.png",
    ]


def test_a_file_that_cannot_carry_the_mark_is_kept_and_says_so(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: Path, *_others: object) -> None:
        raise InvalidMediaError(source, "its provenance cannot be written into it (odd chunks)")

    monkeypatch.setattr(labelling, "mark", refuse)
    made = write_still(tmp_path / "made.png")
    studio.take_in(studio.running_task(), made)
    version = studio.current()
    assert version is not None
    assert version.sha256 == hash_file(made)
    assert version.provenance.params == {
        "steps": 4,
        "disclosure": "missing: its provenance cannot be written into it (odd chunks)",
    }
