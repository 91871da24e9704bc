"""The activity log page by page."""

from __future__ import annotations

import pytest

from director_lib.domain.event_words import EventGroup
from director_lib.domain.version import Kind
from director_lib.store.events import NewEvent, record_events
from director_lib.workbench import Workbench
from director_lib.workbench.activity import PAGE, ActivityFilter
from tests.workbench.conftest import START


@pytest.fixture
def busy(director: Workbench) -> Workbench:
    new = [
        NewEvent(
            "commented" if n % 10 == 0 else "approved",
            "ann" if n % 3 == 0 else "ben",
            START,
            ("busy", 1 + n % 4, Kind.KEYFRAME),
        )
        for n in range(2 * PAGE + 50)
    ]
    with director.studio.database.write() as connection:
        record_events(connection, new)
    return director


def all_seqs(workbench: Workbench, wanted: ActivityFilter) -> list[int]:
    seqs: list[int] = []
    while True:
        page = workbench.activity.page("busy", wanted, before_seq=seqs[-1] if seqs else None)
        seqs += [event.seq for event in page.events]
        if not page.has_more:
            return seqs


@pytest.mark.parametrize(
    ("wanted", "n_events"),
    [
        (ActivityFilter(), 450),
        (ActivityFilter(actor="ann"), 150),
        (ActivityFilter(group=EventGroup.COMMENTS), 45),
        (ActivityFilter(group=EventGroup.STUDIO), 0),
        (ActivityFilter(segment_id=1), 113),
        (ActivityFilter("ann", EventGroup.DECISIONS, 2), 37),
        (ActivityFilter(actor="nobody"), 0),
    ],
)
def test_every_event_that_passes_comes_once_the_newest_first(
    busy: Workbench, wanted: ActivityFilter, n_events: int
) -> None:
    seqs = all_seqs(busy, wanted)
    assert len(seqs) == n_events
    assert seqs == sorted(set(seqs), reverse=True)


def test_what_is_new_is_read_alone(busy: Workbench) -> None:
    newest_seq = busy.activity.newest_seq("busy")
    assert busy.activity.since("busy", newest_seq) == []
    assert [event.seq for event in busy.activity.since("busy", newest_seq - 2)] == [
        newest_seq,
        newest_seq - 1,
    ]
    assert busy.activity.actors("busy") == ["ann", "ben"]
    assert busy.activity.newest_seq("nothing") == 0
