"""The review page: the desk's events become workbench calls, and what changes is pushed back."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from director_lib.domain.stream import Oddity, Stream
from director_lib.domain.version import Kind
from director_lib.errors import DirectorError, InputError
from director_lib.pages.cards import VERDICT
from director_lib.pages.desk_events import DeskEvents
from director_lib.pages.desk_state import DeskState, read_attention, read_desk, read_tasks
from director_lib.pages.frame import frame
from director_lib.pages.live import LiveLoop, changed_fields, changed_rows, without
from director_lib.pages.making_events import engine_offers
from director_lib.pages.opening import open_page
from director_lib.pages.talk_events import mentionable, preset_chip
from director_lib.pages.variant_cells import read_variant_tasks
from director_lib.pages.worker_watch import WorkerWatch
from director_lib.store.drafts import Draft
from director_lib.store.overview import Revision, read_revision
from director_lib.streams.reader import spec_stamp
from director_lib.widgets.review_desk import ReviewDesk
from director_lib.workbench import Workbench

Json = dict[str, Any]
SCAN_EVERY_S = 0.7
SETTLE_S = 2.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the last look into the stream's media folders found wrong."""

    oddities: tuple[Oddity, ...] = ()
    missing: tuple[tuple[int, Kind], ...] = ()


class ReviewPage:
    """One stream's keyframes or videos, judged on the review desk.

    The page is shown empty at once; ``start`` gives it a workbench and a stream when the visitor is known.
    """

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        events = DeskEvents(self)
        self._drawer = events.drawer
        self.screen = ReviewDesk(on_ready=self._ready, **events.callbacks())
        self._workbench: Workbench | None = None
        self._stream_id = ""
        self._stream: Stream | None = None
        self._shown = DeskState({}, {})
        self._seen = Revision()
        self._judged: set[str] = set()
        self._presets: list[Json] = []
        self._live: LiveLoop | None = None
        self._workers: WorkerWatch | None = None
        self._scan_thread: threading.Thread | None = None
        self._scanned = _Found()
        self._told = _Found()
        self._scanned_at = 0.0
        self._stamp: object = None

    @property
    def workbench(self) -> Workbench:
        """The visitor's workbench.

        Raises:
            InputError: The page has not been started.
        """
        if self._workbench is None:
            raise InputError("This page is still opening. Wait a moment and try again.")
        return self._workbench

    @property
    def stream_id(self) -> str:
        """The stream that is open; "" before ``start``."""
        return self._stream_id

    def start(self, workbench: Workbench, stream_id: str) -> None:
        """Open a stream on behalf of the workbench's actor and keep the page true from now on."""
        self._workbench = workbench
        self._stream_id = stream_id
        self._load()
        self._workers = WorkerWatch(workbench.studio, self.refresh)
        self._live = LiveLoop(workbench.studio.database, self.refresh, self._look_around)
        self._live.start()
        self._look_at_files()

    def refresh(self) -> None:
        """Push what changed since the last push; only tasks are read again when nothing else happened."""
        if self._workbench is not None:
            self._drawer.push()
        stream = self._stream
        if stream is None or self._find_stamp() != self._stamp:
            self._load()
            return
        self._push(self._read_what_changed(stream))

    def refresh_soon(self) -> None:
        """Leave it to the watching to push what changed; push it now where nothing watches.

        Reading a long stream again takes longer than a decision, and the next key must not wait for it.
        """
        if self._live is None or not self._live.is_running:
            self.refresh()
        else:
            self._live.note_answer()

    def note_judged(self, segment_ids: Iterable[int]) -> None:
        """Note of which segments a browser shows a verdict that it has not been told.

        The next push tells theirs, even when they stand as before: they may have been taken back meanwhile.
        """
        self._judged.update(map(str, segment_ids))

    def _read_what_changed(self, stream: Stream) -> DeskState:
        with self.workbench.studio.database.read() as connection:
            revision = read_revision(connection, self._stream_id)
        state = (
            self._read_tasks_only(stream)
            if revision == self._seen
            else read_desk(self.workbench, stream, self.kind)
        )
        self._seen = revision
        return state

    def _read_tasks_only(self, stream: Stream) -> DeskState:
        studio = self.workbench.studio
        with studio.database.read() as connection:
            tasks = read_tasks(self.workbench, connection, stream.id, self.kind)
            variants = read_variant_tasks(connection, stream.id, self.kind, studio.clock())
            needs = read_attention(connection, stream.id, self.kind)
            now = frame(studio, connection, self._shown.frame["page"], stream)
        cards = {
            key: {
                **card,
                "task": tasks.get(card["segment_id"]),
                "variant_tasks": variants.get(card["segment_id"], []),
                "attention": needs.get(card["segment_id"]),
            }
            for key, card in self._shown.cards.items()
        }
        return DeskState({**now, "rail": self._shown.frame["rail"]}, cards, self._shown.out_of_date)

    def _push(self, state: DeskState) -> None:
        told = without(self._shown.cards, self._judged, VERDICT)
        self._judged.clear()
        patch: Json = {
            "frame": changed_fields(self._shown.frame, state.frame),
            "cards": changed_rows(told, state.cards),
        }
        if state.out_of_date != self._shown.out_of_date:
            patch["out_of_date"] = state.out_of_date
        self._shown = state
        presets = self._read_presets()
        if presets != self._presets:
            self._presets = patch["presets"] = presets
        if any(patch.values()):
            self.screen.patch({key: value for key, value in patch.items() if value})

    def _ready(self, _data: Json) -> None:
        """Show everything to a browser that has just come, without reading again what nobody changed."""
        if self._workbench is None:
            return
        if self._stream is None or self._find_stamp() != self._stamp:
            self._load()
            return
        self._shown = self._read_what_changed(self._stream)
        self._show_all(self._stream)

    def _load(self) -> None:
        self._stamp = self._find_stamp()
        try:
            self._stream = self.workbench.streams.get(self._stream_id)
            with self.workbench.studio.database.read() as connection:
                self._seen = read_revision(connection, self._stream_id)
            self._shown = read_desk(self.workbench, self._stream, self.kind)
        except DirectorError as error:
            self._stream = None
            self.screen.load(self._broken(error))
            return
        self._show_all(self._stream)

    def _show_all(self, stream: Stream) -> None:
        self.screen.load(
            {
                **self._furniture(stream),
                "frame": self._shown.frame,
                "cards": list(self._shown.cards.values()),
                "out_of_date": self._shown.out_of_date,
            }
        )

    def _read_presets(self) -> list[Json]:
        return [preset_chip(preset) for preset in self.workbench.presets.list()]

    def _furniture(self, stream: Stream) -> Json:
        self._presets = self._read_presets()
        return {
            "kind": self.kind.value,
            "prompt_suffix": stream.prompt_suffix,
            "presets": self._presets,
            "people": mentionable(self.workbench),
            "engines": engine_offers(self.workbench, stream.id, self.kind),
            "drafts": [_draft_line(draft) for draft in self.workbench.prompts.drafts(stream.id)],
            "oddities": [
                {"file": odd.file, "path": odd.path, "message": odd.message}
                for odd in (*stream.oddities, *self._told.oddities, *map(_gone, self._told.missing))
            ],
            "gone": sorted(segment_id for segment_id, kind in self._told.missing if kind is self.kind),
            "error": None,
        }

    def _broken(self, error: DirectorError) -> Json:
        with self.workbench.studio.database.read() as connection:
            shown = frame(
                self.workbench.studio, connection, "keyframes" if self.kind is Kind.KEYFRAME else "videos"
            )
        self._shown = DeskState(shown, {})
        return {
            "frame": shown,
            "kind": self.kind.value,
            "cards": [],
            "presets": [],
            "engines": [],
            "drafts": [],
            "oddities": [],
            "gone": [],
            "error": error.user_message,
        }

    def _look_around(self) -> None:
        self._look_at_files()
        if self._workers is not None:
            self._workers.look()

    def _look_at_files(self) -> None:
        if self._find_stamp() != self._stamp or self._scanned != self._told:
            self._told = self._scanned
            self._load()
        is_idle = self._scan_thread is None or not self._scan_thread.is_alive()
        is_due = time.monotonic() - self._scanned_at >= SCAN_EVERY_S
        if self._stream is not None and is_idle and is_due:
            self._scanned_at = time.monotonic()
            self._scan_thread = threading.Thread(target=self._scan, daemon=True)
            self._scan_thread.start()

    def _find_stamp(self) -> object:
        try:
            return spec_stamp(self.workbench.studio.root, self._stream_id)
        except DirectorError:
            return None

    def _scan(self) -> None:
        try:
            found = self.workbench.streams.scan(self._stream_id, settle_s=SETTLE_S)
            self._scanned = _Found(found.oddities, found.missing)
        except DirectorError as error:
            _log.warning("stream %s was not scanned (%s): %s", self._stream_id, error.code, error)


def _gone(place: tuple[int, Kind]) -> Oddity:
    segment_id, kind = place
    return Oddity(
        f"{kind}s/",
        "",
        f"The {kind} of segment {segment_id} is gone from the folder. Its versions are safe; "
        "the segment on the desk has a button that puts it back.",
    )


def show_review(kind: Kind, stream_id: str | None) -> None:
    """Show the review desk to whoever visits the page; the stream comes from the address when None."""
    page = ReviewPage(kind)
    open_page(
        page.screen,
        lambda workbench, parameters: page.start(workbench, parameters.get("stream", "")),
        stream=stream_id,
    )


def _draft_line(draft: Draft) -> Json:
    return {
        "segment_id": draft.segment_id,
        "field": draft.field,
        "text": draft.text,
        "base_text": draft.base_text,
        "saved_at": draft.saved_at.isoformat(timespec="seconds"),
    }
