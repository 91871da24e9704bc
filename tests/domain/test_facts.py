"""What is known of a version in words, and how two differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.facts import Fact, compare_facts, facts_as_text, version_facts
from director_lib.domain.version import Kind, Origin, Provenance, Version, download_name, in_words

MADE = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOW = MADE + timedelta(days=2, hours=3)
MADE_OF = Provenance(
    image_prompt="a grey harbour at dawn",
    negative_prompt="people",
    engine="local",
    model="local/1",
    seed=7,
    params={"scene": "sea", "steps": 4},
    cost_usd=0.039,
    task_id="t_1",
    author="dora",
    reference_sha256s=("b" * 64,),
)
STILL = Version(
    id=5,
    stream_id="film",
    segment_id=7,
    kind=Kind.KEYFRAME,
    number=3,
    sha256="a" * 64,
    extension=".png",
    size_bytes=1_234_567,
    origin=Origin.GENERATED,
    created_at=MADE,
    width=1280,
    height=720,
    provenance=MADE_OF,
)
FACTS = st.lists(st.text("abcdef", min_size=1, max_size=2), unique=True).map(
    lambda names: [Fact(name, name.upper(), f"value of {name}") for name in names]
)


def texts(version: Version, source: Version | None = None) -> dict[str, str]:
    return {fact.name: fact.text for fact in version_facts(version, source, NOW) if fact.text}


def test_a_generated_still_tells_all_that_is_known_of_it() -> None:
    assert texts(STILL) == {
        "image_prompt": "a grey harbour at dawn",
        "negative_prompt": "people",
        "engine": "local",
        "model": "local/1",
        "seed": "7",
        "params.scene": "sea",
        "params.steps": "4",
        "references": "bbbbbbbbbbbb",
        "dimensions": "1280 × 720",
        "size": "1,234,567 bytes",
        "format": "png",
        "cost": "$0.039",
        "author": "dora",
        "task": "t_1",
        "origin": "made by an engine",
        "created_at": "2026-11-20 09:00:00 UTC",
        "age": "2 days",
        "sha256": "a" * 64,
    }


def test_a_clip_names_the_keyframe_it_was_made_from() -> None:
    clip = replace(STILL, kind=Kind.VIDEO, duration_s=5.0)
    facts = texts(clip, source=STILL)
    assert (facts["source"], facts["duration"]) == ("keyframe version 3 (aaaaaaaaaaaa)", "5.00 s")


def test_a_found_file_tells_its_name_and_when_it_was_seen_and_no_cost() -> None:
    made_of = Provenance(found_as="keyframes/segment_7.png", found_at=MADE + timedelta(hours=1))
    facts = texts(replace(STILL, origin=Origin.FOUND, provenance=made_of))
    assert facts["origin"] == "found on disk"
    assert facts["found_as"] == "keyframes/segment_7.png"
    assert facts["found_at"] == "2026-11-20 10:00:00 UTC"
    assert {"cost", "author", "engine", "seed", "image_prompt"}.isdisjoint(facts)


def test_differences_are_told_fact_by_fact_and_prompts_word_by_word() -> None:
    other = replace(
        STILL,
        sha256="c" * 64,
        provenance=replace(
            MADE_OF, image_prompt="a red harbour at dawn", seed=8, params={"scene": "sea", "guidance": 2.5}
        ),
    )
    found = compare_facts(version_facts(STILL, None, NOW), version_facts(other, None, NOW))
    differing = {one.name: (one.before, one.after) for one in found if not one.equal}
    assert differing == {
        "image_prompt": ("a grey harbour at dawn", "a red harbour at dawn"),
        "seed": ("7", "8"),
        "params.guidance": ("", "2.5"),
        "params.steps": ("4", ""),
        "sha256": ("a" * 64, "c" * 64),
    }
    (prompt,) = [one for one in found if one.name == "image_prompt"]
    assert [(part.change, part.text) for part in prompt.words] == [
        ("same", "a "),
        ("removed", "grey "),
        ("added", "red "),
        ("same", "harbour at dawn"),
    ]
    assert all(not one.words for one in found if one.name != "image_prompt")
    names = [one.name for one in found]
    assert names.index("params.scene") + 1 == names.index("params.guidance")


@given(before=FACTS, after=FACTS)
def test_every_fact_of_both_sides_is_compared_once(before: list[Fact], after: list[Fact]) -> None:
    found = compare_facts(before, after)
    names = [one.name for one in found]
    assert sorted(names) == sorted({fact.name for fact in (*before, *after)})
    shared = {fact.name for fact in before} & {fact.name for fact in after}
    assert {one.name for one in found if one.equal} == shared
    assert [name for name in names if name in {fact.name for fact in before}] == [f.name for f in before]


@given(FACTS)
def test_a_version_is_equal_to_itself(facts: list[Fact]) -> None:
    assert all(one.equal and one.before == one.after for one in compare_facts(facts, facts))


def test_facts_are_copied_as_lines_without_what_is_not_known() -> None:
    facts = [Fact("seed", "Seed", "7"), Fact("author", "By", ""), Fact("age", "Age", "2 days")]
    assert facts_as_text("Version 3", facts) == "Version 3\nSeed: 7\nAge: 2 days"


def test_a_copy_is_called_by_stream_kind_segment_and_number() -> None:
    assert download_name(STILL) == "film_keyframe_007_v3.png"
    assert download_name(replace(STILL, kind=Kind.VIDEO, segment_id=1234, extension=".webm")) == (
        "film_video_1234_v3.webm"
    )
    assert in_words(STILL) == "version 3 of the keyframe of segment 7 of film"
