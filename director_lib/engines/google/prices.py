"""What Google's models cost.

Google counts tokens; a picture is a number of them that depends on its size alone, a second of clip likewise.
Its answers name no price, so what is recorded is the list price below times what Google says it counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

AS_OF = "2026-11-11"
_PER_MILLION = 1e-6


@dataclass(frozen=True, slots=True)
class Price:
    """An estimate.

    Attributes:
        is_known: False when the model is not in the price list; then the price is a high guess.
    """

    usd: float
    is_known: bool


@dataclass(frozen=True, slots=True)
class TokenRates:
    """US dollars for a million tokens, and how many tokens a picture of each size has."""

    read_usd: float
    text_usd: float
    picture_usd: float
    tokens_of_size: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """What Google counted for one call; the text is what the model thought and wrote."""

    read: int = 0
    text: int = 0
    picture: int = 0


_USUAL_SIZES = {"1K": 1120, "2K": 1680, "4K": 2520}
IMAGE_RATES = {
    "gemini-nano-banana-2.1": TokenRates(1.50, 7.50, 30.0, _USUAL_SIZES),
    "gemini-3.1-flash-lite-image": TokenRates(0.25, 1.50, 30.0, _USUAL_SIZES),
    "gemini-3-pro-image": TokenRates(2.00, 12.0, 120.0, {"1K": 1120, "2K": 1120, "4K": 2000}),
}
VIDEO_USD_PER_S = {
    "gemini-omni-1.2-flash": {"360p": 0.023, "720p": 0.07, "1080p": 0.105, "4k": 0.21},
    "gemini-omni-1.1-flash": {"360p": 0.03, "720p": 0.10, "1080p": 0.15, "4k": 0.30},
}

# US dollars for a million tokens that a text model reads, and thinks and writes. Until the end of 2026 the
# two newest cost half of it; estimates err on the dear side.
TEXT_RATES = {
    "gemini-3.8-flash": (1.50, 7.50),
    "gemini-3.7-flash": (1.50, 7.50),
    "gemini-3.6-flash": (1.50, 7.50),
    "gemini-3.5-flash": (1.50, 9.00),
    "gemini-3.1-pro-preview": (2.00, 12.00),
}
_UNKNOWN_TEXT_RATES = (5.00, 30.00)
# A token has about four letters of English, and half of that in other languages.
_LETTERS_A_TOKEN = 2
_TEXT_THINKING_TOKENS = 8000

# Above the dearest price in the list, so that a budget holds for a model that nobody entered.
_UNKNOWN_IMAGE_USD = 0.40
_UNKNOWN_VIDEO_USD_PER_S = 0.60
# What a call reads and thinks beside its picture; estimates err on the dear side.
_THINKING_TOKENS = 1500
_PROMPT_TOKENS = 1000
_REFERENCE_TOKENS = 1120


def image_price(model: str, size: str, own: Mapping[str, float], *, n_references: int = 0) -> Price:
    """Estimate a picture's price before it is ordered.

    Args:
        own: Prices for each picture by model, which win over the list.
    """
    if model in own:
        return Price(own[model], is_known=True)
    rates = IMAGE_RATES.get(model)
    if rates is None or size not in rates.tokens_of_size:
        return Price(_UNKNOWN_IMAGE_USD, is_known=False)
    read = _PROMPT_TOKENS + _REFERENCE_TOKENS * n_references
    return Price(_sum(rates, TokenCounts(read, _THINKING_TOKENS, rates.tokens_of_size[size])), is_known=True)


def image_cost_usd(model: str, counted: TokenCounts, own: Mapping[str, float]) -> float | None:
    """Return what a picture cost by what Google counted; None when that cannot be told."""
    if model in own:
        return own[model]
    rates = IMAGE_RATES.get(model)
    return _sum(rates, counted) if rates and counted.picture else None


def video_price(model: str, resolution: str, duration_s: float, own: Mapping[str, float]) -> Price:
    """Return the price of a clip of so many seconds.

    Args:
        own: Prices for each second by model, which win over the list.
    """
    if model in own:
        return Price(_rounded(own[model] * duration_s), is_known=True)
    per_s = VIDEO_USD_PER_S.get(model, {}).get(resolution)
    if per_s is None:
        return Price(_rounded(_UNKNOWN_VIDEO_USD_PER_S * duration_s), is_known=False)
    return Price(_rounded(per_s * duration_s), is_known=True)


def text_price(model: str, n_letters: int, n_written: int, own: Mapping[str, float]) -> Price:
    """Estimate a text's price before it is ordered.

    Args:
        n_letters: Length of what the model reads.
        n_written: Tokens that it will write, beside what it thinks.
        own: Prices for each text by model, which win over the list.
    """
    if model in own:
        return Price(own[model], is_known=True)
    counted = TokenCounts(n_letters // _LETTERS_A_TOKEN + 1, n_written + _TEXT_THINKING_TOKENS)
    rates = TEXT_RATES.get(model)
    return Price(_text_sum(rates or _UNKNOWN_TEXT_RATES, counted), is_known=rates is not None)


def text_cost_usd(model: str, counted: TokenCounts, own: Mapping[str, float]) -> float | None:
    """Return what a text cost by what Google counted; None when that cannot be told."""
    if model in own:
        return own[model]
    rates = TEXT_RATES.get(model)
    return _text_sum(rates, counted) if rates and (counted.read or counted.text) else None


def _text_sum(rates: tuple[float, float], counted: TokenCounts) -> float:
    return _rounded((counted.read * rates[0] + counted.text * rates[1]) * _PER_MILLION)


def _sum(rates: TokenRates, counted: TokenCounts) -> float:
    read, text = counted.read * rates.read_usd, counted.text * rates.text_usd
    return _rounded((read + text + counted.picture * rates.picture_usd) * _PER_MILLION)


def _rounded(usd: float) -> float:
    return round(usd, 6)
