"""Renaming streams, putting them away, bringing them back, and removing them for good."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from director_lib.delivery.move_notes import Move
from director_lib.delivery.moves import RENAMED, RESTORED, StreamMoves
from director_lib.delivery.stowed import (
    ARCHIVED,
    PURGED,
    TRASHED,
    Place,
    TrashEntry,
    check_entry_id,
    get_entry,
    list_entries,
    make_entry_id,
)
from director_lib.domain.people import Action
from director_lib.domain.stream import check_stream_id
from director_lib.domain.task import OPEN_STATES
from director_lib.errors import DirectorError, RuleError
from director_lib.intake.placing import settle
from director_lib.intake.shelf import LOCK_SLOTS, Shelf
from director_lib.store.tasks import list_tasks
from director_lib.store.versions import list_asset_files
from director_lib.streams.locking import stream_lock
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.studio import Studio
from director_lib.workbench.tasks import Tasks

LONGEST_REASON = 500
_MOST_TASKS = 1_000_000
_STOWING = {Place.TRASH: TRASHED, Place.ARCHIVE: ARCHIVED}


class Lifecycle:
    """A stream's way through the studio: its folder, its site and everything recorded of it move together.

    A stream that is put away keeps its history under an id that no live stream can have; a new stream of the
    same id begins with nothing. Open tasks are cancelled before a stream moves.

    Args:
        patience_s: Longest wait, in seconds, for the worker to confirm that running tasks have stopped.
    """

    def __init__(self, studio: Studio, *, patience_s: float = 2.0) -> None:
        self._studio = studio
        self._patience_s = patience_s
        self._moves = StreamMoves(studio.database, studio.root.root, studio.settings.sites_dir)

    def rename(self, stream_id: str, new_id: str) -> None:
        """Give a stream another id. Decisions, versions and events follow; its files stay as they are.

        Raises:
            PermissionDeniedError: The actor may not.
            InvalidIdError: One of the ids is not valid.
            NotFoundError: There is no such stream.
            RuleError: The new id is taken, or a task of the stream has not stopped yet. Nothing was moved.
            StorageError: The disk or the database refused.
        """
        self._studio.require(Action.RUN_BATCH)
        self._studio.root.path(stream_id)
        self._check_free(new_id)
        self._stop_tasks(stream_id)
        move = Move(RENAMED, stream_id, new_id, stream_id, new_id, self._studio.actor.username)
        self._carry_out(move)

    def trash(self, stream_id: str, reason: str = "") -> TrashEntry:
        """Put a stream into the trash, with its history.

        Args:
            reason: Why, for whoever finds it there; cut after 500 characters.

        Raises:
            PermissionDeniedError: The actor may not.
            InvalidIdError: The id is not valid.
            NotFoundError: There is no such stream.
            RuleError: A task of the stream has not stopped yet. Nothing was moved.
            StorageError: The disk or the database refused.
        """
        return self._stow(stream_id, Place.TRASH, reason)

    def archive(self, stream_id: str, reason: str = "") -> TrashEntry:
        """Put a finished stream into the archive, with its history; it is never removed from there for good.

        Raises:
            DirectorError: As for ``trash``.
        """
        return self._stow(stream_id, Place.ARCHIVE, reason)

    def list_trash(self) -> list[TrashEntry]:
        """List what is in the trash, the latest first."""
        return self._list(Place.TRASH)

    def list_archive(self) -> list[TrashEntry]:
        """List what is in the archive, the latest first."""
        return self._list(Place.ARCHIVE)

    def restore(self, entry_id: str, *, new_id: str | None = None) -> str:
        """Bring a stream back from the trash or the archive, with its history.

        Args:
            new_id: The id that it gets; the one that it had when None.

        Returns:
            Its id now.

        Raises:
            PermissionDeniedError: The actor may not.
            InvalidIdError: One of the ids is not valid.
            NotFoundError: There is no such entry.
            RuleError: The id is taken. Nothing was moved.
            StorageError: The disk or the database refused.
        """
        self._studio.require(Action.RUN_BATCH)
        with self._held(check_entry_id(entry_id)):
            entry = self._get(entry_id)
            stream_id = entry.stream_id if new_id is None else new_id
            self._check_free(stream_id)
            source = f"{entry.place.value}/{entry_id}"
            actor = self._studio.actor.username
            move = Move(RESTORED, entry_id, stream_id, source, stream_id, actor)
            self._moves.carry_out(move, now=self._studio.clock())
        return stream_id

    def purge(self, entry_id: str) -> None:
        """Remove the folder of a stream in the trash for good.

        What was decided and what happened stays recorded under the entry's id, and its versions stay in the
        version store: history is never lost.

        Raises:
            PermissionDeniedError: The actor is no admin.
            InvalidIdError: The id is not valid.
            NotFoundError: There is no such entry.
            RuleError: It is in the archive.
            StorageError: The disk or the database refused; what was not removed yet is removed later.
        """
        self._studio.require(Action.ADMINISTER)
        with self._held(check_entry_id(entry_id)):
            entry = self._get(entry_id)
            if entry.place is not Place.TRASH:
                raise RuleError(
                    f"{entry_id} is in the archive, and nothing is removed from there. Restore it and put it "
                    "into the trash first."
                )
            source = f"{entry.place.value}/{entry_id}"
            move = Move(PURGED, entry_id, entry_id, source, None, self._studio.actor.username)
            self._moves.carry_out(move, now=self._studio.clock())

    def repair(self) -> list[DirectorError]:
        """Finish what a crash interrupted; may be called at any time, by anybody, and is quick without need.

        Returns:
            Why some cannot be finished now; empty when all is well.
        """
        try:
            if not self._moves.has_notes:
                return []
            with self._moves.hold():
                return [left.error for left in self._moves.finish_all(now=self._studio.clock())]
        except DirectorError as error:
            return [error]

    def _stow(self, stream_id: str, place: Place, reason: str) -> TrashEntry:
        studio = self._studio
        studio.require(Action.RUN_BATCH)
        studio.root.path(stream_id)
        self._stop_tasks(stream_id)
        entry_id = make_entry_id(studio.root.root, stream_id, studio.clock())
        target = f"{place.value}/{entry_id}"
        details = {"reason": reason.strip()[:LONGEST_REASON]}
        actor = studio.actor.username
        self._carry_out(Move(_STOWING[place], stream_id, entry_id, stream_id, target, actor, details))
        return self._get(entry_id)

    def _carry_out(self, move: Move) -> None:
        """Move a live stream while nobody writes its spec or puts a file in place."""
        root, now = self._studio.root, self._studio.clock()
        with self._held(move.from_id, move.to_id), stream_lock(root, move.from_id), self._still(move.from_id):
            if move.verb == RENAMED:
                self._check_free(move.to_id)
            self._moves.carry_out(move, now=now)

    @contextmanager
    def _held(self, *ids: str) -> Iterator[None]:
        """Hold the moves, with interrupted ones finished; refuse when one of these ids cannot be."""
        with self._moves.hold():
            for left in self._moves.finish_all(now=self._studio.clock()):
                if left.ids & set(ids):
                    raise left.error
            yield

    @contextmanager
    def _still(self, stream_id: str) -> Iterator[None]:
        """Keep every file of a stream where it is, with all that were on their way in place."""
        studio = self._studio
        shelf = Shelf(studio.database, studio.files, studio.root)
        with studio.database.read() as connection:
            assets = [file.asset_id for file in list_asset_files(connection, stream_id).values()]
        with ExitStack() as locks:
            for slot in sorted({asset_id % LOCK_SLOTS for asset_id in assets}):
                locks.enter_context(shelf.lock(slot))
            for asset_id in assets:
                settle(shelf, asset_id, now=studio.clock())
            yield

    def _stop_tasks(self, stream_id: str) -> None:
        studio = self._studio
        tasks = Tasks(studio.database, studio.settings, studio.actor, studio.clock)
        with studio.database.read() as connection:
            waiting = list_tasks(connection, stream_id=stream_id, states=OPEN_STATES, limit=_MOST_TASKS)
        stopping = [tasks.cancel(task.id).id for task in waiting]
        going_on = [task.id for task in tasks.wait(stopping, self._patience_s) if task.is_open]
        going_on += [task.id for task in StreamTasks(studio).stop_all(stream_id, self._patience_s)]
        if going_on:
            advice = "Try again in a moment."
            if tasks.find_worker() is None:
                advice = "No worker runs that could confirm it: start one (director worker), then try again."
            raise RuleError(
                f"{len(going_on)} of {stream_id}'s tasks were asked to stop and have not yet "
                f"({', '.join(going_on[:3])}). Nothing was moved. {advice}"
            )

    def _check_free(self, stream_id: str) -> None:
        root = self._studio.root.root
        if os.path.lexists(root / check_stream_id(stream_id)):
            raise RuleError(
                f"There is a stream or a folder “{stream_id}” already. Nothing was moved; choose another id."
            )

    def _get(self, entry_id: str) -> TrashEntry:
        with self._studio.database.read() as connection:
            return get_entry(self._studio.root.root, connection, entry_id)

    def _list(self, place: Place) -> list[TrashEntry]:
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return list_entries(self._studio.root.root, connection, place)
