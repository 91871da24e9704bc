"""Where files are taken in: the review database, the version store and the stream folders, held together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock, Timeout

from director_lib.errors import StorageError
from director_lib.media.files import VersionFiles
from director_lib.store.database import Database
from director_lib.streams.folder import StreamsRoot

LOCK_SLOTS = 64
_LOCK_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Shelf:
    """The three places that a version concerns.

    Attributes:
        settle_s: How long after it was last written a file that cannot be decoded may still be in the making.
    """

    database: Database
    files: VersionFiles
    root: StreamsRoot
    settle_s: float = 0.0

    @contextmanager
    def lock(self, asset_id: int) -> Iterator[None]:
        """Let one process or thread at a time change which file an asset shows; a crash frees it.

        Not to be taken twice by the same thread.

        Raises:
            StorageError: Somebody else holds it for a minute, or the lock file cannot be made.
        """
        # a few files serve all assets: a stream of 1,000 segments shall not leave 2,000 lock files
        path = self.files.root.parent / "locks" / f"asset-{asset_id % LOCK_SLOTS}.lock"
        lock = FileLock(path, thread_local=False, poll_interval=0.01)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire(timeout=_LOCK_TIMEOUT_S)
        except (OSError, Timeout) as error:
            raise StorageError(
                f"The lock {path} cannot be taken ({error}). No file was changed. Check that the folder may "
                "be written and that no process hangs, then try again."
            ) from error
        try:
            yield
        finally:
            lock.release()
