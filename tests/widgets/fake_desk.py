"""A review page without a database: keeps its stream in memory and answers the desk as the real page does."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from typing import Any

from director_lib.errors import InputError, NothingToUndoError, StaleWriteError
from director_lib.widgets.review_desk import ReviewDesk

Payload = dict[str, Any]

WORDS = [
    ("The harbour before dawn", "Wide shot of a small stone harbour before dawn, fishing boats on black water"),
    ("The keeper’s stairs", "Low angle up a spiral iron staircase, lantern light on wet granite"),
    ("First ice", "Thin ice closing over a tidal pool, macro, the sky reflected in it"),
    ("Letters in the drawer", "An open drawer with bundled letters, dust in slanting window light"),
    ("The storm comes in", "A wall of rain over open sea, one gull against it, long lens"),
    ("Nobody on the pier", "An empty wooden pier in fog, a single coat on the railing"),
    ("The lamp is lit", "The lighthouse lens from inside, amber glass, the beam begins to turn"),
]
PRESETS = [
    {"id": "golden", "name": "golden hour", "category": "light", "text": "golden hour light, long shadows"},
    {"id": "fog", "name": "sea fog", "category": "light", "text": "soft sea fog"},
    {"id": "pan", "name": "gentle pan", "category": "motion", "text": "gentle pan to the right"},
    {"id": "muted", "name": "muted palette", "category": "colour", "text": "muted slate and rust palette"},
]
_MAY_ALL = {"decide": True, "generate": True, "edit_prompt": True, "comment": True}
_STATES = ["approved", "undecided", "adjust_prompt", "undecided", "approved_with_notes", "undecided"]
_WHEN = "2026-03-02T09:24:00+00:00"


class FakeDeskPage:
    """Holds ``.desk``, the widget under test, and everything it was asked in ``.asked``."""

    def __init__(
        self,
        n_segments: int = 12,
        *,
        kind: str = "keyframe",
        stills: Sequence[str] = ("",),
        may: dict[str, bool] | None = None,
        mixed: bool = False,
        step_s: float | None = None,
    ) -> None:
        self.kind, self.stills, self.step_s = kind, stills, step_s
        self.may = _MAY_ALL if may is None else may
        self.asked: list[tuple[str, Payload]] = []
        self.refuse_next: str | None = None
        self.undo_stack: list[tuple[int, Payload, str]] = []
        self.comments: dict[int, list[Payload]] = {}
        self.versions: dict[int, list[Payload]] = {}
        self.cards = {n: self._card(n, mixed) for n in range(1, n_segments + 1)}
        self.extra: Payload = {"drafts": [], "oddities": [], "error": None, "worker_alive": True}
        self._next_task = 0
        self.desk = ReviewDesk(
            **{f"on_{event}": self._answering(event) for event in ReviewDesk.event_names()}
        )

    def version(self, segment_id: int, number: int, prompt: str) -> Payload:
        """Describe one version as a detail does."""
        still = self.stills[(segment_id * 5 + number) % len(self.stills)]
        digest = hashlib.sha256(f"{segment_id}/{number}".encode()).hexdigest()
        made_of = {"image_prompt": prompt, "motion_prompt": "slow push in", "negative_prompt": ""}
        facts = {"origin": "generated", "engine": "local", "model": "painter 2", "seed": 4000 + number}
        verdict = {"decision": "undecided", "decided_by": None, "decided_at": None, "note": "", "is_current": True}
        places = {"src": still, "thumb": still.replace(".mp4", ".jpg"), "poster": still.replace(".mp4", ".jpg")}
        size = {"width": 1280, "height": 720, "size_bytes": 241_300, "duration_s": 5.0}
        about = {"cost_usd": 0.04, "author": "dora", "created_at": _WHEN, "sha256": digest}
        return {"id": segment_id * 100 + number, "number": number} | places | made_of | facts | about | size | verdict

    def load(self) -> None:
        """Send everything, as after ``ready``."""
        shown = {"frame": self.frame(), "kind": self.kind, "cards": list(self.cards.values())}
        fixed = {"presets": PRESETS, "engines": ["local", "script"], "prompt_suffix": "35mm film, no text"}
        self.desk.load(shown | fixed | {k: v for k, v in self.extra.items() if k != "worker_alive"})

    def frame(self) -> Payload:
        """Describe the top bar."""
        approved = sum(card["decision"].startswith("approved") for card in self.cards.values())
        states = {"story": "approved", "spec": "approved", "keyframes": "changes", "videos": "waiting", "final": "missing"}
        here = "videos" if self.kind == "video" else "keyframes"
        rail = [
            {"checkpoint": name, "label": name.title(), "state": state, "approved": approved if name == here else 1,
             "total": len(self.cards) if name in ("keyframes", "videos") else 1, "href": f"#{name}", "here": name == here}
            for name, state in states.items()
        ]  # fmt: skip
        person = {"username": "dora", "name": "Dora Lindqvist", "role": "director", "may": self.may}
        links = [("Streams", "#streams"), ("Tasks", "#tasks"), ("Metrics", "#metrics")]
        running = sum(bool(card["task"]) and card["task"]["state"] == "running" for card in self.cards.values())
        return {
            "page": here,
            "stream": {"id": "lighthouse", "title": "The Lighthouse Keeper’s Last Winter", "language": "en"},
            "person": person,
            "rail": rail,
            "nav": [{"label": label, "href": href, "here": False} for label, href in links],
            "spend": {"stream_usd": 3.2, "budget_stream_usd": 50, "today_usd": 4.75, "budget_day_usd": 20},
            "queue": {"running": running, "queued": 0, "failed": 0},
            "worker_alive": self.extra["worker_alive"],
        }

    def change(self, segment_id: int, **fields: object) -> None:
        """Change a card, and tell the desk."""
        self.cards[segment_id].update(fields)
        self.desk.patch({"frame": {"queue": self.frame()["queue"]}, "cards": {str(segment_id): fields}})

    def _card(self, n: int, mixed: bool) -> Payload:
        title, prompt = WORDS[(n - 1) % len(WORDS)]
        numbers = range(1, 4 if n % 4 == 1 else 2)
        self.versions[n] = [self.version(n, number, f"{prompt}, 35mm film, no text") for number in numbers][::-1]
        for older in self.versions[n][1:]:
            older["is_current"] = False
        decision = _STATES[n % len(_STATES)] if mixed else "undecided"
        by = {} if decision == "undecided" else {"decided_by": "Dora Lindqvist", "decided_at": _WHEN}
        prompts = {"image_prompt": prompt, "motion_prompt": "slow push in", "negative_prompt": ""}
        card = {
            "segment_id": n, "title": title, "represents": "Winter closes the island off.", **prompts, "prompt_conflict": {},
            "duration_s": 5.0, "version": self._short(self.versions[n][0]), "n_versions": len(self.versions[n]), "decision": decision,
            "decided_by": None, "decided_at": None, "note": "", "stale": [], "comments_open": 0, "task": None, "keyframe_thumb": None, **by,
        }  # fmt: skip
        if mixed and n % 9 == 0:
            card |= {"version": None, "n_versions": 0, "decision": "undecided"}
            self.versions[n] = []
        if mixed and n % 5 == 1:
            card["stale"] = ["The image prompt has changed since this still was made."]
        return card

    @staticmethod
    def _short(version: Payload) -> Payload:
        names = ("id", "number", "sha256", "src", "thumb", "poster", "width", "height", "duration_s")
        return {name: version[name] for name in names}

    def _answering(self, event: str) -> Any:
        def answer(data: Payload) -> None:
            self.asked.append((event, data))
            if self.refuse_next == event:
                self.refuse_next = None
                raise InputError("The studio is closed for today. Nothing was saved.")
            result = getattr(self, "_on_" + event)(data)
            if "request_id" in data:
                self.desk.reply({"request_id": data["request_id"], "ok": True, **(result or {})})

        return answer

    def _on_ready(self, _data: Payload) -> None:
        self.load()

    def _on_open_segment(self, data: Payload) -> None:
        n = data["segment_id"]
        comments = self.comments.get(n, [])
        text = "The last boat left on a Tuesday, and after that the island belonged to the wind."
        self.desk.detail({"segment_id": n, "versions": self.versions[n], "comments": comments, "section_text": text})

    def _on_decide(self, data: Payload) -> None:
        for n in data["segment_ids"]:
            card = self.cards[n]
            if card["version"]["sha256"] != data["sha256s"][str(n)]:
                raise StaleWriteError(f"Segment {n}", "another version is current.")
            self._keep_for_undo(n, f"{data['decision']} segment {n}")
            self.change(n, decision=data["decision"], note=data["note"], decided_by="Dora Lindqvist", decided_at=_WHEN)

    def _keep_for_undo(self, n: int, label: str) -> None:
        before = {name: self.cards[n][name] for name in ("decision", "note", "decided_by", "decided_at", "task")}
        self.undo_stack.append((n, before, label))

    def _on_undo(self, _data: Payload) -> Payload:
        if not self.undo_stack:
            raise NothingToUndoError
        n, before, label = self.undo_stack.pop()
        self.change(n, **before)
        return {"label": label}

    def _on_price(self, data: Payload) -> Payload:
        return {"price_usd": 0.04 if data["engine"] == "local" else 0.35}

    def _on_regenerate(self, data: Payload) -> None:
        n = data["segment_id"]
        self._keep_for_undo(n, f"regenerated segment {n}")
        changed = data["image_prompt"] != self.cards[n]["image_prompt"]
        decision = {"decision": "adjust_prompt" if changed else "regenerate"} if self.cards[n]["version"] else {}
        prompts = {name: data[name] for name in ("image_prompt", "motion_prompt", "negative_prompt")}
        self._next_task += 1
        self.change(n, task=self._task(f"t{self._next_task}", "queued", 0), **prompts, **decision)
        if self.step_s is not None:
            asyncio.get_running_loop().create_task(self._make(n, f"t{self._next_task}"))

    def _task(self, task_id: str, state: str, percent: float, error: str | None = None) -> Payload:
        phase = "waiting" if state == "queued" else "rendering"
        return {"id": task_id, "state": state, "phase": phase, "percent": percent, "price_usd": 0.04,
                "error_message": error, "queued_at": _WHEN, "eta_s": 6 if state == "running" else None}  # fmt: skip

    async def _make(self, n: int, task_id: str) -> None:
        for percent in range(0, 100, 20):
            await asyncio.sleep(self.step_s or 0)
            if not self.cards[n]["task"] or self.cards[n]["task"]["state"] == "cancelled":
                return
            self.change(n, task=self._task(task_id, "running", percent))
        for older in self.versions[n]:
            older["is_current"] = False
        made = self.version(n, len(self.versions[n]) + 1, self.cards[n]["image_prompt"] + ", 35mm film, no text")
        self.versions[n] = [made, *self.versions[n]]
        undecided = {"decision": "undecided", "decided_by": None, "decided_at": None, "note": ""}
        task = self._task(task_id, "succeeded", 100)
        self.change(n, version=self._short(made), n_versions=len(self.versions[n]), task=task, stale=[], **undecided)

    def _on_save_prompt(self, data: Payload) -> None:
        if self.cards[data["segment_id"]][data["field"]] != data["base_text"]:
            raise StaleWriteError("The prompt", "somebody else saved other words.")
        self.change(data["segment_id"], **{data["field"]: data["text"]})

    def _on_resolve_conflict(self, data: Payload) -> None:
        texts = self.cards[data["segment_id"]]["prompt_conflict"]
        self.change(data["segment_id"], image_prompt=texts[data["key"]], prompt_conflict={})

    def _on_cancel_task(self, data: Payload) -> None:
        for n, card in self.cards.items():
            if card["task"] and card["task"]["id"] == data["task_id"]:
                self.change(n, task={**card["task"], "state": "cancelled"})

    def _on_retry_task(self, data: Payload) -> None:
        for n, card in self.cards.items():
            if card["task"] and card["task"]["id"] == data["task_id"]:
                self.change(n, task=self._task(data["task_id"] + "r", "queued", 0))

    def _on_restore(self, data: Payload) -> None:
        n = data["version_id"] // 100
        for version in self.versions[n]:
            version["is_current"] = version["id"] == data["version_id"]
        chosen = next(version for version in self.versions[n] if version["is_current"])
        self.change(n, version=self._short(chosen), decision="undecided", decided_by=None, decided_at=None, note="")

    def _on_save_draft(self, data: Payload) -> None:
        self.extra["drafts"] = [*self.extra["drafts"], {**data, "saved_at": _WHEN}]

    def _on_discard_draft(self, data: Payload) -> None:
        drafts = self.extra["drafts"]
        self.extra["drafts"] = [d for d in drafts if (d["segment_id"], d["field"]) != (data["segment_id"], data["field"])]

    def _on_add_comment(self, data: Payload) -> None:
        n = data["segment_id"]
        said = {"id": 10 * n + len(self.comments.get(n, [])), "version_number": self.cards[n]["version"]["number"], "text": data["text"],
                "author": "Dora Lindqvist", "created_at": _WHEN, "resolved_at": None, "resolved_by": None}  # fmt: skip
        self.comments[n] = [*self.comments.get(n, []), said]
        self.change(n, comments_open=sum(one["resolved_at"] is None for one in self.comments[n]))

    def _on_resolve_comment(self, data: Payload) -> None:
        n = data["comment_id"] // 10
        for one in self.comments[n]:
            if one["id"] == data["comment_id"]:
                one["resolved_at"] = _WHEN if data["resolved"] else None
                one["resolved_by"] = "Dora Lindqvist" if data["resolved"] else None
        self.change(n, comments_open=sum(one["resolved_at"] is None for one in self.comments[n]))

    def _on_list_tasks(self, _data: Payload) -> Payload:
        open_tasks = [(n, card["task"]) for n, card in self.cards.items() if card["task"]]
        about = {"stream_id": "lighthouse", "stream_title": "The Lighthouse Keeper’s Last Winter", "kind": self.kind, "engine": "local"}
        ends = {"author": "dora", "started_at": None, "ended_at": None, "thumb": None}
        return {"tasks": [{**task, **about, **ends, "segment_id": n, "href": f"#{n}"} for n, task in open_tasks]}
