"""What is advised for one prompt, with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PromptSuggestion:
    """A prompt like the asked one that was approved.

    Attributes:
        predicted: Chance of approval at the first attempt, with the 95 % interval ``low`` to ``high``.
        k, n: How often it was approved, of how many attempts that were judged.
        alike: Cosine of the weighed words, 0 to 1.
        is_trial: Whether it is shown because little is known of it.
    """

    text: str
    predicted: float
    low: float
    high: float
    k: int
    n: int
    alike: float
    stream_id: str
    segment_id: int
    version_id: int
    kind: str
    is_trial: bool = False


@dataclass(frozen=True, slots=True)
class PhraseSuggestion:
    """A phrase, with all that is known of its effect; ``facts`` is its row in the table of effects."""

    facts: dict[str, Any]
    is_trial: bool = False


@dataclass(frozen=True, slots=True)
class MakerEvidence:
    """How an engine with its model and parameters did with prompts like the asked one."""

    setting: str
    engine: str
    model: str
    k: int
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Advised:
    """Everything that is advised for one prompt.

    Attributes:
        own: Predicted approval of the prompt as it stands, with its 95 % interval; None without a prompt, or
        when
            too little is known.
        to_add: Phrases that helped and that the prompt lacks.
        in_prompt: Phrases of the prompt that helped or hurt.
        n_alike: How many prompts were found that are like it.
    """

    own: tuple[float, float, float] | None = None
    prompts: tuple[PromptSuggestion, ...] = ()
    to_add: tuple[PhraseSuggestion, ...] = ()
    in_prompt: tuple[PhraseSuggestion, ...] = ()
    makers: tuple[MakerEvidence, ...] = ()
    n_alike: int = 0
