"""The one summary that the metrics page, the command line and the reports show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from director_lib.metrics.cards import Card, make_cards
from director_lib.metrics.findings import Findings, StudioFrames, find
from director_lib.metrics.tables import Table, make_tables
from director_lib.work_hours import DEFAULT_WORK_HOURS


@dataclass(frozen=True)
class MetricsSummary:
    """Every metric of one stream or of the studio, unrounded and as ready texts.

    Attributes:
        stream_id: None for the whole studio.
        title: What to call the scope.
        titles: Stream id to title.
        findings: The numbers and frames.
        cards: One number each, in the order of the page.
        tables: The rows behind the cards.
        updated_at: The instant up to which everything is known.
    """

    stream_id: str | None
    title: str
    titles: Mapping[str, str]
    findings: Findings
    cards: tuple[Card, ...]
    tables: tuple[Table, ...]
    updated_at: datetime

    def payload(self) -> dict[str, Any]:
        """Return what is shown, as JSON: ``scope``, ``cards``, ``tables``, ``updated_at`` (ISO, UTC)."""
        return {
            "scope": {"stream_id": self.stream_id, "title": self.title},
            "cards": [{**asdict(card), "trend": list(card.trend)} for card in self.cards],
            "tables": [
                {
                    "key": table.key,
                    "title": table.title,
                    "columns": [asdict(column) for column in table.columns],
                    "rows": list(table.rows),
                }
                for table in self.tables
            ],
            "updated_at": self.updated_at.isoformat(),
        }


def summarise(
    frames: StudioFrames,
    *,
    time_zone: str,
    as_of: datetime,
    stream_id: str | None = None,
    work_hours: str = DEFAULT_WORK_HOURS,
) -> MetricsSummary:
    """Compute every metric and put it into words.

    Args:
        frames: Of the stream, or of the studio.
        time_zone: IANA name of the studio's time zone.
        as_of: Aware instant up to which everything is known.
        stream_id: Which stream the frames are of; None for the whole studio.
        work_hours: When the studio works, as in the settings.

    Raises:
        InputError: A frame is not what it should be, ``as_of`` has no time zone, or there is no such zone, or
            the hours cannot be read.
    """
    findings = find(frames, time_zone=time_zone, as_of=as_of, work_hours=work_hours)
    return MetricsSummary(
        stream_id=stream_id,
        title=(frames.titles.get(stream_id) or stream_id) if stream_id else "All streams",
        titles=frames.titles,
        findings=findings,
        cards=make_cards(findings),
        tables=make_tables(frames, findings, of_one_stream=stream_id is not None),
        updated_at=as_of,
    )
