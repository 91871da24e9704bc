"""What the review desk asks for about advice, as workbench calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from director_lib.pages.drawer import Handler, showing

if TYPE_CHECKING:
    from director_lib.pages.review import ReviewPage

Json = dict[str, Any]


class AdviceEvents:
    """Answers the desk's events about suggestions for one page."""

    def __init__(self, page: ReviewPage) -> None:
        self._page = page

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the desk's constructor callbacks, by name."""
        answered: dict[str, Handler] = {"advice": self._advice, "take_suggestions": self._take}
        # nothing of what a page shows changes with it, so there is nothing to push before the answer
        return {f"on_{name}": showing(self._page, one) for name, one in answered.items()}

    def _advice(self, data: Json) -> Json:
        from director_lib.advice.saying import advice_state
        from director_lib.pages.advice_rows import advised_row

        advice, kind = self._page.workbench.advice, self._page.kind
        shown = advice.for_segment(self._page.stream_id, data["segment_id"], kind)
        state = advice_state(advice.facts())
        if shown is None:
            return {"advice": state}
        return {"advice": {**state, **advised_row(shown.advised, (shown.prompt_ids, shown.phrase_ids))}}

    def _take(self, data: Json) -> None:
        self._page.workbench.advice.take(data["suggestion_ids"], data["task_id"])
