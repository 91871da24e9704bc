"""The form that the review desk's events have to have, before anybody looks at their meaning."""

from __future__ import annotations

from director_lib.domain.prompt_edits import PROMPT_FIELDS, REMARK_FIELDS
from director_lib.domain.review import ASSET_DECISIONS
from director_lib.widgets.payload import (
    MANY_LIMIT,
    Check,
    is_digests,
    is_flag,
    is_id,
    is_number,
    is_numbers,
    is_optional_id,
    is_text,
    one_of,
    texts_for,
)

MOST_ARMS = 4


def is_few_numbers(value: object) -> bool:
    """Tell whether it is a list of whole numbers, perhaps an empty one."""
    return value == [] or is_numbers(value)


def is_shown(value: object) -> bool:
    """Tell whether it says of segments which version and which decision a person was shown."""
    return isinstance(value, list) and 0 < len(value) <= MANY_LIMIT and all(map(_is_one_shown, value))


def _is_one_shown(value: object) -> bool:
    if not isinstance(value, dict) or {*value} != {"segment_id", "sha256", "seen_seq"}:
        return False
    numbers = is_number(value["segment_id"]) and is_number(value["seen_seq"])
    return numbers and is_optional_id(value["sha256"])


def is_arms(value: object) -> bool:
    """Tell whether it says of a few versions how they differ; an empty list when they do not."""
    return isinstance(value, list) and len(value) <= MOST_ARMS and all(map(_is_arm, value))


def _is_arm(value: object) -> bool:
    if not isinstance(value, dict) or {*value} != {"engine", "model", "prompt", "preset_id"}:
        return False
    texts = is_text(value["engine"]) and is_text(value["model"]) and is_text(value["prompt"])
    return texts and is_number(value["preset_id"])


def is_optional_number(value: object) -> bool:
    """Tell whether it is a whole number or None."""
    return value is None or is_number(value)


FIELD = one_of(*PROMPT_FIELDS)
REQUEST: dict[str, Check] = {"request_id": is_id}
SEGMENT = REQUEST | {"segment_id": is_number}
DRAFT: dict[str, Check] = {"segment_id": is_number, "field": one_of(*PROMPT_FIELDS, *REMARK_FIELDS)}
DECIDE = REQUEST | {
    "segment_ids": is_numbers,
    "decision": one_of(*sorted(ASSET_DECISIONS)),
    "note": is_text,
    "sha256s": is_digests,
    "seen_seq": is_number,
}
HOW: dict[str, Check] = {
    "engine": is_id,
    "model": is_text,
    "variants": is_number,
    "arms": is_arms,
    "blind": is_flag,
}
HOW_ALL = HOW | {"engine": is_optional_id}
REGENERATE = (
    SEGMENT
    | HOW
    | {
        "image_prompt": is_text,
        "motion_prompt": is_text,
        "negative_prompt": is_text,
        "base_texts": texts_for(*PROMPT_FIELDS),
        "seed": one_of("same", "new"),
        "references": is_few_numbers,
        "sha256": is_optional_id,
        "seen_seq": is_number,
        "allow_unapproved_keyframe": is_flag,
    }
)
REPAIR: dict[str, Check] = {"plan_sha256": is_id, "replace_approved": is_flag, "with_clips": is_flag}
