"""The story page: the story set for reading, the brief beside it, and the verdict on both."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.gate_rules import OUTCOMES
from director_lib.widgets.drawer import REQUEST, DrawerScreen
from director_lib.widgets.payload import is_id, is_text, one_of


class StoryScreen(DrawerScreen):
    """Shows a story and its brief, and sends verdicts and edits; what they mean is for the use cases."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "story_page.vue"

    def vue_decide(self, data: object) -> None:
        """A verdict on the story as it was read."""
        form = {"decision": one_of(*OUTCOMES[Checkpoint.STORY]), "note": is_text, "sha256": is_id}
        self.handle("decide", data, REQUEST | form)

    def vue_save_brief(self, data: object) -> None:
        """What a field of the brief is to say."""
        form = {"key": is_id, "text": is_text, "base_text": is_text}
        self.handle("save_brief", data, REQUEST | form)

    def vue_draft_spec(self, data: object) -> None:
        """A first spec is to be written."""
        self.handle("draft_spec", data, REQUEST)

    def vue_undo(self, data: object) -> None:
        """Take back this person's last step."""
        self.handle("undo", data, REQUEST)

    def vue_redo(self, data: object) -> None:
        """Do again what was taken back last."""
        self.handle("redo", data, REQUEST)

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return the brief's fields, for a saved notebook."""
        brief = self._shown.get("story", {}).get("brief", [])
        return ("Brief", "Says"), [
            (one["words"], one["text"]) for one in brief if one["text"] and one["kind"] != "group"
        ]
