from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.prompt import image_prompt_as_sent, negative_prompt_as_sent
from director_lib.domain.spec_digest import SpecDigests, SpecPart, changed_parts
from director_lib.domain.staleness import About, StalenessRule, stale_reasons
from director_lib.domain.stream import Segment, Stream
from director_lib.domain.version import Kind, Origin, Provenance, Version

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SEGMENT = Segment(1, image_prompt="a sea", motion_prompt="push in", duration_s=5.0)
STREAM = Stream(
    "s",
    "S",
    segments=(SEGMENT,),
    palette={"night": "#0b1020", "lamp": "#e9b463"},
    visual_direction={"aesthetic": "oil", "mood": "calm"},
    prompt_suffix="on film",
    negative_prompt="text",
)


def made(kind: Kind, *, source_id: int | None = None, version_id: int = 1, **known: object) -> Version:
    """Make a version of what STREAM asks for."""
    facts: dict[str, object] = {
        "image_prompt": image_prompt_as_sent(STREAM, SEGMENT),
        "motion_prompt": SEGMENT.motion_prompt if kind is Kind.VIDEO else None,
        "negative_prompt": negative_prompt_as_sent(STREAM, SEGMENT),
        "source_version_id": source_id,
        "spec_sha256": SpecDigests(STREAM).of(SEGMENT),
    }
    of = Provenance(**(facts | known))  # type: ignore[arg-type]
    return Version(version_id, "s", 1, kind, 1, "a" * 64, ".x", 1, Origin.GENERATED, NOW, provenance=of)


STILL = made(Kind.KEYFRAME)
CLIP = made(Kind.VIDEO, source_id=STILL.id, version_id=2)


def reasons(stream: Stream = STREAM, **segment: object) -> tuple[list[str], list[str]]:
    """Say why the still and the clip are stale in a changed stream."""
    asked = replace(SEGMENT, **segment)  # type: ignore[arg-type]
    return stale_reasons(STILL, stream, asked, STILL), stale_reasons(CLIP, stream, asked, STILL)


FOLLOWS = ["Its keyframe is out of date."]


def test_what_was_made_of_todays_spec_is_up_to_date() -> None:
    assert reasons() == ([], [])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"visual_direction": {"aesthetic": "charcoal", "mood": "calm"}}, "The visual direction has changed"),
        ({"visual_direction": {"aesthetic": "oil"}}, "The visual direction has changed"),
        ({"palette": {"night": "#ffffff", "lamp": "#e9b463"}}, "The colour palette has changed"),
        ({"prompt_suffix": "in ink"}, "The words added to every image prompt have changed"),
        ({"prompt_suffix": ""}, "The words added to every image prompt have changed"),
    ],
)
def test_each_part_of_the_spec_is_told_apart_and_the_clip_follows_its_still(
    change: dict[str, object], sentence: str
) -> None:
    still, clip = reasons(replace(STREAM, **change))  # type: ignore[arg-type]
    assert still == [f"{sentence} since this still was made."]
    assert clip == FOLLOWS


def test_a_changed_image_prompt_is_not_a_changed_direction() -> None:
    still, clip = reasons(image_prompt="a lake")
    assert still == ["The image prompt has changed since this still was made."]
    assert clip == FOLLOWS


def test_prompt_and_added_words_that_both_changed_are_both_named() -> None:
    still, _ = reasons(replace(STREAM, prompt_suffix="in ink"), image_prompt="a lake")
    assert [text.split(" since")[0] for text in still] == [
        "The image prompt has changed",
        "The words added to every image prompt have changed",
    ]


def test_size_and_negative_prompt_concern_the_still_and_the_clip() -> None:
    still, clip = reasons(replace(STREAM, width=1920, height=1080))
    assert still == ["The picture size has changed since this still was made."]
    assert clip == [*FOLLOWS, "The picture size has changed since this clip was made."]
    still, clip = reasons(negative_prompt="people")
    assert still == ["The negative prompt has changed since this still was made."]
    assert clip == [*FOLLOWS, "The negative prompt has changed since this clip was made."]


def test_motion_and_length_concern_the_clip_alone() -> None:
    assert reasons(motion_prompt="pan left") == (
        [],
        ["The motion prompt has changed since this clip was made."],
    )
    assert reasons(duration_s=8.0) == (
        [],
        ["The length of the segment has changed since this clip was made."],
    )


