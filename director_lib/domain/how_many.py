"""Counts with what was counted, so that one reads as well as many."""

from __future__ import annotations


def how_many(count: int, one: str, many: str = "") -> str:
    """Say a count with its noun: "1 segment", "1,200 segments", "0 people".

    Args:
        many: The noun for every count but one; ``one`` with an "s" when "".
    """
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
