from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.replicate import ReplicateEngine, ReplicateOptions
from director_lib.engines.replicate.prices import RATES, estimate

Quote = Callable[..., float]


@pytest.fixture
def quote() -> Quote:
    """Price a clip or still; options by name, the request's fields in ``request``."""

    def run(kind: Kind = Kind.VIDEO, request: dict[str, Any] | None = None, **options: Any) -> float:
        fields = {"stream_id": "s", "segment_id": 1, "kind": kind, "engine": "replicate", "image_prompt": "a"}
        engine = ReplicateEngine(ReplicateOptions(**options))
        return engine.price_usd(GenerationRequest(**(fields | (request or {}))))

    return run


@pytest.mark.parametrize(
    ("width", "height", "usd"), [(1280, 720, 0.30), (720, 1280, 0.30), (1920, 1080, 0.75), (640, 360, 0.15)]
)
def test_a_clip_costs_by_length_and_frame_size(quote: Quote, width: int, height: int, usd: float) -> None:
    assert quote(request={"width": width, "height": height, "duration_s": 5.0}) == pytest.approx(usd)


def test_the_length_that_will_be_ordered_is_priced(quote: Quote) -> None:
    model = "kwaivgi/kling-v2.5-turbo-pro"
    assert quote(video_model=model, request={"duration_s": 6.0}) == pytest.approx(0.35)
    assert quote(video_model=model, request={"duration_s": 8.0}) == pytest.approx(0.70)
    assert quote(video_model=model, video_input={"duration": 10}, request={"duration_s": 5}) == pytest.approx(
        0.70
    )


def test_the_frame_size_that_the_studio_set_is_priced(quote: Quote) -> None:
    assert quote(video_input={"resolution": "1080p"}, request={"duration_s": 5.0}) == pytest.approx(0.75)


def test_a_still_costs_by_piece(quote: Quote) -> None:
    assert quote(Kind.KEYFRAME, image_model="black-forest-labs/flux-schnell") == pytest.approx(0.003)


def test_the_studios_own_price_wins(quote: Quote) -> None:
    own = {"bytedance/seedance-1-pro": 0.01}
    assert quote(prices_usd=own, request={"duration_s": 5.0}) == pytest.approx(0.05)
    assert quote(
        prices_usd={"a/b": 0.02}, video_model="a/b:abcdef01", request={"duration_s": 5.0}
    ) == pytest.approx(0.1)


def test_an_unknown_model_is_guessed_high_and_the_guess_is_flagged(quote: Quote) -> None:
    clip = estimate("nobody/nothing", Kind.VIDEO, duration_s=5, lines=720)
    still = estimate("nobody/nothing", Kind.KEYFRAME, duration_s=5, lines=720)
    assert clip.is_guess
    assert still.is_guess
    assert clip.usd >= 5 * max(rate.usd for rate in RATES.values())
    assert still.usd >= 0.25
    assert quote(video_model="nobody/nothing", request={"duration_s": 7.0}) == pytest.approx(3.5)


def test_a_known_price_tells_when_it_was_seen() -> None:
    known = estimate("black-forest-labs/flux-dev", Kind.KEYFRAME, duration_s=0, lines=720)
    assert (known.is_guess, known.seen_on) == (False, date(2026, 10, 7))


@pytest.mark.parametrize("model", sorted(RATES))
def test_larger_frames_are_never_cheaper_and_none_is_dearer_than_the_dearest(model: str) -> None:
    costs = [
        estimate(model, Kind.VIDEO, duration_s=1, lines=lines).usd
        for lines in (360, 480, 720, 768, 1080, 4320)
    ]
    assert costs == sorted(costs)
    assert costs[-1] == RATES[model].usd


def test_only_what_has_a_model_is_offered() -> None:
    clips_only = ReplicateEngine(ReplicateOptions()).capabilities()
    both = ReplicateEngine(ReplicateOptions(image_model="a/b")).capabilities()
    assert (clips_only.kinds, both.kinds) == ({Kind.VIDEO}, set(Kind))
    assert clips_only.is_paid
