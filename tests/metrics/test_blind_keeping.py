"""What is kept of hidden sets from reading to reading is what counting all of it anew gives."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

import pandas as pd
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from director_lib.config import Settings
from director_lib.domain.counting import CountedDecision, CountedVersion, SegmentRow, Tally, Weeks
from director_lib.domain.segment_counting import count_segment
from director_lib.store.blind_counts import BlindCounts
from director_lib.store.blind_keeping import read_blind_counts
from director_lib.store.count_keeping import touch_task
from director_lib.store.count_parts import Part
from director_lib.store.count_reads import read_cells
from director_lib.store.count_settling import settle_counts
from director_lib.store.count_tables import count_settled
from director_lib.store.database import Database, open_database
from director_lib.store.tables import tasks, variant_sets
from director_lib.store.variant_picks import NewPick, add_pick, take_back_pick
from director_lib.store.variant_sets import lift_blindness
from director_lib.tasks.counting import build_counts, rebuild_counts
from tests.metrics.blind_oracle import count_blind, numbers_of
from tests.metrics.both_databases import database_kind
from tests.metrics.histories import START, Event, History

__all__ = ["database_kind"]

ZONE = "Europe/Budapest"
BLIND_SET: Event = ("set", 2, 0, 0)
NUMBERS = st.integers(0, 11)
HISTORY = ("version", "decide", "decide", "decide_late", "undo", "redo", "restore", "quorum", "rename")
TASKS = ("ask", "start", "end", "set", "set", "set")
SETS = ("pick", "take_back", "lift", "join")
LOOKS = ("settle", "look", "look", "look_elsewhere", "rebuild")
EVENTS = st.lists(
    st.tuples(st.sampled_from(HISTORY + TASKS + SETS + LOOKS), NUMBERS, NUMBERS, NUMBERS),
    min_size=15,
    max_size=60,
)
SETTINGS = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Looking:
    """Plays a history in one process; this one and another look at what is hidden, again and again."""

    def __init__(self, here: Database, elsewhere: Database) -> None:
        self.here, self.elsewhere, self.history = here, elsewhere, History(here)
        build_counts(here, ZONE)

    def play(self, events: list[Event]) -> None:
        for event in events:
            word, first, _, _ = event
            if hasattr(self, f"_{word}"):
                getattr(self, f"_{word}")(first)
            else:
                self.history.play([event])

    def look(self, database: Database) -> BlindCounts:
        """Compare what is kept with what is counted anew, in one view of the database."""
        with database.read() as connection:
            kept = read_blind_counts(connection, ZONE)
            assert numbers_of({**kept.tallies}) == count_blind(connection, ZONE)
        return kept

    def _look(self, _first: int) -> None:
        self.look(self.here)

    def _look_elsewhere(self, _first: int) -> None:
        self.look(self.elsewhere)

    def _settle(self, _first: int) -> None:
        settle_counts(self.elsewhere)

    def _rebuild(self, first: int) -> None:
        if first == 0:
            rebuild_counts(self.elsewhere, ZONE)

    def _pick(self, first: int) -> None:
        with self.here.write() as connection:
            set_id = self._find_set(connection, first)
            if set_id:
                add_pick(connection, NewPick(set_id, None, None, True, "dora", START + timedelta(days=first)))

    def _take_back(self, first: int) -> None:
        with self.here.write() as connection:
            set_id = self._find_set(connection, first)
            if set_id:
                take_back_pick(connection, set_id, 0, START + timedelta(days=30))

    def _lift(self, first: int) -> None:
        with self.here.write() as connection:
            set_id = self._find_set(connection, first)
            if set_id and first % 3 == 0:
                lift_blindness(connection, set_id)

    def _join(self, first: int) -> None:
        """Ask for one more version of a set, as a retry does."""
        with self.here.write() as connection:
            set_id = self._find_set(connection, first)
            if set_id:
                now = START + timedelta(days=20, minutes=first)
                self.history.make_of_set(connection, set_id, now, which=first % 3)

    def _find_set(self, connection: sa.Connection, first: int) -> str | None:
        found = list(connection.scalars(sa.select(variant_sets.c.id).order_by(variant_sets.c.id)))
        return found[first % len(found)] if found else None


@pytest.fixture
def databases(settings: Settings) -> Iterator[tuple[Database, Database]]:
    """The review database, opened twice, as by two processes."""
    opened = open_database(settings.database), open_database(settings.database)
    yield opened
    for database in opened:
        database.close()


@given(EVENTS)
@SETTINGS
def test_what_is_kept_is_what_counting_anew_gives(
    databases: tuple[Database, Database], events: list[Event]
) -> None:
    looking = Looking(*databases)
    looking.play(events)
    for database in databases:
        looking.look(database)
    settle_counts(databases[0])
    for database in databases:
        looking.look(database)


def test_who_sees_an_older_view_is_told_what_was_so_then(databases: tuple[Database, Database]) -> None:
    looking = Looking(*databases)
    looking.play([BLIND_SET, BLIND_SET, ("settle", 0, 0, 0), ("look", 0, 0, 0)])
    with databases[0].read() as connection:
        before = count_blind(connection, ZONE)
        looking.play([("decide", 0, 0, 0), ("settle", 0, 0, 0)])
        now = numbers_of({**looking.look(databases[0]).tallies})
        assert numbers_of({**read_blind_counts(connection, ZONE).tallies}) == before != now
    assert numbers_of({**looking.look(databases[0]).tallies}) == now


def test_only_what_changed_is_read_again(
    databases: tuple[Database, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    looking = Looking(*databases)
    looking.play([("set", 2, segment, 0) for segment in range(6)])
    settle_counts(databases[0])
    looking.look(databases[0])
    read: list[int] = []

    def telling(
        made: Sequence[CountedVersion], said: Collection[CountedDecision], needed: int, weeks: Weeks
    ) -> tuple[Tally, SegmentRow | None]:
        read.append(made[0].version_id)
        return count_segment(made, said, needed, weeks)

    monkeypatch.setattr("director_lib.store.blind_keeping.count_segment", telling)
    looking.look(databases[0])
    assert read == []
    looking.play([("decide", 0, 0, 0), ("settle", 0, 0, 0)])
    looking.look(databases[0])
    # the still that was decided about, and the clip of its segment
    assert len(read) <= 2
    assert read != []


def test_a_version_from_before_that_a_task_made_once_more_is_hidden_at_once(
    databases: tuple[Database, Database],
) -> None:
    looking = Looking(*databases)
    looking.play([("version", 0, 0, 0), BLIND_SET, ("settle", 0, 0, 0), ("look", 0, 0, 0)])
    with databases[0].write() as connection:
        found = sa.select(tasks.c.id).where(tasks.c.variant_set_id.is_not(None))
        task_id = str(connection.scalar(found.order_by(tasks.c.seq).limit(1)))
        touch_task(connection, task_id)
        connection.execute(tasks.update().where(tasks.c.id == task_id).values(version_id=1))
    looking.look(databases[0])
    settle_counts(databases[0])
    looking.look(databases[0])


def test_notes_that_were_dropped_let_all_be_read_anew(databases: tuple[Database, Database]) -> None:
    looking = Looking(*databases)
    looking.play(
        [BLIND_SET, ("settle", 0, 0, 0), ("look", 0, 0, 0), ("decide", 0, 0, 0), ("settle", 0, 0, 0)]
    )
    with databases[0].write() as connection:
        newest = connection.scalar(sa.select(sa.func.max(count_settled.c.seq)))
        connection.execute(count_settled.delete().where(count_settled.c.seq < newest))
    looking.look(databases[0])


@pytest.mark.parametrize("part", [Part(), Part(values={"engine": ["local"]}), Part(stream_id="film")])
def test_what_was_asked_before_follows_what_changes(databases: tuple[Database, Database], part: Part) -> None:
    looking = Looking(*databases)
    for events in ([BLIND_SET] * 2, [("decide", 0, 0, 0)], [("set", 6, 2, 0)], [("pick", 1, 0, 0)]):
        looking.play([*events, ("settle", 0, 0, 0)])
        kept = looking.look(databases[0])
        with databases[0].read() as connection:
            frame = read_cells(connection, part)
        # one that was never asked works it out from the sums
        fresh = BlindCounts(kept.tallies)
        pd.testing.assert_frame_equal(kept.cells(frame, part), fresh.cells(frame, part))
