"""Everything that choices between versions say, computed once and put into words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from director_lib.metrics.intervals import Rate
from director_lib.metrics.paired import (
    BY,
    ENOUGH,
    FEWEST_CHOICES,
    first_place_rate,
    phrase_strengths,
    strengths_by,
)
from director_lib.metrics.paired_frames import decided_sets
from director_lib.metrics.words import percent, span

PHRASE = "phrase"
LATEST = 50
_TITLES = {"engine": "Engines", "model": "Models", "preset": "Presets", PHRASE: "Phrases"}

Json = dict[str, Any]


@dataclass(frozen=True)
class PairedFindings:
    """What choices say.

    Attributes:
        n_sets: Sets in which somebody chose.
        n_blind: Of these, chosen without knowing which version was which.
        first_place: How often the first place won, of two whose places were drawn by lot.
        tables: As ``strengths_by`` and ``phrase_strengths`` give them: "engine", "model", "preset", "phrase".
        choices: The sets with their winners, the newest first.
    """

    n_sets: int
    n_blind: int
    first_place: Rate
    tables: dict[str, pd.DataFrame]
    choices: pd.DataFrame

    def payload(self) -> Json:
        """Return it as JSON values, with what is enough evidence said in words."""
        first = self.first_place
        return {
            "n_sets": self.n_sets,
            "n_blind": self.n_blind,
            "first_place": {
                "k": first.k,
                "n": first.n,
                "rate": first.value,
                "low": first.low,
                "high": first.high,
            },
            "tables": [
                {"key": key, "title": _TITLES[key], "said": verdict(key, table), "rows": _rows(key, table)}
                for key, table in self.tables.items()
            ],
            "choices": _choices(self.choices),
        }


def paired_findings(variants: pd.DataFrame, *, as_of: datetime | None = None) -> PairedFindings:
    """Compute what choices say.

    Args:
        variants: A variants frame, in any order.
        as_of: Aware instant; later choices are not known yet.

    Raises:
        InputError: The frame is not a variants frame, or ``as_of`` has no time zone.
    """
    rows = decided_sets(variants, as_of=as_of)
    tables = {by: strengths_by(variants, by, as_of=as_of) for by in BY}
    tables[PHRASE] = phrase_strengths(variants, as_of=as_of)
    sets = rows.drop_duplicates("set_id")
    winners = rows.sort_values("won", ascending=False, kind="stable").drop_duplicates("set_id")
    return PairedFindings(
        len(sets),
        int(sets["blind"].sum()),
        first_place_rate(variants, as_of=as_of),
        tables,
        winners.sort_values("decided_at", ascending=False).head(LATEST).reset_index(drop=True),
    )


def verdict(key: str, table: pd.DataFrame) -> str:
    """Say plainly whether there is enough evidence for something."""
    if table.empty:
        return "No data yet: nothing of the kind stood beside each other and was chosen from."
    if key == PHRASE:
        sure = int(table["is_enough"].sum())
        if sure == len(table):
            return "Enough evidence for each of them."
        if sure:
            return f"Enough evidence for {sure} of {len(table)}; the others are not told apart yet."
        return "Not enough evidence yet: no phrase is told apart from chance."
    return " ".join(_of_group(rows) for _, rows in table.groupby("group"))


def _of_group(rows: pd.DataFrame) -> str:
    best = rows.sort_values("p_best", ascending=False).iloc[0]
    among = f"of the {len(rows)} that met"
    chance = percent(best["p_best"])
    if best["is_enough"]:
        return f"Enough evidence: “{best['item']}” is the best {among}, with a probability of {chance}."
    if rows["n"].max() < FEWEST_CHOICES:
        return f"Not enough choices yet {among}: {rows['n'].max()}, and at least {FEWEST_CHOICES} are needed."
    return f"Not enough evidence yet: “{best['item']}” leads {among}, and is the best with {chance}."


def _rows(key: str, table: pd.DataFrame) -> list[Json]:
    told = []
    for row in table.to_dict("records"):
        found: Json = {str(name): value for name, value in row.items()}
        in_words = {"said": _said(key, found), "interval": span(found["low"], found["high"])}
        told.append({**found, **in_words, "chance": percent(found["p_best"])})
    return told


def _said(key: str, row: Json) -> str:
    chance = row["p_best"]
    if key != PHRASE:
        return "best" if row["is_enough"] else ""
    if not row["is_enough"]:
        return "not enough evidence"
    return "helps" if chance >= ENOUGH else "harms"


def _choices(winners: pd.DataFrame) -> list[Json]:
    rows: Iterable[Any] = winners.itertuples(index=False)
    return [
        {
            "stream_id": row.stream_id,
            "segment_id": int(row.segment_id),
            "kind": row.kind,
            "at": row.decided_at.isoformat(timespec="seconds"),
            "actor": row.actor,
            "blind": bool(row.blind),
            "position": int(row.position) if row.won == 1 else None,
            "made_by": " · ".join(part for part in (row.engine, row.model) if isinstance(part, str) and part),
            "preset": row.preset,
        }
        for row in rows
    ]
