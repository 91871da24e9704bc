"""Writing a first spec from the story and the brief: built in, or by the studio's own program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from director_lib.domain.how_many import how_many
from director_lib.domain.people import Action
from director_lib.domain.spec_draft import draft_spec
from director_lib.domain.spec_state import StateOrigin
from director_lib.domain.story_match import story_text
from director_lib.domain.stream import Stream
from director_lib.domain.stream_task import SPEC, StreamTask
from director_lib.engines.spec_command import run_spec_command
from director_lib.errors import InputError, RuleError
from director_lib.intake.spec_drafting import check_drafted, merge_drafted, story_form
from director_lib.streams.json_file import text_sha256
from director_lib.streams.spec_writer import WrittenSpec, find_spec_text, write_spec_text
from director_lib.workbench.spec_keeping import Saving, save_spec
from director_lib.workbench.spec_orders import GOOGLE, SpecOffer, SpecOrders
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

BUILTIN, COMMAND = "builtin", "command"
ENGINES = (BUILTIN, COMMAND, GOOGLE)


@dataclass(frozen=True, slots=True)
class Drafting:
    """Whether and how a first spec can be written.

    Attributes:
        engines: What may be asked for it.
        usual: The settings' engine.
        has_story: Whether there is anything to write it from.
        offer: What the paid engine costs; None when it is not offered.
        task: The newest task that has it written for money.
    """

    engines: tuple[str, ...]
    usual: str
    has_story: bool
    offer: SpecOffer | None
    task: StreamTask | None


class SpecDrafts:
    """First specs."""

    def __init__(self, studio: Studio, streams: Streams, jobs: StreamTasks) -> None:
        self._studio = studio
        self._streams = streams
        self._jobs = jobs
        self._orders = SpecOrders(studio, streams, jobs)

    def draft(
        self, stream_id: str, *, engine: str | None = None, replace_spec: bool = False
    ) -> WrittenSpec | StreamTask:
        """Write a first spec; what else the file says, and every state that it had, is kept.

        Args:
            engine: "builtin", "command" or "google"; the settings' when None.
            replace_spec: Write it although there are segments; they are in the history, and undo brings them
                back.

        Returns:
            What was written; for "google" the task that has it written, for money, by the worker.

        Raises:
            PermissionDeniedError: The actor may not edit, or not spend money.
            NotFoundError: There is no such stream.
            RuleError: There is no story, there are segments and ``replace_spec`` was not given, or it is over
                a budget.
            InputError: There is no such engine.
            ConfigError: The engine is not set up.
            EngineError: The studio's program failed or wrote no spec; nothing was changed.
            StaleWriteError: production.json changed while the spec was written.
        """
        self._studio.require(Action.EDIT_PROMPT)
        stream = self._streams.get(stream_id)
        _check_ready(stream, replace_spec=replace_spec)
        name = engine or self._studio.settings.engine_spec
        if name == GOOGLE:
            return self._orders.order(stream)
        before = find_spec_text(self._studio.root, stream_id)
        drafted = self._write(name, stream)
        text = merge_drafted(before, drafted)
        check_drafted(stream_id, text, name)
        expected = None if before is None else text_sha256(before)
        label = f"wrote a first spec ({name})"
        saving = Saving(stream_id, StateOrigin.DRAFTED, details={"engine": name})
        return save_spec(
            self._studio,
            saving,
            lambda: write_spec_text(
                self._studio.root, stream_id, text, expected_sha256=expected, label=label
            ),
        )

    def drafting(self, stream: Stream) -> Drafting:
        """Tell what may write a first spec of a stream, what it costs, and the newest task that does."""
        settings = self._studio.settings
        has_google = GOOGLE in (settings.engine_spec, *settings.engine_choices)
        engines = [BUILTIN, *([COMMAND] if settings.spec_command else []), *([GOOGLE] if has_google else [])]
        usual = settings.engine_spec if settings.engine_spec in engines else BUILTIN
        has_story = bool(story_text(stream).strip())
        offer = self._orders.offer(stream) if has_google and has_story else None
        newest = self._jobs.list(stream_id=stream.id, kinds=[SPEC], limit=1)
        return Drafting(tuple(engines), usual, has_story, offer, newest[0] if newest else None)

    def _write(self, name: str, stream: Stream) -> dict[str, Any]:
        settings = self._studio.settings
        if name == BUILTIN:
            return draft_spec(stream)
        if name == COMMAND:
            given = story_form(stream)
            return run_spec_command(settings.spec_command, given, timeout_s=settings.spec_timeout_s)
        raise InputError(f"There is no spec engine “{name[:40]}”. Known are: {', '.join(ENGINES)}.")


def _check_ready(stream: Stream, *, replace_spec: bool) -> None:
    if not story_text(stream).strip():
        raise RuleError(
            f"{stream.id} has no story, so there is nothing to write a spec from. Put the story into "
            "input.json first."
        )
    if stream.segments and not replace_spec:
        raise RuleError(
            f"{stream.id} has {how_many(len(stream.segments), 'segment')} already. Nothing was changed. "
            "Ask for the spec to be replaced if you want a new one; the present one stays in the history."
        )
