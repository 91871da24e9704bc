"""Streams beside each other on the live page of the studio, read from counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from director_lib.domain.people import Action
from director_lib.metrics.board import slice_of
from director_lib.metrics.board_choice import BoardChoice
from director_lib.metrics.board_streams import StreamSources, compare_streams
from director_lib.store.blind_keeping import read_blind_counts
from director_lib.store.stream_counts import (
    read_first_attempts,
    read_lost_money,
    read_segment_sums,
    read_unit_durations,
)
from director_lib.workbench.insight_counts import ensure_counts, part_of
from director_lib.workbench.studio import Studio


def read_streams(studio: Studio, choice: BoardChoice, titles: Mapping[str, str]) -> dict[str, Any]:
    """Compare the streams within a choice; see ``metrics.board_streams.compare_streams``.

    Raises:
        PermissionDeniedError: The actor may not look.
        InputError: The studio's time zone does not exist.
    """
    studio.require(Action.VIEW)
    ensure_counts(studio)
    as_of = studio.clock()
    everywhere = replace(choice, stream_id=None)
    part = part_of(slice_of(everywhere, as_of=as_of, time_zone=studio.settings.time_zone))
    with studio.database.read() as connection:
        blind = read_blind_counts(connection, studio.settings.time_zone)
        sources = StreamSources(
            first=blind.by_stream(read_first_attempts(connection, part), part),
            durations=blind.stream_durations(read_unit_durations(connection, part), part),
            segments=read_segment_sums(connection, part),
            lost=blind.by_stream(read_lost_money(connection, part), part),
        )
    return compare_streams(sources, everywhere, titles=titles, as_of=as_of)
