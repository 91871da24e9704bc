from __future__ import annotations

import io
from datetime import UTC, datetime

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pypdf import PdfReader

from director_lib.batch.html_tables import read_tables
from director_lib.batch.notebook_blocks import find_outcome, notebook_blocks
from director_lib.batch.paper_blocks import (
    PAPER_TYPE,
    Block,
    Definitions,
    Figure,
    Figures,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Picture,
    read_paper,
)
from director_lib.batch.paper_pdf import paper_pdf
from director_lib.batch.pdf_drawings import svg_size
from director_lib.batch.pdf_grid import _apart_mm, _parts, _widened

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200" viewBox="0 0 400 200">'
    '<path d="M0,0h400v200h-400Z" fill="#a8690b"/><text x="20" y="40" font-family="Inter, sans-serif">'
    "drawn words</text></svg>"
)


def pages(*blocks: Block, title: str = "A report") -> list[str]:
    pdf = paper_pdf(blocks, title=title, made_at=NOW)
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_every_kind_of_block_is_on_paper() -> None:
    [text] = pages(
        Heading("The film", 1, "As of noon"),
        Figures((Figure("Approval", "47 %", "38–56 %", "n = 99", "before: 40 %"),)),
        Picture("Weeks", SVG, "What it shows"),
        Grid("Streams", (("Stream", "start"), ("n", "end")), (("Harbour", "12"),), "3 more."),
        Grid("Failures", (("Cause", "start"),), (), "No task failed."),
        Definitions("What is counted", (("Approval", "Of all decisions"),)),
        Paragraph("It stopped here.", "warning"),
    )
    told = ("The film", "As of noon", "47 %", "38–56 %", "n = 99", "before: 40 %", "Weeks", "What it shows")
    told += ("Harbour", "12", "3 more.", "No task failed.", "Of all decisions", "It stopped here.")
    assert [words for words in told if words not in text] == []


def test_a_drawing_stays_lines_and_letters() -> None:
    pdf = paper_pdf([Picture("", SVG, "")], title="t", made_at=NOW)
    [page] = PdfReader(io.BytesIO(pdf)).pages
    assert "drawn words" in page.extract_text()
    assert len(page.images) == 0


def test_later_pages_have_a_running_head_and_every_page_its_number() -> None:
    many = [Paragraph(f"Paragraph {n}") for n in range(90)]
    first, second, *_ = pages(*many, title="Stream report · Film")
    assert "Stream report · Film" not in first
    assert "Stream report · Film" in second
    assert "2026-11-21 09:30" in second
    assert "1 / " in first
    assert "2 / " in second


def test_a_long_table_has_its_head_on_every_page() -> None:
    rows = tuple((f"stream {n}", str(n)) for n in range(90))
    found = pages(Grid("Streams", (("Stream name", "start"), ("n", "end")), rows))
    assert len(found) > 1
    assert all("Stream name" in text for text in found)
    assert sum(text.count("stream ") for text in found) == 90


def test_a_heading_does_not_stand_alone_at_the_foot_of_a_page() -> None:
    for n in range(40, 52):
        found = pages(*[Paragraph(f"p{k}") for k in range(n)], Heading("A heading"), Paragraph("its words"))
        [page] = [text for text in found if "A heading" in text]
        assert "its words" in page


def test_words_after_a_number_stand_apart_from_it() -> None:
    assert _apart_mm(["start", "end", "end", "start", "start"]) == [0, 0, 0, 4, 0]


def test_room_that_is_left_goes_to_the_columns_whose_words_are_cut() -> None:
    assert _widened([40, 75], [40, 100], 180) == [40, 100]
    assert _widened([40, 75], [40, 200], 165) == [40, 125]
    assert _widened([90, 90], [90, 200], 180) == [90, 90]


@pytest.mark.parametrize("n_lines", range(20, 44, 3))
def test_a_heading_and_its_words_go_with_their_table(n_lines: int) -> None:
    filling = [Paragraph(f"line {number}") for number in range(n_lines)]
    table = Grid("", (("Stream", "start"), ("n", "end")), tuple((f"cell {n}", "1") for n in range(5)))
    told = pages(Heading("Top", 1), *filling, Heading("Trouble", 2), Paragraph("Worst first."), table)
    [with_heading] = [text for text in told if "Trouble" in text]
    assert "Worst first." in with_heading
    assert "cell 0" in with_heading


