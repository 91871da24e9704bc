"""What the spec page asks for, as workbench calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.review import DecisionKind
from director_lib.domain.spec_edit_form import edit_from_json
from director_lib.errors import DirectorError
from director_lib.pages.drawer import Handler, OpenPage, answering
from director_lib.pages.spec_state import change_line, state_line
from director_lib.streams.spec_writer import WrittenSpec
from director_lib.workbench.spec_drafts import COMMAND

Json = dict[str, Any]
STATES_AT_ONCE = 60


class OpenStreamPage(OpenPage, Protocol):
    """A page about one stream that has been started for its visitor."""

    @property
    def stream_id(self) -> str:
        """The stream that is open."""
        ...


class SpecEvents:
    """Answers the spec page's events.

    The screen has checked the form of each payload; what the values mean is for the use cases to check.
    """

    def __init__(self, page: OpenStreamPage) -> None:
        self._page = page
        self._drafting: asyncio.Task[None] | None = None

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the screen's constructor callbacks, by name."""
        answered: dict[str, Handler] = {
            "edit": self._edit,
            "edit_prompt": self._edit_prompt,
            "decide": self._decide,
            "undo": lambda _data: {"label": self._page.workbench.reviews.undo()},
            "redo": lambda _data: {"label": self._page.workbench.reviews.redo()},
            "list_states": self._list_states,
            "diff": self._diff,
            "restore": self._restore,
        }
        callbacks = {f"on_{name}": answering(self._page, handler) for name, handler in answered.items()}
        return {**callbacks, "on_draft": self._draft}

    def _edit(self, data: Json) -> Json:
        edit = edit_from_json(data["edit"])
        written = self._page.workbench.specs.edit(self._page.stream_id, edit, expected_sha256=data["sha256"])
        return {"label": written.label, "new_id": written.new_id}

    def _edit_prompt(self, data: Json) -> None:
        self._page.workbench.specs.edit_prompt(
            self._page.stream_id, data["segment_id"], data["field"], data["text"], base_text=data["base_text"]
        )

    def _decide(self, data: Json) -> None:
        self._page.workbench.checkpoints.decide(
            self._page.stream_id,
            Checkpoint.SPEC,
            DecisionKind(data["decision"]),
            data["note"],
            expected_sha256=data["sha256"],
        )

    def _list_states(self, data: Json) -> Json:
        states = self._page.workbench.specs.states(
            self._page.stream_id, limit=STATES_AT_ONCE, before_seq=data["before_seq"]
        )
        return {"states": [state_line(one) for one in states], "has_more": len(states) == STATES_AT_ONCE}

    def _diff(self, data: Json) -> Json:
        specs = self._page.workbench.specs
        changes = specs.diff(self._page.stream_id, data["from_seq"], data["to_seq"])
        return {"changes": [change_line(one) for one in changes]}

    def _restore(self, data: Json) -> Json:
        specs = self._page.workbench.specs
        written = specs.restore(self._page.stream_id, data["seq"], expected_sha256=data["sha256"])
        return {"label": written.label}

    def _draft(self, data: Json) -> None:
        """Write a first spec; a program of the studio's own may take its time while the page goes on."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if data["engine"] != COMMAND or loop is None:
            answering(self._page, self._write_draft)(data)
            return
        self._drafting = loop.create_task(self._draft_beside(data))

    def _write_draft(self, data: Json) -> Json:
        specs = self._page.workbench.specs
        written = specs.draft(self._page.stream_id, engine=data["engine"], replace_spec=data["replace"])
        return {"label": written.label} if isinstance(written, WrittenSpec) else {"task_id": written.id}

    async def _draft_beside(self, data: Json) -> None:
        try:
            told = await asyncio.to_thread(self._write_draft, data)
        except DirectorError as error:
            refusal = {"ok": False, "code": error.code, "message": error.user_message}
            self._page.screen.reply({"request_id": data["request_id"], **refusal})
            return
        self._page.refresh()
        self._page.screen.reply({"request_id": data["request_id"], "ok": True, **told})
