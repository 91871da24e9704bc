"""The variants frame: which versions stood beside each other to be chosen from, and what was chosen."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from director_lib.metrics.effective import check_aware
from director_lib.metrics.frames import INSTANT, FrameSchema

VARIANTS = FrameSchema(
    "variants",
    {
        "set_id": "str",
        "version_id": "int64",
        "position": "Int64",
        "won": "float64",
        "decided_at": INSTANT,
        "actor": "str",
        "blind": "bool",
        "stream_id": "str",
        "segment_id": "int64",
        "kind": "str",
        "engine": "str",
        "model": "str",
        "preset": "str",
        "prompt": "str",
    },
)
"""One row per version of a set. ``position`` is its 1-based place on the page. ``won`` is 1 for the version
that was picked and 0 for the others, 1 ÷ the set's size for each when none was found better, NaN while nobody
chose. ``decided_at`` and ``actor`` tell of that choice, ``blind`` whether nobody knew then which version was
which. ``preset`` is the name of the preset that was added for this version ("" for none); ``prompt`` is what
a still's, or a clip's motion, was asked for with."""


def empty_variants() -> pd.DataFrame:
    """Return a variants frame without rows."""
    return VARIANTS.empty()


def check_variants(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a variants frame in its dtypes; raises InputError as ``FrameSchema.check`` does."""
    return VARIANTS.check(frame)


def decided_sets(variants: pd.DataFrame, *, as_of: datetime | None = None) -> pd.DataFrame:
    """Keep the sets in which somebody chose among at least two versions.

    Args:
        variants: A variants frame, in any order.
        as_of: Aware instant; sets that were decided later are not decided yet. None takes all.

    Returns:
        Rows of ``variants``, set by set, by position.

    Raises:
        InputError: The frame is not a variants frame, or ``as_of`` has no time zone.
    """
    known = check_variants(variants)
    known = known[known["won"].notna()]
    if as_of is not None:
        check_aware(as_of)
        known = known[known["decided_at"] <= as_of]
    sizes = known.groupby("set_id")["version_id"].transform("size")
    chosen = known.groupby("set_id")["won"].transform("sum")
    # a version that was picked and has no row any more leaves nothing to compare
    complete = known[(sizes >= 2) & (chosen > 0.99)]
    return complete.sort_values(["set_id", "position", "version_id"]).reset_index(drop=True)
