"""The rows behind times, segments and checkpoints on the live page, as ready texts with links."""

from __future__ import annotations

from typing import Any

import pandas as pd

from director_lib.metrics.board_row_fields import (
    Field,
    RowWords,
    lasted,
    made_by,
    place_fields,
    row_table,
    stream_field,
    verdict,
)
from director_lib.metrics.effective import effective_decisions
from director_lib.metrics.frames import UNIT
from director_lib.metrics.standing import standings_of, versions_known
from director_lib.metrics.timing import stays_of
from director_lib.metrics.words import duration, instant, is_unknown, money
from director_lib.metrics.working_time import StudioHours, working_seconds

Json = dict[str, Any]
_KIND_OF = {"keyframes": "keyframe", "videos": "video"}


def stay_rows(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    keys: list[int],
    words: RowWords,
    *,
    engine: str | None = None,
) -> Json:
    """Return how long stills and clips took from their first version to their approval.

    Args:
        decisions: Decisions frame of whole stills and clips.
        versions: Versions frame of the same.
        keys: Ids of the versions that a stay may begin with.
        words: How to put them.
        engine: Only of stills and clips whose deciding version this engine made, as they are counted.
    """
    known = versions_known(versions)
    judged = effective_decisions(decisions)
    stays = stays_of(judged, known)
    stays = stays.assign(
        kind=stays["checkpoint"].map(_KIND_OF), segment_id=stays["segment_id"].astype("int64")
    )
    begins = known[known["origin"] != "restored"].sort_values("version_id")
    begins = begins[[*UNIT, "created_at", "version_id"]].rename(columns={"created_at": "entered_at"})
    rows = stays.merge(begins.drop_duplicates([*UNIT, "entered_at"]), on=[*UNIT, "entered_at"])
    if engine is not None:
        units = standings_of(judged, known)[[*UNIT, "version_id"]]
        made_of = units.merge(known[["version_id", "engine"]], on="version_id", how="left")
        rows = rows.merge(made_of[[*UNIT, "engine"]], on=UNIT)
        rows = rows[rows["engine"].fillna("") == engine]
    rows = rows[rows["version_id"].isin(keys)].sort_values("version_id", ascending=False)
    fields = [
        Field("at", "First version", lambda row: instant(row.entered_at, words.zone)),
        *place_fields(words),
        Field("decided", "Approved", lambda row: instant(row.decided_at, words.zone) or "still open"),
        Field("took", "After", lambda row: lasted(row.entered_at, row.decided_at)),
    ]
    return row_table("stays", rows, fields)


def wait_rows(
    what: str, decisions: pd.DataFrame, versions: pd.DataFrame, keys: list[int], words: RowWords
) -> Json:
    """Return versions with when they were seen and decided.

    Args:
        what: "waits" (all) or "looks" (those of which it is known when they were seen first).
        decisions: Decisions frame of whole stills and clips.
        versions: Versions frame of the same.
        keys: Ids of the candidates; versions put back from history are none.
        words: How to put them.
    """
    judged = effective_decisions(decisions)
    viewed = judged["viewed_at"].where(judged["viewed_at"] <= judged["decided_at"])
    judged = judged[["version_id", "decided_at"]].assign(viewed_at=viewed)
    made = versions[versions["version_id"].isin(keys) & (versions["origin"] != "restored")]
    rows = made.merge(judged, on="version_id", how="left").sort_values("version_id", ascending=False)
    if what == "looks":
        rows = rows[rows["viewed_at"].notna()]
    rows = rows.assign(seen_at=rows["viewed_at"].fillna(rows["decided_at"]))
    fields = [
        Field("at", "Made", lambda row: instant(row.created_at, words.zone)),
        *place_fields(words),
        Field("version", "Version", lambda row: str(row.attempt), is_number=True),
        Field("engine", "Made by", made_by),
        Field("waited", "Seen after", lambda row: lasted(row.created_at, row.seen_at) or "not seen"),
        Field("looked", "Looked at", lambda row: lasted(row.viewed_at, row.decided_at)),
        Field("decided", "Decided", lambda row: instant(row.decided_at, words.zone)),
    ]
    return row_table(what, rows, fields)


def segment_rows(segments: pd.DataFrame, words: RowWords) -> Json:
    """Return segments that were begun; see ``counts.CountTables.segments``."""
    fields = [
        Field("at", "First version", lambda row: instant(row.entered_at, words.zone)),
        *stream_field(words),
        Field("segment", "Segment", lambda row: str(row.segment_id)),
        Field("again", "Made again", lambda row: str(row.regenerations), is_number=True),
        Field("back", "Sent back", lambda row: str(row.rejections), is_number=True),
        Field("versions", "Versions", lambda row: str(row.n_versions), is_number=True),
        Field("cost", "Spent", lambda row: money(row.cost_micro_usd / 1e6), is_number=True),
        Field("state", "Still and clip", lambda row: "approved" if row.is_approved else "not both approved"),
    ]
    return row_table("segments", segments, fields)


def gate_rows(gates: pd.DataFrame, words: RowWords) -> Json:
    """Return verdicts about whole streams; rows of a checkpoints frame that were decided."""
    fields = [
        Field("at", "When", lambda row: instant(row.decided_at, words.zone)),
        *stream_field(words),
        Field("checkpoint", "Checkpoint", lambda row: row.checkpoint),
        Field("decision", "Decision", lambda row: verdict(row.decision)),
        Field("actor", "By", lambda row: row.actor),
        Field("took", "After", lambda row: lasted(row.entered_at, row.decided_at)),
    ]
    return row_table("gates", gates, fields, _gate_link)


def gate_stay_rows(stays: pd.DataFrame, words: RowWords, hours: StudioHours) -> Json:
    """Return how long whole streams were at a checkpoint; rows of ``timing.stream_stays``."""
    rows = stays.assign(working_s=working_seconds(stays["entered_at"], stays["decided_at"], hours))
    fields = [
        Field("at", "Entered", lambda row: instant(row.entered_at, words.zone)),
        *stream_field(words),
        Field("checkpoint", "Checkpoint", lambda row: row.checkpoint),
        Field("decided", "Decided", lambda row: instant(row.decided_at, words.zone) or "still open"),
        Field("took", "After", lambda row: lasted(row.entered_at, row.decided_at)),
        Field(
            "worked", "Working time", lambda row: "" if is_unknown(row.working_s) else duration(row.working_s)
        ),
    ]
    return row_table("gate_stays", rows, fields, _gate_link)


def _gate_link(row: Any) -> str:
    return f"/s/{row.stream_id}/{row.checkpoint}"
