"""Being woken when something changes in the streams' folders."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, watch

from director_lib.errors import DirectorError
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import FOLDERS
from director_lib.streams.reader import FORM_FILE, SPEC_FILE

TICK_S = 0.1
_DEBOUNCE_MS = 120
_STEP_MS = 40
_TRY_AGAIN_S = 30.0
_FILES = frozenset({SPEC_FILE, FORM_FILE})
_MEDIA = frozenset(FOLDERS.values())
_log = logging.getLogger("director.worker")


@dataclass(frozen=True)
class _Survey:
    """What is to be watched.

    Attributes:
        ids: Name of a stream's own folder to every id that it goes by, links included.
        folders: Every folder that matters.
    """

    ids: dict[str, frozenset[str]]
    folders: frozenset[Path]


def follow_streams(root: StreamsRoot, stop: threading.Event) -> Iterator[frozenset[str]]:
    """Yield the ids of streams in whose folders something changed, soon after it did.

    Only the folders that matter are watched: the root, each stream's own, its keyframes/ and its videos/; a
    hundred thousand frames beside them cost nothing. Streams and folders that appear are watched from then
    on. Nothing is told of changes that the system does not report, such as another machine's on a network
    disk: the caller has to look for those itself.

    Yields:
        Ids, perhaps none; at least every ``TICK_S`` seconds until ``stop`` is set.

    Raises:
        StorageError: The root is missing or may not be listed.
    """
    while not stop.is_set():
        try:
            yield from _follow(root, stop)
        except FileNotFoundError:
            yield frozenset()  # a folder went away in this moment
        except (OSError, RuntimeError) as error:
            _log.warning("changes in %s are noticed late; the system reports none: %s", root.root, error)
            yield from _ticks(stop, _TRY_AGAIN_S)


def _follow(root: StreamsRoot, stop: threading.Event) -> Iterator[frozenset[str]]:
    place = _survey(root)
    # what came before the watch began would be told by nobody
    unseen = frozenset[str]().union(*place.ids.values())
    batches = _watch(place.folders, stop)
    try:
        changes = next(batches, None)
        while changes is not None:
            touched, has_moved = _sort(root, place.ids, changes)
            yield touched | unseen
            unseen = frozenset()
            now = _survey(root) if has_moved else place
            if now == place:
                changes = next(batches, None)
                continue
            ending, batches = batches, _watch(now.folders, stop)
            # the new watch begins before the old one ends, so that nothing falls between them
            with contextlib.closing(ending):
                changes = next(batches, set()) | next(ending, set())
            place, unseen = now, _new_ids(root, place, now)
    finally:
        batches.close()


def _watch(folders: frozenset[Path], stop: threading.Event) -> Generator[set[tuple[Change, str]], None, None]:
    return watch(
        *folders,
        watch_filter=None,
        debounce=_DEBOUNCE_MS,
        step=_STEP_MS,
        stop_event=stop,
        rust_timeout=int(TICK_S * 1000),
        yield_on_timeout=True,
        raise_interrupt=False,
        force_polling=False,
        recursive=False,
        ignore_permission_denied=True,
    )


def _survey(root: StreamsRoot) -> _Survey:
    ids: dict[str, set[str]] = {}
    for stream_id in root.list_ids():
        with contextlib.suppress(DirectorError):  # it went away in this moment
            ids.setdefault(root.path(stream_id).name, set()).add(stream_id)
    # a folder that is no stream yet becomes one by the first file in it
    with os.scandir(root.root) as entries:
        names = [one.name for one in entries if one.name[:1] != "." and one.is_dir(follow_symlinks=False)]
    own = [root.root / name for name in names]
    media = [folder / name for folder in own for name in _MEDIA]
    folders = frozenset({root.root, *own, *(folder for folder in media if folder.is_dir())})
    return _Survey({name: frozenset(known) for name, known in ids.items()}, folders)


def _new_ids(root: StreamsRoot, before: _Survey, now: _Survey) -> frozenset[str]:
    """Return the ids of streams that are new, or that have a folder to watch which is new."""
    names = {folder.relative_to(root.root).parts[:1] for folder in now.folders - before.folders}
    names |= {(name,) for name in now.ids.keys() - before.ids.keys()}
    return frozenset().union(*(now.ids.get(part, frozenset()) for name in names for part in name))


def _sort(
    root: StreamsRoot, ids: dict[str, frozenset[str]], changes: Iterable[tuple[Change, str]]
) -> tuple[frozenset[str], bool]:
    """Return the ids of the streams concerned, and whether a folder may have come or gone."""
    touched: set[str] = set()
    has_moved = False
    for _, path in changes:
        parts = Path(path).relative_to(root.root).parts
        is_folder = len(parts) < 2 or (len(parts) == 2 and parts[1] in _MEDIA)
        has_moved = has_moved or is_folder or (len(parts) == 2 and parts[0] not in ids)
        if len(parts) == 2 and parts[1] in _FILES | _MEDIA or len(parts) == 3 and parts[2][:1] != ".":
            touched |= ids.get(parts[0], frozenset())
    return frozenset(touched), has_moved


def _ticks(stop: threading.Event, duration_s: float) -> Iterator[frozenset[str]]:
    for _ in range(int(duration_s / TICK_S)):
        if stop.wait(TICK_S):
            return
        yield frozenset()
