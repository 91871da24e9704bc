"""What a job's record says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from director_lib.domain.version import Kind
from director_lib.engines.remote import RemoteState, RemoteStatus
from director_lib.engines.replicate.fitting import lines_of
from director_lib.engines.replicate.options import ReplicateOptions
from director_lib.engines.replicate.prices import estimate

_STATES = {
    "starting": RemoteState.WAITING,
    "queued": RemoteState.WAITING,
    "processing": RemoteState.RUNNING,
    "succeeded": RemoteState.SUCCEEDED,
    "failed": RemoteState.FAILED,
    "canceled": RemoteState.CANCELLED,
    "aborted": RemoteState.CANCELLED,
}
_PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
_PERCENT = re.compile(r"(\d{1,3})%\|")
_MOST_LOG_LINES = 200
_LONGEST_WORDS = 300
_FILTERED = ("sensitive", "nsfw", "flagged", "moderation", "safety", "e005", "content policy")


def read_status(prediction: Mapping[str, object], options: ReplicateOptions) -> RemoteStatus:
    """Turn a job's record into where it stands."""
    said = prediction.get("status")
    # a state that is not known yet has ended when the record says so
    unknown = RemoteState.FAILED if prediction.get("completed_at") else RemoteState.RUNNING
    state = _STATES.get(said, unknown) if isinstance(said, str) else unknown
    log = _log_lines(prediction.get("logs"))
    percent = 100.0 if state is RemoteState.SUCCEEDED else _percent(log)
    return RemoteStatus(
        state, percent, _message(state, said, prediction), _billed(state, said, prediction, options), log
    )


def cost_usd(prediction: Mapping[str, object], options: ReplicateOptions, kind: Kind | None = None) -> float:
    """Work out what a finished job costs from what it was given and made.

    Args:
        kind: What it made; worked out from its record when None.
    """
    kind = kind or expected_kind(prediction, options) or _made(prediction)
    model = str(prediction.get("model") or options.model_for(kind) or "")
    given, metrics = _mapping(prediction.get("input")), _mapping(prediction.get("metrics"))
    seconds = _number(metrics.get("video_output_duration_seconds")) or _number(given.get("duration"))
    lines = lines_of(given.get("resolution"))
    # a clip whose record does not tell is taken as ten seconds: never cheaper than it was
    rough = estimate(
        model, kind, duration_s=seconds or 10.0, lines=lines or 10_000, own_usd=options.prices_usd
    )
    return round(rough.usd, 6)


def _billed(
    state: RemoteState, said: object, prediction: Mapping[str, object], options: ReplicateOptions
) -> float | None:
    if said == "aborted":
        return 0.0
    return cost_usd(prediction, options) if state is RemoteState.SUCCEEDED else None


def _message(state: RemoteState, said: object, prediction: Mapping[str, object]) -> str:
    if said == "aborted":
        return "It was stopped before it began; nothing was charged. Retry the task to have it made."
    if state is RemoteState.CANCELLED:
        return (
            "It was stopped while it ran, or took too long; what ran may have been charged. Retry the task."
        )
    if state is not RemoteState.FAILED:
        return ""
    words = " ".join(str(prediction.get("error") or "the model gave no reason").split())[:_LONGEST_WORDS]
    if any(word in words.lower() for word in _FILTERED):
        return (
            f"The model's filter refused it: “{words}”. The version before stays. "
            "Change the prompt or the keyframe, then retry the task; some models charge refused runs."
        )
    return (
        f"The model failed: “{words}”. The version before stays. Retry the task; "
        "if it fails again, change the prompt or the model. Some models charge failed runs."
    )


def _log_lines(logs: object) -> tuple[str, ...]:
    lines = re.split(r"[\r\n]+", logs) if isinstance(logs, str) else []
    return tuple(line.rstrip() for line in lines if line.strip())[-_MOST_LOG_LINES:]


def _percent(log: tuple[str, ...]) -> float | None:
    found = [number for line in log for number in _PERCENT.findall(line)]
    return min(100.0, float(found[-1])) if found else None


def expected_kind(prediction: Mapping[str, object], options: ReplicateOptions) -> Kind | None:
    """Return what a job's model makes; None for a model that is neither used here nor known."""
    model = prediction.get("model")
    return options.find_kind(model) if isinstance(model, str) else None


def _made(prediction: Mapping[str, object]) -> Kind:
    """Tell by the names of a finished job's files what it made; a clip when they do not tell."""
    output = prediction.get("output")
    names = output if isinstance(output, list) else [output]
    is_still = any(str(name).partition("?")[0].lower().endswith(_PICTURE_ENDINGS) for name in names)
    return Kind.KEYFRAME if is_still else Kind.VIDEO


def _number(value: object) -> float | None:
    try:
        return float(str(value))
    except ValueError:
        return None


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
