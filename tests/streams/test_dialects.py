from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from director_lib.domain.stream import Dialect, Scene, Section, Segment
from director_lib.errors import NotFoundError
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream, spec_stamp
from tests.streams import shapes
from tests.streams.shapes import write


def test_an_art_film_is_read_whole(root: StreamsRoot) -> None:
    write(root.root, "harbour", shapes.art_film(), shapes.input_form())
    stream = read_stream(root, "harbour")
    assert stream.dialect is Dialect.ART_FILM
    assert stream.segments[0] == Segment(
        id=1,
        title="Dawn",
        image_prompt=shapes.SEA,
        motion_prompt="slow push in",
        image_prompt_keys=("image_prompt",),
        motion_prompt_keys=("motion_prompt",),
        duration_s=6.0,
    )
    assert stream.segments[1].duration_s == 5.0
    assert stream.palette == {"cobalt": "#0047ab", "salt": "#ffffff"}
    assert stream.visual_direction == {
        "aesthetic": "ink wash on rough paper",
        "references": "old sea charts, woodcuts",
        "mood": "patient",
    }
    assert stream.negative_prompt == "text, watermark"
    assert (stream.title, stream.language) == ("The harbour", "en")
    assert stream.oddities == ()


def test_a_spec_v1_is_read_whole(root: StreamsRoot) -> None:
    write(root.root, "orchard", shapes.spec_v1())
    stream = read_stream(root, "orchard")
    assert stream.dialect is Dialect.SPEC_V1
    assert (stream.title, stream.language) == ("Az almáskert", "hu")
    assert [segment.title for segment in stream.segments] == ["Virágzás", "Szüret"]
    assert stream.segments[0].image_prompt_keys == ("keyframe_prompt",)
    assert stream.segments[0].motion_prompt == "petals fall"
    assert stream.segments[1].duration_s == 8.0
    assert stream.sections == (Section("s1", (1, 2), "Tavasz volt.\n\n  A fák…", "", "Tavasz"),)
    assert stream.prompt_suffix == "subject in the middle third"
    assert (stream.width, stream.height) == (1920, 1080)
    assert stream.oddities == ()


def test_a_short_spec_is_read_whole(root: StreamsRoot) -> None:
    write(root.root, "letters", shapes.short())
    stream = read_stream(root, "letters")
    assert stream.dialect is Dialect.SHORT
    assert stream.title == "Letters home"
    assert stream.segments[0].negative_prompt == "people"
    assert stream.segments[0].duration_s == 5.0
    assert stream.sections[0].text_type == "letter"
    assert stream.oddities == ()


def test_segments_listed_under_sections_are_numbered_by_segment(root: StreamsRoot) -> None:
    write(root.root, "tide", shapes.sections_as_segments())
    stream = read_stream(root, "tide")
    assert [(segment.id, segment.image_prompt) for segment in stream.segments] == [
        (1, "mud flats"),
        (2, "a flooded road"),
    ]
    assert [(section.id, section.segment_ids) for section in stream.sections] == [
        ("a", (1,)),
        ("b", (2,)),
        ("c", ()),
    ]
    assert stream.oddities == ()


def test_a_stream_without_any_json_file_opens(root: StreamsRoot) -> None:
    write(root.root, "bare")
    stream = read_stream(root, "bare")
    assert (stream.id, stream.title, stream.dialect, stream.spec_sha256) == ("bare", "bare", None, None)
    assert stream.segments == stream.oddities == ()


def test_a_stream_with_only_an_order_form_has_its_story_and_brief(root: StreamsRoot) -> None:
    write(root.root, "harbour", form=shapes.input_form())
    stream = read_stream(root, "harbour")
    assert stream.story == (Scene("", "It was early.\nNobody spoke."),)
    assert stream.brief == {
        "notes": "quiet",
        "tone": "calm, grave",
        "colors": "sea: #123456",
        "references": "old charts",
        "segment_count": "4",
        "cta": "Read more",
    }


@pytest.mark.parametrize(
    "shape", [shapes.art_film, shapes.spec_v1, shapes.short, shapes.sections_as_segments]
)
def test_personal_data_never_reaches_the_stream(root: StreamsRoot, shape: Any) -> None:
    spec = shape()
    spec["client"] = {"name": "Kovács Piroska"}
    spec["visual_direction"] = {
        "style": "x",
        "customer": {"name": "Kovács Piroska"},
        "notes": {"Client": "Kovács"},
    }
    write(root.root, "a", spec, shapes.input_form())
    shown = repr(read_stream(root, "a"))
    for secret in ("Kovács", "Piroska", "piroska@example.org", "555 0199"):
        assert secret not in shown


def test_personal_data_stays_out_of_the_oddity_of_a_broken_form(
    root: StreamsRoot, long_ago: Callable[[Path], None]
) -> None:
    text = json.dumps(shapes.input_form(), ensure_ascii=False).replace('"customer":', '"customer"')
    folder = write(root.root, "a", shapes.short(), text)
    long_ago(folder / "input.json")
    stream = read_stream(root, "a")
    assert [oddity.file for oddity in stream.oddities if oddity.path == ""] == ["input.json"]
    assert "iroska" not in repr(stream)


def test_reading_an_unknown_stream_is_not_found(root: StreamsRoot) -> None:
    with pytest.raises(NotFoundError):
        read_stream(root, "nobody")


def test_the_stamp_changes_with_each_of_the_three_files(root: StreamsRoot) -> None:
    folder = write(root.root, "a", shapes.short())
    stamps = [spec_stamp(root, "a")]
    assert stamps[0][1:] == (None, None)
    for name in ("input.json", "deployment.json", "production.json"):
        (folder / name).write_text('{"x": 1}')
        stamps.append(spec_stamp(root, "a"))
    assert len(set(stamps)) == 4
    assert spec_stamp(root, "a") == stamps[-1]
