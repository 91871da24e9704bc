from __future__ import annotations

import codecs
import hashlib
import json
from typing import Any

import pytest

from director_lib.streams.folder import StreamsRoot
from tests.streams.shapes import make_and_read, odd_paths, with_segments


def test_the_folder_s_name_wins_over_another_id_in_the_file(root: StreamsRoot) -> None:
    for spec, path in (
        ({"stream": {"id": "x"}}, "$.stream.id"),
        ({"stream_id": "x"}, "$.stream_id"),
        ({"stream": "x"}, "$.stream"),
    ):
        stream = make_and_read(root, {**spec, "segments": [{"id": 1}]})
        assert stream.id == "made"
        assert odd_paths(stream) == [path]


@pytest.mark.parametrize("value", [[], [{"id": 1}], "text", 5, None, True, {}])
def test_a_spec_that_holds_no_spec_opens_with_oddities(root: StreamsRoot, value: Any) -> None:
    stream = make_and_read(root, json.dumps(value))
    assert stream.segments == ()
    assert stream.oddities
    assert stream.spec_sha256 is not None


def test_a_byte_order_mark_is_no_oddity_and_counts_in_the_digest(root: StreamsRoot) -> None:
    data = codecs.BOM_UTF8 + json.dumps(with_segments({"id": 1, "title": "ő"})).encode()
    stream = make_and_read(root, data, codecs.BOM_UTF8 + b'{"title": "T"}')
    assert (stream.title, stream.segments[0].title) == ("T", "ő")
    assert stream.spec_sha256 == hashlib.sha256(data).hexdigest()
    assert stream.oddities == ()


def test_characters_that_nothing_can_store_are_replaced(root: StreamsRoot) -> None:
    stream = make_and_read(
        root, r'{"segments": [{"id": 1, "image_prompt": "a\ud800b\u0000c", "title": "\ud83d\ude00"}]}'
    )
    assert stream.segments[0].image_prompt == "a\ufffdb\ufffdc"
    assert stream.segments[0].title == "😀"
    assert odd_paths(stream) == ["$.segments[0].image_prompt"]


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ("1920x1080", (1920, 1080)),
        ("1080 × 1920", (1080, 1920)),
        ([640, "360"], (640, 360)),
        ({"width": 800, "height": 600}, (800, 600)),
    ],
)
def test_dimensions_are_read_in_every_spelling(root: StreamsRoot, value: Any, size: tuple[int, int]) -> None:
    stream = make_and_read(root, {"output": {"dimensions": value}, "segments": [{"id": 1}]})
    assert (stream.width, stream.height) == size
    assert stream.oddities == ()


@pytest.mark.parametrize("value", ["big", 5, [1, 2, 3], "0x0", "99999x10", {"width": 9}, True])
def test_odd_dimensions_give_the_usual_size(root: StreamsRoot, value: Any) -> None:
    stream = make_and_read(root, {"output": {"dimensions": value}, "segments": [{"id": 1}]})
    assert (stream.width, stream.height) == (1280, 720)
    assert odd_paths(stream) == ["$.output.dimensions"]


def test_colours_are_read_in_every_spelling(root: StreamsRoot) -> None:
    palette = {
        "deep": "#0A0B0C",
        "short": "#abc",
        "clear": "#11223344",
        "noted": "gold #d4af37 for the hands",
        "object": {"hex": "#010203", "usage": "sky"},
        "group": {"inner": "#040506"},
    }
    stream = make_and_read(root, {"visual_direction": {"color_palette": palette}, "segments": [{"id": 1}]})
    assert stream.palette == {
        "deep": "#0a0b0c",
        "short": "#aabbcc",
        "clear": "#112233",
        "noted": "#d4af37",
        "object": "#010203",
        "inner": "#040506",
    }
    assert stream.oddities == ()


def test_a_list_of_colours_gets_names(root: StreamsRoot) -> None:
    palette = ["#000000", {"name": "sky", "hex": "#0000ff"}, {"name": "sky", "hex": "#0000fe"}]
    stream = make_and_read(root, {"visual_direction": {"color_palette": palette}, "segments": [{"id": 1}]})
    assert stream.palette == {"color 1": "#000000", "sky": "#0000ff", "sky 2": "#0000fe"}


@pytest.mark.parametrize("color", ["red", "#12", 5, None, [], "javascript:#zzzzzz"])
def test_a_colour_without_a_hex_value_is_left_out(root: StreamsRoot, color: Any) -> None:
    stream = make_and_read(
        root, {"visual_direction": {"color_palette": {"odd": color}}, "segments": [{"id": 1}]}
    )
    assert stream.palette == {}
    assert odd_paths(stream) == ["$.visual_direction.color_palette"]


def test_a_visual_direction_that_is_one_text_is_the_aesthetic(root: StreamsRoot) -> None:
    stream = make_and_read(root, {"visual_direction": "all blue", "segments": [{"id": 1}]})
    assert stream.visual_direction == {"aesthetic": "all blue"}
    assert stream.oddities == ()


def test_a_visual_direction_of_the_wrong_type_is_one_oddity(root: StreamsRoot) -> None:
    stream = make_and_read(root, {"visual_direction": [1], "segments": [{"id": 1}]})
    assert odd_paths(stream) == ["$.visual_direction"]
