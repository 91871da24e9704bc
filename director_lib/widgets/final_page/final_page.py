"""The final page: the film as readers get it, the verdict on it, and its deployments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.domain.review import DecisionKind
from director_lib.domain.site import TARGETS
from director_lib.widgets.drawer import REQUEST, DrawerScreen
from director_lib.widgets.payload import is_flag, is_id, is_numbers, is_text, one_of


class FinalScreen(DrawerScreen):
    """Shows a film's page and its checklist, and sends verdicts and wishes to deploy."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "final_page.vue"

    def vue_decide(self, data: object) -> None:
        """An approval of the cut as it was looked at."""
        approvals = one_of(DecisionKind.APPROVED, DecisionKind.APPROVED_WITH_NOTES)
        form = {"decision": approvals, "note": is_text, "sha256": is_id, "override": is_flag}
        self.handle("decide", data, REQUEST | form)

    def vue_send_back(self, data: object) -> None:
        """Segments that need a revision, and why."""
        form = {"segment_ids": is_numbers, "note": is_text, "sha256": is_id}
        self.handle("send_back", data, REQUEST | form)

    def vue_build(self, data: object) -> None:
        """Build the page as the film is now."""
        self.handle("build", data, REQUEST)

    def vue_deploy(self, data: object) -> None:
        """Show the film to its readers."""
        self.handle("deploy", data, REQUEST | {"target": one_of(*TARGETS), "override": is_text})

    def vue_roll_back(self, data: object) -> None:
        """Show an earlier build to readers again."""
        self.handle("roll_back", data, REQUEST | {"build_id": is_id})

    def vue_archive_plan(self, data: object) -> None:
        """Say what would be archived."""
        self.handle("archive_plan", data, REQUEST)

    def vue_archive_start(self, data: object) -> None:
        """Archive what is old and needed by nothing."""
        self.handle("archive_start", data, REQUEST)

    def vue_undo(self, data: object) -> None:
        """Take back this person's last step."""
        self.handle("undo", data, REQUEST)

    def vue_redo(self, data: object) -> None:
        """Do again what was taken back last."""
        self.handle("redo", data, REQUEST)

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return the checklist, for a saved notebook."""
        checks = self._shown.get("final", {}).get("checks", [])
        return ("Check", "Found"), [(one["kind"].replace("_", " "), one["count"]) for one in checks]
