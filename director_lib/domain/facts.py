"""What is known of a version, in words, and how two versions differ fact by fact."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from director_lib.domain.how_many import how_many
from director_lib.domain.prompt import DiffPart, word_diff
from director_lib.domain.version import Origin, Version

_ORIGINS = {
    Origin.GENERATED: "made by an engine",
    Origin.FOUND: "found on disk",
    Origin.RESTORED: "restored",
}
_PROMPTS = ("image_prompt", "motion_prompt", "negative_prompt")
_AGES = ((86_400, "day"), (3600, "hour"), (60, "minute"))


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is known of a version.

    Attributes:
        name: Stable, for programs ("seed", "params.fps").
        label: For people.
        text: The value as people read it; "" when it is not known.
    """

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class FactDifference:
    """One fact of two versions.

    Attributes:
        before: The first version's value; "" when it is not known.
        after: The second version's value.
        words: What changed, word by word, where a prompt differs; else empty.
    """

    name: str
    label: str
    before: str
    after: str
    equal: bool
    words: tuple[DiffPart, ...] = ()


def version_facts(version: Version, source: Version | None, now: datetime) -> tuple[Fact, ...]:
    """Return everything known of a version, always with the same names in the same order.

    Only the engine's own parameters differ from version to version; they come one by one.

    Args:
        source: The keyframe version that a clip was made from.
        now: Aware UTC instant that the age is counted to.
    """
    made_of = version.provenance
    named = (
        ("image_prompt", "Image prompt", made_of.image_prompt),
        ("motion_prompt", "Motion prompt", made_of.motion_prompt),
        ("negative_prompt", "Negative prompt", made_of.negative_prompt),
        ("engine", "Engine", made_of.engine),
        ("model", "Model", made_of.model),
        ("seed", "Seed", made_of.seed),
        *((f"params.{key}", key.replace("_", " "), _value(value)) for key, value in made_of.params.items()),
        ("source", "Made from", _keyframe(source)),
        ("references", "References", ", ".join(sha256[:12] for sha256 in made_of.reference_sha256s)),
        ("dimensions", "Dimensions", f"{version.width} × {version.height}" if version.width else None),
        ("duration", "Duration", f"{version.duration_s:.2f} s" if version.duration_s else None),
        ("size", "Size", f"{version.size_bytes:,} bytes"),
        ("format", "Format", version.extension.removeprefix(".")),
        ("cost", "Cost", None if version.origin is Origin.FOUND else _money(made_of.cost_usd)),
        ("author", "By", made_of.author),
        ("task", "Task", made_of.task_id),
        ("origin", "Origin", _ORIGINS[version.origin]),
        ("found_as", "Found as", made_of.found_as),
        ("found_at", "First seen", _instant(made_of.found_at)),
        ("created_at", "Made", _instant(version.created_at)),
        ("age", "Age", _age(now, version.created_at)),
        ("sha256", "SHA-256", version.sha256),
    )
    return tuple(Fact(name, label, "" if value is None else str(value)) for name, label, value in named)


def compare_facts(before: Sequence[Fact], after: Sequence[Fact]) -> list[FactDifference]:
    """Compare two versions' facts; those that neither version knows are left out.

    Returns:
        One entry per fact, in the first version's order; what only the second has stands where it has it.
    """
    old = {fact.name: fact for fact in before}
    new = {fact.name: fact for fact in after}
    named = [new.get(name) or old[name] for name in _merged(list(old), list(new))]
    pairs = [(fact, _text(old, fact.name), _text(new, fact.name)) for fact in named]
    return [_difference(fact, was, now) for fact, was, now in pairs if was or now]


def facts_as_text(title: str, facts: Iterable[Fact]) -> str:
    """Write what is known of a version as plain text, one fact a line."""
    return "\n".join([title, *(f"{fact.label}: {fact.text}" for fact in facts if fact.text)])


def _difference(fact: Fact, before: str, after: str) -> FactDifference:
    is_prompt = fact.name in _PROMPTS and before != after
    words = tuple(word_diff(before, after)) if is_prompt else ()
    return FactDifference(fact.name, fact.label, before, after, before == after, words)


def _merged(old: list[str], new: list[str]) -> list[str]:
    """Merge two lists of names, so that what only the second has stays behind its neighbour there."""
    merged = list(old)
    for index, name in enumerate(new):
        if name not in merged:
            place = merged.index(new[index - 1]) + 1 if index else 0
            merged.insert(place, name)
    return merged


def _text(facts: dict[str, Fact], name: str) -> str:
    return facts[name].text if name in facts else ""


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _keyframe(source: Version | None) -> str | None:
    return None if source is None else f"keyframe version {source.number} ({source.sha256[:12]})"


def _money(cost_usd: float) -> str:
    whole, _, cents = f"{cost_usd:.4f}".partition(".")
    return f"${whole}.{cents[:2]}{cents[2:].rstrip('0')}"


def _instant(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _age(now: datetime, at: datetime) -> str:
    seconds = max(0, int((now - at).total_seconds()))
    for length_s, unit in _AGES:
        if count := seconds // length_s:
            return how_many(count, unit)
    return "less than a minute"
