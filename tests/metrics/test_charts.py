from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import pandas as pd
import pytest

from director_lib.metrics.chart_set import make_charts
from director_lib.metrics.charts import approval_trend, regenerations_histogram, segment_bars
from director_lib.metrics.findings import StudioFrames
from director_lib.metrics.frames import empty_checkpoints
from director_lib.metrics.regenerations import regenerations_per_segment, regenerations_summary
from director_lib.metrics.summary import MetricsSummary, summarise
from director_lib.metrics.trend import weekly_approval
from tests.metrics.rows import Story, at

HOSTILE = "</text><script>alert(1)</script><img src=x onerror=alert(1)>&\"'"
DAY = 24 * 60


def busy_story() -> Story:
    story = Story(stream_id="hostile")
    for week in range(4):
        for segment in range(1, 4):
            story.decide(story.version(segment, week * 7 * DAY), "regenerate", week * 7 * DAY + 1)
            story.decide(story.version(segment, week * 7 * DAY + 2), "approved", week * 7 * DAY + 3)
    return story


def summary_of(story: Story, titles: dict[str, str] | None = None) -> MetricsSummary:
    frames = StudioFrames(
        story.decisions_frame(),
        story.versions_frame(),
        story.tasks_frame(),
        empty_checkpoints(),
        titles=titles or {},
    )
    return summarise(frames, time_zone="Europe/Budapest", as_of=at(23 * DAY))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_title_stays_text_in_every_chart(theme: str) -> None:
    charts = make_charts(summary_of(busy_story(), {"hostile": HOSTILE}), theme=theme)  # type: ignore[arg-type]
    for chart in charts:
        tree = ElementTree.fromstring(chart.svg)  # noqa: S314 - made by this test
        tags = {element.tag.split("}")[-1] for element in tree.iter()}
        assert tags <= {"svg", "g", "path", "text", "tspan", "rect", "line", "defs", "clipPath", "title"}
        names = {name for element in tree.iter() for name in element.attrib}
        assert not {name for name in names if name.startswith("on") or "href" in name}
    texts = [element.text for element in ElementTree.fromstring(charts[2].svg).iter() if element.text]  # noqa: S314
    assert any("<script>" in text for text in texts)


def test_nothing_in_a_chart_is_fetched_from_elsewhere() -> None:
    for chart in make_charts(summary_of(busy_story())):
        links = [part for part in chart.svg.split('"') if "://" in part]
        assert set(links) <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_without_data_no_chart_is_drawn_and_its_description_says_so() -> None:
    charts = make_charts(summary_of(Story()))
    assert [chart.svg for chart in charts] == ["", "", ""]
    assert [chart.description for chart in charts] == [
        "No decisions yet.",
        "No segment has been begun yet.",
        "No segment was sent back and made again.",
    ]


def test_the_trend_names_its_series_and_mondays() -> None:
    story = busy_story()
    weekly = weekly_approval(story.decisions_frame(), time_zone="UTC", as_of=at(23 * DAY))
    svg = approval_trend(weekly)
    for text in ("first pass", "all decisions", "2 Mar", "23 Mar", "100 %"):
        assert text in svg


def test_one_week_alone_can_be_drawn() -> None:
    story = Story()
    story.decide(story.version(1, 0), "approved", 1)
    weekly = weekly_approval(story.decisions_frame(), time_zone="UTC", as_of=at(2))
    assert "<svg" in approval_trend(weekly)


def test_the_histogram_and_the_bars_show_their_counts() -> None:
    story = busy_story()
    rows = regenerations_per_segment(story.decisions_frame(), story.versions_frame())
    histogram = regenerations_histogram(regenerations_summary(rows).histogram, theme="light")
    bars = segment_bars(rows)
    assert ">3</text>" in histogram
    assert "Segment 3" in bars


def test_a_stretch_of_ninety_weeks_is_drawn() -> None:
    story = Story()
    story.decide(story.version(1, 0), "approved", 1)
    weekly = weekly_approval(story.decisions_frame(), time_zone="UTC", as_of=at(90 * 7 * DAY))
    assert len(weekly) == 91
    assert "<svg" in approval_trend(weekly)


def test_the_libraries_are_loaded_only_when_a_chart_is_drawn() -> None:
    code = (
        "import sys, director_lib.metrics.chart_set as c; "
        "sys.exit(bool({'altair', 'vl_convert'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_colours_follow_the_theme() -> None:
    table = pd.DataFrame({"regenerations": [0, 1], "n_segments": [2, 1]})
    assert regenerations_histogram(table, theme="dark") != regenerations_histogram(table, theme="light")
