"""The spec page: direction, segments and sections, what a look over them finds, and their history."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.gate_rules import OUTCOMES
from director_lib.domain.prompt_edits import PROMPT_FIELDS
from director_lib.widgets.drawer import REQUEST, DrawerScreen
from director_lib.widgets.payload import (
    is_flag,
    is_id,
    is_number,
    is_object,
    is_optional_id,
    is_text,
    one_of,
)


def _is_optional_number(value: object) -> bool:
    return value is None or is_number(value)


class SpecScreen(DrawerScreen):
    """Shows a spec and sends edits and verdicts; what they mean is for the use cases."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "spec_page.vue"

    def vue_edit(self, data: object) -> None:
        """One thing of the spec is to be another one."""
        self.handle("edit", data, REQUEST | {"edit": is_object, "sha256": is_optional_id})

    def vue_edit_prompt(self, data: object) -> None:
        """What a prompt is to say."""
        form = {
            "segment_id": is_number,
            "field": one_of(*PROMPT_FIELDS),
            "text": is_text,
            "base_text": is_text,
        }
        self.handle("edit_prompt", data, REQUEST | form)

    def vue_decide(self, data: object) -> None:
        """A verdict on the spec as it was read."""
        form = {"decision": one_of(*OUTCOMES[Checkpoint.SPEC]), "note": is_text, "sha256": is_id}
        self.handle("decide", data, REQUEST | form)

    def vue_undo(self, data: object) -> None:
        """Take back this person's last step."""
        self.handle("undo", data, REQUEST)

    def vue_redo(self, data: object) -> None:
        """Do again what was taken back last."""
        self.handle("redo", data, REQUEST)

    def vue_draft(self, data: object) -> None:
        """A first spec is wanted."""
        self.handle("draft", data, REQUEST | {"engine": is_id, "replace": is_flag})

    def vue_list_states(self, data: object) -> None:
        """The states that the spec had."""
        self.handle("list_states", data, REQUEST | {"before_seq": _is_optional_number})

    def vue_diff(self, data: object) -> None:
        """How two states differ."""
        self.handle("diff", data, REQUEST | {"from_seq": is_number, "to_seq": _is_optional_number})

    def vue_restore(self, data: object) -> None:
        """The spec is to say again what it said in a state."""
        self.handle("restore", data, REQUEST | {"seq": is_number, "sha256": is_optional_id})

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per segment, for a saved notebook."""
        spec = self._shown.get("spec", {})
        segments = [spec["segments"][str(number)] for number in spec.get("order", [])]
        rows = [(one["id"], one["title"], one["image_prompt"], one["motion_prompt"]) for one in segments]
        return ("Segment", "Title", "Image prompt", "Motion prompt"), rows
