"""How long the disk lasts."""

from __future__ import annotations

from dataclasses import dataclass

from director_lib.domain.how_many import how_many

GROWTH_DAYS = 28
"""Over how many days growth is measured."""


@dataclass(frozen=True, slots=True)
class DiskForecast:
    """Room on the disk of the version store, and how fast it fills up.

    Attributes:
        growth_bytes_per_day: What versions of the last weeks took, on average.
    """

    total_bytes: int
    free_bytes: int
    growth_bytes_per_day: float

    @property
    def days_until_full(self) -> float | None:
        """In how many days it is full when it goes on like this; None when it does not grow."""
        if self.growth_bytes_per_day <= 0:
            return None
        return self.free_bytes / self.growth_bytes_per_day

    @property
    def in_words(self) -> str:
        """Say it in a sentence."""
        days = self.days_until_full
        room = f"{self.free_bytes / 1e9:,.1f} GB free of {self.total_bytes / 1e9:,.1f} GB"
        if days is None:
            return f"{room}; nothing was made in the last weeks"
        a_day = f"{self.growth_bytes_per_day / 1e9:,.2f} GB a day"
        if days >= 3650:
            return f"{room}; at {a_day} it lasts for years"
        return f"{room}; at {a_day} it is full in {how_many(round(days), 'day')}"
