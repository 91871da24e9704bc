from __future__ import annotations

import pandas as pd
import pytest

from director_lib.metrics.approval import first_pass_approval
from director_lib.metrics.attempts import approval_by_attempt, expected_attempts
from director_lib.metrics.frames import check_checkpoints, empty_checkpoints
from director_lib.metrics.groups import (
    FOUND_ON_DISK,
    checkpoint_approval,
    grouped_approval,
    problem_groups,
    weekly_groups,
)
from tests.metrics.rows import Story, at

WEEK = 7 * 24 * 60


@pytest.fixture
def story() -> Story:
    """Engine a: refused, then approved; approved. Engine b: refused. By hand: approved."""
    told = Story()
    told.decide(told.version(1, 0, engine="a"), "regenerate", 1)
    told.decide(told.version(1, 2, engine="a"), "approved", 3, actor="eli")
    told.decide(told.version(2, 4, engine="a", kind="video"), "approved", 5)
    told.decide(told.version(3, 6, engine="b", model="m2"), "regenerate", 7 + WEEK)
    told.decide(told.version(4, 8, engine=None, model=None, origin="found"), "approved", 9)
    return told


def counts(rates: pd.DataFrame, *by: str) -> dict[object, tuple[int, int]]:
    keys = rates[list(by)].itertuples(index=False, name=None)
    return {
        key if len(by) > 1 else key[0]: (k, n) for key, k, n in zip(keys, rates["k"], rates["n"], strict=True)
    }


def test_groups_of_first_attempts_and_of_all(story: Story) -> None:
    frames = story.decisions_frame(), story.versions_frame()
    assert counts(grouped_approval(*frames, ["engine"]), "engine") == {
        "a": (1, 2), "b": (0, 1), FOUND_ON_DISK: (1, 1),
    }  # fmt: skip
    assert counts(grouped_approval(*frames, ["engine"], attempts="all"), "engine")["a"] == (2, 3)
    assert counts(grouped_approval(*frames, ["model"]), "model") == {
        "m1": (1, 2), "m2": (0, 1), FOUND_ON_DISK: (1, 1),
    }  # fmt: skip
    assert counts(grouped_approval(*frames, ["actor"], attempts="all"), "actor") == {
        "dora": (2, 4), "eli": (1, 1),
    }  # fmt: skip
    assert counts(grouped_approval(*frames, ["kind", "engine"]), "kind", "engine")["video", "a"] == (1, 1)
    assert counts(grouped_approval(*frames, ["engine"], window=(at(8), None)), "engine") == {
        "b": (0, 1), FOUND_ON_DISK: (1, 1),
    }  # fmt: skip


def test_small_groups_are_drawn_towards_all_and_stay_within_their_bounds(story: Story) -> None:
    found = grouped_approval(story.decisions_frame(), story.versions_frame(), ["engine"])
    small = found.set_index("engine").loc["b"]
    assert small["rate"] == 0 < small["shrunken"] < 0.5
    assert (found["shrunken_low"] < found["shrunken"]).all()
    assert (found["shrunken"] < found["shrunken_high"]).all()


def test_weeks_of_groups_are_local_mondays(story: Story) -> None:
    weekly = weekly_groups(story.decisions_frame(), story.versions_frame(), "engine", time_zone="UTC")
    of_b = weekly[weekly["engine"] == "b"]
    assert of_b["week_start"].tolist() == [pd.Timestamp("2026-03-09")]


def test_all_five_checkpoints_are_told(story: Story) -> None:
    gates = pd.DataFrame(
        [
            ("film", "spec", at(0), at(5), "revision_needed", "dora"),
            ("film", "spec", at(5), at(9), "approved", "dora"),
            ("film", "final", at(9), None, None, None),
        ],
        columns=["stream_id", "checkpoint", "entered_at", "decided_at", "decision", "actor"],
    )
    found = checkpoint_approval(story.decisions_frame(), check_checkpoints(gates))
    assert counts(found, "checkpoint") == {
        "story": (0, 0), "spec": (1, 2), "keyframes": (2, 4), "videos": (1, 1), "final": (0, 0),
    }  # fmt: skip
    assert list(checkpoint_approval(Story().decisions_frame(), empty_checkpoints())["n"]) == [0] * 5


def test_problem_groups_need_enough_cases_and_are_ordered_by_what_is_sure() -> None:
    rates = pd.DataFrame(
        {"engine": ["few", "many", "fine"], "n": [4, 90, 40], "shrunken_high": [0.1, 0.4, 0.9]}
    )
    assert problem_groups(rates)["engine"].tolist() == ["many", "fine"]


def test_a_variant_set_is_one_attempt_approved_when_any_of_it_is() -> None:
    story = Story()
    for decision in ("regenerate", "approved", "regenerate"):
        story.decide(story.version(1, 0), decision, 5, set_id="set")
    story.decide(story.version(2, 0), "regenerate", 6, set_id=None)
    story.decide(story.version(2, 7), "approved", 8, set_id="other")
    rate = first_pass_approval(story.decisions_frame())
    assert (rate.k, rate.n) == (1, 2)


def test_attempts_by_place_and_what_a_unit_is_likely_to_need() -> None:
    story = Story()
    for segment, verdicts in enumerate((["approved"], ["regenerate", "approved"], ["regenerate"] * 2), 1):
        for minute, verdict in enumerate(verdicts):
            story.decide(story.version(segment, minute), verdict, minute)
    places = approval_by_attempt(story.decisions_frame())
    assert counts(places, "place") == {1: (1, 3), 2: (1, 2)}
    expected = expected_attempts(story.decisions_frame())
    assert (expected.n, expected.value, expected.is_at_least) == (3, pytest.approx(1 + 2 / 3), True)
    assert expected_attempts(Story().decisions_frame()).value is None


def test_nothing_decided_gives_empty_groups() -> None:
    empty = Story()
    found = grouped_approval(empty.decisions_frame(), empty.versions_frame(), ["engine", "actor"])
    assert found.empty
    assert list(found.columns[:3]) == ["engine", "actor", "n"]
    with pytest.raises(KeyError):
        grouped_approval(empty.decisions_frame(), empty.versions_frame(), ["colour"])
