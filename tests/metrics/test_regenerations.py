from __future__ import annotations

import pandas as pd

from director_lib.metrics.frames import empty_decisions, empty_versions
from director_lib.metrics.regenerations import (
    problem_segments,
    regenerations,
    regenerations_per_segment,
    regenerations_summary,
    technical_retries,
)
from tests.metrics.rows import Story


def sent_back(
    story: Story, segment: int, times: int, *, decision: str = "regenerate", cost: float = 0.0
) -> None:
    for turn in range(times):
        story.decide(story.version(segment, 10 * turn, cost_usd=cost), decision, 10 * turn + 5)
    story.version(segment, 10 * times, cost_usd=cost)


def per_segment(story: Story, segments: pd.DataFrame | None = None) -> pd.DataFrame:
    return regenerations_per_segment(story.decisions_frame(), story.versions_frame(), segments=segments)


def test_mean_median_p90_and_histogram_by_hand() -> None:
    story = Story()
    for segment, times in enumerate((0, 0, 0, 1, 1, 1, 1, 2, 3, 6), 1):
        sent_back(story, segment, times)
    summary = regenerations_summary(per_segment(story))
    assert (summary.n, summary.total, summary.mean) == (10, 15, 1.5)
    assert (summary.median, summary.p90) == (1.0, 6.0)
    assert summary.histogram["n_segments"].tolist() == [3, 4, 1, 1, 0, 0, 1]


def test_a_decision_that_led_to_nothing_new_is_a_rejection_and_no_regeneration() -> None:
    story = Story()
    story.decide(story.version(1, 0), "regenerate", 5)
    row = per_segment(story).iloc[0]
    assert (row["regenerations"], row["rejections"]) == (0, 1)


def test_an_undone_decision_is_no_regeneration_even_if_a_version_came() -> None:
    story = Story()
    seq = story.decide(story.version(1, 0), "regenerate", 5)
    story.version(1, 10)
    story.undo(seq, 6)
    assert per_segment(story)["regenerations"].tolist() == [0]


def test_a_version_put_back_from_history_is_no_new_attempt() -> None:
    story = Story()
    story.version(1, 0)
    story.decide(story.version(1, 1), "regenerate", 5)
    story.version(1, 10, origin="restored")
    assert per_segment(story)["regenerations"].tolist() == [0]


def test_a_version_older_than_the_decision_is_not_its_outcome() -> None:
    story = Story()
    first = story.version(1, 0)
    story.version(1, 10)
    story.decide(first, "regenerate", 20)
    assert regenerations(story.decisions_frame(), story.versions_frame()).empty


def test_both_verdicts_count_over_still_and_clip() -> None:
    story = Story()
    sent_back(story, 1, 1, decision="adjust_prompt")
    story.decide(story.version(1, 50, "video"), "regenerate", 55)
    story.version(1, 60, "video")
    assert per_segment(story)["regenerations"].tolist() == [2]


def shown(story: Story) -> list[int]:
    """Return the versions whose being sent back counts."""
    return regenerations(story.decisions_frame(), story.versions_frame())["version_id"].tolist()


def test_a_variant_set_is_one_attempt_however_many_of_it_were_sent_back() -> None:
    story = Story()
    made = [story.version(1, 0, set_id="s1", engine=engine) for engine in ("local", "google", "replicate")]
    for minute, version_id in ((8, made[1]), (6, made[2]), (7, made[0])):
        story.decide(version_id, "regenerate", minute)
    assert shown(story) == []
    story.version(1, 10)
    row = per_segment(story).iloc[0]
    assert (row["regenerations"], row["rejections"], row["n_versions"]) == (1, 3, 4)
    # the one that was recorded first, whatever the clocks say
    assert shown(story) == [made[1]]


def test_what_is_said_later_of_a_set_moves_no_number_of_the_past() -> None:
    story = Story()
    made = [story.version(1, 0, set_id="s1") for _ in range(2)]
    story.decide(made[1], "adjust_prompt", 5)
    story.version(1, 10)
    before = shown(story)
    story.decide(made[0], "regenerate", 20)
    story.version(1, 30)
    assert shown(story) == before == [made[1]]


def test_another_version_of_the_same_set_is_no_newer_attempt() -> None:
    story = Story()
    first = story.version(1, 0, set_id="s1")
    story.decide(first, "regenerate", 5)
    story.version(1, 10, set_id="s1")
    assert shown(story) == []
    story.version(1, 20, set_id="s2")
    assert shown(story) == [first]


def test_sets_of_one_still_and_sets_of_one_name_count_each_by_itself() -> None:
    story = Story()
    for segment, minute in ((1, 0), (2, 0), (1, 20)):
        for _ in range(2):
            made = story.version(segment, minute, set_id="s1" if minute == 0 else "s2")
            story.decide(made, "regenerate", minute + 5)
    for segment in (1, 2):
        story.version(segment, 40)
    assert per_segment(story)["regenerations"].tolist() == [2, 1]


def test_of_frames_without_sets_every_version_is_an_attempt() -> None:
    story = Story()
    for _ in range(2):
        story.decide(story.version(1, 0, set_id="s1"), "regenerate", 5)
    story.version(1, 10)
    decisions, versions = story.decisions_frame(), story.versions_frame()
    assert len(regenerations(decisions.drop(columns="set_id"), versions)) == 2
    assert len(regenerations(decisions, versions.drop(columns="set_id"))) == 1


def test_segments_never_begun_are_counted_beside_and_not_within() -> None:
    story = Story()
    sent_back(story, 1, 2)
    segments = pd.DataFrame({"stream_id": ["film"] * 3, "segment_id": [1, 2, 3]})
    rows = per_segment(story, segments)
    summary = regenerations_summary(rows)
    assert rows["is_started"].tolist() == [True, False, False]
    assert (summary.n, summary.n_never_started, summary.mean) == (1, 2, 2.0)


def test_without_data_there_are_no_figures() -> None:
    nothing = regenerations_per_segment(empty_decisions(), empty_versions())
    summary = regenerations_summary(nothing)
    assert (summary.n, summary.mean, summary.median, summary.p90) == (0, None, None, None)
    assert summary.histogram.empty
    assert problem_segments(nothing).empty


def test_a_stream_that_was_only_planned_has_no_figures_either() -> None:
    segments = pd.DataFrame({"stream_id": ["film"], "segment_id": [1]})
    rows = regenerations_per_segment(empty_decisions(), empty_versions(), segments=segments)
    summary = regenerations_summary(rows)
    assert (summary.n, summary.n_never_started, summary.mean) == (0, 1, None)


def test_the_worst_segments_come_by_regenerations_then_rejections_then_cost_then_age() -> None:
    story = Story()
    sent_back(story, 1, 2)
    sent_back(story, 2, 2, cost=1.0)
    sent_back(story, 3, 1)
    story.decide(story.version(4, 0), "regenerate", 5)
    story.decide(story.version(5, 0), "approved", 5)
    sent_back(story, 6, 2)
    story.decide(len(story.versions), "regenerate", 70)
    assert problem_segments(per_segment(story))["segment_id"].tolist() == [6, 2, 1, 3, 4]
    assert problem_segments(per_segment(story), limit=2)["segment_id"].tolist() == [6, 2]


def test_failed_tasks_are_technical_retries() -> None:
    story = Story()
    for state in ("succeeded", "failed", "unknown", "cancelled"):
        story.task(0, 1, 2, state)
    assert technical_retries(story.tasks_frame()) == 2
