"""What wins when versions stand beside each other, against cases done by hand, a library, and known truth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import choix
import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr
from scipy.stats import binom

from director_lib.errors import InputError
from director_lib.metrics.paired import first_place_rate, phrase_strengths, strengths_by
from director_lib.metrics.paired_frames import VARIANTS, decided_sets, empty_variants
from director_lib.metrics.paired_model import (
    PRIOR_SD,
    Choices,
    against_mean,
    fit_strengths,
    probabilities_best,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
ALPHA = 1 / (2 * PRIOR_SD**2)
"""The library's name for the same prior."""


def shown(
    number: int, winner: int | None, *versions: dict[str, Any], tie: bool = False
) -> list[dict[str, Any]]:
    """Make one set's rows; ``winner`` is the place that was picked, None for nobody's choice yet."""
    rows = []
    for place, version in enumerate(versions):
        won = 1 / len(versions) if tie else float("nan") if winner is None else float(place == winner)
        row = {
            "set_id": f"v{number:05}",
            "version_id": number * 10 + place,
            "position": place + 1,
            "won": won,
        }
        row |= {"decided_at": None if won != won else START + timedelta(minutes=number), "actor": "dora"}
        row |= {"blind": True, "stream_id": "film", "segment_id": number, "kind": "keyframe"}
        rows.append(row | {"engine": "local", "model": "", "preset": "", "prompt": ""} | version)
    return rows


def frame(*sets: list[dict[str, Any]]) -> pd.DataFrame:
    return VARIANTS.check(pd.DataFrame([row for rows in sets for row in rows], columns=[*VARIANTS.columns]))


def engines(*names: str) -> list[dict[str, Any]]:
    return [{"engine": name} for name in names]


