"""The repair bar of a review page: how much is out of date, the plan, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from director_lib.domain.repair import RepairPlan, total_usd
from director_lib.domain.version import Kind
from director_lib.pages.drawer import OpenPage, answering
from director_lib.workbench.repairs import RepairResult
from director_lib.workbench.standing import StreamStanding

Json = dict[str, Any]
MOST_LINES = 200
"""Steps that the page shows one by one; the rest is counted."""


class StreamPage(OpenPage, Protocol):
    """A page of one stream that has been started for its visitor."""

    @property
    def stream_id(self) -> str:
        """The stream that is open."""
        ...


class RepairEvents:
    """Answers the repair bar's events for one page."""

    def __init__(self, page: StreamPage) -> None:
        self._page = page

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the screen's constructor callbacks, by name."""
        return {
            "on_repair_plan": answering(self._page, self._plan),
            "on_apply_repair": answering(self._page, self._apply),
        }

    def _plan(self, _data: Json) -> Json:
        return {"plan": plan_lines(self._page.workbench.repairs.plan(self._page.stream_id))}

    def _apply(self, data: Json) -> Json:
        repairs = self._page.workbench.repairs
        done = repairs.apply(
            self._page.stream_id, data["plan_sha256"], replace_approved=data["replace_approved"]
        )
        return {"done": result_line(done)}


def out_of_date(standing: StreamStanding) -> Json:
    """Count the stream's stills and clips that are out of date."""
    segments = standing.stream.segments
    counts = {kind: sum(bool(standing.stale(segment, kind)) for segment in segments) for kind in Kind}
    return {"stills": counts[Kind.KEYFRAME], "clips": counts[Kind.VIDEO]}


def plan_lines(plan: RepairPlan) -> Json:
    """Describe a plan; ``now`` has what can be done now without leave, ``with_leave`` what can be with it."""
    schedule = plan.schedule(replace_approved=False)
    leave = plan.schedule(replace_approved=True)
    steps = [
        {
            "segment_id": step.segment_id,
            "kind": step.kind.value,
            "action": step.action.value,
            "reasons": list(step.reasons),
            "replaces": step.replaces_number,
            "restores": step.restores_number,
            "price_usd": step.price_usd,
            "approved": step.is_approved,
            "waits": why,
            "waits_with_leave": why_with_leave,
        }
        for (step, why), (_, why_with_leave) in list(zip(schedule, leave, strict=True))[:MOST_LINES]
    ]
    return {
        "sha256": plan.sha256,
        "price_usd": plan.price_usd,
        "steps": steps,
        "n_steps": len(plan.steps),
        "n_approved": sum(step.is_approved for step in plan.steps),
        "now": _ready(plan, replace_approved=False),
        "with_leave": _ready(plan, replace_approved=True),
    }


def result_line(done: RepairResult) -> Json:
    """Describe what came of a repair."""
    return {
        "queued": len(done.queued),
        "restored": len(done.restored),
        "left": len(done.left),
        "failed": [why for _, why in done.failed],
    }


def _ready(plan: RepairPlan, *, replace_approved: bool) -> Json:
    steps = plan.ready(replace_approved=replace_approved)
    return {"n_steps": len(steps), "price_usd": total_usd(steps)}
