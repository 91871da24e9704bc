"""A paper as HTML; every text is escaped here, only drawings of our own are taken as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from director_lib.batch.paper_blocks import (
    Definitions,
    Figure,
    Figures,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Photo,
    Picture,
)

_STYLE = Path(__file__).with_name("report.css")


def paper_html(paper: Paper) -> str:
    """Return a paper as one ``article`` with its own style, for a notebook's output."""
    style = f"<style>{_STYLE.read_text(encoding='utf-8')}</style>"
    body = "\n".join(_SETTERS[type(block)](block) for block in paper.blocks)
    return f'{style}\n<article class="dl-report">\n{body}\n</article>'


def _heading(block: Heading) -> str:
    line = f"<p>{escape(block.line)}</p>" if block.line else ""
    head = f"<h{block.level}>{escape(block.text)}</h{block.level}>{line}"
    return f"<header>{head}</header>" if block.level == 1 else head


def _paragraph(block: Paragraph) -> str:
    tag = "pre" if block.mood == "typed" else "p"
    return f'<{tag} class="{escape(block.mood)}">{escape(block.text)}</{tag}>'


def _figures(block: Figures) -> str:
    return f'<section class="cards">{"".join(map(_figure, block.figures))}</section>'


def _figure(figure: Figure) -> str:
    nothing = ' class="nothing"' if figure.is_empty else ""
    lines = [figure.spread, figure.basis, figure.before]
    told = "".join(f"<p>{escape(line)}</p>" for line in lines if line)
    value = f"<p{nothing}><strong>{escape(figure.value)}</strong></p>"
    return f"<div><h2>{escape(figure.label)}</h2>{value}{told}</div>"


def _picture(block: Picture) -> str:
    title = f"<h2>{escape(block.title)}</h2>"
    if not block.svg:
        return f'<figure>{title}<p class="nothing">{escape(block.words or "no data")}</p></figure>'
    return f"<figure>{title}{block.svg}<figcaption>{escape(block.words)}</figcaption></figure>"


def _photo(block: Photo) -> str:
    return f'<img alt="" src="data:image/png;base64,{escape(block.base64)}">'


def _grid(block: Grid) -> str:
    title = f"<h2>{escape(block.title)}</h2>" if block.title else ""
    if not block.rows:
        return f'<section>{title}<p class="nothing">{escape(block.note or "no data")}</p></section>'
    head = "".join(f'<th class="{align}">{escape(label)}</th>' for label, align in block.columns)
    aligns = [align for _, align in block.columns]
    rows = "".join(
        "<tr>"
        + "".join(f'<td class="{align}">{escape(text)}</td>' for align, text in zip(aligns, row, strict=True))
        + "</tr>"
        for row in block.rows
    )
    note = f'<p class="faint">{escape(block.note)}</p>' if block.note else ""
    return (
        f"<section>{title}<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{note}</section>"
    )


def _definitions(block: Definitions) -> str:
    rows = "".join(f"<dt>{escape(term)}</dt><dd>{escape(words)}</dd>" for term, words in block.terms)
    return f"<section><h2>{escape(block.title)}</h2><dl>{rows}</dl></section>"


_SETTERS: Mapping[type[Any], Callable[[Any], str]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Figures: _figures,
    Picture: _picture,
    Photo: _photo,
    Grid: _grid,
    Definitions: _definitions,
}
