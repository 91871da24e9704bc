from __future__ import annotations

import numpy as np
import pytest

from director_lib.metrics.failures import engine_times, failure_causes
from director_lib.metrics.parts import PARTS, checkpoint_parts
from tests.metrics.rows import Story, at

MINUTE = 60


@pytest.fixture
def story() -> Story:
    told = Story()
    told.task(0, 1, 4, "succeeded")
    told.task(0, 2, 9, "failed", error_code="timeout")
    told.task(0, 3, 5, "failed", error_code="timeout", engine="google")
    told.task(0, 3, 6, "unknown")
    told.task(0, None, 7, "cancelled", error_code="timeout")
    told.task(1, 3, None, "running")
    return told


def test_causes_are_shares_of_what_ended_by_itself(story: Story) -> None:
    found = failure_causes(story.tasks_frame())
    assert found[["cause", "k", "n"]].to_numpy().tolist() == [["timeout", 2, 4], ["no cause recorded", 1, 4]]
    by_engine = failure_causes(story.tasks_frame(), ("engine", "cause"))
    assert by_engine[["engine", "cause", "k", "n"]].to_numpy().tolist() == [
        ["google", "timeout", 1, 1],
        ["local", "no cause recorded", 1, 3],
        ["local", "timeout", 1, 3],
    ]
    assert failure_causes(story.tasks_frame(), as_of=at(5))["n"].tolist() == [2]
    assert failure_causes(Story().tasks_frame()).empty


def test_engines_wait_and_render_with_what_has_not_ended_counted_in(story: Story) -> None:
    found = engine_times(story.tasks_frame(), as_of=at(10)).set_index(["engine", "part"])
    render = found.loc[("local", "render")]
    assert (render["n"], render["n_open"], render["p50_s"]) == (4, 3, pytest.approx(np.nan, nan_ok=True))
    queue = found.loc[("local", "queue")]
    assert (queue["n"], queue["n_open"], queue["p50_s"]) == (5, 1, 2 * MINUTE)
    assert queue["p50_low_s"] <= queue["p50_s"]
    assert engine_times(Story().tasks_frame(), as_of=at(0)).empty


def test_a_version_waits_renders_lies_idle_and_is_looked_at(story: Story) -> None:
    story.decide(story.version(1, 10), "regenerate", 40, viewed_at=at(30))
    story.decide(story.version(1, 50), "approved", 99, viewed_at=at(60))
    story.version(2, 90)
    found = checkpoint_parts(
        story.decisions_frame(), story.versions_frame(), story.tasks_frame(), as_of=at(100)
    ).set_index(["kind", "part"])
    assert found.loc["keyframe"].index.tolist() == list(PARTS)
    idle, handling = found.loc[("keyframe", "idle")], found.loc[("keyframe", "handling")]
    assert (idle["n"], idle["n_open"], idle["p50_s"]) == (3, 1, 20 * MINUTE)
    assert (handling["n"], handling["p50_s"], handling["p90_s"]) == (2, 10 * MINUTE, 15 * MINUTE)
    assert found.loc[("video", "queue"), "n"] == 0


def test_a_version_replaced_before_anybody_judged_it_stopped_waiting() -> None:
    story = Story()
    story.version(1, 0)
    story.version(1, 10, origin="restored")
    story.version(1, 20)
    found = checkpoint_parts(
        story.decisions_frame(), story.versions_frame(), story.tasks_frame(), as_of=at(500)
    ).set_index(["kind", "part"])
    idle = found.loc[("keyframe", "idle")]
    assert (idle["n"], idle["n_open"]) == (2, 2)
    assert np.isnan(idle["p50_s"])
    assert found.loc[("keyframe", "handling"), "n"] == 0
