"""The demo's stories and histories are complete, true to the dialects, and told by people who may do it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from director_lib.demo.catalog import DEMO_IDS, history, presets, stream_files
from director_lib.demo.paintings import current_only, plan
from director_lib.demo.staging import Staging
from director_lib.demo.steps import (
    Cancelled,
    Edited,
    Failed,
    Gate,
    Made,
    Remark,
    Resolved,
    Step,
    Undone,
    Verdict,
    instant,
)
from director_lib.domain.people import Action, Actor, Role, may
from director_lib.domain.prompt import image_prompt_as_sent, negative_prompt_as_sent
from director_lib.domain.review import UNDECIDED, check_asset_decision
from director_lib.domain.stream import Dialect, Stream
from director_lib.domain.version import Kind

NOW = datetime(2026, 3, 29, 0, 10, tzinfo=UTC)
PEOPLE = {"dora": Role.DIRECTOR, "pal": Role.PRODUCER, "ana": Role.ANALYST}
NEEDS: dict[type[Step], Action] = {
    Made: Action.GENERATE,
    Failed: Action.GENERATE,
    Cancelled: Action.GENERATE,
    Verdict: Action.DECIDE,
    Undone: Action.DECIDE,
    Remark: Action.COMMENT,
    Resolved: Action.COMMENT,
    Edited: Action.EDIT_PROMPT,
}


@pytest.fixture(scope="module")
def streams(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stream]:
    staging = Staging(tmp_path_factory.mktemp("demo"))
    staging.begin(DEMO_IDS)
    return {stream_id: staging.read(stream_id) for stream_id in DEMO_IDS}


def spec(stream_id: str) -> dict[str, object]:
    data = json.loads(stream_files(stream_id)["production.json"])
    assert isinstance(data, dict)
    return data


@pytest.mark.parametrize(
    ("stream_id", "dialect", "language", "n_segments"),
    [
        ("lighthouse-winter", Dialect.ART_FILM, "", 6),
        ("tisza-partjan", Dialect.SPEC_V1, "hu", 9),
        ("night-market", Dialect.SHORT, "en", 12),
    ],
)
def test_each_stream_is_read_in_its_dialect_without_an_oddity(
    streams: dict[str, Stream], stream_id: str, dialect: Dialect, language: str, n_segments: int
) -> None:
    stream = streams[stream_id]
    assert (stream.dialect, stream.language, len(stream.segments)) == (dialect, language, n_segments)
    assert stream.oddities == ()
    assert len(stream.palette) >= 5


@pytest.mark.parametrize(
    ("stream_id", "keys"),
    [
        ("lighthouse-winter", ["stream_id", "visual_direction", "segments", "production_notes"]),
        (
            "tisza-partjan",
            ["stream", "input", "visual_direction", "composition_rules", "segments", "sections", "output"],
        ),
        ("night-market", ["stream", "visual_direction", "segments", "sections", "production_settings"]),
    ],
)
def test_production_json_has_exactly_the_keys_of_its_dialect(stream_id: str, keys: list[str]) -> None:
    assert list(spec(stream_id)) == keys


def test_the_lighthouse_has_no_order_form_names_its_segments_and_once_says_keyframe_prompt(
    streams: dict[str, Stream],
) -> None:
    assert list(stream_files("lighthouse-winter")) == ["production.json"]
    segments = streams["lighthouse-winter"].segments
    assert [segment.image_prompt_keys for segment in segments].count(("keyframe_prompt",)) == 1
    assert b'"title"' not in stream_files("lighthouse-winter")["production.json"]
    assert all(segment.title and segment.represents for segment in segments)


@pytest.mark.parametrize("stream_id", ["tisza-partjan", "night-market"])
def test_the_sections_tell_the_story_to_the_character(streams: dict[str, Stream], stream_id: str) -> None:
    stream = streams[stream_id]
    told = "\n".join(section.text for section in stream.sections)
    assert told == "\n".join(scene.text for scene in stream.story)
    covered = [segment_id for section in stream.sections for segment_id in section.segment_ids]
    assert covered == [segment.id for segment in stream.segments]
    assert stream.brief


@pytest.mark.parametrize("stream_id", DEMO_IDS)
def test_every_segment_has_a_title_both_prompts_and_a_short_clip(
    streams: dict[str, Stream], stream_id: str
) -> None:
    for segment in streams[stream_id].segments:
        assert len(segment.image_prompt.split()) >= 12
        assert len(segment.motion_prompt.split()) >= 5
        assert segment.title
        assert 4 <= segment.duration_s <= 5


@pytest.mark.parametrize("stream_id", DEMO_IDS)
def test_prompts_differ_from_segment_to_segment(streams: dict[str, Stream], stream_id: str) -> None:
    segments = streams[stream_id].segments
    assert len({segment.image_prompt for segment in segments}) == len(segments)
    assert len({segment.motion_prompt for segment in segments}) == len(segments)


def test_the_local_engine_understands_every_prompt_the_same_with_every_seed(
    streams: dict[str, Stream],
) -> None:
    from director_lib.engines.local.words import read_prompt

    for stream in streams.values():
        for segment in stream.segments:
            sent, unwanted = image_prompt_as_sent(stream, segment), negative_prompt_as_sent(stream, segment)
            readings = [replace(read_prompt(sent, seed, unwanted=unwanted)) for seed in range(8)]
            assert len(set(readings)) == 1, segment.image_prompt


@pytest.mark.parametrize("stream_id", DEMO_IDS)
def test_the_history_runs_forward_through_two_weeks_in_any_time_zone(stream_id: str) -> None:
    for zone in ("UTC", "Europe/Budapest", "Pacific/Auckland", "America/Los_Angeles"):
        instants = [instant(step.at, NOW, ZoneInfo(zone)) for step in history(stream_id)]
        assert instants == sorted(instants)
        assert len(set(instants)) == len(instants)
        assert instants[-1] < NOW
        assert (NOW - instants[0]).days <= 15


@pytest.mark.parametrize("stream_id", DEMO_IDS)
def test_everybody_only_does_what_their_role_allows(stream_id: str) -> None:
    for step in history(stream_id):
        needed = NEEDS.get(type(step))
        if isinstance(step, Gate) and step.decision is not None:
            needed = Action.DECIDE
        if needed is not None:
            assert may(Actor(step.by, PEOPLE[step.by]), needed), step
    assert all(may(Actor(preset.by, PEOPLE[preset.by]), Action.EDIT_PROMPT) for preset in presets())


@pytest.mark.parametrize("stream_id", DEMO_IDS)
def test_decisions_name_the_newest_version_and_follow_the_rules(stream_id: str) -> None:
    made: dict[tuple[int, Kind], int] = {}
    for step in history(stream_id):
        if isinstance(step, Made):
            made[step.asset] = made.get(step.asset, 0) + 1
            assert step.still is None or step.still <= made[step.asset[0], Kind.KEYFRAME]
        if isinstance(step, Verdict):
            assert step.version == made[step.asset], step
            check_asset_decision(step.decision, step.note)


@pytest.mark.parametrize("stream_id", DEMO_IDS)
def test_clips_are_made_from_approved_keyframes_only(stream_id: str) -> None:
    verdicts: dict[tuple[int, int], str] = {}
    for step in history(stream_id):
        if isinstance(step, Verdict) and step.asset[1] is Kind.KEYFRAME:
            verdicts[step.asset[0], step.version] = step.decision
        if isinstance(step, Made) and step.still is not None:
            assert verdicts.get((step.asset[0], step.still), UNDECIDED).startswith("approved"), step


@pytest.mark.parametrize("stream_id", DEMO_IDS)
def test_an_edited_prompt_is_really_another_one_and_the_still_has_the_old_words(
    streams: dict[str, Stream], stream_id: str
) -> None:
    for step in history(stream_id):
        if isinstance(step, Edited):
            segment = streams[stream_id].get_segment(step.segment)
            assert getattr(segment, step.field) != step.before
            stills = [
                made
                for made in history(stream_id)
                if isinstance(made, Made) and made.asset == (step.segment, Kind.KEYFRAME)
            ]
            assert stills[-1].prompt == step.before


def test_the_demo_is_small_enough_to_be_painted_in_a_minute(streams: dict[str, Stream]) -> None:
    kinds = [painting.key[2] for stream in streams.values() for painting in plan(stream, history(stream.id))]
    assert 35 <= kinds.count(Kind.KEYFRAME) <= 45
    assert 9 <= kinds.count(Kind.VIDEO) <= 12


def test_no_seed_and_wording_is_painted_twice(streams: dict[str, Stream]) -> None:
    requests = [
        (
            painting.request.kind,
            painting.request.seed,
            painting.request.image_prompt,
            painting.request.motion_prompt,
        )
        for stream in streams.values()
        for painting in plan(stream, history(stream.id))
    ]
    assert len(set(requests)) == len(requests)


def test_plain_folders_need_the_newest_versions_and_the_stills_of_their_clips(
    streams: dict[str, Stream],
) -> None:
    stream = streams["tisza-partjan"]
    keys = {painting.key[1:] for painting in current_only(plan(stream, history(stream.id)))}
    assert (2, Kind.KEYFRAME, 3) in keys
    assert (2, Kind.KEYFRAME, 2) not in keys
    assert {(3, Kind.KEYFRAME, 1), (3, Kind.KEYFRAME, 2), (3, Kind.VIDEO, 1)} <= keys


def test_presets_are_eight_to_ten_with_different_names_over_five_categories() -> None:
    assert 8 <= len(presets()) <= 10
    assert len({preset.name for preset in presets()}) == len(presets())
    assert {preset.category for preset in presets()} == {"lighting", "motion", "color", "lens", "mood"}


def test_the_stream_files_are_plain_utf8_with_their_accents() -> None:
    data = stream_files("tisza-partjan")["production.json"]
    assert "kérészek" in data.decode("utf-8")
    assert b"\\u" not in data


def test_staging_writes_a_stream_byte_for_byte(tmp_path: Path) -> None:
    staging = Staging(tmp_path)
    staging.begin(DEMO_IDS)
    for stream_id in DEMO_IDS:
        for name, data in stream_files(stream_id).items():
            assert (staging.path / stream_id / name).read_bytes() == data
