"""What the plots of the live page show, made from counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from director_lib.metrics.binned import HANDLING, IDLE, QUEUE, RENDER, UNITS
from director_lib.metrics.board_cards import BoardCounts
from director_lib.metrics.board_people import per_hour_by_person
from director_lib.metrics.board_tries import MANY, tries_summary
from director_lib.metrics.board_weeks import rate_trend
from director_lib.metrics.groups import short_name
from director_lib.metrics.intervals import rate
from director_lib.metrics.words import NOT_YET, THINGS, duration, money, number, percent, span

Json = dict[str, Any]
_POINTS = 90
_CAUSES = 12
_SEGMENTS = 40
_KINDS = {"keyframe": "stills", "video": "clips"}
_PARTS = (
    ("queue", "in the queue", QUEUE, "tasks"),
    ("render", "rendering", RENDER, "renders"),
    ("idle", "waiting to be seen", IDLE, "waits"),
    ("handling", "being looked at", HANDLING, "looks"),
)
_NO_CAUSE = "no cause recorded"
_SEGMENT_FACTS = [
    "stream_id",
    "segment_id",
    "regenerations",
    "rejections",
    "n_versions",
    "cost_micro_usd",
    "is_approved",
    "n_open",
]


def trend_plot(found: BoardCounts) -> Json:
    """Return approval by week: of first attempts with its band, and of all decisions."""
    return {
        "first": rate_trend(found.weekly["first_approved"], found.weekly["first"]),
        "all": rate_trend(found.weekly["approved"], found.weekly["effective"]),
    }


def incidence_plot(found: BoardCounts) -> Json | None:
    """Return the share approved, and sent back for good, over the time since the first version.

    Returns:
        ``points`` (seconds, approved, low, high, sent back), ``half`` (words), ``n``; None by person, and
        while nothing was decided.
    """
    if found.choice.actor is not None:
        return None
    units = found.binned(UNITS)
    curve = units.incidence()
    if curve.empty:
        return None
    steps = np.unique(np.linspace(0, len(curve) - 1, min(_POINTS, len(curve))).astype(int))
    columns = ["lasted_s", "approved", "low", "high", "rejected"]
    points = curve.iloc[steps][columns].round(5).to_numpy().tolist()
    reached = curve.loc[curve["approved"] >= 0.5, "lasted_s"]
    half = NOT_YET if reached.empty else duration(float(reached.iloc[0]))
    return {"points": points, "half": half, "n": units.n, "n_open": units.n_open}


def histogram_plot(found: BoardCounts) -> Json | None:
    """Return how many segments were made again how often; None by person, and before the first."""
    if found.choice.actor is not None:
        return None
    tries = tries_summary(found.bins, found.choice)
    if not tries.histogram:
        return None
    shown = tries.histogram[:MANY]
    more = sum(n for _, n in tries.histogram[MANY:])
    bars = [{"tries": number, "label": str(number), "n": n} for number, n in shown]
    return {
        "bars": bars + ([{"tries": MANY, "label": f"{MANY} or more", "n": more}] if more else []),
        "rows": "segments" if tries.is_whole else "units",
        "nouns": ["segment", "segments"] if tries.is_whole else [*THINGS],
    }


def parts_plot(found: BoardCounts) -> list[Json]:
    """Return what the time of a version is made of, by kind and part; nothing by person."""
    if found.choice.actor is not None:
        return []
    kinds = [found.choice.kind] if found.choice.kind else ["keyframe", "video"]
    rows = []
    for kind in kinds:
        for key, words, metrics, behind in _PARTS:
            times = found.binned(metrics, kind)
            if not times.n:
                continue
            half, most = times.quantile(0.5), times.quantile(0.9)
            rows.append(
                {
                    "kind": kind,
                    "thing": _KINDS[kind],
                    "part": key,
                    "label": words,
                    "n": times.n,
                    "n_open": times.n_open,
                    "p50_s": half.value_s,
                    "p90_s": most.value_s,
                    "p50": NOT_YET if half.value_s is None else duration(half.value_s),
                    "p90": NOT_YET if most.value_s is None else duration(most.value_s),
                    "rows": behind,
                }
            )
    return rows


def failures_plot(found: BoardCounts) -> list[Json]:
    """Return what tasks failed of, most frequent first; nothing by person."""
    if found.choice.actor is not None:
        return []
    ended = sum(found.total(f"tasks_{state}") for state in ("failed", "unknown", "succeeded"))
    causes: Counter[tuple[str, str]] = Counter()
    columns = (found.counts.failures[name].tolist() for name in ("error_code", "engine", "n"))
    for cause, engine, n in zip(*columns, strict=True):
        causes[cause, engine] += n
    rows = []
    for (cause, engine), n in sorted(causes.items(), key=lambda each: (-each[1], each[0]))[:_CAUSES]:
        # of what ended in these weeks some was asked for before: then it is not among those counted below
        share = rate(min(n, ended), ended)
        rows.append(
            {
                "cause": cause,
                "label": cause.replace("_", " ") or _NO_CAUSE,
                "engine": engine,
                "made_by": short_name(engine),
                "n": n,
                "text": f"{percent(share.value)} of {ended:,} ({span(share.low, share.high)})",
            }
        )
    return rows


def people_plot(found: BoardCounts) -> list[Json]:
    """Return what people decided per active hour, by name; never an order by approval."""
    rows = []
    for actor, pace in sorted(per_hour_by_person(found.counts, found.bins).items()):
        if not pace.n:
            continue
        rows.append(
            {
                "actor": actor,
                "n": pace.n,
                "value": pace.value,
                "low": pace.low,
                "high": pace.high,
                "text": f"{number(pace.value)} an hour" if pace.value is not None else NOT_YET,
                "hours": number(pace.hours),
            }
        )
    return rows


def segments_plot(found: BoardCounts, titles: Mapping[str, str]) -> list[Json]:
    """Return the segments that gave most trouble, worst first; see ``counts.Counts.segments``."""
    if found.choice.actor is not None:
        return []
    return [
        {
            "stream": titles.get(row["stream_id"]) or row["stream_id"],
            "stream_id": row["stream_id"],
            "segment": row["segment_id"],
            "again": row["regenerations"],
            "back": row["rejections"],
            "versions": row["n_versions"],
            "cost": money(row["cost_micro_usd"] / 1e6),
            "state": "approved" if row["is_approved"] else "open" if row["n_open"] else "sent back",
            "href": f"/s/{row['stream_id']}/keyframes?segment={row['segment_id']}",
        }
        for row in found.counts.segments[_SEGMENT_FACTS].head(_SEGMENTS).to_dict("records")
    ]
