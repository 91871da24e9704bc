"""The tables: which format and price belongs to which request."""

from __future__ import annotations

from collections.abc import Callable
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from director_lib.domain.task import GenerationRequest
from director_lib.engines.google import GoogleImageEngine, GoogleOptions, GoogleVideoEngine
from director_lib.engines.google.models import (
    DEFAULT_IMAGE_MODEL,
    DEFAULT_VIDEO_MODEL,
    IMAGE_MODELS,
    IMAGE_RATIOS,
    VIDEO_MODELS,
    find_replacement,
    image_size,
    nearest_ratio,
    video_resolution,
    whole_seconds,
)
from director_lib.engines.google.prices import IMAGE_RATES, VIDEO_USD_PER_S, image_price, video_price

SIDES = st.integers(16, 8000)


@given(SIDES, SIDES)
def test_no_other_ratio_is_nearer(width: int, height: int) -> None:
    def distance(ratio: str) -> float:
        wide, high = map(int, ratio.split(":"))
        return abs(log(wide / high) - log(width / height))

    chosen = nearest_ratio(width, height, IMAGE_RATIOS)

    assert all(distance(chosen) <= distance(other) for other in IMAGE_RATIOS)


@given(SIDES, SIDES, SIDES)
def test_a_larger_request_never_gets_a_smaller_picture_or_clip(width: int, height: int, more: int) -> None:
    sizes = ["1K", "2K", "4K"]
    resolutions = ["360p", "720p", "1080p", "4k"]

    def size(extra: int) -> int:
        return sizes.index(image_size(DEFAULT_IMAGE_MODEL, width + extra, height + extra))

    def lines(extra: int) -> int:
        return resolutions.index(video_resolution(width + extra, height + extra))

    assert size(more) >= size(0)
    assert lines(more) >= lines(0)


@pytest.mark.parametrize(
    ("model", "width", "height", "size"),
    [
        (DEFAULT_IMAGE_MODEL, 1280, 720, "1K"),
        (DEFAULT_IMAGE_MODEL, 1920, 1080, "2K"),
        (DEFAULT_IMAGE_MODEL, 3840, 2160, "4K"),
        (DEFAULT_IMAGE_MODEL, 7680, 4320, "4K"),
        ("gemini-3.1-flash-lite-image", 3840, 2160, "1K"),
        ("gemini-of-next-year", 1920, 1080, "2K"),
    ],
)
def test_the_smallest_size_that_has_the_pixels_is_chosen(
    model: str, width: int, height: int, size: str
) -> None:
    assert image_size(model, width, height) == size


@pytest.mark.parametrize(("asked_s", "seconds"), [(0.5, 3), (3.0, 3), (5.0, 5), (5.001, 5), (5.2, 6)])
def test_a_clip_is_rather_too_long_than_too_short(asked_s: float, seconds: int) -> None:
    assert whole_seconds(asked_s, 3) == seconds


def test_retired_models_are_replaced_by_ones_in_use() -> None:
    in_use = {*IMAGE_MODELS, *VIDEO_MODELS}
    retired = (
        "imagen-4.0-ultra-generate-001",
        "veo-3.0-generate-001",
        "gemini-3.1-flash-image",
        "gemini-3-pro-image-preview",
        "gemini-omni-flash-preview",
    )

    assert {find_replacement(model) for model in retired} <= in_use
    assert all(find_replacement(model) is None for model in in_use)


def test_every_known_model_has_a_price() -> None:
    assert set(IMAGE_RATES) == set(IMAGE_MODELS)
    assert set(VIDEO_USD_PER_S) == set(VIDEO_MODELS)


@pytest.fixture
def keyless() -> GoogleOptions:
    return GoogleOptions()


def test_prices_are_told_without_a_key(
    make_still_request: Callable[..., GenerationRequest], keyless: GoogleOptions
) -> None:
    request = make_still_request(duration_s=4.6)

    # 1000 tokens read, 1500 thought and 1120 of picture
    assert GoogleImageEngine(keyless).price_usd(request) == pytest.approx(0.0015 + 0.01125 + 0.0336)
    # five whole seconds of 720 lines
    assert GoogleVideoEngine(keyless).price_usd(request) == pytest.approx(0.35)
    assert GoogleImageEngine(keyless).price(request).is_known


def test_references_make_a_still_dearer() -> None:
    without = image_price(DEFAULT_IMAGE_MODEL, "1K", {})
    with_four = image_price(DEFAULT_IMAGE_MODEL, "1K", {}, n_references=4)

    assert with_four.usd > without.usd


def test_a_model_without_a_price_is_guessed_above_every_known_one() -> None:
    image_guess, video_guess = image_price("new", "4K", {}), video_price("new", "4k", 1.0, {})

    assert not image_guess.is_known
    assert not video_guess.is_known
    for model, rates in IMAGE_RATES.items():
        assert all(image_price(model, size, {}).usd < image_guess.usd for size in rates.tokens_of_size)
    assert all(price < video_guess.usd for prices in VIDEO_USD_PER_S.values() for price in prices.values())


def test_own_prices_win(make_still_request: Callable[..., GenerationRequest]) -> None:
    own = {DEFAULT_IMAGE_MODEL: 0.01, DEFAULT_VIDEO_MODEL: 0.5, "new": 0.02}
    options = GoogleOptions(api_key=SecretStr("x"), prices_usd=own)

    assert GoogleImageEngine(options).price_usd(make_still_request()) == 0.01
    assert GoogleVideoEngine(options).price_usd(make_still_request(duration_s=4.0)) == 2.0
    assert image_price("new", "1K", own).is_known
