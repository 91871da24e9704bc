"""What the notebook calls that takes a story all the way to the page that readers get."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from director_lib.batch.story_steps import StorySteps
from director_lib.domain.new_stream import StoryDraft, slug_of
from director_lib.domain.story_match import story_text
from director_lib.domain.version import Kind
from director_lib.errors import InputError, RuleError
from director_lib.streams.story_files import LARGEST_BYTES, read_plain_text, read_story_file
from director_lib.workbench import Workbench
from director_lib.workbench.new_streams import NewStream

if TYPE_CHECKING:
    import pandas as pd


class Telling(TypedDict, total=False):
    """Where a story comes from, and what its stream is called.

    Attributes:
        story: The whole path of a .txt, .md or .docx file; not needed once there is a stream.
        text: The story itself, instead of a file.
        title: The story's own or its file's name when "".
        language: Two letters; guessed when "".
    """

    story: str
    text: str
    title: str | int | float
    language: str


def story_to_page(
    stream: str = "",
    *,
    approve: bool = False,
    engine: str = "local",
    wait_s: float = 3600.0,
    **telling: Unpack[Telling],
) -> pd.DataFrame:
    """Take a story to its page, on behalf of the local user: stream, spec, stills, clips, page, deployment.

    It goes as far as it may. What is there already is not made again, so the same call goes on where an
    earlier one stopped.

    Args:
        stream: Id of the stream; the one that the title suggests when "".
        approve: Approve what is made at each checkpoint. Without it the first one that waits for a person
            ends the call.
        engine: What makes stills and clips.
        wait_s: Longest wait for each of stills, clips and page, in seconds.
        telling: Where the story comes from, see ``Telling``.

    Returns:
        One row per step: ``step``, ``outcome`` ("done", "there", "approved" or "waits") and ``told``. A last
        row that waits names the checkpoint at which a person has to decide.

    Raises:
        InputError: There is neither a stream nor a story, or the file cannot be read.
        RuleError: The stream has another story, or the price is over the budget.
        WorkerError: No worker runs; what was queued stays queued.
        EngineError: A still or clip could not be made.
        BackendError: The page could not be built or deployed.
    """
    with Workbench.open() as workbench:
        steps = StorySteps(workbench, engine, wait_s, approve=approve)
        steps.stream_id = _find_or_make(steps, stream, telling)
        _go(steps)
    return _table(steps)


def _go(steps: StorySteps) -> None:
    """Go from step to step until one waits for a person."""
    if not steps.passes_content_gate("story"):
        return
    steps.draft()
    if not steps.passes_content_gate("spec"):
        return
    for kind in Kind:
        steps.make(kind)
        if not steps.passes_asset_gate(kind):
            return
    if steps.passes_content_gate("final"):
        steps.deploy()


def _find_or_make(steps: StorySteps, stream: str, telling: Telling) -> str:
    workbench = steps.workbench
    name, draft = _read(telling)
    if draft is None:
        if not stream:
            raise InputError("Give a story (its file or its text), or the stream that it was made into.")
        steps.add("stream", "there", workbench.streams.get(stream).id)
        return stream
    suggested = workbench.new_streams.suggest(draft, name)
    title = str(telling.get("title", "")) or suggested.title
    stream_id = stream or slug_of(title)
    if stream_id in workbench.streams.list_ids():
        if _words(story_text(workbench.streams.get(stream_id))) != _words(_plain(draft)):
            raise RuleError(
                f"{stream_id} is there already and has another story. Nothing was changed. Give another "
                "stream, or go on with that one without naming a story."
            )
        steps.add("stream", "there", stream_id)
        return stream_id
    language = telling.get("language") or suggested.language
    new = NewStream(title, draft.scenes, stream_id, language, source=name or "batch")
    steps.add("stream", "done", workbench.new_streams.create(new))
    return stream_id


def _read(telling: Telling) -> tuple[str, StoryDraft | None]:
    story, text = str(telling.get("story", "")), str(telling.get("text", ""))
    if story and text:
        raise InputError("Give a story's file or its text, not both. Nothing was made.")
    if not story:
        return "", read_plain_text(text) if text else None
    path = Path(story).expanduser()
    if not path.is_absolute():
        raise InputError(f"Give the whole path of {path}: a batch runs in a folder of its own.")
    try:
        with path.open("rb") as file:
            return path.name, read_story_file(path.name, file.read(LARGEST_BYTES + 1))
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}). Nothing was made.") from error


def _plain(draft: StoryDraft) -> str:
    return "\n\n".join(scene.text for scene in draft.scenes)


def _words(text: str) -> list[str]:
    return text.split()


def _table(steps: StorySteps) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(steps.rows, columns=["step", "outcome", "told"])
