from __future__ import annotations

import json

import pytest

from director_lib.metrics.findings import StudioFrames
from director_lib.metrics.frames import empty_checkpoints
from director_lib.metrics.summary import MetricsSummary, summarise
from tests.metrics.rows import Story, at


def summary_of(story: Story, stream_id: str | None = None, **facts: object) -> MetricsSummary:
    frames = StudioFrames(
        story.decisions_frame(),
        story.versions_frame(),
        story.tasks_frame(),
        empty_checkpoints(),
        **facts,  # type: ignore[arg-type]
    )
    return summarise(frames, time_zone="Europe/Budapest", as_of=at(100), stream_id=stream_id)


@pytest.fixture
def story() -> Story:
    written = Story()
    written.decide(written.version(1, 0, cost_usd=0.1), "regenerate", 5)
    written.decide(written.version(1, 10, cost_usd=0.15), "approved", 15)
    written.decide(written.version(2, 0, "video"), "approved", 30)
    written.task(0, 1, 4, "succeeded", kind="video")
    return written


def card_texts(summary: MetricsSummary) -> dict[str, tuple[str, str, str]]:
    return {card.key: (card.value, card.interval, card.basis) for card in summary.cards}


def test_cards_say_value_interval_and_n(story: Story) -> None:
    texts = card_texts(summary_of(story))
    assert texts["approval_rate"] == ("67 %", "95 % interval 21–94 %", "n = 3 decisions")
    assert texts["first_pass"] == ("50 %", "95 % interval 9–91 %", "n = 2 stills and clips judged")
    assert texts["eventual_approval"] == ("100 %", "0 sent back, 0 open", "n = 2 stills and clips begun")
    assert texts["regenerations"] == (
        "0.5",
        "half at most 0.5, nine in ten at most 1",
        "n = 2 segments begun",
    )
    assert texts["time_keyframes"] == (
        "15 min",
        "nine in ten within 15 min",
        "n = 1, 0 open; working time 15 min",
    )
    assert texts["render_time"] == ("3 min", "", "n = 1 task")


def test_without_data_every_card_says_so_and_none_says_zero() -> None:
    for card in summary_of(Story()).cards:
        assert card.value == "no data"
        assert card.interval == ""
        assert card.basis.startswith("n = 0")


def test_a_time_not_yet_reached_is_no_missing_data() -> None:
    story = Story()
    story.version(1, 0)
    assert card_texts(summary_of(story))["time_keyframes"][0] == "not yet known"


def test_each_card_leads_to_a_table_that_exists(story: Story) -> None:
    summary = summary_of(story)
    tables = {table.key for table in summary.tables}
    assert {card.rows for card in summary.cards} <= tables
    assert len({card.test_id for card in summary.cards}) == len(summary.cards)


def test_rows_carry_exactly_their_columns_and_a_link_into_the_desk(story: Story) -> None:
    for table in summary_of(story).tables:
        for row in table.rows:
            assert set(row) == {column.key for column in table.columns} | {"href"}
    decisions = next(table for table in summary_of(story).tables if table.key == "decisions")
    assert [row["href"] for row in decisions.rows] == [
        "/s/film/videos?segment=2",
        "/s/film/keyframes?segment=1",
        "/s/film/keyframes?segment=1",
    ]


def test_the_payload_is_strict_json(story: Story) -> None:
    for summary in (summary_of(story), summary_of(Story())):
        payload = summary.payload()
        assert json.loads(json.dumps(payload, allow_nan=False)) == payload


def test_streams_are_listed_only_for_the_whole_studio(story: Story) -> None:
    titles = {"film": "The film"}
    whole = summary_of(story, titles=titles)
    one = summary_of(story, "film", titles=titles)
    assert whole.tables[0].rows[0]["stream"] == "The film"
    assert (whole.title, one.title) == ("All streams", "The film")
    assert "streams" not in {table.key for table in one.tables}
    assert not [column for table in one.tables for column in table.columns if column.key == "stream"]


def test_the_trend_of_a_week_without_data_is_a_gap() -> None:
    story = Story()
    story.decide(story.version(1, -14 * 24 * 60), "approved", -14 * 24 * 60)
    trend = summary_of(story).cards[0].trend
    assert trend == (1.0, None, None)
