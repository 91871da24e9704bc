"""What a director finds in the demo studio."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from director_lib.config import Settings, load_settings
from director_lib.demo.build import ensure_demo
from director_lib.demo.catalog import DEMO_IDS, presets
from director_lib.domain.checkpoint import GateState
from director_lib.domain.review import DecisionKind
from director_lib.domain.task import TaskState
from director_lib.domain.version import Kind, Origin, Version
from director_lib.errors import StorageError
from director_lib.store.comments import Comment
from director_lib.store.events import Event, list_events
from director_lib.store.tasks import list_tasks
from director_lib.streams.media_names import find_media
from director_lib.workbench import Workbench
from director_lib.workbench.standing import StreamStanding
from tests.demo.conftest import NOW, SMALL


def undecided_stills(standing: StreamStanding) -> list[int]:
    return [
        segment_id
        for segment_id, asset in standing.assets(Kind.KEYFRAME).items()
        if asset.has_version and not asset.approved and not asset.sent_back
    ]


def all_versions(demo: Workbench) -> list[Version]:
    return [
        version
        for stream_id in DEMO_IDS
        for segment in demo.streams.get(stream_id).segments
        for kind in Kind
        for version in demo.reviews.versions(stream_id, segment.id, kind)
    ]


def all_comments(demo: Workbench) -> list[Comment]:
    return [
        comment
        for stream_id in DEMO_IDS
        for segment in demo.streams.get(stream_id).segments
        for kind in Kind
        for comment in demo.comments.list(stream_id, segment.id, kind)
    ]


def timeline(demo: Workbench) -> list[Event]:
    with demo.studio.database.read() as connection:
        return list_events(connection, limit=10_000)


def test_the_three_streams_are_there_and_nothing_else(demo: Workbench) -> None:
    assert demo.streams.list_ids() == sorted(DEMO_IDS)
    names = {path.name for path in demo.studio.settings.streams_root.iterdir()}
    assert {name for name in names if not name.startswith(".")} == set(DEMO_IDS)


@pytest.mark.parametrize(
    ("stream_id", "at_least"), [("lighthouse-winter", 3), ("tisza-partjan", 6), ("night-market", 6)]
)
def test_stills_wait_for_a_decision_in_every_stream(demo: Workbench, stream_id: str, at_least: int) -> None:
    assert len(undecided_stills(demo.reviews.standing(stream_id))) >= at_least


def test_five_stills_can_be_approved_one_after_another(own_settings: Settings) -> None:
    with Workbench.open(own_settings) as workbench:
        for stream_id in ("tisza-partjan", "night-market"):
            waiting = undecided_stills(workbench.reviews.standing(stream_id))
            for segment_id in waiting[:5]:
                version = workbench.reviews.standing(stream_id).version(segment_id, Kind.KEYFRAME)
                assert version is not None
                workbench.reviews.decide(
                    stream_id, Kind.KEYFRAME, {segment_id: version.sha256}, DecisionKind.APPROVED
                )
            assert len(undecided_stills(workbench.reviews.standing(stream_id))) == len(waiting) - 5


def test_every_version_was_generated_by_a_task_of_its_own_with_full_provenance(demo: Workbench) -> None:
    versions = all_versions(demo)
    assert {version.origin for version in versions} == {Origin.GENERATED}
    assert len({version.provenance.task_id for version in versions}) == len(versions) == 48
    for version in versions:
        made_of = version.provenance
        assert made_of.engine == "local"
        assert made_of.model
        assert made_of.image_prompt
        assert made_of.author in {"dora", "pal"}
        assert (made_of.source_version_id is not None) == (version.kind is Kind.VIDEO)
        assert (made_of.motion_prompt is not None) == (version.kind is Kind.VIDEO)


def test_some_stills_went_through_two_to_four_versions_with_differing_prompts(demo: Workbench) -> None:
    counts = Counter(
        (version.stream_id, version.segment_id)
        for version in all_versions(demo)
        if version.kind is Kind.KEYFRAME
    )
    assert set(counts.values()) == {1, 2, 3, 4}
    mayflies = demo.reviews.versions("tisza-partjan", 5, Kind.KEYFRAME)
    assert len({version.provenance.image_prompt for version in mayflies}) == 3


def test_a_clip_names_the_prompt_and_the_version_of_the_still_it_was_made_from(demo: Workbench) -> None:
    stills = {version.id: version for version in all_versions(demo) if version.kind is Kind.KEYFRAME}
    for clip in all_versions(demo):
        if clip.kind is Kind.VIDEO:
            still = stills[clip.provenance.source_version_id or 0]
            assert (still.stream_id, still.segment_id) == (clip.stream_id, clip.segment_id)
            assert still.provenance.image_prompt == clip.provenance.image_prompt
            assert still.created_at < clip.created_at


def test_the_files_in_the_folders_are_the_current_versions(demo: Workbench) -> None:
    for stream_id in DEMO_IDS:
        current = demo.reviews.standing(stream_id).versions
        found = find_media(demo.studio.root, stream_id)
        assert found.keys() == current.keys()
        for place, path in found.items():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == current[place].sha256


def test_a_scan_finds_nothing_new(demo: Workbench) -> None:
    before = len(timeline(demo))
    for stream_id in DEMO_IDS:
        result = demo.streams.scan(stream_id)
        assert (result.new_versions, result.changed, result.missing, result.oddities) == ((), (), (), ())
    assert len(timeline(demo)) == before


def test_stale_stills_and_a_stale_clip_say_why(demo: Workbench) -> None:
    reasons = {
        (stream_id, segment.id, kind): demo.reviews.standing(stream_id).stale(segment, kind)
        for stream_id in DEMO_IDS
        for segment in demo.streams.get(stream_id).segments
        for kind in Kind
    }
    stale = {place: sentences for place, sentences in reasons.items() if sentences}
    assert set(stale) == {
        ("tisza-partjan", 3, Kind.VIDEO),
        ("tisza-partjan", 7, Kind.KEYFRAME),
        ("night-market", 8, Kind.KEYFRAME),
        ("night-market", 10, Kind.KEYFRAME),
    }
    assert "keyframe is now version 2" in stale["tisza-partjan", 3, Kind.VIDEO][0]


def test_every_kind_of_decision_was_taken_and_one_was_taken_back(demo: Workbench) -> None:
    records = [
        record
        for stream_id in DEMO_IDS
        for segment in demo.streams.get(stream_id).segments
        for kind in Kind
        for record in demo.reviews.decisions(stream_id, segment.id, kind)
    ]
    assert {record.decision for record in records} == {
        DecisionKind.APPROVED,
        DecisionKind.APPROVED_WITH_NOTES,
        DecisionKind.ADJUST_PROMPT,
        DecisionKind.REGENERATE,
    }
    assert [record.segment_id for record in records if record.undoes is not None] == [11]
    assert demo.reviews.standing("night-market").decision(11, Kind.KEYFRAME) is None


def test_the_gates_stand_at_different_points(demo: Workbench) -> None:
    gates = {overview.id: [gate.state for gate in overview.gates] for overview in demo.streams.overviews()}
    assert gates["lighthouse-winter"][0] is GateState.MISSING
    assert gates["tisza-partjan"][:2] == gates["night-market"][:2] == [GateState.APPROVED] * 2
    assert gates["tisza-partjan"][3] is GateState.CHANGES
    for stream_id in gates:
        assert all(len(made.sha256) == 64 for made in demo.checkpoints.history(stream_id))
    assert gates["night-market"][2] is GateState.CHANGES


def test_the_tasks_page_has_a_failure_with_its_reason_and_nothing_that_still_runs(demo: Workbench) -> None:
    with demo.studio.database.read() as connection:
        tasks = list_tasks(connection, limit=1000)
    states = Counter(task.state for task in tasks)
    assert states == {TaskState.SUCCEEDED: 48, TaskState.FAILED: 1, TaskState.CANCELLED: 1}
    failed = next(task for task in tasks if task.state is TaskState.FAILED)
    assert failed.error_code == StorageError.code
    assert "Nothing was replaced" in (failed.error_message or "")
    for task in tasks:
        assert task.ended_at is not None
        assert task.queued_at < task.ended_at < NOW


def test_comments_are_open_and_resolved_on_versions_and_on_a_segment(demo: Workbench) -> None:
    comments = all_comments(demo)
    assert sum(comment.resolved_at is None for comment in comments) >= 5
    assert sum(comment.resolved_at is not None for comment in comments) >= 3
    assert any(comment.version_number is None for comment in comments)
    assert {comment.author for comment in comments} == {"dora", "pal", "ana"}


def test_the_presets_are_there(demo: Workbench) -> None:
    assert {preset.name for preset in demo.presets.list()} == {preset.name for preset in presets()}


def test_the_timeline_runs_forward_through_two_weeks_until_now(demo: Workbench) -> None:
    events = timeline(demo)
    instants = [event.happened_at for event in reversed(events)]
    assert instants == sorted(instants)
    assert timedelta(days=13) < instants[-1] - instants[0] < timedelta(days=15)
    assert instants[-1] == NOW - timedelta(minutes=40)
    assert {"queued", "generated", "generation_failed", "cancelled", "edited_prompt"} <= {
        event.verb for event in events
    }


def test_an_edit_in_the_timeline_leads_to_the_prompt_that_was_sent_or_is_there_now(demo: Workbench) -> None:
    edits = [event for event in timeline(demo) if event.verb == "edited_prompt"]
    assert len(edits) >= 10
    for event in edits:
        assert event.stream_id is not None
        assert event.segment_id is not None
        ((field, after),) = event.details["after"].items()
        assert event.details["before"] != event.details["after"]
        segment = demo.streams.get(event.stream_id).get_segment(event.segment_id)
        kind = Kind.KEYFRAME if field == "image_prompt" else Kind.VIDEO
        sent = [
            getattr(version.provenance, field) or ""
            for version in demo.reviews.versions(event.stream_id, event.segment_id, kind)
        ]
        assert after == getattr(segment, field) or any(text.startswith(after) for text in sent)


def test_metrics_have_something_true_to_show(demo: Workbench) -> None:
    findings = demo.insight.summary().findings
    assert findings.approval.n >= 25
    assert findings.undone.k == 1
    assert findings.regenerations.total >= 10


def test_a_second_call_does_nothing(demo: Workbench, demo_settings: Settings) -> None:
    said: list[str] = []
    before = len(timeline(demo))
    assert ensure_demo(demo_settings, progress=said.append, size=SMALL) == []
    assert said == []
    assert len(timeline(demo)) == before


def test_a_studio_with_a_stream_of_its_own_is_left_alone(settings: Settings) -> None:
    own = settings.streams_root / "my-film"
    own.mkdir(parents=True)
    (own / "production.json").write_text("{}", encoding="utf-8")
    assert ensure_demo(settings, progress=[].append, size=SMALL) == []
    assert [path.name for path in settings.streams_root.iterdir()] == ["my-film"]
    assert not settings.database_file.exists()


def test_streams_that_were_deleted_come_back_with_the_history_that_is_known(own_settings: Settings) -> None:
    with Workbench.open(own_settings) as workbench:
        before = timeline(workbench)
    shutil.rmtree(own_settings.streams_root)
    said: list[str] = []
    assert ensure_demo(own_settings, progress=said.append, size=SMALL) == list(DEMO_IDS)
    assert not any("Painting" in line for line in said)
    with Workbench.open(own_settings) as workbench:
        assert timeline(workbench) == before
        assert len(find_media(workbench.studio.root, "night-market")) == 14


def test_streams_come_back_even_when_their_pictures_are_lost_for_good(own_settings: Settings) -> None:
    shutil.rmtree(own_settings.streams_root)
    shutil.rmtree(own_settings.media_dir)
    assert ensure_demo(own_settings, progress=[].append, size=SMALL) == list(DEMO_IDS)
    with Workbench.open(own_settings) as workbench:
        assert find_media(workbench.studio.root, "night-market") == {}
        assert workbench.reviews.standing("night-market").version(1, Kind.KEYFRAME) is not None


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    settings = load_settings(
        home=tmp_path / "home", streams_dir=tmp_path / "file" / "streams", _env_file=None
    )
    with pytest.raises(StorageError, match="streams"):
        ensure_demo(settings, progress=[].append, size=SMALL)
