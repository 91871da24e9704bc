"""One writer at a time for each stream, across threads and processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from director_lib.errors import StorageError
from director_lib.streams.folder import StreamsRoot

LOCK_TIMEOUT_S = 10.0


@contextmanager
def stream_lock(root: StreamsRoot, stream_id: str, *, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
    """Hold the stream's lock for a block; a crash frees it at once.

    Args:
        timeout_s: Longest wait for another writer, in seconds.

    Raises:
        InvalidIdError: The id is not valid or leaves the root.
        NotFoundError: There is no such stream.
        StorageError: Another writer holds it too long, or the lock file cannot be made.
    """
    path = root.lock_file(stream_id)
    lock = FileLock(path, thread_local=False, poll_interval=0.01)
    try:
        path.parent.mkdir(exist_ok=True)
        lock.acquire(timeout=timeout_s)
    except Timeout as error:
        raise StorageError(
            f"Stream {stream_id} is being saved by somebody else for too long. Nothing was saved; try again."
        ) from error
    except OSError as error:
        raise StorageError(
            f"{path} cannot be used to lock the stream ({error.strerror or error}). Nothing was saved; "
            f"make {root.root} writable, then try again."
        ) from error
    try:
        yield
    finally:
        lock.release()
