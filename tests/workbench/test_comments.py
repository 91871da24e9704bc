"""Threads on segments and versions: where they point, who is mentioned, and that they outlive versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from director_lib.domain.people import Role
from director_lib.domain.region import read_region
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError, PermissionDeniedError
from director_lib.store.comments import Comment, Talk, count_talk
from director_lib.store.events import list_events
from director_lib.workbench import Workbench
from director_lib.workbench.comments import COMMENT_LIMIT, Spot
from tests.workbench.conftest import OpenAs, write_still

BOX = {"shapes": [{"kind": "box", "points": [[0.1, 0.1], [0.4, 0.5]]}]}
HOSTILE = "<img src=x onerror=alert(1)> {{ 7*7 }} שלום עולם 🎬 @dan"


@pytest.fixture(autouse=True)
def people(director: Workbench) -> None:
    for username in ("dora", "dan", "pal"):
        director.people.add(username, Role.DIRECTOR, "a long password")


def say(director: Workbench, text: str, spot: Spot | None = None, segment_id: int = 1) -> Comment:
    version = director.reviews.standing("film").version(segment_id, Kind.KEYFRAME)
    assert version is not None
    return director.comments.add(
        "film", segment_id, Kind.KEYFRAME, text, version_id=version.id, spot=spot or Spot()
    )


def talk(workbench: Workbench, segment_id: int = 1) -> Talk:
    with workbench.studio.database.read() as connection:
        found = count_talk(connection, "film", workbench.studio.actor.username)
    return found.get((segment_id, Kind.KEYFRAME), Talk())


def test_a_comment_keeps_its_words_its_drawing_and_who_is_mentioned(director: Workbench) -> None:
    made = say(director, HOSTILE, Spot(region=BOX))
    [read] = director.comments.list("film", 1, Kind.KEYFRAME)
    assert read == made
    assert (read.text, read.mentions, read.version_number) == (HOSTILE, ("dan",), 1)
    assert read.region == read_region(BOX)


def test_a_comment_may_be_about_the_segment_as_a_whole(director: Workbench) -> None:
    made = director.comments.add("film", 4, Kind.VIDEO, "slower")
    assert (made.version_number, made.frame, made.region) == (None, None, None)


def test_an_answer_belongs_to_the_thread_also_when_it_answers_an_answer(director: Workbench) -> None:
    first = say(director, "too dark")
    second = director.comments.reply(first.id, "on purpose")
    third = director.comments.reply(second.id, "I see, @pal?")
    assert [second.parent_id, third.parent_id] == [first.id, first.id]
    assert talk(director) == Talk(n_open=1, n_for_me=0, n_comments=3)


def test_an_open_thread_stays_open_on_the_next_version(director: Workbench, stream_folder: Path) -> None:
    say(director, "too dark")
    write_still(stream_folder / "keyframes" / "segment_1_keyframe.png", "white")
    director.streams.scan("film")
    [read] = director.comments.list("film", 1, Kind.KEYFRAME)
    assert (read.version_number, read.resolved_at) == (1, None)
    assert talk(director).n_open == 1


def test_a_thread_is_resolved_and_opened_again_as_a_whole(director: Workbench) -> None:
    first = say(director, "too dark, @dora")
    answer = director.comments.reply(first.id, "yes")
    assert talk(director) == Talk(1, 1, 2)
    assert director.comments.resolve(first.id).resolved_by == "dora"
    assert talk(director) == Talk(0, 0, 2)
    assert director.comments.resolve(first.id, resolved=False).resolved_at is None
    assert talk(director) == Talk(1, 1, 2)
    with pytest.raises(InputError, match="with its thread"):
        director.comments.resolve(answer.id)


def test_mentions_are_counted_for_who_is_mentioned_in_any_part_of_a_thread(
    director: Workbench, open_as: OpenAs
) -> None:
    first = say(director, "look, @dan")
    director.comments.reply(say(director, "and here").id, "@dan too")
    say(director, "nobody@nowhere, @gone")
    assert talk(open_as("dan", Role.DIRECTOR)).n_for_me == 2
    assert talk(open_as("pal", Role.DIRECTOR)).n_for_me == 0
    director.comments.resolve(first.id)
    assert talk(open_as("dan", Role.DIRECTOR)).n_for_me == 1


def test_a_closed_account_is_not_mentioned(director: Workbench) -> None:
    director.people.disable("pal")
    assert say(director, "@pal").mentions == ()


def test_the_timeline_tells_of_comments_and_answers(director: Workbench) -> None:
    first = say(director, "look, @dan")
    director.comments.reply(first.id, "yes")
    with director.studio.database.read() as connection:
        told = [(event.verb, event.details) for event in list_events(connection, stream_id="film", limit=2)]
    assert [verb for verb, _ in told] == ["replied", "commented"]
    assert told[1][1] == {"comment_id": first.id, "mentions": ["dan"]}


@pytest.mark.parametrize(
    "spot", [Spot(region={"shapes": []}), Spot(region={"x": 1}), Spot(frame=3), Spot(frame=-1)]
)
def test_a_place_that_makes_no_sense_is_refused_and_nothing_is_saved(director: Workbench, spot: Spot) -> None:
    with pytest.raises(InputError, match="Nothing was saved"):
        say(director, "here", spot)
    assert talk(director) == Talk()


def test_a_drawing_without_a_version_is_refused(director: Workbench) -> None:
    with pytest.raises(InputError, match="belongs to one version"):
        director.comments.add("film", 1, Kind.KEYFRAME, "here", spot=Spot(region=BOX))


def test_a_version_of_another_segment_is_refused(director: Workbench) -> None:
    version = director.reviews.standing("film").version(2, Kind.KEYFRAME)
    assert version is not None
    with pytest.raises(NotFoundError, match="segment 1"):
        director.comments.add("film", 1, Kind.KEYFRAME, "here", version_id=version.id)


@pytest.mark.parametrize("text", ["", "  \n", "x" * (COMMENT_LIMIT + 1)])
def test_nothing_and_too_much_are_refused_as_comment_and_as_answer(director: Workbench, text: str) -> None:
    with pytest.raises(InputError, match="characters"):
        say(director, text)
    first = say(director, "x" * COMMENT_LIMIT)
    with pytest.raises(InputError, match="characters"):
        director.comments.reply(first.id, text)


def test_who_may_only_look_says_nothing(director: Workbench, open_as: OpenAs) -> None:
    first = say(director, "hm")
    viewer = open_as("vic", Role.VIEWER)
    with pytest.raises(PermissionDeniedError):
        say(viewer, "hm")
    with pytest.raises(PermissionDeniedError):
        viewer.comments.reply(first.id, "hm")
    with pytest.raises(PermissionDeniedError):
        viewer.comments.resolve(first.id)


def test_an_unknown_comment_has_no_answer(director: Workbench) -> None:
    with pytest.raises(NotFoundError):
        director.comments.reply(404, "hm")
