"""What the worker works with, and the scratch folders in which engines make their files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from director_lib.config import Settings
from director_lib.engines.protocol import Engine
from director_lib.media.files import VersionFiles
from director_lib.store.database import Database
from director_lib.streams.folder import StreamsRoot
from director_lib.tasks.child import DEFAULT_ENGINES, load_engines


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Workshop:
    """One studio's data as the worker sees it.

    Attributes:
        engines: Where engines come from, as ``module:function``; a task's process imports it, too.
        clock: Gives the present instant, aware, in UTC.
    """

    database: Database
    settings: Settings
    engines: str = DEFAULT_ENGINES
    clock: Callable[[], datetime] = utc_now
    files: VersionFiles = field(init=False)
    root: StreamsRoot = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "files", VersionFiles(self.settings.media_dir))
        object.__setattr__(self, "root", StreamsRoot(self.settings.streams_root))

    def get_engine(self, name: str) -> Engine:
        """Return an engine to ask what it can; it makes its files in a process of its own.

        Raises:
            InputError: There is no such engine.
            ConfigError: Engines cannot be imported at all.
        """
        return load_engines(self.engines)(name, self.settings)

    def fresh_scratch(self, task_id: str, attempt: str) -> Path:
        """Return an empty folder for one attempt of a task, removing those of earlier ones.

        Each attempt has its own: a process of the one before may still be dying.
        """
        self.drop_scratch(task_id)
        folder = self._scratch_root / task_id / attempt
        folder.mkdir(parents=True)
        return folder

    def drop_scratch(self, task_id: str) -> None:
        """Remove what a task left in its folder; a folder that is gone already is no error."""
        shutil.rmtree(self._scratch_root / task_id, ignore_errors=True)

    def drop_scratch_except(self, task_ids: Collection[str]) -> None:
        """Remove the folders of all tasks but these."""
        if not self._scratch_root.is_dir():
            return
        for folder in self._scratch_root.iterdir():
            if folder.name not in task_ids:
                shutil.rmtree(folder, ignore_errors=True)

    @property
    def _scratch_root(self) -> Path:
        # beside the database: two studios on one machine must not clean each other's folders
        return self.settings.data_dir / "scratch"
