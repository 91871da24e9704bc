"""What of a stream can be taken out of the studio, and what the files are called."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ExportKind(StrEnum):
    """What is exported."""

    KEYFRAMES = "keyframes"
    VIDEOS = "videos"
    VERSIONS = "versions"
    SPEC = "spec"
    REPORT = "report"
    COMMENTS = "comments"
    OTIO = "otio"
    OTIOZ = "otioz"
    CONTACT_SHEET = "contact-sheet"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class ExportForm:
    """How one kind of export looks.

    Attributes:
        title: A few words for a list.
        words: What is in it, for a person.
        endings: Endings that it can have, the usual one first.
    """

    title: str
    words: str
    endings: tuple[str, ...]


EXPORT_FORMS: dict[ExportKind, ExportForm] = {
    ExportKind.KEYFRAMES: ExportForm("Stills", "the current still of each segment", (".zip",)),
    ExportKind.VIDEOS: ExportForm("Clips", "the current clip of each segment", (".zip",)),
    ExportKind.VERSIONS: ExportForm("All versions", "each still and clip that was ever made", (".zip",)),
    ExportKind.SPEC: ExportForm("Production spec", "production.json as it is", (".json",)),
    ExportKind.REPORT: ExportForm("Review report", "pictures, decisions and remarks", (".pdf", ".html")),
    ExportKind.COMMENTS: ExportForm("Remarks", "each remark with its frame, as a table", (".csv",)),
    ExportKind.OTIO: ExportForm("Timeline", "the cut for an editing program", (".otio",)),
    ExportKind.OTIOZ: ExportForm("Timeline with media", "the cut and every version of it", (".otioz",)),
    ExportKind.CONTACT_SHEET: ExportForm("Contact sheet", "all stills on one sheet", (".pdf", ".png")),
    ExportKind.ALL: ExportForm("Everything", "all of this in one file", (".zip",)),
}

MEDIA_TYPES = {
    ".zip": "application/zip",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".otio": "application/json",
    ".otioz": "application/zip",
    ".png": "image/png",
}


def export_name(stream_id: str, what: ExportKind, ending: str) -> str:
    """Return what an export's file is called, like ``film_keyframes.zip``."""
    return f"{stream_id}_{what.value.replace('-', '_')}{ending}"
