"""Stories as people hand them in, sound and hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.new_stream import STORY_LIMIT
from director_lib.domain.stream import Scene
from director_lib.errors import InputError
from director_lib.streams.story_files import LARGEST_BYTES, read_story_file

BODY = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}body"


def word(fill: Callable[..., None]) -> bytes:
    document = Document()
    fill(document)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def repacked(data: bytes, part: str, content: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            new.writestr(one.filename, content if one.filename == part else old.read(one.filename))
    return kept.getvalue()


def plain(document: Document) -> None:  # type: ignore[valid-type]
    document.add_paragraph("Once upon a time.")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "title", "story"),
    [
        ("Salt\n\nThe sea rose.\n\nIt fell.\n", "Salt", "The sea rose.\n\nIt fell."),
        ("The sea rose.\n\nIt fell.", "", "The sea rose.\n\nIt fell."),
        ("Salt\r\n\r\nThe sea rose.", "Salt", "The sea rose."),
        ("One line", "", "One line"),
        ("Page one\x0cPage two", "Page one", "Page two"),
    ],
)
def test_a_plain_text_has_its_first_line_as_title_when_it_stands_alone(
    text: str, title: str, story: str
) -> None:
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), b"\xff\xfe" + text.encode("utf-16-le")):
        draft = read_story_file("salt.txt", data)
        assert (draft.title, draft.scenes) == (title, (Scene("", story),))


def test_markdown_headings_begin_scenes_and_marks_are_taken_off() -> None:
    text = (
        "---\nlanguage: en\n---\n# Salt & *Iron*\n\n## One\n\nThe **sea** [rose](http://x).  \nIt _fell_.\n\n"
        "<!-- note -->\n## Two ##\n\nsnake_case \\*stays\\*.\n"
    )
    draft = read_story_file("Salt.MD", text.encode())
    assert draft.title == "Salt & Iron"
    assert draft.scenes == (
        Scene("One", "The sea rose.\nIt fell."),
        Scene("Two", "snake_case *stays*."),
    )


def test_markdown_without_headings_is_one_scene() -> None:
    assert read_story_file("a.md", b"just text").scenes == (Scene("", "just text"),)
    assert read_story_file("a.md", b"---\ntitle: 'Named'\n---\nText").title == "Named"
    both = read_story_file("a.md", b"## One\nA.\n## Two\nB.")
    assert (both.title, len(both.scenes)) == ("", 2)


def test_a_word_document_is_read_with_headings_tables_and_line_breaks() -> None:
    def fill(document: Document) -> None:  # type: ignore[valid-type]
        add = document.add_paragraph  # type: ignore[attr-defined]
        add("Salt", style="Title")
        add("Before.")
        document.add_heading("One", 1)  # type: ignore[attr-defined]
        add("The sea\nrose.").add_run(" It fell.").bold = True
        add("")
        table = document.add_table(1, 2)  # type: ignore[attr-defined]
        table.cell(0, 0).text, table.cell(0, 1).text = "Ann", "Hello"

    draft = read_story_file("salt.docx", word(fill))
    assert draft.title == "Salt"
    assert draft.scenes == (Scene("", "Before."), Scene("One", "The sea\nrose. It fell.\n\nAnn – Hello"))
    assert draft.notes == ("1 table was taken as lines of text.",)


def test_words_that_were_inserted_are_read_and_deleted_ones_are_not() -> None:
    with zipfile.ZipFile(io.BytesIO(word(plain))) as package:
        text = package.read("word/document.xml").decode()
    changed = text.replace(
        "<w:r><w:t>Once",
        '<w:del w:id="1" w:author="x"><w:r><w:delText>Never</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="x"><w:r><w:t xml:space="preserve">Maybe </w:t></w:r></w:ins>'
        "<w:r><w:t>Once",
    )
    draft = read_story_file("a.docx", repacked(word(plain), "word/document.xml", changed.encode()))
    assert draft.scenes[0].text == "Maybe Once upon a time."


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
<!ENTITY f SYSTEM "file:///etc/passwd">]>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
<w:p><w:r><w:t>&c;&f;</w:t></w:r></w:p></w:body></w:document>"""


@cache
def hostile_packages() -> dict[str, bytes]:
    sound = word(plain)
    huge = b"<w:document>" + b" " * 21_000_000 + b"</w:document>"
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as package:
        for number in range(3_001):
            package.writestr(f"word/{number}.bin", b"")
    unpacked = io.BytesIO()
    with zipfile.ZipFile(unpacked, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/a.png", b"\0" * 100_000_001)
    return {
        "bomb": repacked(sound, "word/document.xml", huge),
        "many": many.getvalue(),
        "media": unpacked.getvalue(),
        "entities": repacked(sound, "word/document.xml", ENTITIES),
        "torn": sound[: len(sound) // 2],
        "not_xml": repacked(sound, "word/document.xml", b"\x00\xff" * 50),
        "no_document": repacked(sound, "[Content_Types].xml", b"<Types/>"),
        "deep": repacked(sound, "word/document.xml", b"<w:a>" * 100_000),
        "no_zip": b"PK\x03\x04" + b"x" * 100,
        "old_word": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        "empty": b"",
    }


@pytest.mark.parametrize("name", sorted(hostile_packages()))
def test_a_hostile_word_document_is_refused_in_words(name: str) -> None:
    with pytest.raises(InputError) as refused:
        read_story_file("a.docx", hostile_packages()[name])
    assert "Nothing was made" in refused.value.user_message


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.txt", b"", "no text"),
        ("a.txt", b" \n\n ", "no text"),
        ("a.txt", b"\xff\xfeab\x00", "UTF-8"),
        ("a.txt", b"caf\xe9", "UTF-8"),
        ("a.txt", b"MZ\x00\x01\x02", "no text"),
        ("a.txt", b"x" * (STORY_LIMIT + 1), "at most"),
        ("a.txt", b"x" * (LARGEST_BYTES + 1), "larger than"),
        ("a.pdf", b"%PDF", "ends in"),
        ("txt", b"text", "ends in"),
        ("../../etc/passwd", b"text", "ends in"),
    ],
)
def test_what_is_no_story_is_refused_in_words(name: str, data: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_story_file(name, data)


@given(st.binary(max_size=200), st.sampled_from(["a.txt", "a.md", "a.docx"]))
def test_any_bytes_are_a_story_or_a_refusal(data: bytes, name: str) -> None:
    with suppress(InputError):
        assert read_story_file(name, data).text.strip()


@pytest.mark.parametrize(
    "text", ["[", "![a](", "*", "_a ", "<!--", "# ", "#", " ", "\\", "---\n", "# \n", "**a"]
)
def test_no_markdown_takes_for_ever(text: str) -> None:
    with suppress(InputError):
        read_story_file("a.md", (text * (STORY_LIMIT // len(text))).encode())


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=80))
def test_a_plain_text_keeps_its_words(text: str) -> None:
    body = f"Begin.\n\n{text}\n\nEnd."
    assert read_story_file("a.txt", body.encode()).scenes[0].text == body
