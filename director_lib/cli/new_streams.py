"""``director streams new``: a stream out of a story or out of a folder that exists."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from director_lib.domain.new_stream import StoryDraft
from director_lib.errors import InputError
from director_lib.streams.story_files import LARGEST_BYTES, read_story_file
from director_lib.workbench import Workbench
from director_lib.workbench.new_streams import NewStream

_STDIN = "-"


def new_stream(
    story: Annotated[
        str | None, typer.Argument(help="A .txt, .md or .docx file; - reads text from standard input.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its title; the story's own without it.")] = None,
    stream_id: Annotated[str | None, typer.Option("--id", help="Its id; the title's without it.")] = None,
    language: Annotated[str | None, typer.Option(help="Two letters; guessed without it.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Instead of a story: a stream's folder.")] = None,
    copy: Annotated[
        bool, typer.Option("--copy", help="Copy a folder that lies outside of the streams folder.")
    ] = False,
) -> None:
    """Make a stream of a story, or of a folder that has one already."""
    if (story is None) == (folder is None):
        raise typer.BadParameter("Give a story, or --folder with a stream's folder.")
    with Workbench.open() as workbench:
        if folder is not None:
            made = _adopt(workbench, folder, stream_id, copy)
        else:
            assert story is not None
            name, draft = _read(story)
            suggested = workbench.new_streams.suggest(draft, name)
            new = NewStream(
                title or suggested.title,
                draft.scenes,
                stream_id or (suggested.stream_id if title is None else None),
                suggested.language if language is None else language,
                source=name or "standard input",
            )
            made = workbench.new_streams.create(new)
            for note in draft.notes:
                typer.echo(note)
    typer.echo(f"{made} is a stream now.")


def _adopt(workbench: Workbench, folder: Path, stream_id: str | None, copy: bool) -> str:
    look = workbench.new_streams.look_at_folder(folder)
    for odd in look.oddities:
        typer.echo(f"{odd.file} {odd.path}: {odd.message}")
    return workbench.new_streams.adopt(folder, stream_id=stream_id, copy=copy)


def _read(story: str) -> tuple[str, StoryDraft]:
    if story == _STDIN:
        return "", read_story_file("story.txt", sys.stdin.buffer.read(LARGEST_BYTES + 1))
    path = Path(story)
    try:
        with path.open("rb") as file:
            return path.name, read_story_file(path.name, file.read(LARGEST_BYTES + 1))
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}). Nothing was made.") from error
