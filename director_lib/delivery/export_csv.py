"""Remarks as a table for spreadsheets and other tools."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from fractions import Fraction

from director_lib.delivery.export_film import FilmRecord
from director_lib.domain.version import Version
from director_lib.store.comments import Comment

RateOf = Callable[[Version], Fraction | None]
"""Tells a clip's frames per second; None when nobody knows, and for a still."""

_HEADINGS = (
    "stream",
    "segment",
    "title",
    "kind",
    "version",
    "frame",
    "time_s",
    "text",
    "author",
    "created_at",
    "status",
    "resolved_by",
    "resolved_at",
    "mentions",
    "comment",
    "answers_comment",
    "region",
)
# what a spreadsheet would take for the beginning of a formula, in its full-width forms, too
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def comments_as_csv(film: FilmRecord, rate_of: RateOf) -> bytes:
    """Write every remark of a film as CSV: UTF-8 with a mark that spreadsheets know it by.

    A text that a spreadsheet would calculate is kept from it by an apostrophe before it.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for row in _rows(film, rate_of):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return b"\xef\xbb\xbf" + table.getvalue().encode("utf-8", "replace")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    clean = text.replace("\0", "")
    begins = clean.lstrip(" \u00a0\ufeff\u200b")
    return f"'{clean}" if begins.startswith(_FORMULA) else clean


def _rows(film: FilmRecord, rate_of: RateOf) -> Iterator[tuple[str | int | None, ...]]:
    for segment in film.segments:
        for asset in segment.assets:
            by_number = {version.number: version for version in asset.versions}
            for comment in asset.comments:
                version = by_number.get(comment.version_number or 0)
                yield (
                    film.stream.id,
                    segment.segment.id,
                    segment.segment.title,
                    asset.kind.value,
                    comment.version_number,
                    comment.frame,
                    _time_s(comment, version, rate_of),
                    *_said(comment),
                )


def _said(comment: Comment) -> tuple[str | int | None, ...]:
    status = "answer" if comment.parent_id else "resolved" if comment.resolved_at else "open"
    return (
        comment.text,
        comment.author,
        comment.created_at.isoformat(),
        status,
        comment.resolved_by,
        comment.resolved_at.isoformat() if comment.resolved_at else None,
        " ".join(comment.mentions),
        comment.id,
        comment.parent_id,
        json.dumps(comment.region.as_json()) if comment.region else None,
    )


def _time_s(comment: Comment, version: Version | None, rate_of: RateOf) -> str | None:
    rate = None if version is None or comment.frame is None else rate_of(version)
    return f"{float(comment.frame / rate):.3f}" if rate and comment.frame is not None else None
