"""What is known of a version before anybody judges it, as named numbers; and its score, in plain Python."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

_MOST_ATTEMPTS = 5
_MOST_FINDINGS = 3
_WORD = re.compile(r"\w[\w'’-]+")
_ENDS = re.compile(r"[,;.\n]+")


@dataclass(frozen=True, slots=True)
class Judgeable:
    """A version as it is known before it is judged.

    Attributes:
        attempt: Its 1-based place among its asset's versions.
        prompt: What a still, or a clip's motion, was asked for with; "" when nobody knows.
        findings: Codes of what the automatic look found.
        n_serious: How many of these are serious.
        has_older_keyframe: Whether it is a clip of a keyframe that was replaced meanwhile.
    """

    version_id: int
    stream_id: str
    kind: str
    engine: str = ""
    model: str = ""
    origin: str = "generated"
    attempt: int = 1
    prompt: str = ""
    findings: tuple[str, ...] = ()
    n_serious: int = 0
    has_older_keyframe: bool = False


def features_of(version: Judgeable) -> dict[str, float]:
    """Describe a version by named numbers, most of them 0 to 1; what is absent is 0.

    The stream is one of them, so that its own rate of approval counts, drawn towards the studio's by the
    model's regularisation. Who will judge it is none: the score is the same for everybody.
    """
    attempt = min(version.attempt, _MOST_ATTEMPTS)
    found = {
        f"kind={version.kind}": 1.0,
        f"origin={version.origin}": 1.0,
        f"engine={version.engine}": 1.0,
        f"stream={version.stream_id}": 1.0,
        f"attempt={attempt}": 1.0,
        "attempts": math.log(max(version.attempt, 1)),
        "findings": min(len(version.findings), _MOST_FINDINGS) / _MOST_FINDINGS,
        "serious findings": min(version.n_serious, _MOST_FINDINGS) / _MOST_FINDINGS,
        "older keyframe": float(version.has_older_keyframe),
        "words in the prompt": math.log1p(len(version.prompt.split())) / 4,
    }
    if version.model:
        found[f"model={version.engine} · {version.model}"] = 1.0
    found |= {f"finding={code}": 1.0 for code in version.findings}
    said = version.prompt.casefold()
    found |= {f"word={word}": 1.0 for word in _WORD.findall(said)}
    phrases = (" ".join(part.split()) for part in _ENDS.split(said))
    found |= {f"phrase={phrase}": 1.0 for phrase in phrases if " " in phrase}
    return {name: value for name, value in found.items() if value}


def score_of(version: Judgeable, weights: Mapping[str, object]) -> float:
    """Return the probability that a version will not be approved, by what was learned.

    Args:
        weights: ``features`` (name to weight), ``intercept``, and Platt's ``slope`` and ``shift``.
    """
    known = weights["features"]
    assert isinstance(known, Mapping)
    margin = _number(weights, "intercept")
    margin += sum(value * known[name] for name, value in features_of(version).items() if name in known)
    margin = _number(weights, "slope") * margin + _number(weights, "shift")
    return 1 / (1 + math.exp(-max(-700.0, min(700.0, margin))))


def _number(weights: Mapping[str, object], name: str) -> float:
    value = weights[name]
    assert isinstance(value, (int, float))
    return float(value)
