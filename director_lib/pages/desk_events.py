"""What the review desk asks for, as workbench calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.pages.advice_events import AdviceEvents
from director_lib.pages.bulk_events import BulkEvents
from director_lib.pages.cards import prompt_change_line
from director_lib.pages.desk_state import read_detail
from director_lib.pages.drawer import DrawerEvents, Handler, answering, showing
from director_lib.pages.film import FilmEvents
from director_lib.pages.making_events import MakingEvents
from director_lib.pages.repair_events import RepairEvents
from director_lib.pages.talk_events import TalkEvents
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
        self.drawer = DrawerEvents(page)

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the desk's constructor callbacks, by name."""
        answered: dict[str, Handler] = {
            "save_prompt": self._save_prompt,
            "resolve_conflict": self._resolve_conflict,
            "bring_back_prompt": self._bring_back_prompt,
            "undo": self._undo,
            "redo": self._redo,
            "restore": self._restore,
            "bring_back": self._bring_back,
        }
        shown: dict[str, Handler] = {
            "open_segment": self._open_segment,
            "prompt_history": self._prompt_history,
            "compare_versions": self._compare_versions,
        }
        quiet = {"save_draft": self._save_draft, "discard_draft": self._discard_draft}
        return {
            **self.drawer.callbacks(),
            **MakingEvents(self._page).callbacks(),
            **AdviceEvents(self._page).callbacks(),
            **BulkEvents(self._page).callbacks(),
            **RepairEvents(self._page).callbacks(),
            **TalkEvents(self._page).callbacks(),
            **FilmEvents(self._page).callbacks(),
            **{f"on_{name}": answering(self._page, handler) for name, handler in answered.items()},
            **{f"on_{name}": showing(self._page, handler) for name, handler in shown.items()},
            "on_decide": answering(self._page, self._decide, self._page.refresh_soon),
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
        self._page.note_judged(judged)

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

    def _bring_back(self, data: Json) -> Json:
        return {"task_id": self._page.workbench.archive.bring_back([data["version_id"]]).id}

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
