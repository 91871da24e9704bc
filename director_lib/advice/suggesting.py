"""Advice for one prompt from what was learned: similar approved prompts, phrases, and what made them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from director_lib.advice.advised import Advised, MakerEvidence, PhraseSuggestion, PromptSuggestion
from director_lib.advice.effects import HELPS, HURTS
from director_lib.advice.model import AdviceModel
from director_lib.advice.phrases import PhraseBook
from director_lib.advice.prediction import Vocabulary, weigh

TRIAL_SHARE = 0.15
"""Share of the places that go to what is uncertain, so that advice does not only repeat itself."""
NEAREST = 40
LEAST_ALIKE = 0.12
FEWEST_OF_KIND = 5
_KINDS = ("keyframe", "video")

Numbers = npt.NDArray[np.int64]


class Adviser:
    """Answers for one model; building it takes as long as reading the phrases."""

    def __init__(self, model: AdviceModel) -> None:
        self.model = model
        self._vocabulary = Vocabulary(model.arrays["term"], model.arrays["term_weight"])
        self._phrases: list[dict[str, Any]] = list(model.facts["phrases"])
        self._book = PhraseBook([one["phrase"] for one in self._phrases])
        self._known = frozenset(model.facts["known"])

    def advise(
        self,
        text: str,
        kind: str,
        *,
        chance: random.Random,
        apart_from: tuple[str, int] | None = None,
        most: int = 3,
        trial_share: float = TRIAL_SHARE,
    ) -> Advised:
        """Advise on a prompt.

        Of the 40 approved prompts that are most alike those are suggested whose first attempt is predicted
        to be approved most surely. Each place goes with the chance ``trial_share`` to the one that wins a
        draw from the posteriors instead (Thompson 1933, Biometrika 25:285).

        Args:
            text: The prompt's own words, perhaps none.
            kind: "keyframe" or "video".
            chance: Decides what is tried.
            apart_from: Stream and segment that the prompt is for: its own earlier words are no suggestion.
            most: How many prompts, and how many phrases.
        """
        alike, nearest = self._nearest(text, kind)
        found = set(self._book.find(text))
        rng = np.random.default_rng(chance.getrandbits(64))
        places = [chance.random() < trial_share for _ in range(2 * most)]
        near = [number for number in nearest if alike[number] >= LEAST_ALIKE]
        return Advised(
            own=self._own(text, kind),
            prompts=self._prompts(text, near, alike, apart_from, (places[:most], rng)),
            to_add=self._to_add(found, kind, near, (places[most:], rng)),
            in_prompt=self._in_prompt(found),
            makers=self._makers(near),
            n_alike=len(near),
        )

    def prompts_with(self, phrase: str, most: int) -> list[PromptSuggestion]:
        """Return the prompts with a listed phrase, those judged most often first; [] for an unknown one."""
        for number, known in enumerate(self._book.phrases):
            if known == phrase:
                first, last = self.model.arrays["phrase_start"][number : number + 2]
                places = np.asarray(self.model.arrays["phrase_prompt"][first:last], dtype=np.int64)
                order = np.argsort(-self.model.arrays["n"][places], kind="stable")[:most]
                return [self._prompt(int(place), 0.0) for place in places[order]]
        return []

    def _nearest(self, text: str, kind: str) -> tuple[npt.NDArray[np.float64], Numbers]:
        arrays = self.model.arrays
        n = len(arrays["kind"])
        places, values = weigh(text, self._vocabulary)
        if not len(places) or not n:
            return np.zeros(n), np.zeros(0, dtype=np.int64)
        ends = [(arrays["term_start"][place], arrays["term_start"][place + 1]) for place in places]
        prompts = np.concatenate([arrays["term_prompt"][first:last] for first, last in ends])
        weights = np.concatenate(
            [
                value * arrays["term_value"][first:last]
                for value, (first, last) in zip(values, ends, strict=True)
            ]
        )
        alike = np.bincount(prompts, weights, n)
        wanted = np.where(arrays["kind"] == _KINDS.index(kind), alike, 0.0)
        top = np.argpartition(-wanted, min(4 * NEAREST, n - 1))[: 4 * NEAREST]
        top = top[wanted[top] > 0]
        order = np.argsort(-wanted[top], kind="stable")[:NEAREST]
        return alike.astype(np.float64), top[order].astype(np.int64)

    def _own(self, text: str, kind: str) -> tuple[float, float, float] | None:
        if not text.strip() or not self.model.facts["is_predictive"]:
            return None
        places, values = weigh(text, self._vocabulary)
        odds = self.model.facts["intercepts"][_KINDS.index(kind)]
        odds += float(values @ self.model.arrays["coefficients"][places])
        mean = 0.5 * (1 + float(np.tanh(odds / 2)))
        grid = np.linspace(0, 1, len(self.model.arrays["grid_low"]))
        low, high = (
            float(np.interp(mean, grid, self.model.arrays[name])) for name in ("grid_low", "grid_high")
        )
        return mean, low, high

    def _prompts(
        self,
        text: str,
        near: Sequence[int],
        alike: npt.NDArray[np.float64],
        apart_from: tuple[str, int] | None,
        trials: tuple[list[bool], np.random.Generator],
    ) -> tuple[PromptSuggestion, ...]:
        arrays = self.model.arrays
        approved = [int(number) for number in near if arrays["k"][number] > 0]
        candidates = [self._prompt(number, float(alike[number])) for number in approved]
        left = [
            one
            for one in candidates
            if one.text.strip() != text.strip() and (one.stream_id, one.segment_id) != apart_from
        ]
        m = float(self.model.facts["concentration"])
        priors = dict(zip([one.version_id for one in candidates], arrays["prior"][approved], strict=True))
        shown: list[PromptSuggestion] = []
        for is_trial in trials[0]:
            if not left:
                break
            best = max(left, key=lambda one: one.predicted)
            if is_trial:
                prior = np.array([priors[one.version_id] for one in left], dtype=np.float64)
                k, n = np.array([one.k for one in left]), np.array([one.n for one in left])
                drawn = trials[1].beta(
                    np.maximum(prior * m + k, 1e-3), np.maximum((1 - prior) * m + n - k, 1e-3)
                )
                best = left[int(np.argmax(drawn))]
            left.remove(best)
            shown.append(_as_trial(best) if is_trial else best)
        return tuple(shown)

    def _prompt(self, number: int, alike: float) -> PromptSuggestion:
        arrays, streams = self.model.arrays, self.model.facts["streams"]
        return PromptSuggestion(
            text=self.model.text(number),
            predicted=float(arrays["mean"][number]),
            low=float(arrays["low"][number]),
            high=float(arrays["high"][number]),
            k=int(arrays["k"][number]),
            n=int(arrays["n"][number]),
            alike=min(1.0, alike),
            stream_id=str(streams[int(arrays["source_stream"][number])]),
            segment_id=int(arrays["source_segment"][number]),
            version_id=int(arrays["source_version"][number]),
            kind=_KINDS[int(arrays["kind"][number])],
        )

    def _to_add(
        self,
        found: set[int],
        kind: str,
        near: Sequence[int],
        trials: tuple[list[bool], np.random.Generator],
    ) -> tuple[PhraseSuggestion, ...]:
        if not self.model.facts["is_enough"]:
            return ()
        around = {number for place in near for number in self._book.find(self.model.text(int(place)))}
        left = [
            number
            for number, one in enumerate(self._phrases)
            if number not in found
            and one[f"n_{kind}"] >= FEWEST_OF_KIND
            and one["odds_ratio"] is not None
            and one["verdict"] != HURTS
            and (one["phrase"] in self._known or number in around)
        ]
        shown = []
        for is_trial in trials[0]:
            sure = [number for number in left if self._phrases[number]["verdict"] == HELPS]
            # what is tried is said of camera, light or style: a subject would be another picture
            open_ones = [number for number in left if self._phrases[number]["phrase"] in self._known]
            if is_trial and open_ones:
                best = open_ones[int(np.argmax(self._drawn(open_ones, trials[1])))]
            elif sure:
                best = max(sure, key=lambda number: float(self._phrases[number]["odds_low"]))
            else:
                continue
            left.remove(best)
            shown.append(PhraseSuggestion(self._phrases[best], is_trial))
        return tuple(shown)

    def _drawn(self, numbers: Sequence[int], rng: np.random.Generator) -> npt.NDArray[np.float64]:
        """Draw an effect for each phrase from what is known of it."""
        odds = np.log([self._phrases[number]["odds_ratio"] for number in numbers])
        wide = np.log([self._phrases[number]["odds_high"] for number in numbers]) - odds
        drawn: npt.NDArray[np.float64] = rng.normal(odds, wide / 1.96)
        return drawn

    def _in_prompt(self, found: set[int]) -> tuple[PhraseSuggestion, ...]:
        known = [
            self._phrases[number] for number in found if self._phrases[number]["verdict"] in (HELPS, HURTS)
        ]
        return tuple(PhraseSuggestion(one) for one in sorted(known, key=lambda one: one["odds_ratio"]))

    def _makers(self, near: Sequence[int]) -> tuple[MakerEvidence, ...]:
        from director_lib.metrics.intervals import wilson

        arrays, counts = self.model.arrays, dict[int, list[int]]()
        for place in near:
            for at in range(int(arrays["setting_start"][place]), int(arrays["setting_start"][place + 1])):
                count = counts.setdefault(int(arrays["setting"][at]), [0, 0])
                count[0] += int(arrays["setting_k"][at])
                count[1] += int(arrays["setting_n"][at])
        made = []
        for number, (k, n) in counts.items():
            named = self.model.facts["settings"][number]
            if named["setting"]:
                low, high = wilson(k, n)
                made.append(
                    MakerEvidence(
                        named["setting"], named["engine"], named["model"], k, n, float(low), float(high)
                    )
                )
        # by what is sure, so that one lucky attempt does not come first
        return tuple(sorted(made, key=lambda one: (-one.low, -one.n, one.setting))[:4])


def _as_trial(one: PromptSuggestion) -> PromptSuggestion:
    return replace(one, is_trial=True)
