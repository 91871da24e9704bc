"""The job that has a first spec written by a paid model, and puts it into production.json."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from director_lib.domain.spec_plan import make_planned_spec
from director_lib.domain.spec_state import StateOrigin
from director_lib.domain.stream import Stream
from director_lib.domain.stream_task import StreamJob, StreamNews
from director_lib.errors import EngineError, InputError, StaleWriteError
from director_lib.intake.spec_drafting import check_drafted, check_sections, merge_drafted, story_sha256
from director_lib.intake.spec_saving import Saver, Saving, save_spec_as
from director_lib.store.database import Database, open_database
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.json_file import text_sha256
from director_lib.streams.reader import read_stream
from director_lib.streams.spec_writer import WrittenSpec, find_spec_text, write_spec_text
from director_lib.tasks.spec_call import SpecCall
from director_lib.tasks.workshop import utc_now


def write_spec(job: StreamJob, news: StreamNews) -> dict[str, Any]:
    """Have a first spec written and put it into production.json, when that is what it was.

    Parameters: ``engine``, ``model``, ``story_sha256`` and ``spec_sha256`` as they were when it was queued.
    """
    root, stream_id = StreamsRoot(job.settings.streams_root), str(job.stream_id)
    with closing(open_database(job.settings.database)) as database:
        call = SpecCall(job, news, database)
        answer = call.find_answer()
        if answer is None:
            answer = call.make(_unchanged(root, job))
        news.progress("writing it into production.json", 95)
        written = _save(job, database, root, answer)
        made = read_stream(root, stream_id)
    return {"segments": len(made.segments), "sections": len(made.sections), "sha256": written.sha256}


def _unchanged(root: StreamsRoot, job: StreamJob) -> Stream:
    """Return the stream while it is what was asked about; nothing is paid for another one."""
    stream_id = str(job.stream_id)
    stream, text = read_stream(root, stream_id), find_spec_text(root, stream_id)
    if story_sha256(stream) != job.parameters["story_sha256"]:
        raise StaleWriteError("The story", "it is another one than the spec was asked for. Nothing was sent.")
    if _sha256(text) != job.parameters["spec_sha256"]:
        raise StaleWriteError("The spec", "somebody else edited it meanwhile. Nothing was sent.")
    return stream


def _save(job: StreamJob, database: Database, root: StreamsRoot, answer: dict[str, Any]) -> WrittenSpec:
    """Write it down, once: when that was done before an interruption, the file says it already."""
    stream_id, name = str(job.stream_id), str(job.parameters["engine"])
    stream, before = read_stream(root, stream_id), find_spec_text(root, stream_id)
    if story_sha256(stream) != job.parameters["story_sha256"]:
        raise StaleWriteError("The story", "it changed while the spec was written. That was paid for.")
    try:
        drafted = make_planned_spec(stream, answer)
    except InputError as error:
        raise EngineError(
            f"Google's model wrote no usable spec. {error.user_message} It was paid for. Nothing was "
            "changed; try again, or write the spec with another engine."
        ) from error
    text, label = merge_drafted(before, drafted), f"wrote a first spec ({name})"
    check_drafted(stream_id, text, name)
    check_sections(stream, text, name)
    if before == text:
        return WrittenSpec(label, before, text)
    saving = Saving(stream_id, StateOrigin.DRAFTED, details={"engine": name, "task_id": job.task_id})
    expected = job.parameters["spec_sha256"]
    return save_spec_as(
        Saver(database, root, job.author, utc_now),
        saving,
        lambda: write_spec_text(root, stream_id, text, expected_sha256=expected, label=label),
    )


def _sha256(text: str | None) -> str | None:
    return None if text is None else text_sha256(text)