def pairs(outcomes: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Make sets of a winner and a loser, the winner first and second by turns."""
    sets = []
    for number, (winner, loser) in enumerate(outcomes):
        names = [winner, loser] if number % 2 else [loser, winner]
        sets.append(shown(number, names.index(winner), *engines(*names)))
    return frame(*sets)


def test_without_choices_nothing_is_told() -> None:
    for variants in (empty_variants(), frame(shown(1, None, *engines("a", "b")))):
        assert strengths_by(variants, "engine").empty
        assert phrase_strengths(variants).empty
        assert (first_place_rate(variants).n, first_place_rate(variants).value) == (0, None)
    assert strengths_by(empty_variants(), "engine").dtypes["is_enough"] == "bool"


def test_wins_and_ties_are_counted_by_hand() -> None:
    variants = frame(
        shown(1, 0, *engines("a", "b")),
        shown(2, 1, *engines("a", "b")),
        shown(3, 1, *engines("b", "a")),
        shown(4, None, *engines("a", "b"), tie=True),
        shown(5, 0, *engines("a", "a")),
        shown(6, None, *engines("a", "b")),
    )
    table = strengths_by(variants, "engine").set_index("item")
    assert table["n"].to_dict() == {"a": 4, "b": 4}
    assert table["wins"].to_dict() == {"a": 2.5, "b": 1.5}
    assert table["expected"].to_dict() == {"a": 2.0, "b": 2.0}
    assert table["rate"].to_dict() == {"a": 0.625, "b": 0.375}
    assert table["strength"].sum() == pytest.approx(0)
    assert not table["is_enough"].any()
    assert table["p_best"].sum() == pytest.approx(1)


def test_of_four_with_three_alike_one_in_four_is_what_chance_gives() -> None:
    table = strengths_by(frame(shown(1, 3, *engines("a", "a", "a", "b"))), "engine").set_index("item")
    assert table["expected"].to_dict() == {"a": 0.75, "b": 0.25}
    assert table["wins"].to_dict() == {"a": 0.0, "b": 1.0}


def test_two_things_are_the_difference_of_logits_with_its_prior() -> None:
    """For two, the mode solves wins - n·σ(2b) = b/σ²·…, and P(best) is a normal probability."""
    variants = pairs([("a", "b")] * 12 + [("b", "a")] * 4)
    table = strengths_by(variants, "engine").set_index("item")
    b = table.loc["a", "strength"]
    # each has half the difference; the slope of the log posterior at the mode is zero
    assert 12 - 16 / (1 + np.exp(-2 * b)) == pytest.approx(b / PRIOR_SD**2, abs=0.02)
    sd = (table.loc["a", "strength_high"] - b) / 1.959964
    assert table.loc["a", "p_best"] == pytest.approx(float(ndtr(b / sd)), abs=0.01)
    assert table.loc["a", "is_enough"]
    assert not table.loc["b", "is_enough"]


def test_one_that_never_lost_stays_finite_and_few_choices_say_nothing() -> None:
    few = strengths_by(pairs([("a", "b")] * 4), "engine").set_index("item")
    assert np.isfinite(few.loc["a", "strength_high"])
    assert not few.loc["a", "is_enough"]
    assert strengths_by(pairs([("a", "b")] * 20), "engine").set_index("item").loc["a", "is_enough"]


def test_things_that_never_met_are_not_ranked_among_each_other() -> None:
    variants = frame(
        *(shown(n, 0, *engines("a", "b")) for n in range(9)),
        *(shown(n, 1, *engines("c", "d")) for n in range(20, 29)),
        *(shown(n, 1, *engines("b", "e")) for n in range(30, 35)),
    )
    table = strengths_by(variants, "engine")
    assert [set(of_group["item"]) for _, of_group in table.groupby("group")] == [{"a", "b", "e"}, {"c", "d"}]
    assert table.groupby("group")["p_best"].sum().to_list() == pytest.approx([1.0, 1.0])


def test_models_are_named_with_their_engine_and_no_preset_is_a_thing_to_compare_with() -> None:
    first, second = {"engine": "google", "model": "fine"}, {"engine": "google", "model": "", "preset": "fog"}
    variants = frame(*(shown(n, 0, first, second) for n in range(3)))
    assert set(strengths_by(variants, "model")["item"]) == {"google · fine", "google"}
    assert set(strengths_by(variants, "preset")["item"]) == {"no preset", "fog"}
    assert strengths_by(variants, "engine").empty
    with pytest.raises(KeyError):
        strengths_by(variants, "weather")


def test_what_is_decided_later_and_what_lacks_a_side_does_not_count() -> None:
    variants = frame(shown(1, 0, *engines("a", "b")), shown(90, 0, *engines("a", "b")), shown(3, 0, {}))
    lonely = variants[~((variants["set_id"] == "v00001") & (variants["won"] == 1))]
    assert len(decided_sets(variants)) == 4
    assert len(decided_sets(variants, as_of=START + timedelta(minutes=5))) == 2
    assert set(decided_sets(lonely)["set_id"]) == {"v00090"}
    with pytest.raises(InputError):
        decided_sets(variants, as_of=datetime(2026, 3, 2, 9))  # noqa: DTZ001 - that is what is refused


def random_choices(
    seed: int, n_items: int, n_sets: int, size: int
) -> tuple[Choices, list[tuple[int, list[int]]]]:
    """Draw sets of equals without places, for us and for the library."""
    rng = np.random.default_rng(seed)
    items = np.array([rng.choice(n_items, size, replace=False) for _ in range(n_sets)])
    share = np.zeros((n_sets, size))
    winners = rng.integers(size, size=n_sets)
    share[np.arange(n_sets), winners] = 1
    features = np.eye(n_items)[items.ravel()]
    starts = np.arange(n_sets) * size
    theirs = [
        (int(row[winner]), [int(item) for n, item in enumerate(row) if n != winner])
        for row, winner in zip(items, winners, strict=True)
    ]
    return Choices(starts, features, share.ravel(), np.zeros(n_sets * size, dtype="int64")), theirs


@pytest.mark.parametrize("size", [2, 3, 4])
def test_strengths_are_those_of_an_independent_library(size: int) -> None:
    choices, theirs = random_choices(7, 6, 80, size)
    expected = choix.opt_top1(6, theirs, alpha=ALPHA, tol=1e-9)
    assert fit_strengths(choices).mean == pytest.approx(expected, abs=1e-5)
    if size == 2:
        paired = [(winner, losers[0]) for winner, losers in theirs]
        assert choix.opt_pairwise(6, paired, alpha=ALPHA, tol=1e-9) == pytest.approx(expected, abs=1e-5)


N_SEEDS, N_SETS = 200, 220
TRUTH = np.array([0.9, 0.3, -0.2, -1.0])
LEFT = 0.4
"""How much the eye likes the first place better."""


def studio(seed: int, size: int = 2) -> Choices:
    """Draw choices between four engines of known strength, with a known liking for the first place."""
    rng = np.random.default_rng(seed)
    items = rng.permuted(np.tile(np.arange(4), (N_SETS, 1)), axis=1)[:, :size]
    utility = TRUTH[items] + LEFT * (np.arange(size) == 0) + rng.gumbel(size=(N_SETS, size))
    share = (utility == utility.max(axis=1, keepdims=True)).astype(float)
    position = np.tile(np.arange(1, size + 1), N_SETS)
    return Choices(np.arange(N_SETS) * size, np.eye(4)[items.ravel()], share.ravel(), position)


@pytest.mark.parametrize("size", [2, 3])
def test_the_truth_lies_within_the_intervals_in_95_percent_of_200_studios(size: int) -> None:
    """Each strength by itself; with 200 studios, 95 % ± the binomial's 0.1 % tails is 180 to 199."""
    wanted = TRUTH - TRUTH.mean()
    held = np.zeros(4, dtype=int)
    left_held = 0
    for seed in range(N_SEEDS):
        fitted = fit_strengths(studio(seed, size))
        mean, covariance = against_mean(fitted, np.arange(4))
        held += np.abs(mean - wanted) <= 1.959964 * np.sqrt(np.diag(covariance))
        left_held += abs(-fitted.position[0] - LEFT) <= 1.959964 * fitted.position_sd[0]
    least, most = binom.ppf([0.001, 0.999], N_SEEDS, 0.95)
    assert ((held >= least) & (held <= most)).all(), held
    assert least <= left_held <= most, left_held


def test_best_is_said_with_95_percent_wrongly_in_at_most_one_of_20_studios_of_equals() -> None:
    """Among four equals, somebody is called the best in about one of 20 studios, not more often."""
    said = 0
    for seed in range(N_SEEDS):
        choices, _ = random_choices(seed, 4, 150, 2)
        mean, covariance = against_mean(fit_strengths(choices), np.arange(4))
        said += probabilities_best(mean, covariance).max() >= 0.95
    assert said <= binom.ppf(0.999, N_SEEDS, 0.05)


def test_a_phrase_that_helps_is_told_from_one_that_comes_with_it() -> None:
    rng = np.random.default_rng(3)
    sets = []
    for number in range(160):
        with_fog = rng.random() < 0.5
        prompts = [
            "a cliff, gentle pan" + (", sea fog" if with_fog else ""),
            "a cliff, sea fog" if with_fog else "a cliff",
        ]
        winner = 0 if rng.random() < 0.8 else 1
        if number % 2:
            prompts, winner = prompts[::-1], 1 - winner
        sets.append(shown(number, winner, *({"prompt": prompt} for prompt in prompts)))
    table = phrase_strengths(frame(*sets)).set_index("item")
    assert list(table.index) == ["gentle pan"]
    row = table.loc["gentle pan"]
    assert (row["n"], row["expected"]) == (160, 80.0)
    assert row["p_best"] > 0.99
    assert row["is_enough"]


def test_a_liking_for_the_first_place_is_counted_where_places_were_drawn_by_lot() -> None:
    variants = frame(*(shown(n, 0 if n < 7 else 1, *engines("a", "b")) for n in range(10)))
    assert (first_place_rate(variants).k, first_place_rate(variants).n) == (7, 10)
    assert first_place_rate(variants.assign(blind=False)).n == 0
