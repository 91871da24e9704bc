"""How the page's double answers what is asked of all selected segments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.widgets.desk_samples import WHEN, Payload, sample_comment, sample_task

if TYPE_CHECKING:
    from collections.abc import Callable


class BulkAnswers:
    """Leaves out what is approved or being made, as the page does."""

    cards: dict[int, Payload]
    comments: dict[int, list[Payload]]
    change: Callable[..., None]
    _keep_for_undo: Callable[[int, str], None]
    _tell: Callable[[int], None]

    def _why_not(self, n: int) -> str | None:
        card = self.cards[n]
        if card["decision"].startswith("approved"):
            return "it is approved already"
        return "it is being made already" if card["task"] else None

    def _sort(self, segment_ids: list[int]) -> tuple[list[int], list[Payload]]:
        whys = {n: self._why_not(n) for n in segment_ids}
        skipped = [{"segment_id": n, "why": why} for n, why in whys.items() if why]
        return [n for n, why in whys.items() if not why], skipped

    def _on_approve_selected(self, data: Payload) -> Payload:
        done, skipped = self._sort([one["segment_id"] for one in data["shown"]])
        for n in done:
            self.change(n, decision="approved", decided_by="Dora Lindqvist", decided_at=WHEN)
        return {"done": done, "skipped": skipped, "price_usd": 0.0}

    def _on_plan_selected(self, data: Payload) -> Payload:
        done, skipped = self._sort(data["segment_ids"])
        each = 0.35 if data["engine"] == "script" else 0.04
        return {"count": len(done), "price_usd": each * len(done) * data["variants"], "skipped": skipped}

    def _on_regenerate_selected(self, data: Payload) -> Payload:
        done, skipped = self._sort([one["segment_id"] for one in data["shown"]])
        for n in done:
            self.change(n, decision="regenerate", task=sample_task(f"b{n}", "queued", 0))
        return {"done": done, "skipped": skipped, "price_usd": 0.04 * len(done)}

    def _on_comment_selected(self, data: Payload) -> Payload:
        for n in data["segment_ids"]:
            said = sample_comment(900 + n, 1, data["text"], author="dora")
            self.comments[n] = [*self.comments.get(n, []), said]
            self._tell(n)
        return {"done": data["segment_ids"], "skipped": [], "price_usd": 0.0}
