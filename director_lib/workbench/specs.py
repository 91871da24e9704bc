"""Streams' specs: editing them part by part, looking them over, their history, and writing a first one."""

from __future__ import annotations

from director_lib.domain.people import Action
from director_lib.domain.prompt_lint import lint_prompts
from director_lib.domain.spec_diff import ItemChange, compare_outlines
from director_lib.domain.spec_edit import (
    MoveSegment,
    RemoveSegment,
    SetSegment,
    SpecEdit,
    SplitSegment,
    check_spec_edit,
)
from director_lib.domain.spec_edit_form import edit_to_json
from director_lib.domain.spec_lint import LintedSpec, LintFinding, LintSeverity, lint_palette, lint_structure
from director_lib.domain.spec_state import SpecState, StateOrigin
from director_lib.domain.story_match import lint_story
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.stream_task import StreamTask
from director_lib.domain.version import Kind
from director_lib.errors import RuleError
from director_lib.intake.spec_states import note_outside_spec
from director_lib.store.decisions import read_verdict
from director_lib.store.known_prompts import read_known_prompts
from director_lib.store.spec_states import get_content, get_state, list_states
from director_lib.store.tasks import open_tasks_by_asset
from director_lib.store.undo import PromptEdit, UndoStep, push_step
from director_lib.store.versions import list_asset_files, list_versions
from director_lib.streams.direction_fields import palette_colors
from director_lib.streams.media_names import find_media
from director_lib.streams.spec_outline import numbering_faults, parse_spec, read_outline
from director_lib.streams.spec_writer import WrittenSpec, find_spec_text, write_spec_edit, write_spec_text
from director_lib.workbench.prompts import Prompts
from director_lib.workbench.spec_drafts import Drafting, SpecDrafts
from director_lib.workbench.spec_keeping import Saving, save_spec
from director_lib.workbench.spec_reach import read_reaches
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

_ORDER = list(LintSeverity)


