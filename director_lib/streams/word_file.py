"""Reading the story out of a Word document, without trusting the document."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from director_lib.domain.how_many import how_many
from director_lib.domain.new_stream import StoryDraft, draft_of
from director_lib.domain.stream import Scene
from director_lib.errors import InputError

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_MOST_PARTS = 3_000
_MOST_UNPACKED_BYTES = 100_000_000
_MOST_XML_BYTES = 20_000_000
_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT, _BREAKS, _TAB = f"{_NAMESPACE}t", (f"{_NAMESPACE}br", f"{_NAMESPACE}cr"), f"{_NAMESPACE}tab"
_TAB_STOPS, _DELETED = f"{_NAMESPACE}tabs", f"{_NAMESPACE}moveFrom"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def read_word_file(data: bytes) -> StoryDraft:
    """Read a story from the bytes of a .docx file: its paragraphs, with headings as scenes' titles.

    What would unpack to more than a story can be is refused before anything is unpacked.

    Raises:
        InputError: It is no Word document, damaged, protected by a password, or far too large inside.
    """
    _check_package(data)
    from docx import Document
    from docx.opc.exceptions import OpcError

    try:
        return _read(Document(io.BytesIO(data)))
    except (LookupError, ValueError, SyntaxError, AttributeError, TypeError, AssertionError) as error:
        raise _damaged() from error
    except (OpcError, OSError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
        raise _damaged() from error


def _check_package(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, RuntimeError) as error:
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            raise InputError(
                "This is an old Word document, or one with a password. Save it as .docx without one, then "
                "try again. Nothing was made."
            ) from error
        raise _damaged() from error
    unpacked = sum(part.file_size for part in parts)
    largest = max((part.file_size for part in parts if part.filename.endswith((".xml", ".rels"))), default=0)
    # no reader unpacks more of a part than its entry says, so what the entries say is the most there can be
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED_BYTES or largest > _MOST_XML_BYTES:
        raise InputError(
            "The document is far too large inside. Save only its text, as .docx or .txt, then try again. "
            "Nothing was made."
        )


def _read(document: Document) -> StoryDraft:
    from docx.table import Table

    title, ranks = "", list[int]()
    scenes: list[tuple[str, list[str]]] = [("", [])]
    n_tables = 0
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            n_tables += 1
            scenes[-1][1].extend(_rows(block))
            continue
        words, style = _words(block), _style(block)
        if not words.strip():
            continue
        if style == "title" and not title and not scenes[-1][1]:
            title = words.strip()
        elif style.startswith("heading"):
            ranks.append(int("".join(one for one in style if one.isdigit()) or 1))
            scenes.append((" ".join(words.split()), []))
        else:
            scenes[-1][1].append(words)
    made = [Scene(heading, "\n\n".join(lines)) for heading, lines in scenes]
    has_title = bool(ranks) and ranks.count(ranks[0]) == 1 and not made[0].text
    return draft_of(made, title, has_title=has_title, notes=_notes(document, n_tables))


def _words(paragraph: Paragraph) -> str:
    """Return what a paragraph says with all changes taken: inserted words in, deleted ones out."""
    pieces: list[str] = []
    for node in paragraph._element.iter():
        if node.tag == _TEXT and not _is_left_out(node):
            pieces.append(node.text or "")
        elif node.tag in _BREAKS:
            pieces.append("\n")
        elif node.tag == _TAB and node.getparent().tag != _TAB_STOPS:
            pieces.append("\t")
    return "".join(pieces).rstrip()


def _is_left_out(node: object) -> bool:
    return any(above.tag in (_DELETED, _FALLBACK) for above in node.iterancestors())  # type: ignore[attr-defined]


def _rows(table: object) -> Iterator[str]:
    for row in table.rows:  # type: ignore[attr-defined]
        cells = dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells)
        if any(cells):
            yield " – ".join(cell for cell in cells if cell)


def _style(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "").lower() if style is not None else ""


def _notes(document: Document, n_tables: int) -> tuple[str, ...]:
    n_pictures = len(document.inline_shapes)
    said = []
    if n_pictures:
        said.append(f"{how_many(n_pictures, 'picture was', 'pictures were')} left out.")
    if n_tables:
        said.append(f"{how_many(n_tables, 'table was', 'tables were')} taken as lines of text.")
    return tuple(said)


def _damaged() -> InputError:
    return InputError(
        "This is no Word document that can be read. Open it in Word, save it again as .docx, then try again. "
        "Nothing was made."
    )
