"""The review desk: the screen where a director judges stills or clips, all day, by keyboard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from director_lib.widgets.drawer import DrawerScreen
from director_lib.widgets.payload import (
    is_flag,
    is_id,
    is_number,
    is_numbers,
    is_optional_id,
    is_optional_object,
    is_text,
    one_of,
)
from director_lib.widgets.review_desk.forms import (
    DECIDE,
    DRAFT,
    FIELD,
    HOW,
    HOW_ALL,
    REGENERATE,
    REPAIR,
    REQUEST,
    SEGMENT,
    is_few_numbers,
    is_optional_number,
    is_shown,
)


class ReviewDesk(DrawerScreen):
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
        self.handle("open_segment", data, SEGMENT)

    def vue_decide(self, data: object) -> None:
        """A verdict on exactly the named files."""
        self.handle("decide", data, DECIDE)

    def vue_price(self, data: object) -> None:
        """What making a segment anew would cost."""
        self.handle("price", data, SEGMENT | HOW | {"references": is_few_numbers})

    def vue_regenerate(self, data: object) -> None:
        """Make a segment anew with these words."""
        self.handle("regenerate", data, REGENERATE)

    def vue_advice(self, data: object) -> None:
        """What earlier decisions say about a segment's prompt."""
        self.handle("advice", data, SEGMENT)

    def vue_take_suggestions(self, data: object) -> None:
        """Suggestions went into a prompt; with a task, when it was sent."""
        form = REQUEST | {"suggestion_ids": is_numbers, "task_id": is_optional_id}
        self.handle("take_suggestions", data, form)

    def vue_pick_variant(self, data: object) -> None:
        """One of the versions that were made together is the one."""
        self.handle("pick_variant", data, REQUEST | {"set_id": is_id, "version_id": is_number})

    def vue_pick_blind(self, data: object) -> None:
        """The version at a place is the one; nobody knows yet which it is."""
        self.handle("pick_blind", data, REQUEST | {"set_id": is_id, "position": is_number})

    def vue_tie_variants(self, data: object) -> None:
        """None of the versions that were made together is better than the others."""
        self.handle("tie_variants", data, REQUEST | {"set_id": is_id})

    def vue_lift_blindness(self, data: object) -> None:
        """Which version is which is to be seen before anybody chose."""
        self.handle("lift_blindness", data, REQUEST | {"set_id": is_id})

    def vue_choose_engine(self, data: object) -> None:
        """What makes a segment, or the whole stream, from now on."""
        form = {"segment_id": is_optional_number, "engine": is_id, "model": is_text}
        self.handle("choose_engine", data, REQUEST | form)

    def vue_forget_engine(self, data: object) -> None:
        """The stream's choice, or the settings', holds again."""
        self.handle("forget_engine", data, REQUEST | {"segment_id": is_optional_number})

    def vue_approve_selected(self, data: object) -> None:
        """Approve all selected segments as they were shown."""
        self.handle("approve_selected", data, REQUEST | {"shown": is_shown})

    def vue_plan_selected(self, data: object) -> None:
        """What making all selected segments anew would cost, and which cannot be."""
        self.handle("plan_selected", data, REQUEST | HOW_ALL | {"segment_ids": is_numbers})

    def vue_regenerate_selected(self, data: object) -> None:
        """Make all selected segments anew."""
        self.handle("regenerate_selected", data, REQUEST | HOW_ALL | {"shown": is_shown})

    def vue_comment_selected(self, data: object) -> None:
        """The same remark on all selected segments."""
        self.handle("comment_selected", data, REQUEST | {"segment_ids": is_numbers, "text": is_text})

    def vue_save_prompt(self, data: object) -> None:
        """New words for one of a segment's prompts."""
        self.handle("save_prompt", data, SEGMENT | {"field": FIELD, "text": is_text, "base_text": is_text})

    def vue_prompt_history(self, data: object) -> None:
        """The edits of a segment's prompts were asked for."""
        self.handle("prompt_history", data, SEGMENT)

    def vue_bring_back_prompt(self, data: object) -> None:
        """A prompt shall say again what it said before or after one of its edits."""
        form = SEGMENT | {"change_seq": is_number, "side": one_of("before", "after")}
        self.handle("bring_back_prompt", data, form | {"field": FIELD, "base_text": is_text})

    def vue_resolve_conflict(self, data: object) -> None:
        """Which of two disagreeing prompts counts."""
        self.handle("resolve_conflict", data, SEGMENT | {"key": is_id})

    def vue_undo(self, data: object) -> None:
        """Take back the person's last decision or regeneration."""
        self.handle("undo", data, REQUEST)

    def vue_redo(self, data: object) -> None:
        """Do again what the person took back last."""
        self.handle("redo", data, REQUEST)

    def vue_restore(self, data: object) -> None:
        """Make an earlier version the current one."""
        self.handle("restore", data, REQUEST | {"version_id": is_id})

    def vue_bring_back(self, data: object) -> None:
        """Bring a version's file back from the archive."""
        self.handle("bring_back", data, REQUEST | {"version_id": is_number})

    def vue_compare_versions(self, data: object) -> None:
        """What is known of a version, beside what is known of another one."""
        self.handle(
            "compare_versions", data, REQUEST | {"version_id": is_number, "other_id": is_optional_number}
        )

    def vue_clip_timing(self, data: object) -> None:
        """When each frame of a clip is shown."""
        self.handle("clip_timing", data, REQUEST | {"version_id": is_number})

    def vue_film(self, data: object) -> None:
        """Everything that the film is made of so far."""
        self.handle("film", data, REQUEST)

    def vue_repair_plan(self, data: object) -> None:
        """What would bring the stream up to date."""
        self.handle("repair_plan", data, REQUEST)

    def vue_apply_repair(self, data: object) -> None:
        """Do what the plan on the screen says."""
        self.handle("apply_repair", data, REQUEST | REPAIR)

    def vue_save_draft(self, data: object) -> None:
        """Keep text that was not sent yet."""
        self.handle("save_draft", data, DRAFT | {"text": is_text, "base_text": is_text})

    def vue_discard_draft(self, data: object) -> None:
        """Forget kept text."""
        self.handle("discard_draft", data, DRAFT)

    def vue_add_comment(self, data: object) -> None:
        """A remark on a segment, or on one of its versions: at a frame, with something drawn over it."""
        form = SEGMENT | {"version_id": is_optional_number, "text": is_text}
        self.handle("add_comment", data, form | {"frame": is_optional_number, "region": is_optional_object})

    def vue_reply_comment(self, data: object) -> None:
        """An answer in a remark's thread."""
        self.handle("reply_comment", data, REQUEST | {"comment_id": is_number, "text": is_text})

    def vue_resolve_comment(self, data: object) -> None:
        """Close a remark, or open it again."""
        self.handle("resolve_comment", data, REQUEST | {"comment_id": is_number, "resolved": is_flag})

    def vue_apply_preset(self, data: object) -> None:
        """Put a preset into the prompts of the selected segments."""
        self.handle("apply_preset", data, REQUEST | {"preset_id": is_number, "segment_ids": is_numbers})

    def vue_count_presets(self, data: object) -> None:
        """Presets went into a prompt that was sent."""
        self.handle("count_presets", data, REQUEST | {"preset_ids": is_numbers})

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
