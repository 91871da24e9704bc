"""Notes about moves that are under way, one small file each in the streams folder's ``.moves/``."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from director_lib.delivery.stowed import Place
from director_lib.errors import StorageError
from director_lib.streams.atomic import atomic_write

FOLDER = ".moves"
_PLACES = {place.value for place in Place}


@dataclass(frozen=True, slots=True)
class Move:
    """A stream's way from one id and folder to another.

    Attributes:
        verb: The event that records it.
        from_id: What its rows are called before.
        to_id: What they are called after; the same when the folder is removed for good.
        source: Its folder before, relative to the streams root.
        target: Its folder after, or None when it is removed for good.
        details: What the event says beside the ids.
        id: Tells this move from all others.
        inode: The folder's number on its disk, known when the move begins.
        site_inode: The same of the folder with its site's builds; 0 without one.
    """

    verb: str
    from_id: str
    to_id: str
    source: str
    target: str | None
    actor: str
    details: dict[str, str] = field(default_factory=dict)
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    inode: int = 0
    site_inode: int = 0


class MoveNotes:
    """The notes of one streams folder; each is there from before its move begins until it is finished."""

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER

    def list(self) -> list[Path]:
        """List the notes, sorted; empty when no move is under way or was interrupted.

        Raises:
            StorageError: They may not be listed.
        """
        try:
            return sorted(path for path in self._folder.iterdir() if path.suffix == ".json")
        except FileNotFoundError:
            return []
        except OSError as error:
            raise StorageError(
                f"{self._folder} cannot be listed ({error.strerror}). Nothing was moved. Check who may read "
                "it."
            ) from error

    def write(self, move: Move) -> None:
        """Write a note, so that it survives a power cut.

        Raises:
            StorageError: The disk refused.
        """
        try:
            self._folder.mkdir(exist_ok=True)
        except OSError as error:
            raise StorageError(
                f"{self._folder} cannot be made ({error.strerror}). Nothing was moved. Make the streams "
                "folder writable, then try again."
            ) from error
        atomic_write(self._path(move), json.dumps(asdict(move)).encode())

    def drop(self, move: Move) -> None:
        """Remove the note of a move that is finished or never happened; none is no error."""
        self._path(move).unlink(missing_ok=True)

    def _path(self, move: Move) -> Path:
        return self._folder / f"{move.id}.json"


def read_note(path: Path) -> Move:
    """Read a note.

    Raises:
        StorageError: It is not one, or names folders outside the streams folder.
    """
    try:
        move = Move(**json.loads(path.read_bytes()))
        if not all(_is_inside(folder) for folder in (move.source, move.target) if folder is not None):
            raise ValueError("it names other folders")
    except (OSError, ValueError, TypeError) as error:
        raise StorageError(
            f"{path} does not say which stream was being moved ({error}). No stream was touched. Look "
            "whether every stream is where it belongs, then remove that file."
        ) from error
    return move


def _is_inside(folder: str) -> bool:
    *places, name = PurePosixPath(folder).parts
    is_known = not places or (len(places) == 1 and places[0] in _PLACES)
    return is_known and not name.startswith((".", "/"))
