from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from director_lib.advice.fitting import fit
from director_lib.advice.model import current_id, find_model, read_facts, write_model
from director_lib.advice.prediction import build_vocabulary, digest, terms_of, weigh
from director_lib.advice.suggesting import Adviser
from tests.advice.planted import frame, planted_attempts

SUBJECTS = ("a misty harbour", "the lonely girl", "an old boat", "a wet street")


def adviser(folder: Path, attempts: pd.DataFrame) -> Adviser:
    fitted = fit(attempts)
    write_model(folder, fitted.arrays, fitted.facts)
    model = find_model(folder)
    assert model is not None
    return Adviser(model)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Adviser:
    return adviser(tmp_path_factory.mktemp("advice"), planted_attempts(3_000, 3, subjects=SUBJECTS))


def test_the_weights_equal_those_of_scikit_learn() -> None:
    prompts = [
        "a sea at dawn",
        "a sea, gentle pan",
        "gentle pan at dusk",
        "a sea at dusk",
        "one",
        "two",
        "six",
    ] * 2
    vocabulary, matrix = build_vocabulary(prompts)
    theirs = TfidfVectorizer(analyzer=terms_of, min_df=3, max_df=0.5)
    expected = theirs.fit_transform(prompts).toarray()
    order = np.argsort(np.array([digest(term) for term in theirs.get_feature_names_out()], dtype=np.uint64))
    np.testing.assert_allclose(matrix.toarray(), expected[:, order])
    places, values = weigh("gentle pan at dawn", vocabulary)
    dense = np.zeros(len(vocabulary.terms))
    dense[places] = values
    np.testing.assert_allclose(dense, theirs.transform(["gentle pan at dawn"]).toarray()[0][order])


def test_similar_prompts_are_ranked_by_predicted_approval(planted: Adviser) -> None:
    advised = planted.advise(
        "a misty harbour, whip pan", "keyframe", chance=random.Random(1), trial_share=0.0
    )
    assert len(advised.prompts) == 3
    chances = [one.predicted for one in advised.prompts]
    assert chances == sorted(chances, reverse=True)
    assert all(one.k > 0 and one.low < one.predicted < one.high for one in advised.prompts)
    assert "gentle pan" in advised.prompts[0].text
    assert advised.own is not None
    assert advised.own[1] < advised.own[0] < advised.own[2] < 1
    assert advised.own[0] < chances[0]


def test_phrases_that_helped_are_offered_and_those_that_hurt_are_named(planted: Adviser) -> None:
    advised = planted.advise(
        "a misty harbour, whip pan", "keyframe", chance=random.Random(1), trial_share=0.0
    )
    assert [one.facts["phrase"] for one in advised.to_add] == ["gentle pan", "golden hour"]
    assert [one.facts["phrase"] for one in advised.in_prompt] == ["whip pan"]
    assert advised.in_prompt[0].facts["verdict"] == "hurts"


def test_engines_are_told_with_their_counts_the_surest_first(planted: Adviser) -> None:
    advised = planted.advise("a misty harbour", "keyframe", chance=random.Random(1))
    assert {one.model for one in advised.makers} == {"m1", "m2"}
    assert advised.makers[0].model == "m1"
    assert all(0 < one.k <= one.n and one.low < one.k / one.n < one.high for one in advised.makers)


def test_neither_the_same_words_nor_the_own_segment_are_suggested(planted: Adviser) -> None:
    plain = planted.advise("an old boat, gentle pan", "keyframe", chance=random.Random(1), trial_share=0.0)
    assert "an old boat, gentle pan" not in [one.text for one in plain.prompts]
    first = plain.prompts[0]
    apart = (first.stream_id, first.segment_id)
    without = planted.advise(
        "an old boat, gentle pan", "keyframe", chance=random.Random(1), apart_from=apart, trial_share=0.0
    )
    assert first.text not in [one.text for one in without.prompts]


def test_a_kind_is_advised_by_its_own_kind_only(planted: Adviser) -> None:
    advised = planted.advise("a misty harbour, gentle pan", "video", chance=random.Random(1))
    assert advised.prompts == ()
    assert advised.to_add == ()


