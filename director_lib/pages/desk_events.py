"""What the review desk asks for, as workbench calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.pages.cards import prompt_change_line
from director_lib.pages.desk_state import read_detail
from director_lib.pages.drawer import DrawerEvents, Handler, answering
from director_lib.pages.repair_events import RepairEvents
from director_lib.workbench.prompts import FIELDS
from director_lib.workbench.reviews import Regeneration
from director_lib.workbench.verdicts import Seen

if TYPE_CHECKING:
    from director_lib.pages.review import ReviewPage

Json = dict[str, Any]
MOST_PROMPT_CHANGES = 100
"""How many edits of a segment's prompts the desk lists."""


class DeskEvents:
    """Answers the review desk's events for one page.

    The desk has checked the form of each payload; what the values mean is for the use cases to check.
    """

    def __init__(self, page: ReviewPage) -> None:
        self._page = page

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the desk's constructor callbacks, by name."""
        answered: dict[str, Handler] = {
            "open_segment": self._open_segment,
            "decide": self._decide,
            "price": self._price,
            "regenerate": self._regenerate,
            "save_prompt": self._save_prompt,
            "resolve_conflict": self._resolve_conflict,
            "prompt_history": self._prompt_history,
            "bring_back_prompt": self._bring_back_prompt,
            "undo": self._undo,
            "redo": self._redo,
            "restore": self._restore,
            "compare_versions": self._compare_versions,
            "add_comment": self._add_comment,
            "resolve_comment": self._resolve_comment,
        }
        quiet = {"save_draft": self._save_draft, "discard_draft": self._discard_draft}
        return {
            **DrawerEvents(self._page).callbacks(),
            **RepairEvents(self._page).callbacks(),
            **{f"on_{name}": answering(self._page, handler) for name, handler in answered.items()},
            **{f"on_{name}": handler for name, handler in quiet.items()},
        }

    @property
    def _kind(self) -> Kind:
        return self._page.kind

    def _open_segment(self, data: Json) -> None:
        page = self._page
        stream = page.workbench.streams.get(page.stream_id)
        page.screen.detail(read_detail(page.workbench, stream, data["segment_id"], self._kind))

    def _decide(self, data: Json) -> None:
        judged = {int(segment_id): sha256 or "" for segment_id, sha256 in data["sha256s"].items()}
        decision = DecisionKind(data["decision"])
        reviews = self._page.workbench.reviews
        reviews.decide(
            self._page.stream_id, self._kind, judged, decision, data["note"], seen=Seen(data["seen_seq"])
        )

    def _price(self, data: Json) -> Json:
        tasks = self._page.workbench.tasks
        stream = self._page.workbench.streams.get(self._page.stream_id)
        engine = data["engine"]
        request = tasks.request_for(stream, data["segment_id"], self._kind, engine=engine)
        return {"price_usd": tasks.price([request])}

    def _regenerate(self, data: Json) -> Json:
        reviews = self._page.workbench.reviews
        segment_id = data["segment_id"]
        sha256 = data["sha256"]
        made = reviews.versions(self._page.stream_id, segment_id, self._kind)
        seeds = {version.sha256: version.provenance.seed for version in made}
        asked = Regeneration(
            stream_id=self._page.stream_id,
            segment_id=segment_id,
            kind=self._kind,
            prompts={field: data[field] for field in FIELDS},
            base=data["base_texts"],
            seed=seeds.get(sha256) if data["seed"] == "same" else None,
            engine=data["engine"],
            expected_sha256=sha256,
            seen_seq=data["seen_seq"],
            allow_unapproved_keyframe=data["allow_unapproved_keyframe"],
        )
        return {"task_id": reviews.regenerate(asked).id}

    def _save_prompt(self, data: Json) -> None:
        self._page.workbench.prompts.save(
            self._page.stream_id,
            data["segment_id"],
            data["field"],
            data["text"],
            base_text=data["base_text"],
        )

    def _resolve_conflict(self, data: Json) -> None:
        prompts = self._page.workbench.prompts
        prompts.choose(self._page.stream_id, data["segment_id"], data["key"])

    def _prompt_history(self, data: Json) -> Json:
        prompts = self._page.workbench.prompts
        changes = prompts.history(self._page.stream_id, data["segment_id"], limit=MOST_PROMPT_CHANGES)
        return {"changes": [prompt_change_line(change) for change in changes]}

    def _bring_back_prompt(self, data: Json) -> None:
        self._page.workbench.prompts.bring_back(
            self._page.stream_id,
            data["segment_id"],
            data["change_seq"],
            data["side"],
            field=data["field"],
            base_text=data["base_text"],
        )

    def _undo(self, _data: Json) -> Json:
        return {"label": self._page.workbench.reviews.undo()}

    def _redo(self, _data: Json) -> Json:
        return {"label": self._page.workbench.reviews.redo()}

    def _restore(self, data: Json) -> None:
        self._page.workbench.reviews.restore(data["version_id"])

    def _compare_versions(self, data: Json) -> Json:
        versions = self._page.workbench.versions
        version_id, other_id = data["version_id"], data["other_id"] or data["version_id"]
        chosen = dict.fromkeys((other_id, version_id))
        return {
            "facts": [asdict(difference) for difference in versions.compare(other_id, version_id)],
            "text": "\n\n".join(versions.as_text(one) for one in chosen),
        }

    def _add_comment(self, data: Json) -> None:
        self._page.workbench.comments.add(
            self._page.stream_id,
            data["segment_id"],
            self._kind,
            data["text"],
            version_id=data["version_id"],
        )

    def _resolve_comment(self, data: Json) -> None:
        comments = self._page.workbench.comments
        comments.resolve(data["comment_id"], resolved=data["resolved"])

    def _save_draft(self, data: Json) -> None:
        self._page.workbench.prompts.save_draft(
            self._page.stream_id,
            data["segment_id"],
            data["field"],
            data["text"],
            data["base_text"],
        )

    def _discard_draft(self, data: Json) -> None:
        prompts = self._page.workbench.prompts
        prompts.discard_draft(self._page.stream_id, data["segment_id"], data["field"])
