"""The story page: the first checkpoint, where the story is read, the brief edited and both are judged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.review import DecisionKind
from director_lib.domain.stream import Stream
from director_lib.domain.stream_task import StreamTask
from director_lib.errors import DirectorError
from director_lib.pages.drawer import Handler, answering
from director_lib.pages.live import changed_fields
from director_lib.pages.opening import open_page
from director_lib.pages.story_state import read_standing, read_text
from director_lib.pages.stream_page import StreamPage
from director_lib.widgets.story_page import StoryScreen
from director_lib.workbench import Workbench
from director_lib.workbench.spec_drafts import BUILTIN
from director_lib.workbench.spec_orders import GOOGLE

Json = dict[str, Any]


class StoryPage(StreamPage):
    """One stream's story and brief."""

    page = "story"

    def __init__(self) -> None:
        super().__init__()
        self._told: Json = {}
        self._text: tuple[Stream, Json] | None = None

    def make_screen(self) -> StoryScreen:
        """Return the page's widget."""
        answered: dict[str, Handler] = {
            "decide": self._decide,
            "save_brief": self._save_brief,
            "draft_spec": self._draft_spec,
            "undo": lambda _data: {"label": self.workbench.reviews.undo()},
            "redo": lambda _data: {"label": self.workbench.reviews.redo()},
        }
        callbacks: dict[str, Callable[[Json], None]] = {
            f"on_{name}": answering(self, handler) for name, handler in answered.items()
        }
        return StoryScreen(on_ready=self.ready, **self.drawer.callbacks(), **callbacks)

    def read_all(self, workbench: Workbench) -> Json:
        """Read story, brief and verdicts; a stream that cannot be read is its error."""
        self._told = self._read(workbench)
        return {"story": self._told}

    def read_changes(self, workbench: Workbench) -> Json:
        """Read what changed of them."""
        before, self._told = self._told, self._read(workbench)
        return {"story": changed_fields(before, self._told)}

    def _read(self, workbench: Workbench) -> Json:
        try:
            stream = workbench.streams.get(self.stream_id)
            return {"error": None, **self._read_text(stream), **read_standing(workbench, stream)}
        except DirectorError as error:
            return {**self._told, "error": error.user_message}

    def _read_text(self, stream: Stream) -> Json:
        """Set a story once for each reading of its files: a long one takes a moment."""
        if self._text is None or self._text[0] is not stream:
            self._text = (stream, read_text(stream))
        return self._text[1]

    def _decide(self, data: Json) -> None:
        self.workbench.checkpoints.decide(
            self.stream_id,
            Checkpoint.STORY,
            DecisionKind(data["decision"]),
            data["note"],
            expected_sha256=data["sha256"],
        )

    def _save_brief(self, data: Json) -> None:
        stories = self.workbench.stories
        stories.edit_brief(self.stream_id, data["key"], data["text"], base_text=data["base_text"])

    def _draft_spec(self, _data: Json) -> Json:
        usual = self.workbench.studio.settings.engine_spec
        written = self.workbench.specs.draft(self.stream_id, engine=GOOGLE if usual == GOOGLE else BUILTIN)
        return {"queued": isinstance(written, StreamTask)}


def show(stream: str | None = None) -> None:
    """Show the story page to whoever visits it.

    Args:
        stream: Stream id; None takes it from the page's address.
    """
    page = StoryPage()
    open_page(
        page.screen,
        lambda workbench, parameters: page.open(workbench, parameters.get("stream", "")),
        stream=stream,
    )
