"""Advice from earlier decisions: what helped, what is alike, what became of it. It never acts."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from director_lib.advice.model import advice_folder, current_id, find_model, read_facts
from director_lib.domain.people import Action
from director_lib.domain.version import Kind
from director_lib.store.assets import ensure_asset
from director_lib.store.suggestions import (
    PHRASE,
    PROMPT,
    NewSuggestion,
    ShownSuggestion,
    add_suggestions,
    count_suggestions,
    list_newest_suggestions,
    record_taken,
)
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

if TYPE_CHECKING:
    from director_lib.advice.advised import Advised, PromptSuggestion
    from director_lib.advice.suggesting import Adviser

_MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """Advice as it was recorded.

    Attributes:
        prompt_ids: The suggestions' ids, in the order of ``advised.prompts``.
        phrase_ids: The same of ``advised.to_add``.
    """

    advised: Advised
    prompt_ids: tuple[int, ...]
    phrase_ids: tuple[int, ...]


class Advice:
    """What earlier decisions say about prompts, engines and models."""

    def __init__(self, studio: Studio, streams: Streams, chance: random.Random | None = None) -> None:
        self._studio = studio
        self._streams = streams
        self._chance = chance or random.Random()
        self._adviser: Adviser | None = None

    def facts(self) -> dict[str, Any]:
        """Return what was learned, see ``director_lib.advice.fitting``; {} when nothing was yet."""
        self._studio.require(Action.VIEW)
        return read_facts(advice_folder(self._studio.settings.data_dir))

    def learned_id(self) -> str:
        """Return the id of what was learned, new each time; "" when nothing was yet."""
        self._studio.require(Action.VIEW)
        return current_id(advice_folder(self._studio.settings.data_dir))

    def for_prompt(self, text: str, kind: Kind) -> Advised | None:
        """Advise on any words, without a record; None when nothing was learned yet."""
        self._studio.require(Action.VIEW)
        adviser = self._current()
        return adviser.advise(text, kind.value, chance=self._chance, trial_share=0.0) if adviser else None

    def for_segment(self, stream_id: str, segment_id: int, kind: Kind) -> Shown | None:
        """Advise on the prompt of a still or clip, and record what is shown to whom.

        Returns:
            None when nothing was learned yet; nothing is recorded then.

        Raises:
            NotFoundError: There is no such stream or segment.
        """
        self._studio.require(Action.GENERATE)
        segment = self._streams.get(stream_id).get_segment(segment_id)
        adviser = self._current()
        if adviser is None:
            return None
        text = segment.image_prompt if kind is Kind.KEYFRAME else segment.motion_prompt
        advised = adviser.advise(text, kind.value, chance=self._chance, apart_from=(stream_id, segment_id))
        new = _records(advised, adviser.model.id)
        ids: list[int] = []
        if new:
            now, reader = self._studio.clock(), self._studio.actor.username
            with self._studio.database.write() as connection:
                asset_id = ensure_asset(connection, stream_id, segment_id, kind, now=now)
                ids = add_suggestions(connection, asset_id, new, reader, now)
        n_prompts = len(advised.prompts)
        return Shown(advised, tuple(ids[:n_prompts]), tuple(ids[n_prompts:]))

    def take(self, suggestion_ids: Sequence[int], task_id: str | None = None) -> None:
        """Record that the acting person put suggestions into a prompt, and the task that was then asked for.

        Suggestions that were shown to somebody else are left alone.
        """
        self._studio.require(Action.GENERATE)
        with self._studio.database.write() as connection:
            me, now = self._studio.actor.username, self._studio.clock()
            record_taken(connection, list(suggestion_ids), me, now, task_id)

    def prompts_with(self, phrase: str) -> list[PromptSuggestion]:
        """Return the prompts behind a phrase's numbers, those judged most often first; at most 50."""
        self._studio.require(Action.VIEW)
        adviser = self._current()
        return adviser.prompts_with(phrase, _MOST_ROWS) if adviser else []

    def shown(self, limit: int = _MOST_ROWS) -> list[ShownSuggestion]:
        """Return the suggestions that were shown last, newest first."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_newest_suggestions(connection, limit)

    def counts(self) -> tuple[int, int, int]:
        """Count the suggestions that were shown, taken, and sent to be made."""
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return count_suggestions(connection)

    def learn(self) -> dict[str, Any]:
        """Learn anew, here and now; the worker does it by itself when enough was decided.

        Returns:
            What was learned; see ``facts``.

        Raises:
            StorageError: It cannot be written; what was learned before stays.
        """
        from director_lib.tasks.advising import learn

        self._studio.require(Action.RUN_BATCH)
        return learn(self._studio.settings, self._studio.database, self._studio.clock())

    def _current(self) -> Adviser | None:
        from director_lib.advice.suggesting import Adviser

        folder = advice_folder(self._studio.settings.data_dir)
        if self._adviser is None or self._adviser.model.id != current_id(folder):
            model = find_model(folder)
            self._adviser = Adviser(model) if model else None
        return self._adviser


def _records(advised: Advised, model_id: str) -> list[NewSuggestion]:
    prompts = [
        NewSuggestion(PROMPT, one.text, place, one.predicted, one.is_trial, model_id, one.version_id)
        for place, one in enumerate(advised.prompts)
    ]
    phrases = [
        NewSuggestion(
            PHRASE, one.facts["phrase"], place, float(one.facts["odds_ratio"]), one.is_trial, model_id
        )
        for place, one in enumerate(advised.to_add)
    ]
    return prompts + phrases
