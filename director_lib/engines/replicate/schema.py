"""What a model takes: read from its OpenAPI schema, because it differs from model to model and changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

_REFERENCE = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Slot:
    """One input of a model.

    Attributes:
        choices: The values it takes; empty when any will do.
        least: Smallest number.
        most: Largest number.
        most_items: How many a list takes.
    """

    is_list: bool = False
    choices: tuple[object, ...] = ()
    least: float | None = None
    most: float | None = None
    most_items: int | None = None


@dataclass(frozen=True, slots=True)
class ModelSchema:
    """A model's inputs.

    Attributes:
        needed: Inputs without which it refuses.
        version: To be named when ordering; None for a model that is ordered by its name.
    """

    slots: Mapping[str, Slot]
    needed: frozenset[str] = frozenset()
    version: str | None = field(default=None)

    def find_key(self, names: tuple[str, ...]) -> str | None:
        """Return the first of the names that the model has, or None."""
        return next((name for name in names if name in self.slots), None)


def read_schema(body: Mapping[str, object]) -> ModelSchema | None:
    """Return the inputs of a model or version as Replicate describes it; None when it does not.

    Args:
        body: Answer to ``GET /v1/models/{owner}/{name}`` or ``…/versions/{id}``.
    """
    version = _mapping(body.get("latest_version")) or body
    components = _mapping(_mapping(version.get("openapi_schema")).get("components"))
    schemas = _mapping(components.get("schemas"))
    inputs = _mapping(schemas.get("Input"))
    properties = {
        name: _resolve(_mapping(described), schemas)
        for name, described in _mapping(inputs.get("properties")).items()
    }
    usable = {name: item for name, item in properties.items() if not _is_deprecated(item)}
    if not usable:
        return None
    required = inputs.get("required")
    needed = (
        frozenset(name for name in required if isinstance(name, str)) if isinstance(required, list) else ()
    )
    # an official model is ordered by its name; a model of the community by its version only
    version_id = (
        version.get("id") if body.get("is_official") is False or "latest_version" not in body else None
    )
    return ModelSchema(
        {name: _slot(item) for name, item in usable.items()},
        frozenset(needed) & usable.keys(),
        version_id if isinstance(version_id, str) else None,
    )


def _resolve(described: Mapping[str, object], schemas: Mapping[str, object]) -> Mapping[str, object]:
    """Merge what a property refers to: choices are described apart, optional ones beside “null”."""
    merged: dict[str, object] = {}
    for key in ("allOf", "anyOf", "oneOf"):
        parts = described.get(key)
        for part in parts if isinstance(parts, list) else []:
            merged |= {
                name: value
                for name, value in _resolve(_mapping(part), schemas).items()
                if not (name == "type" and value == "null")
            }
    reference = described.get("$ref")
    if isinstance(reference, str):
        merged |= _mapping(schemas.get(reference.removeprefix(_REFERENCE)))
    return merged | dict(described)


def _slot(item: Mapping[str, object]) -> Slot:
    choices = item.get("enum")
    n_items = item.get("maxItems")
    return Slot(
        item.get("type") == "array",
        tuple(choices) if isinstance(choices, list) else (),
        _number(item.get("minimum")),
        _number(item.get("maximum")),
        n_items if isinstance(n_items, int) else None,
    )


def _is_deprecated(item: Mapping[str, object]) -> bool:
    return item.get("deprecated") is True or "deprecated" in str(item.get("description", "")).lower()


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
