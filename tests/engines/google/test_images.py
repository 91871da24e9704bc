"""Stills: what is sent, what comes back, and the ways in which there is no picture."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from director_lib.domain.version import Kind
from director_lib.engines.google import GoogleImageEngine
from director_lib.errors import ConfigError, EngineError, StorageError
from tests.engines.fakes.google import answers
from tests.engines.fakes.google.media import HEIGHT, WIDTH, picture
from tests.engines.fakes.google.server import GOOD_KEY, GoogleServer
from tests.engines.google.conftest import Draw, MakeOptions


def mime_type(part: dict[str, Any]) -> str:
    """Google reads both spellings of the name; its library writes now the one, now the other."""
    return str(part["inlineData"].get("mime_type") or part["inlineData"]["mimeType"])


def test_a_still_is_drawn_with_one_call_and_is_whole(
    draw: Draw, google: GoogleServer, tmp_path: Path
) -> None:
    result = draw()

    assert google.n_pictures == len(google.seen) == 1
    assert result.path == tmp_path / "drawn" / "still.png"
    with Image.open(result.path) as image:
        image.load()
        assert image.size == (WIDTH, HEIGHT)
    assert list((tmp_path / "drawn").iterdir()) == [result.path]


def test_the_request_says_what_was_asked_for(draw: Draw, google: GoogleServer) -> None:
    result = draw(
        prompt="a lighthouse",
        negative_prompt="people",
        palette={"sea": "#102030"},
        seed=-5,
        width=1080,
        height=1920,
    )

    [seen] = google.seen
    assert seen.path == "/v1/models/gemini-nano-banana-2.1:generateContent"
    assert seen.headers["x-goog-api-key"] == GOOD_KEY
    [part] = seen.body["contents"][0]["parts"]
    assert part["text"] == "a lighthouse\nColour palette: sea #102030.\nDo not show: people."
    config = seen.body["generationConfig"]
    assert config["imageConfig"] == {"aspectRatio": "9:16", "imageSize": "2K"}
    assert config["seed"] == 2**31 - 5
    assert result.params["sent_prompt"] == part["text"]


def test_reference_pictures_come_first_and_in_order(
    draw: Draw, google: GoogleServer, reference_files: tuple[Path, Path]
) -> None:
    result = draw(references=reference_files)

    *pictures, text = google.seen[0].body["contents"][0]["parts"]
    assert [mime_type(one) for one in pictures] == ["image/png", "image/jpeg"]
    assert base64.urlsafe_b64decode(pictures[0]["inlineData"]["data"]) == picture()
    assert "reference pictures" in text["text"]
    assert result.params["n_references"] == 2


def test_a_reference_of_another_format_is_sent_as_jpeg(
    draw: Draw, google: GoogleServer, tmp_path: Path
) -> None:
    path = tmp_path / "look.bmp"
    path.write_bytes(picture("BMP"))

    draw(references=(path,))

    assert mime_type(google.seen[0].body["contents"][0]["parts"][0]) == "image/jpeg"


def test_the_cost_is_what_google_counted_at_list_price(draw: Draw) -> None:
    result = draw()

    # 40 tokens read at 1.50, 200 thought at 7.50 and 1120 of picture at 30 dollars a million
    assert result.cost_usd == pytest.approx(0.00006 + 0.0015 + 0.0336)
    assert result.params["price_is_guess"] is False
    assert result.params["tokens"] == {"read": 40, "text": 200, "picture": 1120}
    assert result.model == "gemini-nano-banana-2.1"


def test_an_unknown_model_costs_a_high_guess_that_says_so(
    draw: Draw, make_options: MakeOptions, google: GoogleServer
) -> None:
    engine = GoogleImageEngine(make_options(image_model="gemini-9-image"))

    result = draw(engine)

    assert google.seen[0].path == "/v1/models/gemini-9-image:generateContent"
    assert result.cost_usd == 0.40
    assert result.params["price_is_guess"] is True


def test_drafts_that_the_model_shows_while_thinking_are_not_the_picture(
    draw: Draw, google: GoogleServer
) -> None:
    draft, final = answers.picture_part(picture("JPEG"), thought=True), answers.picture_part()
    google.picture_answer = answers.picture_answer({"text": "I think", "thought": True}, draft, final, draft)

    assert draw().path.read_bytes() == picture()


def test_progress_rises_to_the_end(
    images: GoogleImageEngine, make_still_request: Any, tmp_path: Path
) -> None:
    told: list[tuple[str, float]] = []

    images.generate(make_still_request(), tmp_path, progress=lambda *one: told.append(one))

    percents = [percent for _, percent in told]
    assert percents == sorted(percents)
    assert told[-1] == ("finished", 100)


NO_PICTURE = [
    (
        answers.blocked("PROHIBITED_CONTENT"),
        r"refused the prompt before.*PROHIBITED_CONTENT.*No picture was charged",
    ),
    (
        answers.no_picture("IMAGE_SAFETY"),
        r"withholds the picture: it goes against Google's safety rules \(IMAGE_SAFETY\)",
    ),
    (answers.no_picture("IMAGE_RECITATION"), r"too close to an existing work \(IMAGE_RECITATION\)"),
    (answers.no_picture("NO_IMAGE"), r"did not draw a picture \(NO_IMAGE\)"),
    (answers.picture_answer({"text": "I cannot draw that."}), r"in words instead.*“I cannot draw that\.”"),
    (answers.no_picture("IMAGE_OTHER"), r"stopped before there was a picture \(IMAGE_OTHER\)"),
    (answers.no_picture("MAX_TOKENS"), r"used up its room"),
    (answers.no_picture("STOP"), r"answered with nothing at all"),
    ({"candidates": []}, r"without a picture and without a reason"),
]


@pytest.mark.parametrize(("answer", "message"), NO_PICTURE)
def test_each_way_to_have_no_picture_has_its_own_message(
    draw: Draw, google: GoogleServer, answer: dict[str, Any], message: str
) -> None:
    google.picture_answer = answer

    with pytest.raises(EngineError, match=message) as caught:
        draw()

    assert type(caught.value) is EngineError
    assert google.n_pictures == 1


def test_the_ways_to_have_no_picture_differ_in_their_words(draw: Draw, google: GoogleServer) -> None:
    messages = set()
    for answer, _ in NO_PICTURE:
        google.picture_answer = answer
        with pytest.raises(EngineError) as caught:
            draw()
        messages.add(caught.value.user_message)

    assert len(messages) == len(NO_PICTURE)


def test_tokens_that_were_counted_without_a_picture_are_told(draw: Draw, google: GoogleServer) -> None:
    answer = answers.no_picture("IMAGE_SAFETY")
    answer["usageMetadata"]["candidatesTokenCount"] = 1120
    google.picture_answer = answer

    with pytest.raises(EngineError, match="counted 1120 tokens for it and may charge"):
        draw()


@pytest.mark.parametrize("data", [picture()[: len(picture()) // 2], b"no picture at all", picture("BMP")])
def test_a_picture_that_cannot_be_used_leaves_no_file(
    draw: Draw, google: GoogleServer, tmp_path: Path, data: bytes
) -> None:
    google.picture_answer = answers.picture_answer(answers.picture_part(data))

    with pytest.raises(EngineError, match="cannot be used"):
        draw()

    assert list((tmp_path / "drawn").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_no_fault_of_google(
    images: GoogleImageEngine, make_still_request: Any, tmp_path: Path
) -> None:
    with pytest.raises(StorageError, match="probably charged"):
        images.generate(make_still_request(), tmp_path / "missing", progress=lambda *_: None)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": Kind.VIDEO}, "make no clips"),
        ({"prompt": "  "}, "no image prompt"),
        ({"width": 0}, "cannot be made"),
    ],
)
def test_what_cannot_be_drawn_is_refused_before_anything_is_sent(
    draw: Draw, google: GoogleServer, fields: dict[str, Any], message: str
) -> None:
    with pytest.raises(EngineError, match=message):
        draw(**fields)

    assert google.seen == []


def test_references_that_are_too_many_or_no_pictures_are_refused_before_anything_is_sent(
    draw: Draw, google: GoogleServer, tmp_path: Path
) -> None:
    words = tmp_path / "notes.png"
    words.write_text("not a picture")

    with pytest.raises(EngineError, match=r"notes\.png cannot be read.*Nothing was sent"):
        draw(references=(words,))
    with pytest.raises(EngineError, match=r"up to 14 reference pictures, not 16.*Remove 2"):
        draw(references=(words,) * 16)

    assert google.seen == []


def test_without_a_key_nothing_is_sent_but_the_price_is_told(
    draw: Draw, make_options: MakeOptions, make_still_request: Any, google: GoogleServer
) -> None:
    engine = GoogleImageEngine(make_options(key=""))

    with pytest.raises(ConfigError, match="Set GOOGLE_AI_API_KEY"):
        draw(engine)

    assert google.seen == []
    assert engine.price_usd(make_still_request()) > 0
    assert engine.capabilities().is_paid
