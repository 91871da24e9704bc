from __future__ import annotations

from typing import Any

import pytest

from director_lib.domain.stream import Scene
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from tests.streams import shapes
from tests.streams.shapes import make_and_read, odd_paths, write


def test_a_story_may_be_called_text(root: StreamsRoot) -> None:
    assert make_and_read(root, form={"text": "Once."}).story == (Scene("", "Once."),)


def test_a_story_may_be_a_list_of_scenes(root: StreamsRoot) -> None:
    scenes = [{"scene": 1, "title": "Dawn", "text": "It was."}, {"scene": "Noon", "text": "Hot."}, "Evening."]
    assert make_and_read(root, form={"story": scenes}).story == (
        Scene("Dawn", "It was."),
        Scene("Noon", "Hot."),
        Scene("", "Evening."),
    )


@pytest.mark.parametrize("story", ["", "  ", None, [], {}])
def test_an_empty_story_has_no_scenes(root: StreamsRoot, story: Any) -> None:
    stream = make_and_read(root, form={"story": story})
    assert (stream.story, stream.oddities) == ((), ())


def test_a_story_and_a_text_that_differ_are_an_oddity(root: StreamsRoot) -> None:
    stream = make_and_read(root, form={"story": "A", "text": "B"})
    assert stream.story == (Scene("", "A"),)
    assert odd_paths(stream) == ["$.text"]


def test_a_scene_of_the_wrong_type_is_an_oddity(root: StreamsRoot) -> None:
    stream = make_and_read(root, form={"story": [5, {"text": ["x"]}]})
    assert (stream.story, odd_paths(stream)) == ((), ["$.story[0]", "$.story[1].text"])


def test_a_brief_may_be_one_text(root: StreamsRoot) -> None:
    assert make_and_read(root, form={"brief": "be kind"}).brief == {"notes": "be kind"}


def test_brief_values_may_be_texts_lists_or_objects(root: StreamsRoot) -> None:
    brief = {
        "tone": ["a", "b"],
        "style": "c",
        "motifs": {"bird": "hope", "sea": ["loss"]},
        "odd": [None, True, 3],
    }
    assert make_and_read(root, form={"brief": brief}).brief == {
        "tone": "a, b",
        "style": "c",
        "motifs": "bird: hope; sea: loss",
        "odd": "yes, 3",
    }


@pytest.mark.parametrize(("value", "language"), [("HU", "hu"), ("en-GB", "en"), (None, ""), ("", "")])
def test_a_language_is_two_small_letters(root: StreamsRoot, value: Any, language: str) -> None:
    stream = make_and_read(root, form={"language": value})
    assert (stream.language, stream.oddities) == (language, ())


def test_another_language_text_is_an_oddity(root: StreamsRoot) -> None:
    stream = make_and_read(root, form={"language": "Magyar"})
    assert (stream.language, odd_paths(stream)) == ("", ["$.language"])


@pytest.mark.parametrize("broken", ["{", "", b"\xff\xfe{}", "[" * 100_000, "[1]", "7"])
def test_a_broken_order_form_is_an_oddity_and_the_stream_opens(
    root: StreamsRoot, broken: Any, long_ago: Any
) -> None:
    folder = write(root.root, "made", shapes.short("made"), broken)
    long_ago(folder / "input.json")
    stream = read_stream(root, "made")
    assert len(stream.segments) == 1
    assert [oddity.file for oddity in stream.oddities] == ["input.json"]


@pytest.mark.parametrize("key", ["url", "stream_url"])
def test_the_deployed_address_has_two_names(root: StreamsRoot, key: str) -> None:
    assert (
        make_and_read(root, deployment={key: "https://example.org/a"}).deployed_url == "https://example.org/a"
    )


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://", "/local", 7])
def test_an_address_that_is_no_web_address_is_left_out(root: StreamsRoot, url: Any) -> None:
    stream = make_and_read(root, deployment={"url": url})
    assert stream.deployed_url == ""
    assert {oddity.file for oddity in stream.oddities} == {"deployment.json"}
