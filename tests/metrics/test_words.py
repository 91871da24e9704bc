from __future__ import annotations

from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from director_lib.metrics.intervals import rate
from director_lib.metrics.words import duration, instant, interval, money, number, percent, span
from tests.metrics.rows import at


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.25, "0.2 s"),
        (9.94, "9.9 s"),
        (61.9, "1 min 1 s"),
        (3600, "1 h"),
        (35_547, "9 h 52 min"),
        (86_400 * 3 + 3_599, "3 d"),
        (float("nan"), "no data"),
        (None, "no data"),
    ],
)
def test_durations_show_two_units(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.469, "47 %"),
        (0.003, "1 %"),
        (0.997, "99 %"),
        (None, "no data"),
        (pd.NA, "no data"),
    ],
)
def test_shares_are_never_rounded_to_none_or_all(share: float | None, text: str) -> None:
    assert percent(share) == text


def test_intervals_say_their_level_and_nothing_without_data() -> None:
    assert interval(rate(15, 32)) == "95 % interval 31–64 %"
    assert interval(rate(0, 0)) == ""


def test_a_narrow_span_shows_a_decimal() -> None:
    assert span(0.5164, 0.5226) == "51.6–52.3 %"
    assert span(0.38, 0.56) == "38–56 %"


def test_money_and_numbers() -> None:
    assert (money(0.25), money(1234.5), money(None)) == ("$0.25", "$1,234.50", "no data")
    assert (number(1.4621), number(2.0), number(None), number(12345.0)) == ("1.5", "2", "no data", "12,345")


def test_instants_are_local_and_unknown_ones_empty() -> None:
    assert instant(at(0), ZoneInfo("Asia/Kathmandu")) == "2026-03-02 14:45"
    assert instant(pd.NaT, ZoneInfo("UTC")) == ""
