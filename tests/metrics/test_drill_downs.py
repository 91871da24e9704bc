"""Every number of the live page opens exactly the rows that it counts, on both databases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.variant_arm import WITHHELD
from director_lib.metrics.board_row_fields import TITLES
from director_lib.metrics.counts import Slice, count, slice_counts
from director_lib.pages.metrics import MetricsPage
from director_lib.store.checkpoints import NewCheckpointRecord, add_checkpoint_record
from director_lib.store.count_keeping import touch_asset
from director_lib.store.counted_frames import lost_money_frame
from director_lib.store.tables import tasks, variant_sets
from director_lib.store.variant_sets import find_hidden
from director_lib.workbench import Workbench, insight_rows
from tests.metrics.both_databases import database_kind
from tests.metrics.drill_downs import drill_downs
from tests.metrics.histories import START, History

__all__ = ["database_kind"]

Received = list[tuple[str, dict[str, Any]]]
NOTHING = {"week": "", "by": "", "value": "", "cause": None}
EVERYTHING = {"weeks": 0, "actor": None, "engine": None, "kind": ""}
CHOICES = [
    {},
    {"engine": "local", "weeks": 1},
    {"engine": "", "kind": "video"},
    {"kind": "keyframe"},
    {"actor": "dora"},
]
WORDS = [*["version"] * 5, *["decide"] * 8, "undo", "redo", "restore", *["ask", "start", "end"] * 4]
N_EVENTS = 260
GATES = (
    (Checkpoint.STORY, DecisionKind.NEEDS_CLARIFICATION),
    (Checkpoint.STORY, DecisionKind.APPROVED),
    (Checkpoint.SPEC, DecisionKind.REVISION_NEEDED),
    (Checkpoint.SPEC, DecisionKind.APPROVED),
    (Checkpoint.FINAL, DecisionKind.APPROVED),
)


@pytest.fixture
def planted(settings: Settings) -> Iterator[Workbench]:
    """Two streams with two weeks of versions, verdicts, retries and failures, and verdicts at gates."""
    now = START + timedelta(days=6)
    with Workbench.open(settings, Actor("dora", Role.DIRECTOR), lambda: now) as opened:
        drawn = random.Random(7)
        history = History(opened.studio.database)
        history.play(
            [(drawn.choice(WORDS), *(drawn.randrange(99) for _ in range(3))) for _ in range(N_EVENTS)]
        )
        with opened.studio.database.write() as connection:
            _plant_gates(connection)
        yield opened


def _plant_gates(connection: sa.Connection) -> None:
    for stream_id in ("film", "other"):
        for place, (checkpoint, decision) in enumerate(GATES):
            at = START + timedelta(hours=7 * place)
            add_checkpoint_record(
                connection, stream_id, NewCheckpointRecord(checkpoint, decision, "dora", at)
            )


@pytest.fixture
def received() -> Received:
    """What a browser would have received."""
    return []


@pytest.fixture
def page(received: Received, monkeypatch: pytest.MonkeyPatch) -> MetricsPage:
    shown = MetricsPage()
    monkeypatch.setattr(shown.screen, "push", lambda method, payload: received.append((method, payload)))
    monkeypatch.setattr(insight_rows, "ROWS", 37)
    return shown


def ask(page: MetricsPage, received: Received, event: str, data: dict[str, Any]) -> dict[str, Any]:
    getattr(page.screen, "vue_" + event)({"request_id": "r", **data})
    answer = received[-1][1]
    assert answer["ok"], answer
    return answer


def rows_behind(page: MetricsPage, received: Received, asked: dict[str, Any]) -> list[dict[str, Any]]:
    rows, before = [], None
    while True:
        table = ask(page, received, "show_rows", asked | {"before": before})["table"]
        rows += table["rows"]
        before = table["more"]
        if before is None:
            return rows


def differences(page: MetricsPage, received: Received, choice: dict[str, Any]) -> list[Any]:
    board = ask(page, received, "choose", EVERYTHING | choice)["board"]
    wrong = []
    for name, asked, n in drill_downs(board):
        rows = rows_behind(page, received, asked)
        if len(rows) != n or not all(row["href"].startswith("/s/") for row in rows):
            wrong.append((choice, name, n, len(rows)))
    return wrong


@pytest.mark.parametrize("choice", CHOICES)
def test_every_number_opens_as_many_rows_as_it_says(
    page: MetricsPage, received: Received, planted: Workbench, choice: dict[str, Any]
) -> None:
    page.start(planted, None)
    assert differences(page, received, choice) == []


@pytest.mark.parametrize("choice", [{}, {"engine": "local", "weeks": 1}, {"engine": WITHHELD}])
def test_what_is_hidden_counts_for_no_engine_and_its_rows_neither(
    page: MetricsPage, received: Received, planted: Workbench, choice: dict[str, Any]
) -> None:
    with planted.studio.database.write() as connection:
        make_sets(connection)
    page.start(planted, None)
    before = ask(page, received, "choose", EVERYTHING)["board"]
    with planted.studio.database.write() as connection:
        assert hide_sets(connection)
    everything = ask(page, received, "choose", EVERYTHING)["board"]
    assert WITHHELD in [engine["key"] for engine in everything["choices"]["engines"]]
    # what is added up stays the same
    assert [card["value"] for card in everything["cards"]] == [card["value"] for card in before["cards"]]
    assert differences(page, received, choice) == []


@pytest.mark.parametrize("chosen", [Slice(), Slice(engines=("local",)), Slice(models=(WITHHELD,))])
def test_counts_of_what_is_hidden_are_those_of_the_frames_that_anybody_may_see(
    planted: Workbench, chosen: Slice
) -> None:
    planted.insight.counts()
    with planted.studio.database.write() as connection:
        make_sets(connection)
        assert hide_sets(connection)
    insight, time_zone = planted.insight, planted.studio.settings.time_zone
    with planted.studio.database.read() as connection:
        lost = lost_money_frame(connection)
    seen = count(insight.decisions(), insight.versions(), insight.tasks(), time_zone=time_zone, lost=lost)
    expected, found = slice_counts(seen, chosen), insight.counts(chosen)
    money = ["cost_micro_usd"]
    for name in ("cells", "people", "durations", "failures"):
        left, right = (getattr(each, name).drop(columns=money, errors="ignore") for each in (expected, found))
        pd.testing.assert_frame_equal(left, right)


def make_sets(connection: sa.Connection) -> None:
    """Let all tasks of a still or clip be one set to choose from, wherever one of them made something."""
    made = sa.select(tasks.c.asset_id).where(tasks.c.version_id.is_not(None)).distinct()
    for asset_id in connection.scalars(made).all():
        touch_asset(connection, asset_id)
        facts = {"asset_id": asset_id, "made_at": START, "author": "dora", "is_blind": False}
        connection.execute(variant_sets.insert().values(id=f"v_{asset_id}", **facts))
        of_asset = tasks.update().where(tasks.c.asset_id == asset_id)
        connection.execute(of_asset.values(variant_set_id=f"v_{asset_id}"))


def hide_sets(connection: sa.Connection) -> int:
    """Let every set be one to choose from blind; return how many versions are hidden."""
    connection.execute(variant_sets.update().values(is_blind=True))
    return len(find_hidden(connection).cost_usd)


def test_numbers_of_one_stream_open_rows_of_that_stream(
    page: MetricsPage, received: Received, planted: Workbench
) -> None:
    page.start(planted, None)
    page._stream_id = "film"
    assert differences(page, received, {"weeks": 1}) == []


def test_streams_beside_each_other_show_what_their_own_pages_show(
    page: MetricsPage, received: Received, planted: Workbench
) -> None:
    page.start(planted, None)
    streams = ask(page, received, "compare_streams", {})["streams"]
    assert {row["stream_id"] for row in streams["rows"]} == {"film", "other"}
    for row in streams["rows"]:
        assert row["href"] == f"/s/{row['stream_id']}/metrics"
        for column in streams["columns"]:
            cell = row[column["key"]]
            asked = NOTHING | {"what": cell["rows"], "by": "stream", "value": row["stream_id"]}
            assert len(rows_behind(page, received, asked)) == cell["n"]
    for row in streams["rows"]:
        page._stream_id = row["stream_id"]
        own = ask(page, received, "choose", EVERYTHING)["board"]
        cards = {card["key"]: card["value"] for card in own["cards"]}
        assert row["first_pass"]["text"] == cards["first_pass"]
        assert row["regenerations"]["text"] == cards["regenerations"]
        assert row["cost"]["text"] == cards["cost_per_segment"]
        assert row["approval"]["text"] == own["incidence"]["half"]


def test_streams_are_compared_within_what_was_chosen(
    page: MetricsPage, received: Received, planted: Workbench
) -> None:
    page.start(planted, None)
    ask(page, received, "choose", EVERYTHING | {"engine": "local", "weeks": 1})
    for row in ask(page, received, "compare_streams", {})["streams"]["rows"]:
        assert (row["cost"]["text"], row["cost"]["rows"]) == ("–", None)
        for key in ("first_pass", "approval"):
            asked = NOTHING | {"what": row[key]["rows"], "by": "stream", "value": row["stream_id"]}
            if row[key]["rows"]:
                assert len(rows_behind(page, received, asked)) == row[key]["n"]


def test_every_kind_of_rows_is_behind_some_number(
    page: MetricsPage, received: Received, planted: Workbench
) -> None:
    page.start(planted, None)
    board = ask(page, received, "choose", EVERYTHING)["board"]
    assert {asked["what"] for _, asked, n in drill_downs(board) if n} == set(TITLES)
