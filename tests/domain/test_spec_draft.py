from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director_lib.domain.prompt_lint import lint_prompts
from director_lib.domain.spec_draft import draft_spec
from director_lib.domain.spec_lint import LintedSpec
from director_lib.domain.story_match import find_differences
from director_lib.domain.story_split import sentences_of, split_story
from director_lib.domain.stream import Scene, Stream
from director_lib.streams.reader import read_spec_text

ENGLISH = "The lighthouse stood above the sea. An old keeper lit the lamp every night. " * 12
HUNGARIAN = (
    "Nagyapám révész volt a Tiszán. Hajnalban köd ült a vízen, és madarak szálltak a falu fölött. " * 12
)
GERMAN = "Das Kind ging am Abend durch den Wald. Im Dorf brannte eine Kerze im Fenster. " * 12


def stream(*texts: str, language: str = "en", **brief: str) -> Stream:
    scenes = tuple(
        Scene(f"Scene {number}" if len(texts) > 1 else "", text) for number, text in enumerate(texts, 1)
    )
    return Stream("film", "Film", language, story=scenes, brief=brief)


def drafted(of: Stream) -> Stream:
    spec = read_spec_text("film", json.dumps(draft_spec(of), ensure_ascii=False))
    return Stream("film", "Film", story=of.story, segments=spec.segments, sections=spec.sections)


@pytest.mark.parametrize(
    ("text", "language", "seen"),
    [(ENGLISH, "en", "lighthouse"), (HUNGARIAN, "hu", "riverbank"), (GERMAN, "de", "forest")],
)
def test_prompts_say_in_english_what_the_words_name(text: str, language: str, seen: str) -> None:
    made = drafted(stream(text, language=language))
    assert len(made.segments) >= 4
    assert seen in " ".join(one.image_prompt for one in made.segments)
    assert find_differences(made) == []
    found = {one.code for one in lint_prompts(LintedSpec(made))}
    assert not found & {"missing_image_prompt", "vague_image_prompt", "repeated_camera", "missing_bookend"}


def test_words_that_nobody_knows_are_quoted() -> None:
    made = drafted(stream("Ça commence ainsi, vraiment. Et puis rien.", language="fr"))
    assert "“Ça commence ainsi, vraiment.”" in made.segments[0].image_prompt


def test_the_same_story_gives_the_same_spec_and_the_brief_is_heard() -> None:
    of = stream(ENGLISH, tone="warm", colors="honey #E0A648, sea #123456", segment_count="7")
    spec = draft_spec(of)
    assert spec == draft_spec(of)
    assert len(spec["segments"]) == 7
    assert list(spec["visual_direction"]["color_palette"].values()) == ["#e0a648", "#123456"]
    assert "warm" in spec["segments"][0]["image_prompt"]


def test_scenes_begin_segments_with_their_titles() -> None:
    spec = draft_spec(stream("One thing.", "Another thing."))
    assert [one["title"] for one in spec["segments"]] == ["Scene 1", "Scene 2"]
    assert [one.get("heading") for one in spec["sections"]] == ["Scene 1", "Scene 2"]


def test_a_stream_without_words_gets_no_segments() -> None:
    assert draft_spec(stream("  "))["segments"] == []


def test_abbreviations_and_initials_end_no_sentence() -> None:
    text = "Dr. Kovács came at 5 p.m. sharp. He saw Mr. J. Smith! “Really?” he said."
    assert [one.strip() for one in sentences_of(text)] == [
        "Dr. Kovács came at 5 p.m. sharp.",
        "He saw Mr. J. Smith!",
        "“Really?”",
        "he said.",
    ]


@given(
    st.lists(st.text(st.sampled_from("ab ÁŐ.!?\n\t"), max_size=80), max_size=4), st.none() | st.integers(1, 9)
)
def test_no_division_loses_or_changes_a_letter(texts: list[str], wanted: int | None) -> None:
    scenes = tuple(Scene("", text) for text in texts)
    parts = split_story(scenes, wanted)
    assert "".join("".join(part.text for part in parts).split()) == "".join("".join(texts).split())
    assert all(part.text == part.text.strip() != "" for part in parts)
