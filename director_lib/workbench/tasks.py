"""Asking for stills and clips: what it costs, what is skipped and why, and following it to the end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.people import Action, Actor, require
from director_lib.domain.stream import Stream
from director_lib.domain.task import PRIORITY_BATCH, PRIORITY_SINGLE, GenerationRequest, Task, TaskState
from director_lib.domain.version import Kind
from director_lib.engines.protocol import Engine
from director_lib.engines.registry import get_engine
from director_lib.errors import RuleError
from director_lib.intake.scan import scan_stream
from director_lib.media.files import VersionFiles
from director_lib.store.database import Database
from director_lib.store.events import record_event
from director_lib.store.tasks import get_task, list_tasks, request_cancel
from director_lib.store.versions import current_versions
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from director_lib.tasks.clearance import UNAPPROVED_KEYFRAME, recorded_overrides
from director_lib.tasks.following import follow
from director_lib.tasks.presence import WorkerInfo, find_worker
from director_lib.tasks.requests import Wishes, make_request
from director_lib.tasks.selection import Leave, Selection, choose
from director_lib.workbench.queueing import Queueing

_Tasks = list[Task]
_STANDS = {
    TaskState.QUEUED: "still waits",
    TaskState.RUNNING: "still runs",
    TaskState.SUCCEEDED: "succeeded",
}


@dataclass(frozen=True, slots=True)
class GenerateResult:
    """What came of asking for several segments.

    Attributes:
        queued: One task for each segment that is made, in the stream's order. A segment that was already
            asked for with the same prompts has that earlier task.
        skipped: Segment id and reason, in the stream's order.
        price_usd: Estimated price of the new tasks.
    """

    queued: list[Task]
    skipped: list[tuple[int, str]]
    price_usd: float


class Tasks:
    """Requests for stills and clips, from the wish to the file."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        actor: Actor,
        clock: Callable[[], datetime],
        *,
        engines: Callable[[str, Settings], Engine] = get_engine,
    ) -> None:
        self._database = database
        self._settings = settings
        self._actor = actor
        self._clock = clock
        self._engines = engines

    def _get_engine(self, name: str) -> Engine:
        return self._engines(name, self._settings)

    def price(self, requests: Iterable[GenerationRequest]) -> float:
        """Estimate what requests cost together, in US dollars; 0.0 when all are free or there is none.

        Raises:
            InputError: One names an engine that does not exist.
        """
        return sum(self._get_engine(request.engine).price_usd(request) for request in requests)

    def request_for(
        self, stream: Stream, segment_id: int, kind: Kind, **wishes: Unpack[Wishes]
    ) -> GenerationRequest:
        """Say exactly what would be sent for a segment: prompts, palette, size, seed, source keyframe.

        Raises:
            NotFoundError: The stream has no such segment.
        """
        with self._database.read() as connection:
            keyframe = current_versions(connection, stream.id).get((segment_id, Kind.KEYFRAME))
        segment = stream.get_segment(segment_id)
        return make_request(self._settings, stream, segment, kind, keyframe, wishes)

    def generate(
        self,
        stream_id: str,
        kind: Kind,
        segments: Selection,
        *,
        engine: str | None = None,
        allow_approved: bool = False,
        allow_unapproved_keyframe: bool = False,
    ) -> GenerateResult:
        """Queue stills or clips for several segments, all or none.

        Approved ones are left alone, and so are segments without a prompt, clips whose keyframe is not
        approved, and what "missing", "stale" or "all" finds being made already. The result says why.

        Args:
            segments: Segment ids, or "missing", "stale" or "all".
            engine: Its name; the configured one for the kind when None.
            allow_approved: Replace approved ones, too.
            allow_unapproved_keyframe: Make clips from keyframes that are not approved, too.

        Raises:
            PermissionDeniedError: The actor may not generate.
            NotFoundError: There is no such stream or segment.
            InputError: There is no such engine or selection, or the engine does not make that kind.
            RuleError: The price is over the budget of the day or the stream; nothing was queued.
        """
        require(self._actor, Action.GENERATE)
        stream = self._read(stream_id)
        leave = Leave(allow_approved, allow_unapproved_keyframe)
        is_single = not isinstance(segments, str) and len(segments) == 1
        priority = PRIORITY_SINGLE if is_single else PRIORITY_BATCH
        with self._database.write() as connection:
            choices = choose(connection, stream, kind, segments, leave)
            requests = [
                make_request(
                    self._settings, stream, choice.segment, kind, choice.keyframe, {"engine": engine}
                )
                for choice in choices
                if choice.reason is None
            ]
            queued = self._queueing.enqueue(
                connection, requests, priority, allow_unapproved_keyframe=allow_unapproved_keyframe
            )
        skipped = [(choice.segment.id, choice.reason) for choice in choices if choice.reason is not None]
        price_usd = sum(task.price_usd for task, is_new in queued if is_new)
        return GenerateResult([task for task, _ in queued], skipped, price_usd)

    def enqueue_in(
        self,
        connection: sa.Connection,
        request: GenerationRequest,
        priority: int = PRIORITY_SINGLE,
        *,
        seed_is_chosen: bool = False,
        allow_unapproved_keyframe: bool = False,
    ) -> Task:
        """Queue one request in the caller's transaction, together with the decision that caused it.

        Args:
            seed_is_chosen: Whether a person asked for exactly this seed. If not, an open task for the same
                asset, engine and prompts is returned instead of a second one: two clicks make one task.
            allow_unapproved_keyframe: Whether a clip may start from a keyframe that is not approved.

        Raises:
            PermissionDeniedError: The actor may not generate.
            InputError: There is no such engine, or it does not make that kind.
            RuleError: There is no prompt, a clip has no approved keyframe, or the price is over the budget.
        """
        require(self._actor, Action.GENERATE)
        queued = self._queueing.enqueue(
            connection,
            [request],
            priority,
            seed_is_chosen=seed_is_chosen,
            allow_unapproved_keyframe=allow_unapproved_keyframe,
        )
        return queued[0][0]

    def enqueue_all_in(
        self, connection: sa.Connection, requests: Sequence[GenerationRequest], priority: int = PRIORITY_BATCH
    ) -> _Tasks:
        """Queue several requests in the caller's transaction, all or none; see ``enqueue_in``.

        Returns:
            One task for each request, in their order.
        """
        require(self._actor, Action.GENERATE)
        return [task for task, _ in self._queueing.enqueue(connection, requests, priority)]

    def cancel(self, task_id: str) -> Task:
        """Ask a task to stop.

        Returns:
            The task: cancelled when it was queued; marked when it runs, and cancelled within a second; as it
            was when it is closed.

        Raises:
            PermissionDeniedError: The actor may not cancel.
            NotFoundError: There is no such task.
        """
        require(self._actor, Action.GENERATE)
        now = self._clock()
        with self._database.write() as connection:
            was_open = get_task(connection, task_id).is_open
            task = request_cancel(connection, task_id, now)
            if was_open:
                place = (task.request.stream_id, task.request.segment_id, task.request.kind)
                details = {"task_id": task_id}
                record_event(connection, "cancelled", self._actor.username, now, place=place, details=details)
        return task

    def retry(self, task_id: str) -> Task:
        """Queue what a failed, cancelled or unknown task asked for once more, as a new task.

        Raises:
            PermissionDeniedError: The actor may not generate.
            NotFoundError: There is no such task.
            RuleError: It is still open, it succeeded, the price is over the budget, or a clip's keyframe is
                not approved any more.
        """
        require(self._actor, Action.GENERATE)
        with self._database.write() as connection:
            task = get_task(connection, task_id)
            if task.is_open or task.state is TaskState.SUCCEEDED:
                raise RuleError(f"Task {task_id} {_STANDS[task.state]}, so there is nothing to try again.")
            allowed = UNAPPROVED_KEYFRAME in recorded_overrides(connection, task)
            return self.enqueue_in(
                connection, task.request, seed_is_chosen=True, allow_unapproved_keyframe=allowed
            )

    def get(self, task_id: str) -> Task:
        """Return one task.

        Raises:
            NotFoundError: There is no such task.
        """
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            return get_task(connection, task_id)

    def overrides(self, task_id: str) -> Sequence[str]:
        """Return what a task was allowed to pass over when it was queued, such as an unapproved keyframe.

        Raises:
            NotFoundError: There is no such task.
        """
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            return recorded_overrides(connection, get_task(connection, task_id))

    def list(
        self, *, stream_id: str | None = None, states: Collection[TaskState] | None = None, limit: int = 200
    ) -> _Tasks:
        """Return tasks, newest first, at most ``limit``; of one stream and in given states when asked for."""
        require(self._actor, Action.VIEW)
        with self._database.read() as connection:
            return list_tasks(connection, stream_id=stream_id, states=states, limit=limit)

    def wait(
        self,
        task_ids: Sequence[str],
        timeout_s: float = 3600.0,
        on_progress: Callable[[Task], None] | None = None,
    ) -> _Tasks:
        """Wait until tasks are closed.

        Args:
            timeout_s: Longest wait in seconds.
            on_progress: Called with each task at first and whenever it changed.

        Returns:
            The tasks in the given order; after the timeout some may still be open.

        Raises:
            NotFoundError: There is no such task.
        """
        require(self._actor, Action.VIEW)
        return follow(self._database, task_ids, timeout_s=timeout_s, on_progress=on_progress)

    def find_worker(self) -> WorkerInfo | None:
        """Find the worker that carries tasks out; None when none runs and tasks only wait."""
        require(self._actor, Action.VIEW)
        return find_worker(self._settings)

    @property
    def _queueing(self) -> Queueing:
        return Queueing(self._settings, self._actor, self._clock, self._get_engine)

    def _read(self, stream_id: str) -> Stream:
        """Read the stream and take in what lies on its disk: an unread file is no missing one."""
        root, files = StreamsRoot(self._settings.streams_root), VersionFiles(self._settings.media_dir)
        stream = read_stream(root, stream_id)
        scan_stream(self._database, files, root, stream, now=self._clock())
        return stream
