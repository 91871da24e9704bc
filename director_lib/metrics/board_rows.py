"""The rows behind decisions, units and tasks on the live page, as ready texts with links to segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from director_lib.metrics.board_row_fields import (
    NOTE,
    Field,
    RowWords,
    known_text,
    lasted,
    made_by,
    place_fields,
    row_table,
    verdict,
)
from director_lib.metrics.board_tries import is_bar
from director_lib.metrics.effective import effective_decisions, first_of, standing_decisions
from director_lib.metrics.frames import UNIT
from director_lib.metrics.regenerations import regenerations_of
from director_lib.metrics.standing import standings_of, versions_known
from director_lib.metrics.words import instant, is_unknown, money, number

Json = dict[str, Any]
_STATES = {"approved": "approved", "rejected": "sent back", "open": "open"}


@dataclass(frozen=True, slots=True)
class UnitsPart:
    """Which stills and clips; what is None is not restricted.

    Attributes:
        engine: Whose deciding version this engine made, as they are counted; "" is none.
        state: Those that stand so: "approved", "rejected" or "open".
        tries: Those made again so often; see ``board_tries.is_bar``.
    """

    engine: str | None = None
    state: str | None = None
    tries: int | None = None


def decided_rows(
    what: str, decisions: pd.DataFrame, versions: pd.DataFrame, keys: list[int], words: RowWords
) -> Json:
    """Return verdicts: those among ``keys`` that count for ``what``.

    Args:
        what: "decisions", "first_pass", "again", "made" or "undone".
        decisions: Decisions frame of whole stills and clips.
        versions: Versions frame of the same.
        keys: ``seq`` of the candidates.
        words: How to put them.
    """
    chosen = _counting(what, decisions, versions)
    chosen = chosen[chosen["seq"].isin(keys)].sort_values("seq", ascending=False)
    made = versions[["version_id", "engine", "model"]]
    rows = chosen.merge(made, on="version_id", how="left")
    fields = [
        Field("at", "When", lambda row: instant(row.decided_at, words.zone)),
        *place_fields(words),
        Field("version", "Version", lambda row: str(row.attempt), is_number=True),
        Field("decision", "Decision", lambda row: verdict(row.decision)),
        Field("actor", "By", lambda row: row.actor),
        Field("engine", "Made by", made_by),
        Field("note", "Note", lambda row: known_text(row.note)[:NOTE]),
    ]
    if what == "made":
        fields.append(Field("undone", "Taken back", lambda row: instant(row.undone_at, words.zone)))
    return row_table(what, rows, fields)


def panel_rows(decisions: pd.DataFrame, versions: pd.DataFrame, keys: list[int], words: RowWords) -> Json:
    """Return versions that two or more people judged, each with what each said.

    Args:
        keys: ``seq`` of the candidates; a version belongs to its latest judgement.
    """
    standing = standing_decisions(decisions).sort_values("seq")
    opinions = standing.drop_duplicates(["version_id", "actor"], keep="last")
    several = opinions.groupby("version_id")["actor"].transform("size") > 1
    judged = opinions[several].sort_values(["decided_at", "seq"])
    said = judged["actor"] + ": " + judged["decision"].map(verdict)
    latest = judged.drop_duplicates("version_id", keep="last")
    latest = latest.assign(said=latest["version_id"].map(said.groupby(judged["version_id"]).agg("; ".join)))
    chosen = latest[latest["seq"].isin(keys)].sort_values("seq", ascending=False)
    rows = chosen.merge(versions[["version_id", "engine", "model"]], on="version_id", how="left")
    fields = [
        Field("at", "Judged last", lambda row: instant(row.decided_at, words.zone)),
        *place_fields(words),
        Field("version", "Version", lambda row: str(row.attempt), is_number=True),
        Field("said", "What was said", lambda row: row.said),
        Field("engine", "Made by", made_by),
    ]
    return row_table("panel", rows, fields)


def unit_rows(
    decisions: pd.DataFrame,
    versions: pd.DataFrame,
    keys: list[int],
    words: RowWords,
    part: UnitsPart | None = None,
) -> Json:
    """Return stills and clips as they stand; ``keys`` are ids of their first versions."""
    wanted = part or UnitsPart()
    known = versions_known(versions)
    judged = effective_decisions(decisions)
    units = standings_of(judged, known).merge(
        known[["version_id", "engine", "duration_s"]], on="version_id", how="left"
    )
    again = regenerations_of(judged, known).groupby(UNIT).size().rename("again").reset_index()
    units = units.merge(again, on=UNIT, how="left")
    units = units.assign(again=units["again"].fillna(0).astype("int64"))
    if wanted.engine is not None:
        units = units[units["engine"].fillna("") == wanted.engine]
    if wanted.state is not None:
        units = units[units["state"] == wanted.state]
    if wanted.tries is not None:
        units = units[is_bar(units["again"], wanted.tries)]
    firsts = known.loc[known["version_id"].isin(keys), UNIT]
    rows = firsts.merge(units, on=UNIT).sort_values("entered_at", ascending=False)
    return row_table("units", rows, _unit_fields(words))


def version_rows(decisions: pd.DataFrame, versions: pd.DataFrame, keys: list[int], words: RowWords) -> Json:
    """Return versions with their cost and what became of them; ``keys`` are their ids."""
    judged = effective_decisions(decisions)
    again = set(regenerations_of(judged, versions_known(versions))["version_id"])
    rows = versions[versions["version_id"].isin(keys)].sort_values("version_id", ascending=False)
    rows = rows.merge(judged[["version_id", "decision"]], on="version_id", how="left")
    fields = [
        Field("at", "Made", lambda row: instant(row.created_at, words.zone)),
        *place_fields(words),
        Field("version", "Version", lambda row: str(row.attempt), is_number=True),
        Field("engine", "Made by", made_by),
        Field("decision", "Decision", lambda row: verdict(row.decision)),
        Field("again", "Made again", lambda row: "yes" if row.version_id in again else ""),
        Field("cost", "Cost", lambda row: money(row.cost_usd), is_number=True),
    ]
    return row_table("costs", rows, fields)


def task_rows(what: str, tasks: pd.DataFrame, words: RowWords) -> Json:
    """Return tasks; ``what`` is "tasks", "renders", "ended", "failed", "failures" or "bills"."""
    fields = [
        Field("at", "Queued", lambda row: instant(row.queued_at, words.zone)),
        *place_fields(words),
        Field("engine", "Engine", lambda row: row.engine),
        Field("state", "State", lambda row: row.state),
        Field("waited", "Waited", lambda row: lasted(row.queued_at, row.started_at)),
        Field("took", "Took", lambda row: lasted(row.started_at, row.ended_at)),
    ]
    if what == "bills":
        fields.append(Field("billed", "Billed", lambda row: money(row.billed_usd), is_number=True))
    if what in ("failed", "failures", "bills"):
        fields.append(Field("cause", "Cause", lambda row: known_text(row.error_code) or "not recorded"))
        fields.append(Field("message", "Message", lambda row: known_text(row.error_message)[:NOTE]))
    return row_table(what, tasks, fields)


def _counting(what: str, decisions: pd.DataFrame, versions: pd.DataFrame) -> pd.DataFrame:
    if what == "made":
        return decisions
    if what == "undone":
        return decisions[decisions["undone_at"].notna()]
    judged = effective_decisions(decisions)
    if what == "first_pass":
        return first_of(judged)
    return regenerations_of(judged, versions_known(versions)) if what == "again" else judged


def _unit_fields(words: RowWords) -> list[Field]:
    return [
        Field("at", "First version", lambda row: instant(row.entered_at, words.zone)),
        *place_fields(words),
        Field("state", "Stands", lambda row: _STATES[row.state]),
        Field("decided", "Decided", lambda row: instant(row.decided_at, words.zone)),
        Field("took", "After", lambda row: lasted(row.entered_at, row.decided_at)),
        Field("versions", "Versions", lambda row: str(row.n_versions), is_number=True),
        Field("again", "Again", lambda row: str(row.again), is_number=True),
        Field("length", "Seconds", lambda row: _seconds(row.duration_s), is_number=True),
        Field("cost", "Spent", lambda row: money(row.cost_usd), is_number=True),
    ]


def _seconds(length: Any) -> str:
    return "" if is_unknown(length) else number(length)
