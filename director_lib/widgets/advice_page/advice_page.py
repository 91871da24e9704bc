"""The advice page: effects of phrases and engines, words to try, and whether advice helped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from director_lib.domain.version import Kind
from director_lib.widgets.drawer import REQUEST, DrawerScreen
from director_lib.widgets.payload import is_text, one_of


class AdviceScreen(DrawerScreen):
    """Shows what was learned, and asks about words."""

    folder: ClassVar[Path] = Path(__file__).parent
    main: ClassVar[str] = "advice_page.vue"

    def vue_try_prompt(self, data: object) -> None:
        """What would be advised on these words."""
        self.handle("try_prompt", data, REQUEST | {"kind": one_of(*Kind), "text": is_text})

    def vue_phrase_prompts(self, data: object) -> None:
        """The prompts behind a phrase's numbers."""
        self.handle("phrase_prompts", data, REQUEST | {"phrase": is_text})

    def static_table(self) -> tuple[Sequence[str], Sequence[Sequence[object]]]:
        """Return one row per phrase, for a saved notebook."""
        rows = [
            (one["phrase"], one["evidence"], one["effect"], one["verdict"])
            for one in self._shown.get("advice", {}).get("phrases", [])
        ]
        return ("Phrase", "Counted", "Adjusted effect", "Verdict"), rows
