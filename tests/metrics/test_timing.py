from __future__ import annotations

import pandas as pd
import pytest

from director_lib.metrics.frames import (
    check_checkpoints,
    empty_checkpoints,
    empty_decisions,
    empty_tasks,
    empty_versions,
)
from director_lib.metrics.timing import asset_stays, checkpoint_times, stream_stays, task_parts
from tests.metrics.rows import Story, at


def stays_of(story: Story) -> pd.DataFrame:
    return asset_stays(story.decisions_frame(), story.versions_frame())


def row(table: pd.DataFrame, **where: str) -> pd.Series[object]:
    for column, value in where.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_a_stay_runs_from_the_first_version_to_the_approval() -> None:
    story = Story()
    story.decide(story.version(1, 0), "regenerate", 10)
    story.decide(story.version(1, 20), "approved", 60)
    stay = stays_of(story).iloc[0]
    assert (stay["checkpoint"], stay["entered_at"], stay["decided_at"]) == ("keyframes", at(0), at(60))


def test_a_version_after_the_approval_begins_a_new_stay() -> None:
    story = Story()
    story.decide(story.version(1, 0, "video"), "approved", 30)
    story.decide(story.version(1, 100, "video", origin="found"), "approved", 110)
    story.version(1, 200, "video")
    stays = stays_of(story)
    assert stays["entered_at"].tolist() == [at(0), at(100), at(200)]
    assert stays["decided_at"].tolist()[:2] == [at(30), at(110)]
    assert stays["decided_at"].isna().tolist() == [False, False, True]


def test_restoring_begins_no_stay_and_undoing_ends_none() -> None:
    story = Story()
    seq = story.decide(story.version(1, 0), "approved", 30)
    story.version(1, 100, origin="restored")
    assert len(stays_of(story)) == 1
    story.undo(seq, 40)
    assert stays_of(story)["decided_at"].isna().tolist() == [True]


def test_open_stays_are_censored_and_not_left_out() -> None:
    story = Story()
    for segment, minutes in ((1, 10), (2, 20), (3, 30)):
        story.decide(story.version(segment, 0), "approved", minutes)
    story.version(4, 0)
    story.version(5, 0)
    found = row(checkpoint_times(stays_of(story), as_of=at(100)), checkpoint="keyframes")
    assert (found["n"], found["n_open"], found["p50_s"]) == (5, 2, 30 * 60)
    assert pd.isna(found["p90_s"])


def test_every_checkpoint_has_its_row_in_order_even_without_data() -> None:
    stays = pd.concat([asset_stays(empty_decisions(), empty_versions()), stream_stays(empty_checkpoints())])
    times = checkpoint_times(stays, as_of=at(0))
    assert times["checkpoint"].tolist() == ["story", "spec", "keyframes", "videos", "final"]
    assert times["n"].tolist() == [0] * 5
    assert times["p50_s"].isna().all()


def test_a_decision_after_the_instant_is_not_known_yet() -> None:
    gates = check_checkpoints(
        pd.DataFrame(
            {
                "stream_id": ["film", "film", "later"],
                "checkpoint": ["story", "spec", "story"],
                "entered_at": [at(0), at(10), at(90)],
                "decided_at": [at(5), at(60), at(95)],
                "decision": ["approved"] * 3,
                "actor": ["dora"] * 3,
            }
        )
    )
    times = checkpoint_times(stream_stays(gates, as_of=at(30)), as_of=at(30))
    assert times.set_index("checkpoint").loc["story", "p50_s"] == 300
    assert times.set_index("checkpoint").loc["spec", "n_open"] == 1


def test_queue_and_render_are_apart() -> None:
    story = Story()
    story.task(0, 1, 3, "succeeded")
    story.task(0, 2, 7, "succeeded")
    story.task(0, 3, 4, "failed")
    story.task(0, 8, None, "running")
    story.task(0, None, None, "queued")
    story.task(0, None, 5, "cancelled")
    parts = task_parts(story.tasks_frame(), as_of=at(10))
    queue = row(parts, kind="keyframe", part="queue")
    render = row(parts, kind="keyframe", part="render")
    assert (queue["n"], queue["n_open"], queue["p50_s"]) == (6, 2, 3 * 60)
    assert (render["n"], render["n_open"], render["p50_s"]) == (4, 2, 5 * 60)
    assert row(parts, kind="video", part="queue")["n"] == 0


def test_a_clock_that_ran_backwards_gives_no_negative_time() -> None:
    story = Story()
    story.task(5, 4, 6, "succeeded")
    assert row(task_parts(story.tasks_frame(), as_of=at(10)), kind="keyframe", part="queue")["p50_s"] == 0


@pytest.mark.parametrize("part", ["queue", "render"])
def test_without_tasks_nothing_is_known(part: str) -> None:
    found = row(task_parts(empty_tasks(), as_of=at(0)), kind="video", part=part)
    assert found["n"] == 0
    assert pd.isna(found["p50_s"])
