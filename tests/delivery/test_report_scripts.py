"""The report on paper in scripts whose letters join, or whose lines run from the right."""

from __future__ import annotations

import io

import pypdf
import pytest

from director_lib.delivery.export_pdf import report_as_pdf
from director_lib.delivery.export_report import (
    Report,
    ReportedAsset,
    ReportedGate,
    ReportedRemark,
    ReportedSegment,
)

ARABIC, HEBREW, HINDI = "الليل والبحر (Light) 12", "הלילה והים", "रात और समुद्र"


def report(words: str) -> Report:
    remark = ReportedRemark("dora, 10:00", words, is_answer=False)
    still = ReportedAsset("Still", None, "no still yet", "approved", "approved", "v1", words, (remark,))
    gate = ReportedGate("CP1 story", "approved", words)
    return Report(words, "1 segment", (gate,), (f"CP1 story: {words}",), (ReportedSegment(words, (still,)),))


def fonts_in(paper: bytes) -> set[str]:
    [page] = pypdf.PdfReader(io.BytesIO(paper)).pages
    return {str(font["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}  # type: ignore[index]


@pytest.mark.parametrize(
    ("words", "family"), [(ARABIC, "NotoSansArabic"), (HEBREW, "Heebo"), (HINDI, "NotoSans")]
)
def test_a_script_is_set_in_its_font_on_one_page(words: str, family: str) -> None:
    names = fonts_in(report_as_pdf(report(words)))
    assert any(family in name for name in names)


def test_arabic_is_set_in_joined_forms_and_from_the_right() -> None:
    [page] = pypdf.PdfReader(io.BytesIO(report_as_pdf(report("الليل")))).pages
    places: list[float] = []

    def note(text: str, _cm: list[float], matrix: list[float], _font: object, size: float) -> None:
        if size > 15 and text.strip():
            places.append(matrix[4])

    page.extract_text(visitor_text=note)
    assert min(places) > float(page.mediabox.width) / 2  # the title stands at the right


def test_plain_words_bring_no_other_font() -> None:
    names = fonts_in(report_as_pdf(report("Árvíztűrő – őű …")))
    assert len(names) == 1
