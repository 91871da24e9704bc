"""The review desk: the screen where a director judges stills or clips, all day, by keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from director_lib.domain.review import ASSET_DECISIONS
from director_lib.widgets.base import Screen
from director_lib.widgets.payload import (
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

_FIELDS = ("image_prompt", "motion_prompt", "negative_prompt")
_FIELD = one_of(*_FIELDS)
_REQUEST: dict[str, Check] = {"request_id": is_id}
_SEGMENT = _REQUEST | {"segment_id": is_number}
_TASK = _REQUEST | {"task_id": is_id}
_DRAFT: dict[str, Check] = {"segment_id": is_number, "field": _FIELD}
_DECIDE = _REQUEST | {
    "segment_ids": is_numbers,
    "decision": one_of(*sorted(ASSET_DECISIONS)),
    "note": is_text,
    "sha256s": is_digests,
    "seen_seq": is_number,
}
_REGENERATE = _SEGMENT | {
    "image_prompt": is_text,
    "motion_prompt": is_text,
    "negative_prompt": is_text,
    "base_texts": texts_for(*_FIELDS),
    "seed": one_of("same", "new"),
    "engine": is_id,
    "sha256": is_optional_id,
    "seen_seq": is_number,
    "allow_unapproved_keyframe": is_flag,
}


def _is_optional_number(value: object) -> bool:
    return value is None or is_number(value)


class ReviewDesk(Screen):
    """Shows one stream's stills or clips and sends what the director does with them.

    Every callback gets one event's payload. What form its fields have is checked here; what they mean is the
    page's to judge.
    """

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "review_desk.vue"

    def vue_ready(self, data: object) -> None:
        """The desk is on screen and wants its ``load``."""
        self.handle("ready", data, {})

    def vue_open_segment(self, data: object) -> None:
        """A segment came on the desk; the answer is its ``detail``."""
        self.handle("open_segment", data, _SEGMENT)

    def vue_decide(self, data: object) -> None:
        """A verdict on exactly the named files."""
        self.handle("decide", data, _DECIDE)

    def vue_price(self, data: object) -> None:
        """What making a segment anew would cost."""
        self.handle("price", data, _SEGMENT | {"engine": is_id})

    def vue_regenerate(self, data: object) -> None:
        """Make a segment anew with these words."""
        self.handle("regenerate", data, _REGENERATE)

    def vue_save_prompt(self, data: object) -> None:
        """New words for one of a segment's prompts."""
        self.handle("save_prompt", data, _SEGMENT | {"field": _FIELD, "text": is_text, "base_text": is_text})

    def vue_prompt_history(self, data: object) -> None:
        """The edits of a segment's prompts were asked for."""
        self.handle("prompt_history", data, _SEGMENT)

    def vue_bring_back_prompt(self, data: object) -> None:
        """A prompt shall say again what it said before or after one of its edits."""
        form = _SEGMENT | {"change_seq": is_number, "side": one_of("before", "after")}
        self.handle("bring_back_prompt", data, form | {"field": _FIELD, "base_text": is_text})

    def vue_resolve_conflict(self, data: object) -> None:
        """Which of two disagreeing prompts counts."""
        self.handle("resolve_conflict", data, _SEGMENT | {"key": is_id})

    def vue_cancel_task(self, data: object) -> None:
        """Stop a task."""
        self.handle("cancel_task", data, _TASK)

    def vue_retry_task(self, data: object) -> None:
        """Start a failed task again."""
        self.handle("retry_task", data, _TASK)

    def vue_list_tasks(self, data: object) -> None:
        """The task drawer was opened."""
        self.handle("list_tasks", data, _REQUEST)

    def vue_undo(self, data: object) -> None:
        """Take back the person's last decision or regeneration."""
        self.handle("undo", data, _REQUEST)

    def vue_redo(self, data: object) -> None:
        """Do again what the person took back last."""
        self.handle("redo", data, _REQUEST)

    def vue_restore(self, data: object) -> None:
        """Make an earlier version the current one."""
        self.handle("restore", data, _REQUEST | {"version_id": is_id})

    def vue_compare_versions(self, data: object) -> None:
        """What is known of a version, beside what is known of another one."""
        self.handle(
            "compare_versions", data, _REQUEST | {"version_id": is_number, "other_id": _is_optional_number}
        )

    def vue_repair_plan(self, data: object) -> None:
        """What would bring the stream up to date."""
        self.handle("repair_plan", data, _REQUEST)

    def vue_apply_repair(self, data: object) -> None:
        """Do what the plan on the screen says."""
        self.handle("apply_repair", data, _REQUEST | {"plan_sha256": is_id, "replace_approved": is_flag})

    def vue_save_draft(self, data: object) -> None:
        """Keep text that was not sent yet."""
        self.handle("save_draft", data, _DRAFT | {"text": is_text, "base_text": is_text})

    def vue_discard_draft(self, data: object) -> None:
        """Forget kept text."""
        self.handle("discard_draft", data, _DRAFT)

    def vue_add_comment(self, data: object) -> None:
        """A remark on a segment, or on one of its versions."""
        self.handle("add_comment", data, _SEGMENT | {"version_id": is_optional_id, "text": is_text})

    def vue_resolve_comment(self, data: object) -> None:
        """Close a remark, or open it again."""
        self.handle("resolve_comment", data, _REQUEST | {"comment_id": is_id, "resolved": is_flag})

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per segment, for a saved notebook."""
        headings = ("Segment", "Title", "Version", "Decision", "Decided by", "Stale")
        return headings, [
            (
                card["segment_id"],
                card["title"],
                (card["version"] or {}).get("number", "missing"),
                _decision_in_words(card),
                card["decided_by"] or "",
                " ".join(card["stale"]),
            )
            for card in self._shown.get("cards", [])
        ]


def _decision_in_words(card: Mapping[str, Any]) -> str:
    words = str(card["decision"]).replace("_", " ")
    approvals = card.get("approvals")
    return (
        words if approvals is None else f"{words}, {len(approvals['by'])} of {approvals['needed']} approvals"
    )
