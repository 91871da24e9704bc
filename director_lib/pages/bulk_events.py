"""What the review desk asks for about all selected segments, as workbench calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from director_lib.pages.drawer import Handler, answering, showing
from director_lib.pages.making_events import arms_of
from director_lib.tasks.ordering import Making
from director_lib.workbench.bulk import BulkResult, Shown

if TYPE_CHECKING:
    from director_lib.pages.review import ReviewPage

Json = dict[str, Any]


class BulkEvents:
    """Answers the desk's events about several segments at once for one page."""

    def __init__(self, page: ReviewPage) -> None:
        self._page = page

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the desk's constructor callbacks, by name."""
        answered: dict[str, Handler] = {
            "approve_selected": self._approve,
            "regenerate_selected": self._regenerate,
            "comment_selected": self._comment,
        }
        return {
            **{f"on_{name}": answering(self._page, handler) for name, handler in answered.items()},
            "on_plan_selected": showing(self._page, self._plan),
        }

    def _approve(self, data: Json) -> Json:
        page = self._page
        return _told(page.workbench.bulk.approve(page.stream_id, page.kind, _shown(data)))

    def _plan(self, data: Json) -> Json:
        page = self._page
        planned = page.workbench.bulk.foresee(
            page.stream_id, page.kind, data["segment_ids"], **self._making(data)
        )
        return {
            "count": len(planned.segment_ids),
            "price_usd": planned.price_usd,
            "skipped": _skipped(planned.skipped),
        }

    def _regenerate(self, data: Json) -> Json:
        page = self._page
        return _told(
            page.workbench.bulk.regenerate(page.stream_id, page.kind, _shown(data), **self._making(data))
        )

    def _making(self, data: Json) -> Making:
        return Making(
            engine=data["engine"],
            model=data["model"],
            variants=data["variants"],
            arms=arms_of(self._page.workbench, data),
            blind=data["blind"],
        )

    def _comment(self, data: Json) -> Json:
        page = self._page
        done = page.workbench.bulk.comment(page.stream_id, page.kind, data["segment_ids"], data["text"])
        return _told(done)


def _shown(data: Json) -> dict[int, Shown]:
    return {one["segment_id"]: Shown(one["sha256"], one["seen_seq"]) for one in data["shown"]}


def _told(result: BulkResult) -> Json:
    return {"done": result.done, "skipped": _skipped(result.skipped), "price_usd": result.price_usd}


def _skipped(skipped: Sequence[tuple[int, str]]) -> list[Json]:
    return [{"segment_id": segment_id, "why": why} for segment_id, why in skipped]
