from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa
from statsmodels.stats.inter_rater import fleiss_kappa as their_fleiss

from director_lib.metrics.agreement import agreement, cohen_kappa, fleiss_kappa
from tests.metrics.rows import Story, at


def judged_by(*said: dict[str, str]) -> Story:
    """One version per argument: what each person decided of it."""
    story = Story()
    for segment, opinions in enumerate(said, 1):
        version = story.version(segment, segment)
        for minute, (actor, decision) in enumerate(opinions.items()):
            story.decide(version, decision, 100 * segment + minute, actor=actor)
    return story


@pytest.mark.parametrize("seed", range(5))
def test_cohen_equals_an_independent_library(seed: int) -> None:
    random = np.random.default_rng(seed)
    first = random.random(80) < 0.6
    second = np.where(random.random(80) < 0.7, first, random.random(80) < 0.5)
    table = np.array([[np.sum((first == a) & (second == b)) for b in (True, False)] for a in (True, False)])
    theirs, ours = cohens_kappa(table), cohen_kappa(first, second)
    assert ours.value == pytest.approx(theirs.kappa)
    assert (ours.low, ours.high) == pytest.approx((theirs.kappa_low, theirs.kappa_upp))


@pytest.mark.parametrize("seed", range(5))
def test_fleiss_equals_an_independent_library(seed: int) -> None:
    approving = np.random.default_rng(seed).binomial(4, 0.6, 40)
    counts = np.column_stack([approving, 4 - approving])
    assert fleiss_kappa(counts).value == pytest.approx(their_fleiss(counts))


def test_cohen_by_hand() -> None:
    # both yes 20, both no 15, 5 and 10 apart: p_o = .7, p_e = .5·.6 + .5·.4 = .5, kappa = .4
    first = np.repeat([True, True, False, False], [20, 5, 10, 15])
    second = np.repeat([True, False, True, False], [20, 5, 10, 15])
    assert cohen_kappa(first, second).value == pytest.approx(0.4)


def test_each_persons_latest_standing_word_counts() -> None:
    story = judged_by({"dora": "approved", "eli": "approved_with_notes"}, {"dora": "regenerate"})
    changed = story.decide(1, "regenerate", 500, actor="eli")
    frame = story.decisions_frame()
    found = agreement(frame)
    assert (found.equal.k, found.equal.n) == (0, 1)
    story.undo(changed, 600)
    assert agreement(story.decisions_frame()).equal.k == 1
    assert agreement(story.decisions_frame(), as_of=at(550)).equal.k == 0


def test_three_people_are_compared_in_pairs_and_by_fleiss() -> None:
    story = judged_by(
        {"dora": "approved", "eli": "approved", "fay": "approved"},
        {"dora": "approved", "eli": "regenerate"},
        {"dora": "regenerate", "eli": "regenerate", "fay": "adjust_prompt"},
    )
    found = agreement(story.decisions_frame())
    assert found.by_pair[["actor", "other", "n", "k"]].to_numpy().tolist() == [
        ["dora", "eli", 3, 2],
        ["dora", "fay", 2, 2],
        ["eli", "fay", 2, 2],
    ]
    # P = (1 + 0 + 1)/3, p = ½ each of 8 judgements: (2/3 − ½) ÷ ½
    assert (found.kappa.n, found.kappa.value) == (3, pytest.approx(1 / 3))


def test_nobody_to_compare_and_nothing_to_tell_apart_are_no_data() -> None:
    alone = agreement(judged_by({"dora": "approved"}).decisions_frame())
    assert (alone.equal.n, alone.kappa.n, alone.kappa.value) == (0, 0, None)
    same = agreement(judged_by(*[{"dora": "approved", "eli": "approved"}] * 3).decisions_frame())
    assert (same.equal.value, same.kappa.value) == (1.0, None)
    assert np.isnan(same.by_pair["kappa"].iloc[0])
    assert fleiss_kappa(np.array([[3, 0], [3, 0]])).value is None


def test_versions_that_were_judged_alike_can_be_counted_together() -> None:
    counts, many = np.array([[2, 0], [1, 1], [0, 3], [2, 1]]), np.array([40, 7, 1, 0])
    ours, each = fleiss_kappa(counts, many), fleiss_kappa(np.repeat(counts, many, axis=0))
    assert (ours.n, ours.value, ours.low, ours.high) == pytest.approx((48, each.value, each.low, each.high))
