"""Moving a stream's rows, its site and its folder together, so that a crash at any point can be finished.

A move is written down in the streams folder first (a *note* in ``.moves/``). Then one transaction moves the
rows and records the event: that is the point of no return. Then the site and the folder are renamed, in this
order, and the note removed: while the folder is the one of the note, the site under its id is its own.
Whoever finds a note can tell from the event whether the rows have moved, and finishes or forgets the move.
The rows go first so that an id that becomes free never shows an earlier stream's decisions.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

from director_lib.delivery.disk import sync_folder
from director_lib.delivery.move_notes import FOLDER, Move, MoveNotes, read_note
from director_lib.delivery.site_moves import builds_inode, has_site, move_site, remove_site, take_site_back
from director_lib.delivery.stowed import ARCHIVED, PURGED, TRASHED, make_entry_id
from director_lib.domain.task import OPEN_STATES
from director_lib.errors import DirectorError, InputError, RuleError, StorageError
from director_lib.store.database import Database
from director_lib.store.events import record_event
from director_lib.store.stream_rows import find_last_event, has_stream_rows, move_stream_rows
from director_lib.store.tasks import list_tasks
from director_lib.streams.folder import LOCKS_FOLDER

RENAMED, RESTORED = "renamed_stream", "restored_stream"
SET_ASIDE, TAKEN_BACK = "set_aside_stream", "move_taken_back"
_DECIDING = (RENAMED, RESTORED, TRASHED, ARCHIVED, PURGED)
_LOCK_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A move that could not be finished, and why.

    Attributes:
        ids: The ids that it concerns; empty when its note cannot be read.
    """

    ids: frozenset[str]
    error: DirectorError