class Specs:
    """Everything about production.json beside single prompts; each edit changes only what it is about."""

    def __init__(self, studio: Studio, streams: Streams, prompts: Prompts, jobs: StreamTasks) -> None:
        self._studio = studio
        self._streams = streams
        self._prompts = prompts
        self._drafts = SpecDrafts(studio, streams, jobs)

    def edit(self, stream_id: str, edit: SpecEdit, *, expected_sha256: str | None = None) -> WrittenSpec:
        """Change one thing: a segment, a section, the direction, the rules or the palette.

        A segment's number names its files, so none is ever changed or given twice. A segment that is removed
        leaves its files and versions where they are.

        Args:
            expected_sha256: Digest of production.json as the writer saw it; None leaves it to the edit's own
                ``base`` whether it still fits.

        Returns:
            What was done; ``before`` equals ``after`` when the file said it already.

        Raises:
            InputError: A value cannot stand in a spec.
            NotFoundError: There is no such stream, segment or section.
            StaleWriteError: What was edited is another one by now.
            RuleError: A segment with an approved version, or one that is being made, is to be removed.
            StreamFileError: production.json is missing, broken, or holds something that is edited by hand.
        """
        self._studio.require(Action.EDIT_PROMPT)
        check_spec_edit(edit)
        if isinstance(edit, RemoveSegment):
            self._check_removable(stream_id, edit.segment_id)
        taken = self._taken_ids(stream_id)
        about = edit.segment_id if isinstance(edit, _OF_SEGMENT) else None
        saving = Saving(stream_id, segment_id=about, details={"edit": edit_to_json(edit)["kind"]})
        return save_spec(
            self._studio,
            saving,
            lambda: write_spec_edit(
                self._studio.root, stream_id, edit, expected_sha256=expected_sha256, taken_ids=taken
            ),
        )

    def edit_prompt(
        self, stream_id: str, segment_id: int, field: str, text: str, *, base_text: str | None = None
    ) -> Segment:
        """Save one prompt as ``Prompts.save`` does, as a step that can be taken back.

        Raises:
            PromptClashError: Somebody else changed the same prompt to something else.
        """
        before = str(getattr(self._streams.get(stream_id).get_segment(segment_id), field, ""))
        segment = self._prompts.save(stream_id, segment_id, field, text, base_text=base_text)
        if before.strip() != text.strip():
            label = f"changed the {field.replace('_', ' ')} of segment {segment_id}"
            edits = [PromptEdit(segment_id, field, before, text)]
            with self._studio.database.write() as connection:
                step = UndoStep(0, stream_id, label, prompt_edits=edits)
                push_step(connection, self._studio.actor.username, step, self._studio.clock())
        return segment

    def lint(self, stream_id: str) -> list[LintFinding]:
        """Look a spec over; nothing is changed and nothing decided.

        Returns:
            What was found, errors first, each with what to do; empty when there is nothing to say.
        """
        stream = self._streams.get(stream_id)
        text = find_spec_text(self._studio.root, stream_id)
        spec = LintedSpec(stream)
        if text is not None and stream.spec_sha256 is not None:
            colors = tuple((color.name, color.hex) for color in palette_colors(parse_spec(text)))
            repeated, unnumbered = numbering_faults(text)
            spec = LintedSpec(stream, colors, repeated, unnumbered, read_reaches(self._studio, stream))
        structure = list(lint_structure(spec))
        if not stream.segments:
            return structure
        found = [*structure, *lint_story(stream), *lint_prompts(spec), *lint_palette(spec)]
        return sorted(found, key=lambda one: _ORDER.index(one.severity))

    def states(self, stream_id: str, *, limit: int = 200, before_seq: int | None = None) -> list[SpecState]:
        """List the states that a spec had, newest first; changes made outside the workbench included.

        Args:
            before_seq: Only states older than this one.
        """
        stream, studio = self._streams.get(stream_id), self._studio
        note_outside_spec(studio.database, studio.root, stream, now=studio.clock())
        with studio.database.read() as connection:
            return list_states(connection, stream_id, limit=limit, before_seq=before_seq)

    def diff(self, stream_id: str, from_seq: int, to_seq: int | None = None) -> list[ItemChange]:
        """Compare two states part by part, or a state with what the file says now.

        Args:
            to_seq: The later state; None for the file.

        Raises:
            NotFoundError: The spec has no such state.
        """
        self._studio.require(Action.VIEW)
        before = self.text_of(stream_id, from_seq)
        after = (
            find_spec_text(self._studio.root, stream_id)
            if to_seq is None
            else self.text_of(stream_id, to_seq)
        )
        return compare_outlines(read_outline(before), read_outline(after) if after else [])

    def text_of(self, stream_id: str, seq: int) -> str:
        """Return production.json as it was in a state.

        Raises:
            NotFoundError: The spec has no such state.
        """
        self._studio.require(Action.VIEW)
        with self._studio.database.read() as connection:
            return get_content(connection, get_state(connection, stream_id, seq).sha256)

    def restore(self, stream_id: str, seq: int, *, expected_sha256: str | None = None) -> WrittenSpec:
        """Let production.json say again, byte for byte, what it said in a state; that is a new state.

        Args:
            expected_sha256: Digest of the file as it was looked at; None restores over whatever it is.

        Raises:
            NotFoundError: The spec has no such state.
            StaleWriteError: The file is another one by now.
        """
        self._studio.require(Action.EDIT_PROMPT)
        text = self.text_of(stream_id, seq)
        expected = expected_sha256 or self._streams.get(stream_id).spec_sha256
        saving = Saving(stream_id, StateOrigin.RESTORED, details={"state_seq": seq})
        label = f"restored state {seq}"
        return save_spec(
            self._studio,
            saving,
            lambda: write_spec_text(
                self._studio.root, stream_id, text, expected_sha256=expected, label=label
            ),
        )

    def draft(
        self, stream_id: str, *, engine: str | None = None, replace_spec: bool = False
    ) -> WrittenSpec | StreamTask:
        """Write a first spec from the story and the brief, or queue it; see ``SpecDrafts.draft``."""
        return self._drafts.draft(stream_id, engine=engine, replace_spec=replace_spec)

    def drafting(self, stream: Stream) -> Drafting:
        """Tell what may write a first spec of a stream, what it costs, and the newest task that does."""
        self._studio.require(Action.VIEW)
        return self._drafts.drafting(stream)

    def _taken_ids(self, stream_id: str) -> set[int]:
        """Return every number that a segment of the stream ever had, as far as anything knows of it."""
        with self._studio.database.read() as connection:
            known = {segment_id for segment_id, _ in read_known_prompts(connection, stream_id)}
            assets = {segment_id for segment_id, _ in list_asset_files(connection, stream_id)}
        return known | assets | {segment_id for segment_id, _ in find_media(self._studio.root, stream_id)}

    def _check_removable(self, stream_id: str, segment_id: int) -> None:
        with self._studio.database.read() as connection:
            files = list_asset_files(connection, stream_id)
            running = open_tasks_by_asset(connection, stream_id)
            for kind in Kind:
                task = running.get((segment_id, kind))
                if task is not None and task.is_open:
                    raise RuleError(
                        f"The {kind} of segment {segment_id} is being made. Cancel that first; nothing was "
                        "removed."
                    )
                asset = files.get((segment_id, kind))
                versions = list_versions(connection, asset.asset_id) if asset else []
                if any(read_verdict(connection, version.id).is_approved for version in versions):
                    raise RuleError(
                        f"Segment {segment_id} has an approved {kind}. Send it back first if the film is to "
                        "go on without it; nothing was removed."
                    )


_OF_SEGMENT = (SplitSegment, MoveSegment, RemoveSegment, SetSegment)
