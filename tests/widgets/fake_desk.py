"""A review page without a database: keeps its stream in memory and answers the desk as the real page does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from director_lib.errors import InputError, NothingToUndoError, StaleWriteError
from director_lib.widgets.review_desk import ReviewDesk
from tests.widgets.desk_samples import (
    MAY_ALL,
    PEOPLE,
    PRESETS,
    SUFFIX,
    UNDECIDED,
    WHEN,
    Payload,
    sample_card,
    sample_comparison,
    sample_frame,
    sample_task,
    sample_version,
    sample_words,
    short_version,
)
from tests.widgets.fake_bulk import BulkAnswers
from tests.widgets.fake_clips import ClipAnswers
from tests.widgets.fake_making import ENGINES, MakingAnswers
from tests.widgets.fake_prompts import PromptAnswers
from tests.widgets.fake_repair import RepairAnswers
from tests.widgets.fake_talk import TalkAnswers
from tests.widgets.fake_tasks import TaskAnswers


class FakeDeskPage(
    PromptAnswers, MakingAnswers, BulkAnswers, RepairAnswers, TalkAnswers, ClipAnswers, TaskAnswers
):
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
        log: Path | None = None,
    ) -> None:
        self.kind, self.stills, self.step_s, self.log = kind, stills, step_s, log
        self.may = MAY_ALL if may is None else may
        self.asked: list[tuple[str, Payload]] = []
        self.refuse_next: str | None = None
        self.undo_stack: list[tuple[int, Payload, str]] = []
        self.comments: dict[int, list[Payload]] = {}
        self.keys: dict[str, str] = {}
        PromptAnswers.__init__(self)
        MakingAnswers.__init__(self)
        self.versions = {n: self._first_versions(n, mixed) for n in range(1, n_segments + 1)}
        self.cards = {n: sample_card(n, made, mixed=mixed) for n, made in self.versions.items()}
        self.extra: Payload = {"drafts": [], "oddities": [], "error": None, "worker_alive": True}
        self._next_task = 0
        self.desk = ReviewDesk(
            **{f"on_{event}": self._answering(event) for event in ReviewDesk.event_names()}
        )

    def load(self) -> None:
        """Send everything, as after ``ready``."""
        shown = {"frame": self.frame(), "kind": self.kind, "cards": list(self.cards.values())}
        fixed = {"presets": PRESETS, "people": PEOPLE, "engines": ENGINES, "prompt_suffix": SUFFIX}
        self.desk.load(shown | fixed | {k: v for k, v in self.extra.items() if k != "worker_alive"})

    def frame(self) -> Payload:
        """Describe the top bar."""
        here = "videos" if self.kind == "video" else "keyframes"
        shown = sample_frame(
            here, list(self.cards.values()), self.may, worker_alive=self.extra["worker_alive"]
        )
        shown["person"]["keys"] = self.keys
        return shown

    def change(self, segment_id: int, **fields: object) -> None:
        """Change a card, and tell the desk."""
        self.cards[segment_id].update(fields)
        self.desk.patch({"frame": {"queue": self.frame()["queue"]}, "cards": {str(segment_id): fields}})

    def _first_versions(self, n: int, mixed: bool) -> list[Payload]:
        if mixed and n % 9 == 0:
            return []
        numbers = range(3 if n % 4 == 1 else 1, 0, -1)
        made = [sample_version(n, number, sample_words(n)[1], self.stills) for number in numbers]
        return [version | {"is_current": version is made[0]} for version in made]

    def _answering(self, event: str) -> Any:
        def answer(data: Payload) -> None:
            self.asked.append((event, data))
            if self.log:
                with self.log.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps([event, data]) + "\n")
            if self.refuse_next == event:
                self.refuse_next = None
                raise InputError("The studio is closed for today. Nothing was saved.")
            self.let_rival_act(event, data)
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
        self.desk.detail(
            {"segment_id": n, "versions": self.versions[n], "comments": comments, "section_text": text}
            | {"variants": self.variant_sets.get(n)}
        )

    def _on_decide(self, data: Payload) -> None:
        for n in data["segment_ids"]:
            card = self.cards[n]
            if card["version"]["sha256"] != data["sha256s"][str(n)]:
                raise StaleWriteError(f"Segment {n}", "another version is current.")
            self._keep_for_undo(n, f"{data['decision']} segment {n}")
            self.change(
                n, decision=data["decision"], note=data["note"], decided_by="Dora Lindqvist", decided_at=WHEN
            )

    def _keep_for_undo(self, n: int, label: str) -> None:
        names = ("decision", "note", "decided_by", "decided_at", "task", "version", "to_pick")
        before = {name: self.cards[n][name] for name in names}
        self.undo_stack.append((n, before, label))

    def _on_undo(self, _data: Payload) -> Payload:
        if not self.undo_stack:
            raise NothingToUndoError
        n, before, label = self.undo_stack.pop()
        self.change(n, **before)
        return {"label": label}

    def _on_redo(self, _data: Payload) -> Payload:
        raise NothingToUndoError(again=True)

    def _on_price(self, data: Payload) -> Payload:
        return self.price_of(data)

    def _on_regenerate(self, data: Payload) -> Payload:
        n = data["segment_id"]
        for field, base in data["base_texts"].items():
            self.check_base(n, field, base, data[field])
        self._keep_for_undo(n, f"regenerated segment {n}")
        changed = data["image_prompt"] != self.cards[n]["image_prompt"]
        decision = (
            {"decision": "adjust_prompt" if changed else "regenerate"} if self.cards[n]["version"] else {}
        )
        prompts = {name: data[name] for name in ("image_prompt", "motion_prompt", "negative_prompt")}
        if data["variants"] > 1:
            self.change(n, **prompts, **decision)
            self.ask_variants(n, data["variants"])
            return {"task_id": f"v{n}_1", "existed": False}
        self._next_task += 1
        self.change(n, task=sample_task(f"t{self._next_task}", "queued", 0), **prompts, **decision)
        if self.step_s is not None:
            self.making = asyncio.get_running_loop().create_task(self._make(n, f"t{self._next_task}"))
        return {"task_id": f"t{self._next_task}", "existed": False}

    async def _make(self, n: int, task_id: str) -> None:
        for percent in range(0, 100, 20):
            await asyncio.sleep(self.step_s or 0)
            if not self.cards[n]["task"] or self.cards[n]["task"]["state"] == "cancelled":
                return
            self.change(n, task=sample_task(task_id, "running", percent))
        for older in self.versions[n]:
            older["is_current"] = False
        number = len(self.versions[n]) + 1
        made = sample_version(n, number, self.cards[n]["image_prompt"], self.stills)
        self.versions[n] = [made, *self.versions[n]]
        task = sample_task(task_id, "succeeded", 100)
        self.change(
            n, version=short_version(made), n_versions=len(self.versions[n]), task=task, stale=[], **UNDECIDED
        )

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
                self.change(n, task=sample_task(data["task_id"] + "r", "queued", 0))

    def _on_restore(self, data: Payload) -> None:
        n = data["version_id"] // 100
        for version in self.versions[n]:
            version["is_current"] = version["id"] == data["version_id"]
        chosen = next(version for version in self.versions[n] if version["is_current"])
        self.change(
            n, version=short_version(chosen), decision="undecided", decided_by=None, decided_at=None, note=""
        )

    def _on_bring_back(self, data: Payload) -> Payload:
        return {"task_id": f"back-{data['version_id']}"}

    def _on_compare_versions(self, data: Payload) -> Payload:
        known = {one["id"]: one for made in self.versions.values() for one in made}
        after = known[data["version_id"]]
        return sample_comparison(known.get(data["other_id"], after), after)

    def _on_save_draft(self, data: Payload) -> None:
        self.extra["drafts"] = [*self.extra["drafts"], {**data, "saved_at": WHEN}]

    def _on_discard_draft(self, data: Payload) -> None:
        drafts = self.extra["drafts"]
        self.extra["drafts"] = [
            d for d in drafts if (d["segment_id"], d["field"]) != (data["segment_id"], data["field"])
        ]
