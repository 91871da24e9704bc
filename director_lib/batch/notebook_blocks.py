"""An executed notebook as blocks: its prose and its outputs, never its code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from director_lib.batch.html_tables import read_tables
from director_lib.batch.paper_blocks import (
    PAPER_TYPE,
    Block,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Photo,
    Picture,
    read_paper,
)

_INLINE = {"softbreak": " ", "linebreak": "\n"}


def notebook_blocks(notebook: Any) -> list[Block]:
    """Return what an executed notebook shows, in its order.

    A cell that failed becomes one sentence; what the kernel printed stays as it was typed. Outputs of other
    kinds are told by their plain text.
    """
    blocks: list[Block] = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            blocks += _prose(cell.source)
        elif cell.cell_type == "code":
            for output in cell.get("outputs", []):
                blocks += _output(output)
    return _without_second_title(blocks)


def find_outcome(notebook: Any) -> str:
    """Return the line in which the last paper of a notebook says what it came to; "" when none does."""
    outcomes = [paper.outcome for paper in _papers(notebook) if paper.outcome]
    return outcomes[-1] if outcomes else ""


def failure_words(output: Mapping[str, Any]) -> str:
    """Return what a failed cell's output says, in one sentence."""
    return f"It stopped here. {output.get('ename', '')}: {output.get('evalue', '')}"


def _papers(notebook: Any) -> Iterator[Paper]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if PAPER_TYPE in output.get("data", {}):
                yield read_paper(output["data"][PAPER_TYPE])


def _output(output: Mapping[str, Any]) -> list[Block]:
    if output["output_type"] == "error":
        return [Paragraph(failure_words(output), "warning")]
    if output["output_type"] == "stream":
        return [Paragraph("".join(output["text"]).strip("\n"), "typed")]
    data = output.get("data", {})
    if PAPER_TYPE in data:
        return list(read_paper(data[PAPER_TYPE]).blocks)
    if "image/svg+xml" in data:
        return [Picture("", "".join(data["image/svg+xml"]), "")]
    for kind in ("image/png", "image/jpeg"):
        if kind in data:
            return [Photo("".join(data[kind]))]
    if tables := read_tables("".join(data.get("text/html", ""))):
        return list(tables)
    plain = "".join(data.get("text/plain", "")).strip("\n")
    return [Paragraph(plain, "typed")] if plain else []


def _without_second_title(blocks: list[Block]) -> list[Block]:
    """Let the notebook's own title stand small above a report that has one."""
    titles = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
    if len(titles) < 2:
        return blocks
    return [Paragraph(block.text, "faint") if block is titles[0] else block for block in blocks]


def _prose(source: str) -> list[Block]:
    import mistune

    parsed = mistune.create_markdown(renderer=None, plugins=["table"])(source)
    assert isinstance(parsed, list)
    return [block for token in parsed for block in _blocks_of(token)]


def _blocks_of(token: Mapping[str, Any]) -> list[Block]:
    kind = token["type"]
    if kind == "heading":
        return [Heading(_words(token), min(3, token["attrs"]["level"]))]
    if kind == "list":
        return [Paragraph(f"•  {_words(item)}") for item in token["children"]]
    if kind == "block_code":
        return [Paragraph(token["raw"].rstrip("\n"), "typed")]
    if kind == "table":
        return [_table(token)]
    words = _words(token)
    return [Paragraph(words)] if words else []


def _table(token: Mapping[str, Any]) -> Grid:
    head, body = token["children"]
    columns = tuple((_words(cell), "start") for cell in head["children"])
    return Grid("", columns, tuple(tuple(map(_words, row["children"])) for row in body["children"]))


def _words(token: Mapping[str, Any]) -> str:
    if "raw" in token:
        return str(token["raw"])
    inner = "".join(_words(child) for child in token.get("children", []))
    return inner or _INLINE.get(token["type"], "")
