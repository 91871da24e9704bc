"""Taking a dead worker's tasks from it, so that a living one goes on with them."""

from __future__ import annotations

import logging

from director_lib.store.claims import abandon, list_holders
from director_lib.store.stream_claims import abandon_stream_tasks, list_stream_holders
from director_lib.tasks.presence import Presence
from director_lib.tasks.workshop import Workshop

_log = logging.getLogger("director.worker")


def take_over(workshop: Workshop, presence: Presence) -> list[str]:
    """Release the tasks of workers that are dead; this worker's next claim, or another's, goes on with them.

    A worker is dead when its name is free. On SQLite this worker is the only one.

    Returns:
        The names of the dead.

    Raises:
        StorageError: The database cannot be asked.
    """
    with workshop.database.read() as connection:
        others = (list_holders(connection) | list_stream_holders(connection)) - {presence.name}
        if others and workshop.settings.database_url is not None:
            from director_lib.store.holding import held_names

            others -= held_names(connection, others)
    dead = [name for name in sorted(others) if _bury(workshop, name)]
    for name in dead:
        _log.warning("worker %s is gone; its tasks are taken over", name)
    return dead


def begin_afresh(workshop: Workshop) -> None:
    """Release what earlier workers of this name hold on PostgreSQL, and remove the files of the dead.

    An earlier one may not be dead but frozen, and wake up: it must find its claims taken over. On SQLite a
    frozen worker keeps its lock, so that this one goes on with its claims and its file.

    Raises:
        StorageError: The database cannot be asked.
    """
    settings = workshop.settings
    if settings.database_url is None:
        return
    from director_lib.store.holding import is_free_until_commit

    with workshop.database.write() as connection:
        abandon(connection, workshop.worker)
    start, end = settings.queue_file_of("*").name.split("*")
    for path in settings.data_dir.glob(f"{start}*{end}"):
        name = path.name.removeprefix(start).removesuffix(end)
        with workshop.database.write() as connection:
            if name == workshop.worker or is_free_until_commit(connection, name):
                for ending in ("", "-wal", "-shm"):
                    path.with_name(path.name + ending).unlink(missing_ok=True)


def _bury(workshop: Workshop, name: str) -> bool:
    with workshop.database.write() as connection:
        if workshop.settings.database_url is not None:
            from director_lib.store.holding import is_free_until_commit

            if not is_free_until_commit(connection, name):
                return False
        return abandon(connection, name) + abandon_stream_tasks(connection, name) > 0