def test_texts_that_no_engine_gets_make_nothing_stale() -> None:
    other = replace(STREAM, title="T", language="hu", brief={"tone": "dark"}, spec_sha256="f" * 64)
    assert reasons(other, title="another", represents="winter") == ([], [])


def test_the_order_of_a_files_fields_says_nothing() -> None:
    turned = {name: dict(reversed(getattr(STREAM, name).items())) for name in ("palette", "visual_direction")}
    assert reasons(replace(STREAM, **turned)) == ([], [])  # type: ignore[arg-type]


def test_of_a_version_made_before_specs_were_recorded_only_what_is_known_counts() -> None:
    old = made(Kind.KEYFRAME, spec_sha256=None, negative_prompt=None)
    other = replace(STREAM, visual_direction={}, palette={}, width=64, negative_prompt="people")
    assert stale_reasons(old, other, SEGMENT, old) == []
    [reason] = stale_reasons(old, replace(other, prompt_suffix="in ink"), SEGMENT, old)
    assert reason == "The image prompt has changed since this still was made."


def test_a_clip_of_another_and_outdated_keyframe_says_both() -> None:
    newer = replace(STILL, id=9, number=3)
    told = stale_reasons(CLIP, STREAM, replace(SEGMENT, image_prompt="a lake"), newer)
    assert told == ["The keyframe is now version 3; this clip was made from another one.", *FOLLOWS]


def test_a_clip_of_unknown_source_never_depends_on_a_keyframe() -> None:
    unknown = made(Kind.VIDEO, source_id=None)
    found = replace(unknown, origin=Origin.FOUND)
    asked = replace(SEGMENT, image_prompt="a lake")
    assert stale_reasons(unknown, STREAM, asked, STILL) == []
    assert stale_reasons(found, STREAM, replace(asked, motion_prompt="pan"), STILL) == []


def test_a_clip_of_a_still_found_on_disk_is_up_to_date_whatever_the_image_prompt_says() -> None:
    found = replace(STILL, origin=Origin.FOUND)
    assert stale_reasons(CLIP, STREAM, replace(SEGMENT, image_prompt="a lake"), found) == []


def test_reasons_tell_programs_what_they_are_about() -> None:
    rule = StalenessRule(replace(STREAM, visual_direction={}))
    asked = replace(SEGMENT, image_prompt="a lake")
    assert [reason.about for reason in rule.reasons(STILL, asked, STILL)] == [About.PROMPT, About.SPEC]
    assert [reason.about for reason in rule.reasons(CLIP, asked, STILL)] == [About.KEYFRAME]


WORDS = st.text(st.sampled_from("ab :"), max_size=4)
LOOKS = st.builds(
    Stream,
    st.just("s"),
    st.just("S"),
    palette=st.dictionaries(WORDS, WORDS, max_size=2),
    visual_direction=st.dictionaries(WORDS, WORDS, max_size=2),
    prompt_suffix=WORDS,
    width=st.sampled_from([64, 128]),
    height=st.sampled_from([64, 128]),
)
LENGTHS = st.sampled_from([4.0, 5.0, 5.5])


@given(LOOKS, LOOKS, LENGTHS, LENGTHS)
def test_exactly_the_parts_that_differ_are_changed(
    then: Stream, now: Stream, then_s: float, now_s: float
) -> None:
    before = SpecDigests(then).of(Segment(1, duration_s=then_s))
    after = SpecDigests(now).of(Segment(1, duration_s=now_s))

    def stripped(texts: dict[str, str]) -> dict[str, str]:
        return {name: text.strip() for name, text in texts.items()}

    differ = {
        SpecPart.PALETTE: stripped(then.palette) != stripped(now.palette),
        SpecPart.VISUAL_DIRECTION: stripped(then.visual_direction) != stripped(now.visual_direction),
        SpecPart.PROMPT_SUFFIX: then.prompt_suffix.strip() != now.prompt_suffix.strip(),
        SpecPart.SIZE: (then.width, then.height) != (now.width, now.height),
        SpecPart.DURATION: then_s != now_s,
    }
    assert changed_parts(before, after) == {part for part, is_other in differ.items() if is_other}


def test_a_part_that_an_older_digest_does_not_know_has_not_changed() -> None:
    now = SpecDigests(STREAM).of(SEGMENT)
    known = now.split()[0]
    assert changed_parts(known, now) == set()
    assert changed_parts("visual_direction:0 unheard_of:1", now) == {SpecPart.VISUAL_DIRECTION}
