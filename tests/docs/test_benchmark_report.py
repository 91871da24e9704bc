from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.report import Measurement, duration, table, write_into
from tests.docs.documents import DOCS


def test_the_table_shows_median_range_runs_and_the_comparison_with_before() -> None:
    lines = table([Measurement("page open", "10 segments", [300.0, 200.0, 1_500.0], 600.0)]).splitlines()
    cells = [cell.strip() for cell in lines[2].strip("|").split("|")]
    assert cells == [
        "page open", "10 segments", "300 ms", "200 ms – 1.5 s", "1.5 s", "–", "3", "600 ms", "2.0 × quicker",
    ]  # fmt: skip


def test_a_limit_holds_for_95_of_100_runs_and_a_missed_one_says_so() -> None:
    kept, missed = [100.0] * 95 + [900.0] * 5, [100.0] * 94 + [900.0] * 6
    text = table([Measurement("a", "", kept, limit=400.0), Measurement("b", "", missed, limit=400.0)])
    assert [line.count("400 ms, missed") for line in text.splitlines()] == [0, 0, 0, 1]


def test_a_limit_for_the_median_says_so_and_passes_over_one_slow_run() -> None:
    kept = Measurement("a", "", [100.0, 110.0, 900.0], limit=200.0, by_median=True)
    missed = Measurement("b", "", [100.0, 210.0, 900.0], limit=200.0, by_median=True)
    lines = table([kept, missed]).splitlines()
    assert "200 ms, median " in lines[2]
    assert "missed" not in lines[2]
    assert "200 ms, median, missed" in lines[3]


def test_what_is_no_time_has_its_own_unit() -> None:
    row = table([Measurement("idle worker", "", [2.345], limit=5.0, unit="%")]).splitlines()[2]
    assert "2.3 %" in row
    assert "5 %" in row
    assert "1,234 kB" in table([Measurement("transfer", "", [1_234.4], unit="kB")])


def test_what_became_slower_says_so_and_what_is_new_compares_with_nothing() -> None:
    text = table([Measurement("a", "", [30.0], 15.0), Measurement("b", "", [30.0])])
    assert "2.0 × slower" in text
    assert text.count("quicker") == 0


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(0.25, "0.2 ms"), (12.4, "12 ms"), (1_234.0, "1.2 s"), (23_500.0, "24 s")]
)
def test_a_time_is_written_with_the_unit_that_suits_it(milliseconds: float, text: str) -> None:
    assert duration(milliseconds) == text


def test_the_table_replaces_what_stands_between_the_marks(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("before\n<!-- measured -->\nold\n<!-- /measured -->\nafter\n", encoding="utf-8")
    write_into(document, r"new \1 table")
    text = document.read_text(encoding="utf-8")
    assert text == "before\n<!-- measured -->\nnew \\1 table\n<!-- /measured -->\nafter\n"


def test_a_document_without_marks_is_left_alone(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("nothing here\n", encoding="utf-8")
    with pytest.raises(ValueError, match="measured"):
        write_into(document, "table")
    assert document.read_text(encoding="utf-8") == "nothing here\n"


def test_the_page_about_performance_has_its_marks() -> None:
    text = (DOCS / "performance.md").read_text(encoding="utf-8")
    assert text.count("<!-- measured -->") == text.count("<!-- /measured -->") == 1