class StreamMoves:
    """Carries moves out, one at a time for each streams folder.

    Args:
        root: The streams folder.
        sites: Where the streams' sites are.
    """

    def __init__(self, database: Database, root: Path, sites: Path) -> None:
        self._database = database
        self._root = root
        self._sites = sites
        self._notes = MoveNotes(root)

    @property
    def has_notes(self) -> bool:
        """Whether a move is under way or was interrupted; quick to ask."""
        return bool(self._notes.list())

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Let nobody else move streams; a crash frees it.

        Raises:
            StorageError: Somebody else moves one for half a minute, or the lock cannot be made.
        """
        path = self._root / LOCKS_FOLDER / f"{FOLDER}.lock"
        lock = FileLock(path, thread_local=False, poll_interval=0.01)
        try:
            path.parent.mkdir(exist_ok=True)
            lock.acquire(timeout=_LOCK_TIMEOUT_S)
        except (OSError, Timeout) as error:
            raise StorageError(
                f"The lock {path} cannot be taken ({error}). Nothing was moved. Check that the folder may be "
                "written and that no other move hangs, then try again."
            ) from error
        try:
            yield
        finally:
            lock.release()

    def carry_out(self, move: Move, *, now: datetime) -> None:
        """Move rows and folder. The caller holds the moves.

        Raises:
            RuleError: A task of the stream is open, or the target is taken. Nothing was moved.
            StorageError: The disk or the database refused. Either nothing was moved, or the move is finished
                by the next ``finish_all``; the message says so.
        """
        inode, site_inode = _inode(self._root / move.source), self._site_inode(move.from_id)
        move = replace(move, inode=inode, site_inode=site_inode)
        self._notes.write(move)
        try:
            if move.target is not None and not os.path.lexists(self._root / move.target):
                self._clear_site(move.to_id, now)
            self._decide(move, now)
        except (RuleError, InputError):
            self._notes.drop(move)
            raise
        self._finish(move, now)

    def finish_all(self, *, now: datetime) -> list[Unfinished]:
        """Finish or forget every interrupted move. The caller holds the moves.

        Returns:
            Those that cannot be finished now; empty when all is well.
        """
        unfinished = []
        for note in self._notes.list():
            ids: frozenset[str] = frozenset()
            try:
                move = read_note(note)
                ids = frozenset((move.from_id, move.to_id))
                if self._is_decided(move):
                    self._finish(move, now)
                else:
                    self._notes.drop(move)
            except DirectorError as error:
                unfinished.append(Unfinished(ids, error))
        return unfinished

    def clear_id(self, stream_id: str, actor: str, *, now: datetime) -> None:
        """Keep what is recorded under an id without a folder apart, and its site. The caller holds the moves.

        Raises:
            StorageError: The disk or the database refused.
        """
        self._clear_site(stream_id, now)
        with self._database.write() as connection:
            self._set_aside(connection, stream_id, actor, now)

    def _decide(self, move: Move, now: datetime) -> None:
        """Move the rows and record the event: from here on the move is finished, whatever happens."""
        said = {**move.details, "from": move.from_id, "to": move.to_id, "move": move.id}
        with self._database.write() as connection:
            if list_tasks(connection, stream_id=move.from_id, states=OPEN_STATES, limit=1):
                raise RuleError(
                    f"Somebody has just asked for a still or clip of {move.from_id}. Nothing was moved; "
                    "try again."
                )
            if move.to_id == move.from_id:
                _tell(connection, move, move.from_id, now, said)
                return
            self._set_aside(connection, move.to_id, move.actor, now)
            if move.verb != RESTORED:
                _tell(connection, move, move.from_id, now, said)
            move_stream_rows(connection, move.from_id, move.to_id)
            if move.verb == RESTORED:
                _tell(connection, move, move.to_id, now, said)

    def _is_decided(self, move: Move) -> bool:
        with self._database.read() as connection:
            event = find_last_event(connection, move.to_id, _DECIDING)
        return event is not None and event.details.get("move") == move.id

    def _finish(self, move: Move, now: datetime) -> None:
        source = self._root / move.source
        if move.target is None:
            _remove(source)
            with self._moving_site(move.from_id):
                remove_site(self._sites, move.from_id)
        elif _is_there(source, move.inode):
            self._rename(move, source, self._root / move.target, now)
        if move.to_id != move.from_id and not os.path.lexists(source):
            self._set_strays_aside(move, now)
        self._notes.drop(move)

    def _rename(self, move: Move, source: Path, target: Path, now: datetime) -> None:
        if os.path.lexists(target):
            self._take_back(move, now)
            raise RuleError(f"{target} is taken by now, so {move.from_id} was not moved. Choose another id.")
        try:
            target.parent.mkdir(exist_ok=True)
            if move.site_inode:
                move_site(self._sites, move.from_id, move.to_id)
            source.rename(target)
        except OSError as error:
            self._take_back(move, now)
            raise _refused(source, error, "Nothing was moved.") from error
        try:
            for folder in (target.parent, source.parent):
                sync_folder(folder)
        except OSError as error:
            told = "The stream was moved, but the disk did not confirm it."
            raise _refused(target, error, told) from error

    def _take_back(self, move: Move, now: datetime) -> None:
        said = {"from": move.to_id, "to": move.from_id, "verb": move.verb}
        with self._moving_site(move.to_id):
            take_site_back(self._sites, move.from_id, move.to_id, move.site_inode)
        with self._database.write() as connection:
            self._set_aside(connection, move.from_id, move.actor, now)
            move_stream_rows(connection, move.to_id, move.from_id)
            place = (move.from_id, None, None)
            record_event(connection, TAKEN_BACK, move.actor, now, place=place, details=said)
        self._notes.drop(move)

    def _clear_site(self, stream_id: str, now: datetime) -> None:
        """Keep the site of an id without a folder apart: its next stream's readers never see it."""
        with self._moving_site(stream_id):
            if has_site(self._sites, stream_id):
                aside = make_entry_id(self._root, stream_id.partition("~")[0], now)
                move_site(self._sites, stream_id, aside)

    def _site_inode(self, stream_id: str) -> int:
        with self._moving_site(stream_id):
            return builds_inode(self._sites, stream_id)

    @contextmanager
    def _moving_site(self, stream_id: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            told = "The stream is where it was; its site is looked after at the next start."
            raise _refused(self._sites / stream_id, error, told) from error

    def _set_strays_aside(self, move: Move, now: datetime) -> None:
        """Clear what a look at the folder recorded under its old id before the folder was gone."""
        with self._database.read() as connection:
            if not has_stream_rows(connection, move.from_id):
                return
        with self._database.write() as connection:
            self._set_aside(connection, move.from_id, move.actor, now)

    def _set_aside(self, connection: sa.Connection, stream_id: str, actor: str, now: datetime) -> None:
        """Keep what is recorded under an id without a folder apart: its next stream starts with nothing."""
        if not has_stream_rows(connection, stream_id):
            return
        aside = make_entry_id(self._root, stream_id.partition("~")[0], now)
        details = {"from": stream_id, "to": aside}
        record_event(connection, SET_ASIDE, actor, now, place=(stream_id, None, None), details=details)
        move_stream_rows(connection, stream_id, aside)


def _tell(
    connection: sa.Connection, move: Move, stream_id: str, now: datetime, details: dict[str, str]
) -> None:
    record_event(connection, move.verb, move.actor, now, place=(stream_id, None, None), details=details)


def _inode(path: Path) -> int:
    try:
        return os.lstat(path).st_ino
    except OSError as error:
        raise _refused(path, error, "Nothing was moved.") from error


def _is_there(path: Path, inode: int) -> bool:
    """Tell whether a folder is still the one that was to be moved, and not a new one of the same name."""
    return os.path.lexists(path) and _inode(path) == inode


def _remove(path: Path) -> None:
    try:
        if path.is_symlink():
            path.unlink()
        elif path.exists():
            shutil.rmtree(path)
    except OSError as error:
        told = "Part of it may be gone already; it is tried again at the next start."
        raise _refused(path, error, told) from error


def _refused(path: Path, error: OSError, told: str) -> StorageError:
    return StorageError(
        f"{path} cannot be moved or removed ({error.strerror}). {told} Check the disk and who may write "
        "there, then try again."
    )
