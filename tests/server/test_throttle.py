"""Slowing down guesses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from director_lib.server.throttle import Throttle


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def test_the_sixth_try_waits_until_the_first_is_five_minutes_old() -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    for _ in range(5):
        assert throttle.wait_s("ann", "here") == 0
        throttle.begin("ann", "here")
        clock.now_s += 10
    assert throttle.wait_s("ann", "elsewhere") == 250
    assert throttle.wait_s("bob", "here") == 250
    assert throttle.wait_s("bob", "elsewhere") == 0
    clock.now_s += 250
    assert throttle.wait_s("ann", "here") == 0


def test_signing_in_forgives_the_user_but_not_the_other_tries_from_there() -> None:
    throttle = Throttle(clock=Clock())
    for _ in range(4):
        throttle.begin("ann", "here")
    throttle.begin("bob", "here")
    throttle.forgive("bob", "here")
    throttle.begin("eve", "here")
    assert throttle.wait_s("ann") == 0
    assert throttle.wait_s("eve", "here") > 0


def test_tries_count_from_their_beginning_so_that_a_burst_is_counted() -> None:
    throttle = Throttle(clock=Clock())
    for _ in range(5):
        throttle.begin("ann", "here")
    assert throttle.wait_s("ann") > 0


@given(st.lists(st.integers(0, 400), max_size=40))
def test_never_more_than_five_tries_in_any_five_minutes(pauses_s: list[int]) -> None:
    clock = Clock()
    throttle = Throttle(clock=clock)
    allowed_at_s = []
    for pause_s in pauses_s:
        clock.now_s += pause_s
        if throttle.wait_s("ann") == 0:
            throttle.begin("ann", "here")
            allowed_at_s.append(clock.now_s)
    for first, sixth in zip(allowed_at_s, allowed_at_s[5:], strict=False):
        assert sixth - first >= 300
