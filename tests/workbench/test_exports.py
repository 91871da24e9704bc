"""Exports as use cases, opened again with other libraries."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pypdf
import pytest

from director_lib.domain.export import EXPORT_FORMS, ExportKind
from director_lib.domain.people import Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError, StorageError
from director_lib.workbench import Workbench
from director_lib.workbench.comments import Spot
from tests.delivery.films import numbered_clip
from tests.workbench.conftest import OpenAs, write_still

HOSTILE = '=HYPERLINK("http://x") <script>alert(1)</script>\n– őű …'


@pytest.fixture
def film(director: Workbench, stream_folder: Path) -> Workbench:
    """A stream with two versions of a still, a clip, decisions and remarks."""
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "olive")
    (stream_folder / "videos").mkdir()
    numbered_clip(stream_folder / "videos" / "segment_2.mp4", 24)
    director.streams.scan("film")
    standing = director.reviews.standing("film")
    still, clip = standing.version(1, Kind.KEYFRAME), standing.version(2, Kind.VIDEO)
    assert still is not None
    assert clip is not None
    director.reviews.decide(
        "film", Kind.KEYFRAME, {1: still.sha256}, DecisionKind.APPROVED_WITH_NOTES, "warm"
    )
    told = director.comments.add("film", 2, Kind.VIDEO, HOSTILE, version_id=clip.id, spot=Spot(frame=3))
    director.comments.reply(told.id, "yes")
    director.comments.add("film", 3, Kind.KEYFRAME, "too red")
    return director


def made(workbench: Workbench, what: ExportKind, ending: str = "") -> bytes:
    download = workbench.exports.prepare("film", what, ending)
    whole = b"".join(download.chunks())
    assert len(whole) == download.size_bytes
    return whole


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        assert {one.compress_type for one in opened.infolist()} == {zipfile.ZIP_STORED}
        return {name: opened.read(name) for name in opened.namelist()}


def check_manifest(files: dict[str, bytes]) -> dict[str, Any]:
    listed: dict[str, Any] = json.loads(files.pop("film/manifest.json"))
    digests = {f"film/{line['name']}": line["sha256"] for line in listed["files"]}
    assert digests == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return listed


def test_the_current_stills_are_the_files_of_the_stream(film: Workbench, stream_folder: Path) -> None:
    files = unpacked(made(film, ExportKind.KEYFRAMES))
    check_manifest(files)
    here = [(stream_folder / "keyframes" / f"segment_{n}_keyframe.png").read_bytes() for n in (1, 2, 3)]
    assert list(files.values()) == here
    assert list(files) == [
        "film/keyframes/film_keyframe_001_v2.png",
        "film/keyframes/film_keyframe_002_v1.png",
        "film/keyframes/film_keyframe_003_v1.png",
    ]


def test_everything_holds_every_version_once_and_a_list_of_all(film: Workbench) -> None:
    files = unpacked(made(film, ExportKind.ALL))
    listed = check_manifest(files)
    media = [line for line in listed["files"] if "kind" in line]
    assert [(line["segment"], line["version"], line["is_current"]) for line in media] == [
        (1, 2, True),
        (2, 1, True),
        (3, 1, True),
        (1, 1, False),
        (2, 1, True),
    ]
    assert {Path(name).name for name in files if name.count("/") == 1} == {
        "contact_sheet.pdf",
        "production.json",
        "remarks.csv",
        "report.html",
        "report.pdf",
        "timeline.otio",
    }
    timeline = otio.adapters.read_from_string(files["film/timeline.otio"].decode(), "otio_json")
    for clip in timeline.find_clips():
        for reference in clip.media_references().values():
            inside = files[f"film/{reference.target_url}"]
            assert hashlib.sha256(inside).hexdigest() == reference.metadata["director"]["sha256"]


def test_the_same_state_makes_the_same_zip(film: Workbench) -> None:
    assert made(film, ExportKind.VERSIONS) == made(film, ExportKind.VERSIONS)


def test_editing_programs_find_versions_and_remarks_in_the_timeline(film: Workbench, tmp_path: Path) -> None:
    bundle = tmp_path / "film.otioz"
    film.exports.save("film", ExportKind.OTIOZ, bundle)
    timeline = otio.adapters.read_from_file(str(bundle), extract_to_directory=str(tmp_path))
    [track] = timeline.tracks
    assert [type(item).__name__ for item in track] == ["Clip", "Clip", "Clip", "Gap"]
    still, clip, *_ = track
    assert sorted(still.media_references()) == ["keyframe_v1", "keyframe_v2"]
    assert still.active_media_reference_key == "keyframe_v2"
    assert clip.active_media_reference_key == "video_v1"
    assert clip.source_range == clip.media_reference.available_range
    for item in (still, clip):
        for reference in item.media_references().values():
            data = (tmp_path / reference.target_url).read_bytes()
            assert hashlib.sha256(data).hexdigest() == reference.metadata["director"]["sha256"]
    [marker] = clip.markers
    rate = clip.source_range.duration.rate
    assert marker.marked_range == otio.opentime.TimeRange(
        otio.opentime.RationalTime(3, rate), otio.opentime.RationalTime(1, rate)
    )
    assert marker.comment == HOSTILE
    assert [answer["text"] for answer in marker.metadata["director"]["answers"]] == ["yes"]


def test_remarks_are_a_table_in_which_nothing_is_calculated(film: Workbench) -> None:
    rows = list(csv.DictReader(io.StringIO(made(film, ExportKind.COMMENTS).decode("utf-8-sig"), newline="")))
    assert [(row["segment"], row["kind"], row["frame"], row["status"]) for row in rows] == [
        ("2", "video", "3", "open"),
        ("2", "video", "", "answer"),
        ("3", "keyframe", "", "open"),
    ]
    assert rows[0]["text"] == "'" + HOSTILE
    assert float(rows[0]["time_s"]) > 0
    assert rows[1]["answers_comment"] == rows[0]["comment"]


def test_the_report_says_what_was_decided_in_both_forms(film: Workbench) -> None:
    page = made(film, ExportKind.REPORT, ".html").decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r"(src|href)=\"(?!data:)", page)
    paper = pypdf.PdfReader(io.BytesIO(made(film, ExportKind.REPORT, ".pdf")))
    text = " ".join("".join(sheet.extract_text() for sheet in paper.pages).split())
    for words in ("The film", "approved with notes", "warm", "too red", "– őű …"):
        assert words in text, words
        assert words in page, words
    assert sum(len(sheet.images) for sheet in paper.pages) == 4


def test_the_spec_is_the_file_itself(film: Workbench, stream_folder: Path) -> None:
    assert made(film, ExportKind.SPEC) == (stream_folder / "production.json").read_bytes()


def test_chosen_segments_are_exported_alone(film: Workbench) -> None:
    download = film.exports.prepare("film", ExportKind.KEYFRAMES, segment_ids=[3])
    names = unpacked(b"".join(download.chunks()))
    assert sorted(names) == ["film/keyframes/film_keyframe_003_v1.png", "film/manifest.json"]
    with pytest.raises(NotFoundError):
        film.exports.prepare("film", ExportKind.KEYFRAMES, segment_ids=[99])


def test_a_lost_file_is_told_before_anything_is_made(film: Workbench, tmp_path: Path) -> None:
    version = film.reviews.standing("film").version(1, Kind.KEYFRAME)
    assert version is not None
    film.studio.files.get(version.sha256, version.extension).unlink()
    with pytest.raises(StorageError, match=r"film_keyframe_001_v2\.png is missing"):
        film.exports.save("film", ExportKind.ALL, tmp_path / "all.zip")
    assert list(tmp_path.glob("*.zip")) == []
    assert list(tmp_path.glob(".*")) == []


def test_an_export_goes_into_a_new_file_or_a_folder_and_never_over_another(
    film: Workbench, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert film.exports.save("film", ExportKind.COMMENTS, folder).name == "film_comments.csv"
    with pytest.raises(InputError, match="exists already"):
        film.exports.save("film", ExportKind.COMMENTS, folder)
    with pytest.raises(InputError, match=r"\.zip"):
        film.exports.save("film", ExportKind.KEYFRAMES, tmp_path / "stills.pdf")
    with pytest.raises(StorageError, match="could not be written"):
        film.exports.save("film", ExportKind.SPEC, tmp_path / "nowhere" / "spec.json")


def test_everybody_who_may_look_is_offered_everything_with_its_size(film: Workbench, open_as: OpenAs) -> None:
    viewer = open_as("vera", Role.VIEWER)
    offers = {offer.what: offer for offer in viewer.exports.offers("film")}
    assert offers.keys() == set(ExportKind) == set(EXPORT_FORMS)
    assert [offers[what].n_files for what in (ExportKind.KEYFRAMES, ExportKind.VIDEOS, ExportKind.ALL)] == [
        3,
        1,
        5,
    ]
    assert made(viewer, ExportKind.CONTACT_SHEET, ".png").startswith(b"\x89PNG")
