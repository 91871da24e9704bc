"""What wins when versions stand beside each other: strengths of engines, models, presets and phrases.

Only what differed within a set is compared, so that the segment, the person and the day are the same on both
sides: these are experiments, unlike the rates of everything else.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from director_lib.metrics.intervals import Z_95, Rate, rate, wilson
from director_lib.metrics.paired_frames import decided_sets
from director_lib.metrics.paired_model import (
    Choices,
    Strengths,
    against_mean,
    fit_strengths,
    probabilities_best,
)

ENOUGH = 0.95
"""How probable it has to be that something is the best before it is said."""
FEWEST_CHOICES = 5
"""With fewer choices nothing is said, whatever they were."""
MOST_PHRASES = 60
NO_PRESET = "no preset"
BY = ("engine", "model", "preset")

_ENDS = re.compile(r"[,;.\n]+")
_COLUMNS = {
    "item": "str",
    "n": "int64",
    "wins": "float64",
    "expected": "float64",
    "rate": "float64",
    "low": "float64",
    "high": "float64",
    "strength": "float64",
    "strength_low": "float64",
    "strength_high": "float64",
    "group": "int64",
    "p_best": "float64",
    "is_enough": "bool",
}


def strengths_by(variants: pd.DataFrame, by: str, *, as_of: datetime | None = None) -> pd.DataFrame:
    """Estimate how strong engines, models or presets are in direct comparison.

    The model is ``paired_model``'s. Things are compared with what they met, directly or through others.

    Args:
        variants: A variants frame, in any order.
        by: "engine", "model" (named with its engine) or "preset".
        as_of: Aware instant; later choices are not known yet.

    Returns:
        One row per thing that met another one, the strongest of each group first: ``item``; ``n`` choices
        between it and something else; ``wins`` (ties count in shares); ``expected`` wins if all were equal;
        ``rate`` (wins ÷ n) with its 95 % Wilson interval ``low``, ``high``; ``strength`` (log odds against
        the mean of its group) with its 95 % interval; ``group`` (0, 1, …: things that never met, not even
        through others, cannot be compared); ``p_best`` (the probability of being the strongest of its group);
        ``is_enough`` (at least ``FEWEST_CHOICES`` choices and ``p_best`` ≥ 0.95). Empty without choices.

    Raises:
        InputError: The frame is not a variants frame, or ``as_of`` has no time zone.
        KeyError: ``by`` is something else.
    """
    rows = decided_sets(variants, as_of=as_of)
    rows = rows.assign(item=_items(rows, by))
    rows = rows[rows.groupby("set_id")["item"].transform("nunique") > 1]
    if rows.empty:
        return _empty()
    items = sorted(rows["item"].unique())
    codes = pd.Categorical(rows["item"], categories=items).codes
    features = np.eye(len(items))[codes]
    fitted = fit_strengths(_choices(rows, features))
    told = _counts(rows).reindex(items)
    found = [_group(number, members, fitted, items) for number, members in enumerate(_groups(rows, items))]
    return _table(told.join(pd.concat(found))).sort_values(
        ["group", "strength"], ascending=[True, False], ignore_index=True
    )


def phrase_strengths(variants: pd.DataFrame, *, as_of: datetime | None = None) -> pd.DataFrame:
    """Estimate what a phrase in the prompt does for a version that stands beside others without it.

    A phrase is what stands between commas. Of all that differed within a set, at most ``MOST_PHRASES`` that
    were compared most often are estimated together.

    Returns:
        Like ``strengths_by``, by ``p_best``, which here is the probability that the phrase helps;
        ``strength`` is the log odds that it adds, and ``is_enough`` says that it helps, or harms, with a
        probability of at least 0.95. All are in group 0. Phrases with less than ``FEWEST_CHOICES`` choices
        are left out.

    Raises:
        InputError: As ``strengths_by``.
    """
    rows = decided_sets(variants, as_of=as_of)
    said = rows["prompt"].fillna("").map(_phrases)
    pairs = said.explode().dropna()
    sizes = rows.groupby("set_id")["set_id"].transform("size")
    frame = pd.DataFrame({"item": pairs, "set_id": rows["set_id"].reindex(pairs.index)})
    within = frame.groupby(["item", "set_id"])["item"].transform("size")
    frame = frame[within < sizes.reindex(frame.index)]
    counts = frame.groupby("item")["set_id"].nunique()
    items = sorted(counts[counts >= FEWEST_CHOICES].nlargest(MOST_PHRASES).index)
    if not items:
        return _empty()
    has = np.array([[item in phrases for item in items] for phrases in said], dtype=float)
    fitted = fit_strengths(_choices(rows, has))
    sd = np.sqrt(np.diag(fitted.covariance))
    found = _estimates(items, fitted.mean, sd).assign(group=0, p_best=_normal_cdf(fitted.mean / sd))
    told = pd.DataFrame([_phrase_counts(rows, has[:, n] > 0) for n in range(len(items))], index=items)
    table = _table(told.join(found))
    sure = (table["p_best"] >= ENOUGH) | (table["p_best"] <= 1 - ENOUGH)
    return table.assign(is_enough=sure & (table["n"] >= FEWEST_CHOICES)).sort_values(
        "p_best", ascending=False, ignore_index=True
    )


def first_place_rate(variants: pd.DataFrame, *, as_of: datetime | None = None) -> Rate:
    """Count how often the version in the first place won, of sets of two without ties.

    Where places were drawn by lot, half of them is what chance gives; more is a habit of the eye. No data
    gives the value None.

    Raises:
        InputError: As ``strengths_by``.
    """
    rows = decided_sets(variants, as_of=as_of)
    sizes = rows.groupby("set_id")["set_id"].transform("size")
    two = rows[(sizes == 2) & rows["won"].isin([0.0, 1.0]) & rows["blind"] & (rows["position"] == 1)]
    return rate(int(two["won"].sum()), len(two))


def _items(rows: pd.DataFrame, by: str) -> pd.Series[Any]:
    engine = rows["engine"].fillna("").replace("", "unknown")
    if by == "engine":
        return engine
    if by == "model":
        model = rows["model"].fillna("")
        return engine.where(model == "", engine + " · " + model)
    if by == "preset":
        return rows["preset"].fillna("").replace("", NO_PRESET)
    raise KeyError(by)


def _phrases(prompt: str) -> frozenset[str]:
    return frozenset(" ".join(part.split()).casefold() for part in _ENDS.split(prompt)) - {""}


def _choices(rows: pd.DataFrame, features: np.ndarray[Any, Any]) -> Choices:
    starts = np.flatnonzero((rows["set_id"] != rows["set_id"].shift()).to_numpy())
    position = rows["position"].fillna(0).to_numpy(dtype="int64")
    return Choices(starts, features, rows["won"].to_numpy(dtype=float), position)


def _counts(rows: pd.DataFrame) -> pd.DataFrame:
    sizes = rows.groupby("set_id")["set_id"].transform("size")
    each = rows.assign(expected=1.0 / sizes).groupby(["item", "set_id"], as_index=False)
    of_set = each.agg(won=("won", "sum"), expected=("expected", "sum"))
    return of_set.groupby("item").agg(n=("set_id", "size"), wins=("won", "sum"), expected=("expected", "sum"))


def _phrase_counts(rows: pd.DataFrame, has: np.ndarray[Any, Any]) -> dict[str, float]:
    marked = rows.assign(has=has)
    share = marked.groupby("set_id")["has"].transform("mean")
    differing = marked[(share > 0) & (share < 1)]
    with_it = differing[differing["has"]]
    return {
        "n": differing["set_id"].nunique(),
        "wins": float(with_it["won"].sum()),
        "expected": float(share[with_it.index].groupby(with_it["set_id"]).first().sum()),
    }


def _groups(rows: pd.DataFrame, items: list[str]) -> list[np.ndarray[Any, Any]]:
    """Find what met, directly or through others; the largest group first."""
    leader = {item: item for item in items}

    def find(item: str) -> str:
        while leader[item] != item:
            item = leader[item]
        return item

    for _, met in rows.groupby("set_id")["item"]:
        first, *others = met.unique()
        for other in others:
            leader[find(other)] = find(first)
    members: dict[str, list[int]] = {}
    for place, item in enumerate(items):
        members.setdefault(find(item), []).append(place)
    return [np.array(group) for group in sorted(members.values(), key=lambda group: (-len(group), group))]


def _group(number: int, members: np.ndarray[Any, Any], fitted: Strengths, items: list[str]) -> pd.DataFrame:
    mean, covariance = against_mean(fitted, members)
    sd = np.sqrt(np.clip(np.diag(covariance), 0, None))
    names = [items[place] for place in members]
    return _estimates(names, mean, sd).assign(group=number, p_best=probabilities_best(mean, covariance))


def _estimates(names: list[str], mean: Any, sd: Any) -> pd.DataFrame:
    table = {"strength": mean, "strength_low": mean - Z_95 * sd, "strength_high": mean + Z_95 * sd}
    return pd.DataFrame(table, index=names)


def _normal_cdf(z: Any) -> Any:
    from scipy.special import ndtr

    return ndtr(z)


def _table(told: pd.DataFrame) -> pd.DataFrame:
    low, high = wilson(told["wins"].to_numpy(), told["n"].to_numpy())
    enough = (told["n"] >= FEWEST_CHOICES) & (told["p_best"] >= ENOUGH)
    table = told.rename_axis("item").reset_index()
    table = table.assign(
        rate=(told["wins"] / told["n"]).to_numpy(), low=low, high=high, is_enough=enough.to_numpy()
    )
    return table.astype(_COLUMNS)[list(_COLUMNS)]


def _empty() -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=dtype) for column, dtype in _COLUMNS.items()})
