"""How papermill starts a kernel for us: with the studio's settings, in the run's folder, without secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from traitlets.config import Config

from director_lib.batch.progress import Bar
from director_lib.batch.showing import PROGRESS_TYPE

ENGINE_NAME = "director"
_SECRET = re.compile(r"KEY(?!FRAME)|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|COOKIE", re.IGNORECASE)
_HOST = re.compile(r"VOILA_\w+|SERVER_SOFTWARE|DIRECTOR_REQUEST")


def kernel_environment(outer: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a run's kernel.

    Args:
        outer: This process's environment; secrets and what says "a page's kernel" are left out.
        settings: The ``DIRECTOR_*`` variables with absolute paths; they win.
    """
    kept = {
        name: value for name, value in outer.items() if not _SECRET.search(name) and not _HOST.fullmatch(name)
    }
    return kept | {name: value for name, value in settings.items() if not _SECRET.search(name)}


class ReportingClient(PapermillNotebookClient):  # type: ignore[misc]  # papermill ships no types
    """Papermill's own client, but what a cell says of its progress moves a bar and is not kept."""

    bar: Bar

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Take a message from the kernel."""
        n_cells = len(self.nb.cells)
        told = msg["content"].get("data", {}).get(PROGRESS_TYPE) if "content" in msg else None
        if told is not None:
            self.bar.move((cell_index + told["share"]) / n_cells, told["words"])
            return None
        self.bar.move(cell_index / n_cells)
        return super().process_message(msg, cell, cell_index)


class SettingsEngine(NBClientEngine):  # type: ignore[misc]  # papermill ships no types
    """Papermill's own engine, but the kernel gets the environment and folder that it is told."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        *,
        environment: Mapping[str, str],
        folder: Path,
        bar: Bar,
        **given: Any,
    ) -> Any:
        """Run the notebook that papermill manages.

        Args:
            nb_man: Papermill's manager of the notebook.
            kernel_name: The kernel to start.
            environment: All variables of the kernel.
            folder: The kernel's working folder.
            bar: Moved on the way.
            given: Papermill's further wishes, of which only the waiting times count.
        """
        with TemporaryDirectory(prefix="director-run-") as private:
            client = ReportingClient(
                nb_man,
                kernel_name=kernel_name,
                startup_timeout=given.get("start_timeout", 60),
                timeout=given.get("execution_timeout"),
                resources={"metadata": {"path": str(folder)}},
                config=_sockets_in(private),
            )
            client.bar = bar
            return client.execute(env=dict(environment))


def _sockets_in(folder: str) -> Config:
    if os.name == "nt":
        return Config()
    # sockets in a folder of this user's own, instead of TCP ports that every local user can reach
    return Config({"ConnectionFileMixin": {"transport": "ipc", "ip": f"{folder}/kernel"}})


def register() -> str:
    """Make the engine known to papermill and return its name; calling it again changes nothing."""
    papermill_engines.register(ENGINE_NAME, SettingsEngine)
    return ENGINE_NAME
