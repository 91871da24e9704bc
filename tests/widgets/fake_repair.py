"""The repair of a review page's double: one plan, and what doing it changes."""

from __future__ import annotations

from typing import Any

from director_lib.errors import StaleWriteError

Payload = dict[str, Any]

CHANGED = "The image prompt has changed since this still was made."
FOLLOWS = "Its keyframe is out of date."
WAITS = "its keyframe has to be made and approved first"


def _step(
    segment_id: int, kind: str, action: str, reason: str, price_usd: float, waits: Payload, **more: object
) -> Payload:
    plain = {"approved": False, "waits": waits, "restores": 1 if action == "restore" else None}
    said = {"segment_id": segment_id, "kind": kind, "action": action, "reasons": [reason], "replaces": 2}
    return {**said, "price_usd": price_usd, **plain, **more}


def _waits(now: str | None, approved: str | None, clips: str | None, both: str | None) -> Payload:
    return {"now": now, "approved": approved, "clips": clips, "both": both}


_APPROVED, _FIRST = "its keyframe is approved", "its keyframe has to be repaired first"
STEPS = [
    _step(1, "keyframe", "restore", CHANGED, 0.0, _waits(None, None, None, None)),
    _step(
        2,
        "keyframe",
        "regenerate",
        CHANGED,
        0.04,
        _waits(_APPROVED, None, _APPROVED, None),
        approved=True,
    ),
    _step(2, "video", "regenerate", FOLLOWS, 0.5, _waits(_FIRST, WAITS, _FIRST, None)),
]
PLAN: Payload = {
    "sha256": "c0ffee",
    "price_usd": 0.54,
    "steps": STEPS,
    "n_steps": 3,
    "n_approved": 1,
    "n_clips_after": 1,
    "ways": {
        "now": {"n_steps": 1, "price_usd": 0.0},
        "approved": {"n_steps": 2, "price_usd": 0.04},
        "clips": {"n_steps": 1, "price_usd": 0.0},
        "both": {"n_steps": 3, "price_usd": 0.54},
    },
}


class RepairAnswers:
    """Answers the repair bar."""

    desk: Any
    extra: Payload
    plan_changed = False

    def _on_repair_plan(self, _data: Payload) -> Payload:
        return {"plan": PLAN}

    def _on_apply_repair(self, data: Payload) -> Payload:
        if self.plan_changed or data["plan_sha256"] != PLAN["sha256"]:
            self.plan_changed = False
            raise StaleWriteError("What has to be repaired", "there is a new plan.")
        self.extra["out_of_date"] = {"stills": 0, "clips": 1}
        self.desk.patch({"out_of_date": self.extra["out_of_date"]})
        queued = data["replace_approved"] + (data["replace_approved"] and data["with_clips"])
        return {"done": {"queued": queued, "restored": 1, "left": 2 - queued, "failed": []}}


def make_outdated(page: Any) -> None:
    """Let two stills and a clip be out of date."""
    page.extra["out_of_date"] = {"stills": 2, "clips": 1}
    for number in (1, 2):
        page.cards[number]["stale"] = [CHANGED]


def make_outdated_and_changing(page: Any) -> None:
    """Let the plan be another one by the time it is to be done."""
    make_outdated(page)
    page.plan_changed = True
