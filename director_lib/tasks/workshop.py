"""What the worker works with, and the scratch folders in which engines make their files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from director_lib.config import Settings
from director_lib.engines.protocol import Engine
from director_lib.errors import StorageError
from director_lib.media.files import VersionFiles
from director_lib.store.database import Database
from director_lib.streams.folder import StreamsRoot
from director_lib.tasks.child import DEFAULT_ENGINES, load_engines
from director_lib.tasks.presence import ONLY_WORKER


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Workshop:
    """One studio's data as the worker sees it.

    Attributes:
        engines: Where engines come from, as ``module:function``; a task's process imports it, too.
        worker: The name of the worker that works here.
        clock: Gives the present instant, aware, in UTC.
    """

    database: Database
    settings: Settings
    engines: str = DEFAULT_ENGINES
    clock: Callable[[], datetime] = utc_now
    worker: str = ONLY_WORKER
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

        Raises:
            StorageError: It cannot be made.
        """
        self.drop_scratch(task_id)
        folder = self.scratch(task_id, attempt)
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise StorageError(
                f"The folder {folder} cannot be made ({error.strerror}). Nothing was called or charged. Make "
                "room there or mend its permissions; the task then goes on by itself."
            ) from error
        return folder

    def scratch(self, task_id: str, attempt: str) -> Path:
        """Return where an attempt's folder is, whether it is there or not."""
        return self.scratch_root / task_id / attempt

    def drop_scratch(self, task_id: str) -> None:
        """Remove what a task left in its folder; a folder that is gone already is no error."""
        shutil.rmtree(self.scratch_root / task_id, ignore_errors=True)

    def drop_scratch_except(self, list_open: Callable[[], Collection[str]]) -> None:
        """Remove the folders of all tasks but the open ones.

        Args:
            list_open: Asked after the folders were listed, as another worker may begin a task meanwhile.
        """
        if not self.scratch_root.is_dir():
            return
        folders = {folder.name: folder for folder in self.scratch_root.iterdir()}
        for task_id in folders.keys() - set(list_open()):
            shutil.rmtree(folders[task_id], ignore_errors=True)

    @property
    def scratch_root(self) -> Path:
        """Folder of the attempts' scratch folders."""
        # beside the database: two studios on one machine must not clean each other's folders
        return self.settings.data_dir / "scratch"
