"""The final page: the last checkpoint, where the film is seen as readers get it, judged and deployed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from director_lib.domain.checkpoint import Checkpoint
from director_lib.domain.review import DecisionKind
from director_lib.errors import DirectorError
from director_lib.pages.delivery_state import plan_row
from director_lib.pages.drawer import Handler, answering
from director_lib.pages.final_state import read_final
from director_lib.pages.live import changed_fields
from director_lib.pages.opening import open_page
from director_lib.pages.stream_page import StreamPage
from director_lib.widgets.final_page import FinalScreen
from director_lib.workbench import Workbench

Json = dict[str, Any]


class FinalPage(StreamPage):
    """One stream's page, before and after its readers get it."""

    page = "final"

    def __init__(self) -> None:
        super().__init__()
        self._told: Json = {}

    def make_screen(self) -> FinalScreen:
        """Return the page's widget."""
        answered: dict[str, Handler] = {
            "decide": self._decide,
            "send_back": self._send_back,
            "undo": lambda _data: {"label": self.workbench.reviews.undo()},
            "redo": lambda _data: {"label": self.workbench.reviews.redo()},
            "build": lambda _data: {"task_id": self.workbench.deliveries.build(self.stream_id).id},
            "deploy": self._deploy,
            "roll_back": self._roll_back,
            "archive_plan": lambda _data: {"plan": plan_row(self.workbench.archive.plan())},
            "archive_start": lambda _data: {"task_id": self.workbench.archive.start().id},
        }
        callbacks: dict[str, Callable[[Json], None]] = {
            f"on_{name}": answering(self, handler) for name, handler in answered.items()
        }
        return FinalScreen(on_ready=self.ready, **self.drawer.callbacks(), **callbacks)

    def read_all(self, workbench: Workbench) -> Json:
        """Read all that is shown; a stream that cannot be read is its error."""
        self._told = self._read(workbench)
        return {"final": self._told}

    def read_changes(self, workbench: Workbench) -> Json:
        """Read what changed of it."""
        before, self._told = self._told, self._read(workbench)
        return {"final": changed_fields(before, self._told)}

    def _read(self, workbench: Workbench) -> Json:
        try:
            return {"error": None, **read_final(workbench, workbench.streams.get(self.stream_id))}
        except DirectorError as error:
            return {**self._told, "error": error.user_message}

    def _decide(self, data: Json) -> None:
        self.workbench.checkpoints.decide(
            self.stream_id,
            Checkpoint.FINAL,
            DecisionKind(data["decision"]),
            data["note"],
            expected_sha256=data["sha256"],
            override=data["override"],
        )

    def _send_back(self, data: Json) -> None:
        finals = self.workbench.finals
        finals.send_back(self.stream_id, data["segment_ids"], data["note"], expected_sha256=data["sha256"])

    def _deploy(self, data: Json) -> Json:
        deliveries = self.workbench.deliveries
        task = deliveries.deploy(self.stream_id, data["target"], override=data["override"])
        return {"task_id": task.id}

    def _roll_back(self, data: Json) -> Json:
        return {"task_id": self.workbench.deliveries.roll_back(self.stream_id, data["build_id"]).id}


def show(stream: str | None = None) -> None:
    """Show the final page to whoever visits it.

    Args:
        stream: Stream id; None takes it from the page's address.
    """
    page = FinalPage()
    open_page(
        page.screen,
        lambda workbench, parameters: page.open(workbench, parameters.get("stream", "")),
        stream=stream,
    )
