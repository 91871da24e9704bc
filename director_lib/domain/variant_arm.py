"""One side of a comparison: how one of several versions to choose from differs from the others."""

from __future__ import annotations

from dataclasses import dataclass

WITHHELD = "withheld until it is chosen"
"""Stands for what nobody may be told of a version that is to be chosen from blind."""


@dataclass(frozen=True, slots=True)
class Arm:
    """How one version of a set is made; what is None or empty is as for the segment.

    Attributes:
        engine: Its engine; with it goes ``model``.
        model: The engine's model; "" for the engine's own.
        prompt: The segment's own prompt for this version, before the stream's suffix.
        preset: Name of the preset whose words are added at the end of the prompt.
        preset_text: Those words.
    """

    engine: str | None = None
    model: str = ""
    prompt: str | None = None
    preset: str = ""
    preset_text: str = ""


@dataclass(frozen=True, slots=True)
class VariantPlace:
    """Where one version of a set is shown.

    Attributes:
        position: 1 for the first place on the page.
        seed: Its seed, which no other version of the set has: it says which task makes it.
        prompt: The prompt of its own, with the preset's words in it; None when it is the segment's.
        preset: Name of the preset that was added; "" for none.
    """

    position: int
    seed: int
    prompt: str | None = None
    preset: str = ""
