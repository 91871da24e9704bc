from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from director_lib.config import Settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.review import DecisionKind
from director_lib.domain.version import Kind
from director_lib.errors import InputError, NotFoundError
from director_lib.metrics.frames import check_checkpoints, check_decisions, check_tasks, check_versions
from director_lib.workbench import Workbench
from tests.metrics.both_databases import database_kind

__all__ = ["database_kind"]


def write_stream(root: Path, stream_id: str, n_segments: int, stills: tuple[int, ...]) -> None:
    folder = root / stream_id / "keyframes"
    folder.mkdir(parents=True)
    segments = [{"id": n, "image_prompt": f"a sea {n}"} for n in range(1, n_segments + 1)]
    spec = {"stream": {"id": stream_id, "title": f"The {stream_id}"}, "segments": segments}
    (folder.parent / "production.json").write_text(json.dumps(spec))
    for number in stills:
        Image.new("RGB", (64, 36), (40 * number, 20, 60)).save(folder / f"segment_{number}_keyframe.png")


@pytest.fixture
def workbench(settings: Settings) -> Iterator[Workbench]:
    """Streams "film" (stills 1 and 2 of 4) and "short" (still 1 of 1), nothing decided."""
    write_stream(settings.streams_root, "film", 4, (1, 2))
    write_stream(settings.streams_root, "short", 1, (1,))
    with Workbench.open(settings, Actor("dora", Role.DIRECTOR)) as opened:
        for stream_id in ("film", "short"):
            opened.streams.scan(stream_id)
        yield opened


def decide(workbench: Workbench, stream_id: str, segment_id: int, decision: str) -> None:
    version = workbench.reviews.standing(stream_id).version(segment_id, Kind.KEYFRAME)
    assert version is not None
    workbench.reviews.decide(stream_id, Kind.KEYFRAME, {segment_id: version.sha256}, DecisionKind(decision))


def test_every_frame_can_be_read_whole_or_for_one_stream(workbench: Workbench) -> None:
    decide(workbench, "film", 1, "approved")
    decide(workbench, "short", 1, "regenerate")
    insight = workbench.insight
    assert check_decisions(insight.decisions())["stream_id"].tolist() == ["film", "short"]
    assert check_decisions(insight.decisions("short"))["stream_id"].tolist() == ["short"]
    assert len(check_versions(insight.versions("film"))) == 2
    assert check_tasks(insight.tasks()).empty
    assert check_checkpoints(insight.checkpoints("film")) is not None


def test_reviews_are_decisions_with_what_made_the_version(workbench: Workbench) -> None:
    decide(workbench, "film", 1, "approved")
    reviews = check_decisions(workbench.insight.reviews())
    assert reviews["origin"].tolist() == ["found"]
    assert len(reviews) == len(workbench.insight.decisions())


def test_approved_means_the_same_as_on_the_pages(workbench: Workbench) -> None:
    decide(workbench, "film", 1, "approved")
    decide(workbench, "film", 2, "regenerate")
    found = workbench.insight.summary("film").findings.eventual
    standing = workbench.reviews.standing("film").assets(Kind.KEYFRAME).values()
    assert found.approved.k == sum(asset.approved for asset in standing) == 1
    assert found.rejected == sum(asset.sent_back for asset in standing) == 1


def test_an_undo_shows_at_once(workbench: Workbench) -> None:
    decide(workbench, "film", 1, "approved")
    assert workbench.insight.summary("film").findings.approval.n == 1
    workbench.reviews.undo()
    found = workbench.insight.summary("film").findings
    assert (found.approval.n, found.undone.k) == (0, 1)


def test_segments_never_begun_are_counted_beside(workbench: Workbench) -> None:
    assert workbench.insight.summary("film").findings.regenerations.n_never_started == 2
    assert workbench.insight.summary().findings.regenerations.n_never_started == 2


def test_the_summary_calls_streams_by_their_titles(workbench: Workbench) -> None:
    decide(workbench, "short", 1, "approved")
    summary = workbench.insight.summary()
    assert summary.title == "All streams"
    assert workbench.insight.summary("short").title == "The short"
    rows = next(table for table in summary.tables if table.key == "decisions").rows
    assert rows[0]["stream"] == "The short"


def test_a_broken_stream_takes_nothing_from_the_studios_numbers(
    workbench: Workbench, settings: Settings
) -> None:
    decide(workbench, "film", 1, "approved")
    (settings.streams_root / "film" / "production.json").write_text("{ broken")
    summary = workbench.insight.summary()
    assert summary.findings.approval.n == 1
    rows = next(table for table in summary.tables if table.key == "decisions").rows
    assert rows[0]["stream"] == "film"


def test_a_stream_that_does_not_exist_is_refused(workbench: Workbench) -> None:
    with pytest.raises(NotFoundError):
        workbench.insight.summary("nothing")


def test_a_wrong_time_zone_is_told_with_its_setting(settings: Settings, workbench: Workbench) -> None:
    wrong = settings.model_copy(update={"time_zone": "Mars/Phobos"})
    with Workbench.open(wrong, Actor("dora", Role.DIRECTOR)) as other:
        insight = other.insight
        with pytest.raises(InputError, match="DIRECTOR_TIME_ZONE"):
            insight.summary("film")
