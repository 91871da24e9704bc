"""Telling the histories of all demo streams in the order in which things happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from director_lib.demo.catalog import DemoPreset, history, presets
from director_lib.demo.narrator import Narrator
from director_lib.demo.paintings import VersionKey
from director_lib.demo.steps import instant
from director_lib.domain.stream import Stream
from director_lib.store.events import record_event
from director_lib.store.presets import add_preset, has_preset
from director_lib.store.versions import NewVersion


def tell_histories(
    connection: sa.Connection,
    streams: Iterable[Stream],
    facts: Mapping[VersionKey, NewVersion],
    now: datetime,
    zone: ZoneInfo,
) -> None:
    """Record the histories of the streams and the studio's presets, in the caller's transaction.

    The timeline and the decisions count in the order of their rows, so the histories are told as one.

    Args:
        facts: The file of every version that the histories make.
        now: Aware instant that they lead up to.
        zone: The studio's time zone.
    """
    told = [
        (instant(step.at, now, zone), partial(narrator.tell, step))
        for stream in streams
        for narrator in [Narrator(connection, stream, facts)]
        for step in history(stream.id)
    ]
    told += [
        (instant(preset.at, now, zone), partial(_add_preset, connection, preset)) for preset in presets()
    ]
    for at, tell in sorted(told, key=lambda line: line[0]):
        tell(at)


def _add_preset(connection: sa.Connection, preset: DemoPreset, at: datetime) -> None:
    if has_preset(connection, preset.name):
        return
    added = add_preset(connection, preset.name, preset.category, preset.text, author=preset.by, created_at=at)
    record_event(connection, "added_preset", preset.by, at, details={"preset_id": added.id})