def test_10_to_20_percent_of_the_places_are_trials(planted: Adviser) -> None:
    chance = random.Random(20)
    shown = [
        one.is_trial
        for _ in range(300)
        for one in planted.advise("a misty harbour, film grain", "keyframe", chance=chance).prompts
    ]
    assert 0.10 <= sum(shown) / len(shown) <= 0.20


def test_of_unknown_words_nothing_is_said_but_the_usual(planted: Adviser) -> None:
    advised = planted.advise("zzz qqq", "keyframe", chance=random.Random(1), trial_share=0.0)
    assert advised.prompts == ()
    assert advised.n_alike == 0
    assert planted.advise("", "keyframe", chance=random.Random(1)).own is None


def test_the_prompts_behind_a_phrase_are_listed(planted: Adviser) -> None:
    behind = planted.prompts_with("whip pan", 5)
    assert len(behind) == 5
    assert all("whip pan" in one.text for one in behind)
    assert planted.prompts_with("never heard of", 5) == []


def test_with_too_few_decisions_nothing_is_predicted(tmp_path: Path) -> None:
    few = adviser(tmp_path, planted_attempts(200, 3, subjects=SUBJECTS))
    advised = few.advise("a misty harbour, whip pan", "keyframe", chance=random.Random(1))
    assert advised.own is None
    assert advised.to_add == advised.in_prompt == ()
    assert few.model.facts["is_predictive"] is False
    # what was approved more often still comes first: its own decisions count, words do not
    assert len({round(float(one), 6) for one in few.model.arrays["prior"]}) == 1


def test_without_attempts_there_is_a_model_that_says_nothing(tmp_path: Path) -> None:
    empty = adviser(tmp_path, frame([], []))
    advised = empty.advise("a sea", "keyframe", chance=random.Random(1))
    assert (advised.own, advised.prompts, advised.makers) == (None, (), ())


def test_words_that_foretell_nothing_are_not_used(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    prompts = [f"word{rng.integers(40)} word{rng.integers(40)}" for _ in range(800)]
    noise = adviser(tmp_path, frame(prompts, (rng.random(800) < 0.5).tolist()))
    assert noise.model.facts["is_enough"]
    assert noise.model.facts["is_predictive"] is False
    assert noise.advise(prompts[0], "keyframe", chance=random.Random(1)).own is None


def test_a_models_files_are_replaced_whole_and_old_ones_go(tmp_path: Path) -> None:
    assert (find_model(tmp_path), read_facts(tmp_path), current_id(tmp_path)) == (None, {}, "")
    fitted = fit(planted_attempts(60, 1))
    ids = [write_model(tmp_path, fitted.arrays, {**fitted.facts, "round": number}) for number in range(4)]
    model = find_model(tmp_path)
    assert model is not None
    assert (model.id, model.facts["round"], len(set(ids))) == (ids[-1], 3, 4)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 2
    assert isinstance(model.arrays["mean"], np.memmap)


@pytest.mark.parametrize("damage", ["{", '{"format": 99}', "[]"])
def test_a_model_that_cannot_be_read_is_none(tmp_path: Path, damage: str) -> None:
    fitted = fit(planted_attempts(60, 1))
    model_id = write_model(tmp_path, fitted.arrays, fitted.facts)
    (tmp_path / model_id / "facts.json").write_text(damage)
    assert find_model(tmp_path) is None


def test_a_write_that_fails_leaves_the_model_before(tmp_path: Path) -> None:
    fitted = fit(planted_attempts(60, 1))
    before = write_model(tmp_path, fitted.arrays, fitted.facts)
    (tmp_path / "mean.npy").mkdir()
    with pytest.raises(OSError, match="."):
        write_model(tmp_path, {**fitted.arrays, "no/such": fitted.arrays["mean"]}, fitted.facts)
    assert current_id(tmp_path) == before
    assert not list(tmp_path.glob(".making-*"))
