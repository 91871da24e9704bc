from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from director_lib.errors import InputError
from director_lib.metrics.approval import (
    approval_by,
    decision_approval,
    eventual_approval,
    first_pass_approval,
    undo_rate,
)
from director_lib.metrics.effective import effective_decisions, first_judged
from director_lib.metrics.frames import empty_decisions, empty_versions
from tests.metrics.rows import Story, at


@pytest.fixture
def story() -> Story:
    """Approved at once (1), sent back then approved (2), sent back (3), waiting (4), a clip approved (5)."""
    written = Story()
    written.decide(written.version(1, 0), "approved", 10)
    written.decide(written.version(2, 0), "regenerate", 11)
    written.decide(written.version(2, 20), "approved_with_notes", 30)
    written.decide(written.version(3, 0), "adjust_prompt", 12)
    written.version(4, 0)
    written.decide(written.version(5, 0, "video"), "approved", 13)
    return written


def test_the_three_rates_differ_on_the_same_data(story: Story) -> None:
    decisions, versions = story.decisions_frame(), story.versions_frame()
    of_decisions = decision_approval(decisions)
    first = first_pass_approval(decisions)
    eventual = eventual_approval(decisions, versions)
    assert (of_decisions.k, of_decisions.n) == (3, 5)
    assert (first.k, first.n) == (2, 4)
    assert (eventual.approved.k, eventual.entered, eventual.rejected, eventual.open) == (3, 5, 1, 1)


def test_an_undone_decision_counts_only_in_the_undo_rate(story: Story) -> None:
    story.undo(1, 40)
    decisions = story.decisions_frame()
    assert decision_approval(decisions).n == 4
    assert first_pass_approval(decisions).n == 3
    assert eventual_approval(decisions, story.versions_frame()).open == 2
    assert (undo_rate(decisions).k, undo_rate(decisions).n) == (1, 5)


def test_before_the_undo_the_decision_counted(story: Story) -> None:
    story.undo(1, 40)
    assert decision_approval(story.decisions_frame(), as_of=at(39)).n == 5
    assert decision_approval(story.decisions_frame(), as_of=at(40)).n == 4


def test_an_instant_before_everything_knows_nothing(story: Story) -> None:
    early = at(-1)
    assert decision_approval(story.decisions_frame(), as_of=early).value is None
    assert eventual_approval(story.decisions_frame(), story.versions_frame(), as_of=early).entered == 0


def test_the_latest_decision_by_seq_wins_whatever_the_clock_says(story: Story) -> None:
    story.decide(1, "regenerate", 5)
    effective = effective_decisions(story.decisions_frame()).set_index("version_id")
    assert effective.loc[1, "decision"] == "regenerate"


def test_an_earlier_decision_counts_again_when_the_later_one_is_undone(story: Story) -> None:
    seq = story.decide(1, "regenerate", 15)
    story.undo(seq, 16)
    assert decision_approval(story.decisions_frame()).k == 3


def test_a_first_version_that_nobody_judged_is_no_first_judgement() -> None:
    story = Story()
    story.version(1, 0)
    story.decide(story.version(1, 5), "approved", 10)
    first = first_judged(story.decisions_frame())
    assert first["attempt"].tolist() == [2]


def test_windows_are_half_open(story: Story) -> None:
    decisions = story.decisions_frame()
    assert decision_approval(decisions, window=(at(10), at(11))).n == 1
    assert decision_approval(decisions, window=(at(11), None)).n == 4
    assert decision_approval(decisions, window=(None, at(10))).n == 0


def test_a_unit_belongs_to_the_window_of_its_first_judgement(story: Story) -> None:
    assert first_pass_approval(story.decisions_frame(), window=(at(25), None)).n == 0


def test_a_found_file_opens_an_approved_unit_again(story: Story) -> None:
    story.version(1, 50, origin="found", engine=None)
    eventual = eventual_approval(story.decisions_frame(), story.versions_frame())
    assert (eventual.approved.k, eventual.open) == (2, 2)


def test_the_version_on_the_page_decides_and_not_the_newest(story: Story) -> None:
    newer = story.version(1, 50)
    story.decide(newer, "regenerate", 51)
    versions = story.versions_frame()
    restored = versions.assign(is_current=versions["version_id"].isin([1, 3, 4, 5, 6]))
    assert eventual_approval(story.decisions_frame(), restored).approved.k == 3
    assert eventual_approval(story.decisions_frame(), versions).approved.k == 2


def test_without_data_there_is_no_rate() -> None:
    assert decision_approval(empty_decisions()).value is None
    assert first_pass_approval(empty_decisions()).value is None
    assert undo_rate(empty_decisions()).value is None
    nothing = eventual_approval(empty_decisions(), empty_versions())
    assert (nothing.entered, nothing.approved.value, nothing.rejected, nothing.open) == (0, None, 0, 0)
    assert approval_by(effective_decisions(empty_decisions()), ["kind"]).empty


def test_groups_add_up_to_the_whole(story: Story) -> None:
    by_kind = approval_by(effective_decisions(story.decisions_frame()), ["kind"])
    assert by_kind["kind"].tolist() == ["keyframe", "video"]
    assert by_kind["n"].tolist() == [4, 1]
    assert by_kind["k"].tolist() == [2, 1]


def test_an_instant_without_zone_is_refused(story: Story) -> None:
    naive = datetime(2026, 3, 2)  # noqa: DTZ001 - the fault that is tested
    with pytest.raises(InputError, match="no time zone"):
        decision_approval(story.decisions_frame(), as_of=naive)
    with pytest.raises(InputError, match="no time zone"):
        decision_approval(story.decisions_frame(), window=(naive, None))


def test_the_order_of_the_rows_does_not_matter(story: Story) -> None:
    decisions = story.decisions_frame()
    shuffled = decisions.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(effective_decisions(decisions), effective_decisions(shuffled))
