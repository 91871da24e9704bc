"""Making streams: out of a story that was pasted or handed in as a file, or out of a folder that exists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from director_lib.delivery.moves import StreamMoves
from director_lib.domain.language_guess import guess_language
from director_lib.domain.new_stream import (
    StoryDraft,
    check_language,
    check_story,
    check_title,
    free_id,
    slug_of,
)
from director_lib.domain.people import Action
from director_lib.domain.stream import Oddity, Scene, check_stream_id
from director_lib.errors import DirectorError, InputError, InvalidIdError
from director_lib.store.assets import ensure_stream
from director_lib.store.events import record_event
from director_lib.streams.media_names import FOLDERS
from director_lib.streams.new_folder import LooseFolder, copy_folder, write_form
from director_lib.streams.reader import read_stream
from director_lib.workbench.studio import Studio

CREATED = "created_stream"


@dataclass(frozen=True, slots=True)
class NewStream:
    """A stream about to be made.

    Attributes:
        story: The whole text, or its scenes in order.
        stream_id: None takes the one that the title suggests, which then has to be free.
        language: Two letters; "" when unknown.
        source: Where the story came from, in a word or two ("pasted", a file's name).
    """

    title: str
    story: str | tuple[Scene, ...]
    stream_id: str | None = None
    language: str = ""
    author: str = ""
    source: str = "pasted"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a story's own words suggest for its stream."""

    title: str
    stream_id: str
    language: str


@dataclass(frozen=True, slots=True)
class FolderLook:
    """What a folder on disk would be as a stream.

    Attributes:
        is_here: Whether it lies in the streams folder, and so is a stream already.
        error: Why it cannot be one; None when it can.
    """

    path: Path
    is_here: bool
    suggested_id: str
    title: str = ""
    n_segments: int = 0
    n_files: int = 0
    oddities: tuple[Oddity, ...] = ()
    error: str | None = None


class NewStreams:
    """Makes streams' folders, each in one step."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._moves = StreamMoves(studio.database, studio.root.root, studio.settings.sites_dir)

    def suggest(self, draft: StoryDraft, name: str = "") -> Suggestion:
        """Suggest title, id and language for a story; the id is free now.

        Args:
            name: The file's name, which stands in for a missing title; "" when it was pasted.
        """
        self._studio.require(Action.MAKE_STREAMS)
        stem = Path(name).stem.replace("_", " ").replace("-", " ").strip()
        title = draft.title or stem[:1].upper() + stem[1:]
        return Suggestion(title, self._free(slug_of(title)), guess_language(draft.text))

    def create(self, new: NewStream) -> str:
        """Make a stream that has a story and nothing else yet.

        Returns:
            Its id.

        Raises:
            PermissionDeniedError: The actor may not.
            InputError: The title, the language or the story is not sound.
            InvalidIdError: The id is not valid.
            RuleError: The id is taken. Nothing was made.
            StorageError: The disk or the database refused.
        """
        self._studio.require(Action.MAKE_STREAMS)
        title, language = check_title(new.title), check_language(new.language)
        stream_id = check_stream_id(slug_of(title) if new.stream_id is None else new.stream_id.strip())
        scenes = (Scene("", new.story),) if isinstance(new.story, str) else new.story
        check_story(StoryDraft(title, scenes).text)
        form = self._form(new, stream_id, title, language, scenes)
        details = {
            "title": title,
            "source": new.source[:200],
            "n_characters": len(StoryDraft("", scenes).text),
        }
        self._make(stream_id, details, lambda: write_form(self._studio.root, stream_id, form))
        return stream_id

    def look_at_folder(self, path: Path) -> FolderLook:
        """Look at a folder that may become a stream; reads anywhere on this machine, so it is an admin's.

        Raises:
            PermissionDeniedError: The actor is no admin.
            InputError: There is no such folder.
        """
        self._studio.require(Action.ADMINISTER)
        folder = _check_folder(path)
        is_here = folder.parent == self._studio.root.root
        suggested = folder.name if is_here else self._free(slug_of(folder.name))
        n_files = sum(1 for name in FOLDERS.values() for _ in (folder / name).glob("*.*"))
        try:
            stream = read_stream(LooseFolder(folder), folder.name)
        except DirectorError as error:
            return FolderLook(folder, is_here, suggested, n_files=n_files, error=error.user_message)
        error_text = None
        if not n_files and not stream.story and stream.spec_sha256 is None:
            error_text = "It holds no input.json, no production.json, no stills and no clips."
        elif is_here and folder.name not in self._studio.root.list_ids():
            error_text = f"Its name is no id of a stream. Rename it, for example to “{slug_of(folder.name)}”."
        n_segments = len(stream.segments)
        return FolderLook(
            folder, is_here, suggested, stream.title, n_segments, n_files, stream.oddities, error_text
        )

    def adopt(self, path: Path, *, stream_id: str | None = None, copy: bool = False) -> str:
        """Make a stream of a folder that exists. In the streams folder it is one already, and stays as it is.

        Args:
            stream_id: Id of the copy; the one that its name suggests when None.
            copy: Copy a folder that lies elsewhere; it stays where it is.

        Returns:
            The stream's id.

        Raises:
            PermissionDeniedError: The actor is no admin.
            InputError: It is no folder of a stream, or lies elsewhere and is not to be copied.
            RuleError: The id is taken. Nothing was made.
            StorageError: The disk or the database refused.
        """
        look = self.look_at_folder(path)
        if look.error is not None:
            raise InputError(f"{look.path} cannot become a stream. {look.error}")
        if look.is_here:
            return look.path.name
        if not copy:
            raise InputError(
                f"{look.path} lies outside of the streams folder. Ask for a copy of it, or move it into "
                f"{self._studio.root.root} yourself. Nothing was made."
            )
        if look.path in self._studio.root.root.parents or self._studio.root.root in look.path.parents:
            raise InputError(f"{look.path} and the streams folder hold one another. Nothing was made.")
        new_id = check_stream_id(stream_id or look.suggested_id)
        details = {"title": look.title, "source": look.path.name, "n_segments": look.n_segments}
        self._make(new_id, details, lambda: copy_folder(self._studio.root, new_id, look.path))
        return new_id

    def _make(self, stream_id: str, details: dict[str, Any], make: Callable[[], object]) -> None:
        """Make the folder while no stream moves; what an earlier stream of that id left is kept apart."""
        studio = self._studio
        actor, now, place = studio.actor.username, studio.clock(), (stream_id, None, None)
        with self._moves.hold():
            self._moves.finish_all(now=now)
            studio.root.root.mkdir(parents=True, exist_ok=True)
            if stream_id not in studio.root.list_ids():
                self._moves.clear_id(stream_id, actor, now=now)
            make()
            with studio.database.write() as connection:
                ensure_stream(connection, stream_id, now=now)
                record_event(connection, CREATED, actor, now, place=place, details=details)

    def _form(
        self, new: NewStream, stream_id: str, title: str, language: str, scenes: tuple[Scene, ...]
    ) -> dict[str, Any]:
        is_plain = len(scenes) == 1 and not scenes[0].title
        told = [{"scene": n, "title": one.title, "text": one.text} for n, one in enumerate(scenes, 1)]
        form: dict[str, Any] = {"id": stream_id, "title": title}
        if language:
            form["language"] = language
        if new.author.strip():
            form["author"] = new.author.strip()[:200]
        return {
            **form,
            "story": scenes[0].text if is_plain else told,
            "brief": {},
            "source": new.source[:200],
            "created_at": self._studio.clock().isoformat(timespec="seconds"),
            "created_by": self._studio.actor.username,
        }

    def _free(self, wanted: str) -> str:
        try:
            return free_id(check_stream_id(wanted), self._studio.root.list_ids())
        except InvalidIdError:
            return free_id("story", self._studio.root.list_ids())


def _check_folder(path: Path) -> Path:
    try:
        folder = path.expanduser().resolve()
        is_folder = folder.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        raise InputError("This is no path of a folder. Nothing was made.") from error
    if not is_folder:
        raise InputError(f"There is no folder {folder} on the workbench's machine. Nothing was made.")
    return folder