@given(st.lists(st.floats(1, 200), min_size=1, max_size=40))
def test_wide_tables_are_divided_so_that_every_column_is_there_once_and_the_first_everywhere(
    widths: list[float],
) -> None:
    parts = _parts(widths, 174)
    assert all(part[0] == 0 for part in parts)
    assert [place for part in parts for place in part[1:]] == list(range(1, len(widths)))
    assert all(sum(widths[place] for place in part) <= 174 or len(part) <= 2 for part in parts)


@pytest.mark.parametrize("text", ["", "\x00\u202e", "x" * 5_000, "日本 ‏עברית <b>&amp;</b>", "a\n\nb"])
def test_any_words_can_be_printed(text: str) -> None:
    assert pages(Heading(text, 1), Paragraph(text), Grid("", ((text, "end"),), ((text,),)), Paragraph("end"))


def fonts_in(*blocks: Block) -> set[str]:
    reader = PdfReader(io.BytesIO(paper_pdf(blocks, title="t", made_at=NOW)))
    objects = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]  # type: ignore[arg-type]
    return {str(each["/BaseFont"]) for each in objects if isinstance(each, dict) and "/BaseFont" in each}


@pytest.mark.parametrize(("words", "family"), [("الليل والبحر", "NotoSansArabic"), ("הלילה", "Heebo")])
def test_words_of_another_script_are_set_in_its_font(words: str, family: str) -> None:
    blocks = (Paragraph("plain"), Grid("", ((words, "start"),), ((words,),)), Figures((Figure("n", words),)))
    assert any(family in name for name in fonts_in(*blocks))
    assert len(fonts_in(Paragraph("plain, őű …"))) == 1


def test_words_of_a_drawing_find_a_font_that_has_their_letters() -> None:
    drawing = Picture("", SVG.replace("drawn words", "สวัสดี"), "")
    assert [name for name in fonts_in(drawing) if not name.endswith(("+NotoSans", "+NotoSans-Regular"))]


def test_a_paper_comes_through_a_notebook_unchanged() -> None:
    paper = Paper(
        (
            Heading("A", 1),
            Figures((Figure("x", "1"),)),
            Grid("g", (("c", "end"),), (("1",),)),
            Definitions("d", (("t", "w"),)),
        ),
        "3 made",
    )
    assert read_paper(paper.payload()) == paper


def a_notebook() -> nbformat.NotebookNode:
    frame = "<table><tr><th></th><th>n</th></tr><tr><th>0</th><td>12</td></tr></table>"
    outputs = [
        new_output("stream", text="printed\n"),
        new_output("display_data", data={"text/html": frame, "text/plain": "a frame"}),
        new_output("display_data", data={PAPER_TYPE: Paper((Paragraph("shown"),), "3 made").payload()}),
        new_output("error", ename="EngineError", evalue="it broke", traceback=["secret_name = 1"]),
    ]
    prose = new_markdown_cell("# Title\n\nSome **prose** with `code`.\n\n- one\n- two")
    return new_notebook(cells=[prose, new_code_cell("secret_name = 1", outputs=outputs)])


def test_prose_and_outputs_become_blocks_and_code_does_not() -> None:
    assert notebook_blocks(a_notebook()) == [
        Heading("Title", 1),
        Paragraph("Some prose with code."),
        Paragraph("•  one"),
        Paragraph("•  two"),
        Paragraph("printed", "typed"),
        Grid("", (("", "end"), ("n", "end")), (("0", "12"),)),
        Paragraph("shown"),
        Paragraph("It stopped here. EngineError: it broke", "warning"),
    ]
    assert find_outcome(a_notebook()) == "3 made"
    assert find_outcome(new_notebook()) == ""


def test_a_frame_of_many_rows_is_cut_and_says_so() -> None:
    rows = "".join(f"<tr><td>{n}</td></tr>" for n in range(100))
    [grid] = read_tables(f"<table><tr><th>n</th></tr>{rows}</table>")
    assert (len(grid.rows), grid.note) == (60, "40 more rows.")
    assert read_tables("<p>no table</p>") == ()


def test_a_drawing_without_a_size_gets_one() -> None:
    assert svg_size(SVG) == (400.0, 200.0)
    assert svg_size("<svg>") == (640.0, 360.0)
