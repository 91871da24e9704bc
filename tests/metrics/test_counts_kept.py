"""What is kept with every write equals what counting everything from scratch gives."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director_lib.config import Settings
from director_lib.metrics.counts import Slice, slice_counts
from director_lib.store.count_building import find_count_state
from director_lib.store.count_reads import read_kept_counts
from director_lib.store.count_settling import settle_counts
from director_lib.store.count_tables import STUDIO, count_durations, count_touched_segments
from director_lib.store.database import Database, open_database
from director_lib.store.histograms import read_histogram
from director_lib.tasks.count_groups import CountedGroup, count_in_groups
from director_lib.tasks.counting import build_counts
from director_lib.workbench import Workbench
from tests.metrics.both_databases import database_kind
from tests.metrics.from_scratch import count_from_scratch, differences_from_scratch
from tests.metrics.histories import PEOPLE, Event, History

__all__ = ["database_kind"]

ZONE = "Europe/Budapest"
WORDS = (
    "version",
    "decide",
    "decide_late",
    "undo",
    "redo",
    "restore",
    "ask",
    "start",
    "end",
    "quorum",
    "rename",
    "set",
)
EVENING: list[Event] = [
    ("version", 0, 0, 0),
    ("version", 1, 1, 3),
    ("ask", 0, 0, 0),
    ("ask", 1, 4, 0),
    ("start", 0, 1, 0),
    ("start", 0, 1, 0),
    ("decide", 0, 2, 1),
    ("version", 4, 0, 2),
    ("decide", 2, 1, 1),
    ("decide", 1, 3, 1),
    ("end", 0, 0, 0),
    ("end", 0, 1, 0),
    ("decide", 3, 0, 0),
    ("undo", 1, 0, 0),
    ("version", 3, 2, 0),
    ("decide_late", 1, 4, 0),
    ("decide", 0, 9, 0),
]
NUMBERS = st.integers(0, 11)
OFTEN = ("version", "decide", "decide", "ask", "start", "end", "set")
EVENTS = st.lists(
    st.tuples(st.sampled_from(WORDS + OFTEN), NUMBERS, NUMBERS, NUMBERS), min_size=8, max_size=40
)
SETTINGS = settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """An empty review database."""
    opened = open_database(settings.database)
    yield opened
    opened.close()


def assert_right(database: Database, zone: str = ZONE) -> None:
    settle_counts(database)
    with database.read() as connection:
        assert differences_from_scratch(connection, zone) == ()


@given(EVENTS, EVENTS)
@SETTINGS
def test_the_kept_counts_are_those_from_scratch(
    database: Database, before: list[Event], after: list[Event]
) -> None:
    history = History(database)
    history.play(before)
    build_counts(database, ZONE)
    history.play(after)
    assert_right(database)


@given(EVENTS)
@settings(SETTINGS, max_examples=4)
def test_many_events_in_one_transaction_are_counted_at_its_end(
    database: Database, events: list[Event]
) -> None:
    history = History(database)
    build_counts(database, ZONE)
    with database.write() as connection:
        for event in events:
            history.step(connection, event)
    assert_right(database)


def test_a_set_that_was_sent_back_is_kept_as_one_regeneration(database: Database) -> None:
    history = History(database)
    build_counts(database, ZONE)
    # a set of three, of which all are sent back, by two people; then another attempt
    history.play([("set", 1, 0, 0), *(("decide", which, 2, 0) for which in (1, 0, 2)), ("version", 1, 0, 0)])
    assert_right(database)
    with database.read() as connection:
        kept = read_kept_counts(connection, [STUDIO, *history.streams])
    assert kept["count_segments"][["regenerations", "rejections"]].to_numpy().tolist() == [[1, 3]]
    decided = kept["count_decisions"].query("scope == 'other' and regenerations > 0")
    assert decided[["engine", "model"]].to_numpy().tolist() == [["local", "m2"]]


def test_another_time_zone_counts_everything_anew(database: Database) -> None:
    History(database).play(EVENING)
    build_counts(database, ZONE)
    with database.read() as connection:
        before = read_kept_counts(connection, [STUDIO])["count_decisions"]["week"].unique().tolist()
    build_counts(database, "Asia/Kathmandu")
    assert_right(database, "Asia/Kathmandu")
    with database.read() as connection:
        after = read_kept_counts(connection, [STUDIO])["count_decisions"]["week"].unique().tolist()
        state = find_count_state(connection)
    assert before != after
    assert state is not None
    assert (state.time_zone, state.is_complete) == ("Asia/Kathmandu", True)


def test_a_still_of_a_stream_renamed_in_the_same_transaction_is_counted_once(database: Database) -> None:
    history = History(database)
    history.play([("version", 0, 3, 0), ("decide", 0, 0, 0)])
    build_counts(database, ZONE)
    with database.write() as connection:
        for event in (("decide", 0, 1, 0), ("rename", 0, 0, 0), ("version", 4, 0, 0), ("decide", 1, 0, 0)):
            history.step(connection, event)
    assert_right(database)


def decide_and_fail(history: History) -> None:
    with history.database.write() as connection:
        history.step(connection, ("decide", 1, 1, 1))
        raise InterruptedError


def test_what_is_rolled_back_is_not_counted(database: Database) -> None:
    history = History(database)
    history.play(EVENING)
    build_counts(database, ZONE)
    with pytest.raises(InterruptedError):
        decide_and_fail(history)
    assert_right(database)
    history.play([("decide", 0, 0, 0)])
    assert_right(database)


def test_what_is_written_while_everything_is_counted_is_in_the_counts(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History(database)
    history.play(EVENING)

    def count_while_others_write(connection: sa.Connection, zone: str) -> Iterator[CountedGroup]:
        history.play([("decide", 0, 0, 0), ("version", 1, 4, 0), ("undo", 1, 0, 0), ("rename", 0, 0, 0)])
        # who looks meanwhile cannot settle what is not there yet
        settle_counts(database)
        for part in count_in_groups(connection, zone, assets_at_once=1):
            history.play([("decide", 1, 1, 0), ("ask", 1, 4, 0), ("end", 0, 0, 0), ("rename", 1, 0, 0)])
            yield part
        history.play([("decide", 0, 1, 0), ("version", 0, 4, 0)])

    monkeypatch.setattr("director_lib.tasks.counting.count_in_groups", count_while_others_write)
    build_counts(database, ZONE)
    assert_right(database)


def test_a_counting_that_was_broken_off_is_begun_anew(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History(database)
    history.play(EVENING)

    def stop(connection: sa.Connection, zone: str) -> Iterator[CountedGroup]:
        yield next(count_in_groups(connection, zone, assets_at_once=1))
        raise InterruptedError

    with monkeypatch.context() as broken:
        broken.setattr("director_lib.tasks.counting.count_in_groups", stop)
        with pytest.raises(InterruptedError):
            build_counts(database, ZONE)
    history.play([("decide", 0, 0, 0), ("version", 1, 4, 0), ("undo", 1, 0, 0), ("rename", 0, 0, 0)])
    build_counts(database, ZONE)
    assert_right(database)


def test_a_second_decision_on_a_segment_writes_nothing_down_before_it_is_settled(database: Database) -> None:
    history = History(database)
    history.play(EVENING)
    build_counts(database, ZONE)
    seen = []
    for _ in range(2):
        history.play([("decide", 0, 1, 0)])
        with database.read() as connection:
            seen.append(connection.execute(sa.select(count_touched_segments)).all())
    assert seen[0] == seen[1] != []


def test_nothing_is_kept_before_the_first_counting(database: Database) -> None:
    history = History(database)
    history.play(EVENING)
    with database.read() as connection:
        assert find_count_state(connection) is None
        assert all(frame.empty for frame in read_kept_counts(connection, [STUDIO, *history.streams]).values())


def test_what_is_open_leaves_no_empty_rows(database: Database) -> None:
    history = History(database)
    build_counts(database, ZONE)
    history.play([("version", 0, 0, 0)])
    settle_counts(database)
    history.play([("decide", 0, 0, 0)])
    settle_counts(database)
    with database.read() as connection:
        texts = connection.scalars(sa.select(count_durations.c.bins)).all()
    assert [text for text in texts if not text or 0 in read_histogram(text).values()] == []


@pytest.mark.parametrize(
    "chosen",
    [
        Slice(),
        Slice(stream_id="film"),
        Slice(since=pd.Timestamp("2026-03-02")),
        Slice(until=pd.Timestamp("2026-03-02"), stream_id="other"),
        Slice(actors=PEOPLE[:1]),
        Slice(engines=["local"], models=["m1", "m2"]),
        Slice(kinds=["video"], actors=PEOPLE[1:], since=pd.Timestamp("2026-02-23")),
    ],
)
def test_a_slice_read_from_the_tables_is_the_slice_from_scratch(
    settings: Settings, database: Database, chosen: Slice
) -> None:
    History(database).play(EVENING)
    with Workbench.open(settings.model_copy(update={"time_zone": ZONE})) as workbench:
        found = workbench.insight.counts(chosen)
    with database.read() as connection:
        expected = slice_counts(count_from_scratch(connection, ZONE), chosen)
    for name in ("cells", "people", "durations", "failures", "segments"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), obj=name)
