"""Which models there are to choose from, and which are refused before anything is sent."""

from __future__ import annotations

from director_lib.domain.version import Kind
from director_lib.engines.catalog import TYPICAL_CLIP_S, ModelOffer, typical_request
from director_lib.engines.replicate.inputs import most_references as most_of_schema
from director_lib.engines.replicate.models import KNOWN, find_known_kind, find_known_schema, replacement
from director_lib.engines.replicate.options import MODEL_NAME, ReplicateOptions
from director_lib.engines.replicate.quoting import quote_price
from director_lib.errors import ConfigError, InputError

_SETTINGS = {Kind.KEYFRAME: "DIRECTOR_REPLICATE_IMAGE_MODEL", Kind.VIDEO: "DIRECTOR_REPLICATE_VIDEO_MODEL"}
_NOUNS = {Kind.KEYFRAME: "stills", Kind.VIDEO: "clips"}


def list_offers(options: ReplicateOptions, kind: Kind) -> tuple[ModelOffer, ...]:
    """List the models known for a kind, the one in use first."""
    usual = options.model_for(kind)
    known = [name for name in KNOWN if find_known_kind(name) is kind]
    return tuple(_offer(options, kind, name) for name in dict.fromkeys(([usual] if usual else []) + known))


def check_model(options: ReplicateOptions, kind: Kind, model: str) -> None:
    """Refuse what is no name of a model, or a model that is known to make something else.

    Which models are gone, only Replicate knows: an order for one is refused at no charge, with another named.

    Args:
        model: Empty for the one in use.

    Raises:
        InputError: The model that was asked for is.
        ConfigError: The model that the settings name is.
    """
    name = model or options.model_for(kind) or ""
    if name and not MODEL_NAME.fullmatch(name):
        raise InputError(
            f"“{name[:80]}” is no name of a model at Replicate. Nothing was queued. Give owner and name as "
            f"on its page, such as {replacement('', kind)}."
        )
    made = find_known_kind(name)
    if made is not None and made is not kind:
        why = (
            f"Replicate's model “{name}” makes no {_NOUNS[kind]}. Nothing was queued. Choose another one, "
            f"such as {replacement('', kind)}."
        )
        raise InputError(why) if model else ConfigError(f"{why} It is what {_SETTINGS[kind]} names.")


def most_references(options: ReplicateOptions, kind: Kind, model: str) -> int:
    """Tell how many further pictures a model takes; a clip's keyframe shows them already."""
    name = model or options.model_for(kind)
    return most_of_schema(find_known_schema(name)) if kind is Kind.KEYFRAME and name else 0


def _offer(options: ReplicateOptions, kind: Kind, name: str) -> ModelOffer:
    request = typical_request("replicate", kind, name)
    estimate = quote_price(request, options.for_request(request))
    n_paid = 1.0 if kind is Kind.KEYFRAME else TYPICAL_CLIP_S
    return ModelOffer(
        name,
        round(estimate.usd / n_paid, 6),
        estimate.is_guess,
        most_references(options, kind, name),
        _longest_s(name) if kind is Kind.VIDEO else None,
        name == options.model_for(kind),
    )


def _longest_s(name: str) -> float | None:
    schema = find_known_schema(name)
    slot = schema.slots.get("duration") if schema else None
    numbers = [float(choice) for choice in slot.choices if isinstance(choice, int | float)] if slot else []
    return max(numbers, default=None)
