"""What there is to choose from: the models of an engine, what they cost and what they take.

Engines without models of their own, such as ``local``, have none of these methods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.protocol import Engine
from director_lib.errors import InputError

TYPICAL_CLIP_S = 5.0


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model that files can be made with.

    Attributes:
        name: Empty for an engine that has no models.
        usd: Price of a typical still, or of a second of a typical clip.
        is_guess: Whether the price is a high guess, because nobody knows it.
        most_references: How many further pictures go along with a request.
        longest_s: Longest clip; None where nothing is known, and for stills.
        is_default: Whether it is used when no model is named.
    """

    name: str
    usd: float
    is_guess: bool = False
    most_references: int = 0
    longest_s: float | None = None
    is_default: bool = True


@runtime_checkable
class Catalogued(Protocol):
    """An engine with models to choose from. Nothing here asks the provider."""

    def models(self, kind: Kind) -> tuple[ModelOffer, ...]:
        """List the models known for a kind, the one in use first."""
        ...

    def check_model(self, kind: Kind, model: str) -> None:
        """Refuse a model that surely cannot make the kind; an unknown one may.

        Args:
            model: Empty for the one that the settings name.

        Raises:
            InputError: It is retired, makes something else, or is no model's name.
            ConfigError: The same of the settings' model.
        """
        ...

    def references_taken(self, request: GenerationRequest) -> int:
        """Tell how many further pictures the request's model takes."""
        ...


@runtime_checkable
class Reachable(Protocol):
    """An engine whose provider can be asked whether it lets this account in."""

    def check_access(self) -> str:
        """Ask the provider, with one call that costs nothing and a short wait.

        Returns:
            What it said, in a few words.

        Raises:
            ConfigError: The key is missing or refused, or the model is gone.
            EngineBusyError: The provider cannot be reached, or has no time.
            EngineError: It refuses for another reason.
        """
        ...


def models_of(engine: Engine, kind: Kind) -> tuple[ModelOffer, ...]:
    """List the models of an engine for a kind, the one in use first; one without a name when it has none."""
    if isinstance(engine, Catalogued):
        return engine.models(kind)
    usd = engine.price_usd(typical_request(engine.name, kind))
    each = usd if kind is Kind.KEYFRAME else usd / TYPICAL_CLIP_S
    return (ModelOffer("", round(each, 6), most_references=engine.capabilities().most_references),)


def check_model(engine: Engine, kind: Kind, model: str) -> None:
    """Refuse a model that surely cannot make the kind.

    Args:
        model: Empty for the one that the engine uses by itself.

    Raises:
        InputError: The engine has no models, or this one is retired, makes something else, or is no name.
        ConfigError: The model that the settings name is retired.
    """
    if isinstance(engine, Catalogued):
        engine.check_model(kind, model)
    elif model:
        raise InputError(
            f"The engine “{engine.name}” has no models to choose from, so “{model}” cannot be used. Leave "
            "the model out, or choose another engine."
        )


def references_taken(engine: Engine, request: GenerationRequest) -> int:
    """Tell how many further pictures an engine takes with a request."""
    if isinstance(engine, Catalogued):
        return engine.references_taken(request)
    return engine.capabilities().most_references


def typical_request(engine: str, kind: Kind, model: str = "") -> GenerationRequest:
    """Return a request as most are, to tell prices by."""
    return GenerationRequest(
        stream_id="",
        segment_id=0,
        kind=kind,
        engine=engine,
        image_prompt="",
        duration_s=TYPICAL_CLIP_S,
        model=model,
    )
