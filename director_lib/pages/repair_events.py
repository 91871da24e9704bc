"""The repair bar of a review page: how much is out of date, the plan, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from director_lib.domain.repair import RepairPlan, RepairStep, total_usd
from director_lib.domain.version import Kind
from director_lib.pages.drawer import OpenPage, answering, showing
from director_lib.workbench.repairs import RepairResult
from director_lib.workbench.standing import StreamStanding

Json = dict[str, Any]
MOST_LINES = 200
"""Steps that the page shows one by one; the rest is counted."""
_WAYS = {
    "now": {"replace_approved": False, "with_clips": False},
    "approved": {"replace_approved": True, "with_clips": False},
    "clips": {"replace_approved": False, "with_clips": True},
    "both": {"replace_approved": True, "with_clips": True},
}


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
            "on_repair_plan": showing(self._page, self._plan),
            "on_apply_repair": answering(self._page, self._apply),
        }

    def _plan(self, _data: Json) -> Json:
        return {"plan": plan_lines(self._page.workbench.repairs.plan(self._page.stream_id))}

    def _apply(self, data: Json) -> Json:
        repairs = self._page.workbench.repairs
        done = repairs.apply(
            self._page.stream_id,
            data["plan_sha256"],
            replace_approved=data["replace_approved"],
            with_clips=data["with_clips"],
        )
        return {"done": result_line(done)}


def out_of_date(standing: StreamStanding) -> Json:
    """Count the stream's stills and clips that are out of date."""
    segments = standing.stream.segments
    counts = {kind: sum(bool(standing.stale(segment, kind)) for segment in segments) for kind in Kind}
    return {"stills": counts[Kind.KEYFRAME], "clips": counts[Kind.VIDEO]}


def plan_lines(plan: RepairPlan) -> Json:
    """Describe a plan, and what can be done of it now with each leave that can be given.

    ``ways`` has for each way (see ``_WAYS``) how many steps can be done and their price; each step's
    ``waits`` has for each way why it cannot be done now, None when it can.
    """
    schedules = {name: plan.schedule(**leave) for name, leave in _WAYS.items()}
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
            "waits": {name: schedule[place][1] for name, schedule in schedules.items()},
        }
        for place, step in enumerate(plan.steps[:MOST_LINES])
    ]
    return {
        "sha256": plan.sha256,
        "price_usd": plan.price_usd,
        "steps": steps,
        "n_steps": len(plan.steps),
        "n_approved": sum(step.is_approved for step in plan.steps),
        "n_clips_after": sum(step.follows_keyframe and step.kind is Kind.VIDEO for step in plan.steps),
        "ways": {name: _ready(schedule) for name, schedule in schedules.items()},
    }


def result_line(done: RepairResult) -> Json:
    """Describe what came of a repair."""
    return {
        "queued": len(done.queued),
        "restored": len(done.restored),
        "left": len(done.left),
        "failed": [why for _, why in done.failed],
    }


def _ready(schedule: list[tuple[RepairStep, str | None]]) -> Json:
    steps = tuple(step for step, why in schedule if why is None)
    return {"n_steps": len(steps), "price_usd": total_usd(steps)}
