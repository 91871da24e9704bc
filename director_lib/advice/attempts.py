"""The frame that all advice is learned from: one judged attempt a row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from director_lib.metrics.effective import effective_decisions
from director_lib.metrics.frames import UNIT

SETTINGS = (
    "aspect_ratio", "resolution", "image_size", "quality", "style", "guidance", "guidance_scale", "steps",
    "num_inference_steps", "strength", "go_fast", "generate_audio", "person_generation", "fps",
)  # fmt: skip
"""What of a version's parameters is a choice that can be made again; ids, seeds and outcomes are none."""

COLUMNS = (
    "version_id", "stream_id", "segment_id", "kind", "attempt", "engine", "model", "setting", "prompt",
    "actor", "is_approved", "is_first", "decided_at",
)  # fmt: skip


def attempts_frame(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    *,
    suffixes: Mapping[str, str] | None = None,
    params: Mapping[int, Mapping[str, Any]] | None = None,
) -> pd.DataFrame:
    """Put together what was judged, of which words, made with what.

    Args:
        decisions: A decisions frame; the effective decision on each version counts.
        versions: A versions frame.
        suffixes: What each stream appends to its image prompts: its own words are without.
        params: Parameters of versions, by id.

    Returns:
        One row per judged version with a known prompt, by version: ``version_id``, ``stream_id``,
        ``segment_id``, ``kind``, ``attempt`` (its number), ``engine``, ``model`` ("" when unknown),
        ``setting`` (engine, model and chosen parameters in words), ``prompt`` (own words of the prompt that
        its kind is made from), ``actor``, ``is_approved``, ``is_first`` (the unit's first judged attempt),
        ``decided_at``. Empty when nothing was judged.

    Raises:
        InputError: A frame is not what it should be.
    """
    judged = effective_decisions(decisions)
    facts = versions[["version_id", "engine", "model", "image_prompt", "motion_prompt"]]
    rows = judged.merge(facts, on="version_id", how="inner", suffixes=("_of_decision", ""))
    tails = dict(suffixes or {})
    words = zip(rows["kind"], rows["stream_id"], rows["image_prompt"], rows["motion_prompt"], strict=True)
    own = [
        own_words(_text(image), tails.get(stream_id, "")) if kind == "keyframe" else _text(motion).strip()
        for kind, stream_id, image, motion in words
    ]
    rows = rows.assign(
        prompt=pd.Series(own, index=rows.index, dtype="str"),
        engine=pd.Series([_text(one) for one in rows["engine"]], index=rows.index, dtype="str"),
        model=pd.Series([_text(one) for one in rows["model"]], index=rows.index, dtype="str"),
        is_first=rows["attempt"] == rows.groupby(UNIT)["attempt"].transform("min"),
    )
    known = params or {}
    chosen = [
        setting_in_words(engine, model, known.get(int(version_id), {}))
        for engine, model, version_id in zip(rows["engine"], rows["model"], rows["version_id"], strict=True)
    ]
    rows = rows.assign(setting=pd.Series(chosen, index=rows.index, dtype="str"))
    kept = rows[rows["prompt"].str.strip() != ""].sort_values("version_id")
    return kept[list(COLUMNS)].reset_index(drop=True)


def own_words(sent: str, suffix: str) -> str:
    """Return a prompt as it was sent without what its stream appends to every prompt."""
    text, tail = sent.strip(), suffix.strip()
    if not tail or text == tail or not text.endswith(tail):
        return text
    return text[: -len(tail)].rstrip(" ,")


def setting_in_words(engine: str, model: str, params: Mapping[str, Any]) -> str:
    """Say what made something: engine, model and the parameters that are a choice; "" when unknown."""
    given = params.get("input")
    merged = {**(given if isinstance(given, Mapping) else {}), **params}
    chosen = [
        f"{name.replace('_', ' ')} {str(merged[name])[:40]}"
        for name in SETTINGS
        if isinstance(merged.get(name), str | int | float | bool)
    ]
    return " · ".join(part for part in (engine, model, *chosen) if part)


def _text(value: object) -> str:
    """Return a text, "" for a missing one."""
    return value if isinstance(value, str) else ""
