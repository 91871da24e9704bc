"""The review report: what it says, and how it looks as one HTML file that needs nothing else."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import jinja2

from director_lib.delivery.export_film import ExportedAsset, FilmRecord
from director_lib.domain.how_many import how_many
from director_lib.domain.review import UNDECIDED
from director_lib.domain.version import Kind, Version
from director_lib.store.comments import Comment

PictureOf = Callable[[Version], Path | None]
"""Finds a small picture of a version; None when it cannot be shown."""

_TEMPLATES = Path(__file__).with_name("report")
_NAMES = {Kind.KEYFRAME: "Still", Kind.VIDEO: "Clip"}


@dataclass(frozen=True, slots=True)
class ReportedRemark:
    """A remark or an answer, in the order in which they are read."""

    head: str
    text: str
    is_answer: bool


@dataclass(frozen=True, slots=True)
class ReportedAsset:
    """A still or clip.

    Attributes:
        hole: What stands in place of a picture.
        mood: "approved", "sent-back" or "faint".
        facts: Version, size and engine in a few words.
        note: What was said with the decision, and by whom.
    """

    name: str
    picture: Path | None
    hole: str
    standing: str
    mood: str
    facts: str
    note: str
    remarks: tuple[ReportedRemark, ...]


@dataclass(frozen=True, slots=True)
class ReportedSegment:
    """A segment with its still and its clip."""

    title: str
    assets: tuple[ReportedAsset, ...]


@dataclass(frozen=True, slots=True)
class ReportedGate:
    """A checkpoint."""

    name: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says, ready to be set in any form."""

    title: str
    line: str
    gates: tuple[ReportedGate, ...]
    gate_notes: tuple[str, ...]
    segments: tuple[ReportedSegment, ...]


def make_report(film: FilmRecord, picture_of: PictureOf) -> Report:
    """Say what is known of a film's review."""
    assets = [asset for segment in film.segments for asset in segment.assets]
    approved = sum(asset.is_approved for asset in assets)
    n_open = sum(not comment.parent_id and not comment.resolved_at for a in assets for comment in a.comments)
    line = (
        f"Review report · {how_many(len(film.segments), 'segment')} · {approved} of {len(assets)} stills and "
        f"clips approved · {how_many(n_open, 'open remark')} · "
        f"{film.made_at:%Y-%m-%d %H:%M} UTC, by {film.made_by}"
    )
    gates = [ReportedGate(one.checkpoint.value, one.state.value, one.reason) for one in film.gates]
    undone = {made.undoes for made in film.gate_decisions if made.undoes}
    notes = [
        f"{made.checkpoint.value} · {made.decision.value.replace('_', ' ')} · {made.actor}, "
        f"{made.decided_at:%Y-%m-%d %H:%M}: {made.note}"
        for made in film.gate_decisions
        if made.note and made.undoes is None and made.seq not in undone
    ]
    segments = [
        ReportedSegment(segment.title, tuple(_reported(asset, picture_of) for asset in segment.assets))
        for segment in film.segments
    ]
    return Report(film.title, line, tuple(gates), tuple(notes), tuple(segments))


def report_as_html(report: Report) -> bytes:
    """Write a report as one HTML file with its pictures inside; every text is data."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True)
    environment.filters["picture"] = _inline
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    page = environment.get_template("report.html.j2").render(report=report, style=style)
    return page.encode("utf-8", "replace")


def _inline(picture: Path) -> str:
    return f"data:image/webp;base64,{base64.b64encode(picture.read_bytes()).decode()}"


def _reported(asset: ExportedAsset, picture_of: PictureOf) -> ReportedAsset:
    current, decided = asset.current, asset.decision
    picture = picture_of(current) if current else None
    note = ""
    if decided is not None:
        note = f"{decided.actor}, {decided.decided_at:%Y-%m-%d %H:%M}"
        note = f"{note}: {decided.note}" if decided.note else note
    return ReportedAsset(
        name=_NAMES[asset.kind],
        picture=picture,
        hole="cannot be shown" if current else "missing",
        standing=asset.standing,
        mood=_mood(asset),
        facts=_facts(asset),
        note=note,
        remarks=tuple(_remarks(asset.comments)),
    )


def _mood(asset: ExportedAsset) -> str:
    if asset.is_approved:
        return "approved"
    return "faint" if asset.standing in (UNDECIDED, "missing") else "sent-back"


def _facts(asset: ExportedAsset) -> str:
    version = asset.current
    if version is None:
        return ""
    size = f"{version.width} × {version.height}" if version.width else ""
    length = f"{version.duration_s:.1f} s" if version.duration_s else ""
    engine = version.provenance.engine or ""
    of = f"version {version.number} of {len(asset.versions)}"
    return " · ".join(filter(None, (of, size, length, engine)))


def _remarks(comments: tuple[Comment, ...]) -> list[ReportedRemark]:
    """Bring answers below what they answer."""
    found = []
    for root in comments:
        if root.parent_id is None:
            found.append(_remark(root))
            found += [_remark(answer) for answer in comments if answer.parent_id == root.id]
    return found


def _remark(comment: Comment) -> ReportedRemark:
    words = [comment.author, f"{comment.created_at:%Y-%m-%d %H:%M}"]
    words += [f"version {comment.version_number}"] if comment.version_number else []
    words += [f"frame {comment.frame}"] if comment.frame is not None else []
    words += ["with a drawing"] if comment.region else []
    words += [f"resolved by {comment.resolved_by}"] if comment.resolved_at else []
    return ReportedRemark(" · ".join(words), comment.text, comment.parent_id is not None)
