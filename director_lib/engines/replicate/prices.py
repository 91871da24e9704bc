"""What files cost at Replicate. Prices drift: they are data, with the date on which each was last seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from director_lib.domain.version import Kind

_PER_SECOND_GUESS_USD = 0.5
_PER_STILL_GUESS_USD = 0.25
_LATE_2025 = date(2025, 11, 20)
_JULY_2026 = date(2026, 7, 13)
_OCTOBER_2026 = date(2026, 10, 7)


@dataclass(frozen=True, slots=True)
class Rate:
    """A model's price.

    Attributes:
        usd: For a still, or for a second of clip, at its dearest.
        seen_on: When it was last seen on the provider's pages.
        by_lines: The same for each frame height, when that matters.
    """

    usd: float
    seen_on: date
    by_lines: Mapping[int, float] | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a file will cost.

    Attributes:
        is_guess: Nothing is known of the model; the sum is set high on purpose.
        seen_on: Date of the price; None for a guess and for the studio's own price.
    """

    usd: float
    is_guess: bool = False
    seen_on: date | None = None


RATES: dict[str, Rate] = {
    "bytedance/seedance-1-pro": Rate(0.15, _LATE_2025, {480: 0.03, 720: 0.06, 1080: 0.15}),
    "bytedance/seedance-1-lite": Rate(0.072, _LATE_2025, {480: 0.018, 720: 0.036, 1080: 0.072}),
    "kwaivgi/kling-v2.1": Rate(0.09, _LATE_2025),
    "kwaivgi/kling-v2.1-master": Rate(0.28, _LATE_2025),
    "kwaivgi/kling-v2.5-turbo-pro": Rate(0.07, _JULY_2026),
    "kwaivgi/kling-v2.6": Rate(0.14, _LATE_2025),
    "wan-video/wan-2.5-i2v": Rate(0.15, _LATE_2025, {480: 0.05, 720: 0.10, 1080: 0.15}),
    "minimax/hailuo-02": Rate(0.08, _LATE_2025, {768: 0.045, 1080: 0.08}),
    "minimax/hailuo-2.3": Rate(0.082, _LATE_2025, {768: 0.047, 1080: 0.082}),
    "google/veo-3.1": Rate(0.20, _JULY_2026),
    "google/veo-3-fast": Rate(0.15, _LATE_2025),
    "luma/ray-2-720p": Rate(0.18, _LATE_2025),
    "luma/ray-flash-2-720p": Rate(0.06, _LATE_2025),
    "black-forest-labs/flux-schnell": Rate(0.003, _OCTOBER_2026),
    "black-forest-labs/flux-dev": Rate(0.025, _OCTOBER_2026),
    "black-forest-labs/flux-1.1-pro": Rate(0.04, _OCTOBER_2026),
    "google/nano-banana": Rate(0.039, _LATE_2025),
    "bytedance/seedream-4": Rate(0.03, _LATE_2025),
}


def estimate(
    model: str, kind: Kind, *, duration_s: float, lines: int, own_usd: Mapping[str, float] | None = None
) -> Estimate:
    """Tell what a file of a model costs.

    Args:
        duration_s: Length of a clip as it is ordered; ignored for a still.
        lines: Height of a clip's frame as it is ordered, as in 720.
        own_usd: The studio's own prices by model.
    """
    name = model.partition(":")[0]
    amount = duration_s if kind is Kind.VIDEO else 1.0
    own = (own_usd or {}).get(model, (own_usd or {}).get(name))
    if own is not None:
        return Estimate(own * amount)
    rate = RATES.get(name)
    if rate is None:
        guess = _PER_SECOND_GUESS_USD if kind is Kind.VIDEO else _PER_STILL_GUESS_USD
        return Estimate(guess * amount, is_guess=True)
    # a height between two prices costs the dearer one, a height above all of them the dearest
    dearer = [usd for height, usd in sorted((rate.by_lines or {}).items()) if height >= lines]
    return Estimate((dearer[0] if dearer else rate.usd) * amount, seen_on=rate.seen_on)
