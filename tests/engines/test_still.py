"""Stills of the local engine."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from director_lib.engines.local.scenes import PAINTERS
from director_lib.engines.local.still import render_still
from director_lib.engines.local.vocabulary import MARKS
from director_lib.errors import EngineError, StorageError

_PROMPTS = (
    "sea at dusk",
    "mountains at dawn",
    "a city at night",
    "village in the plain at sunset",
    "desert, day",
)


def _quiet(phase: str, percent: float) -> None:
    """Take a report and do nothing."""


def _mean_color(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image, np.float64).mean(axis=(0, 1))


@pytest.mark.parametrize("prompt", _PROMPTS)
def test_the_same_request_gives_the_same_bytes(generate, make_request, prompt):
    request = make_request(prompt, palette={"sea": "#204060"})
    first, second = generate(request), generate(request)
    assert first.path.read_bytes() == second.path.read_bytes()


def test_each_of_prompt_seed_palette_and_size_changes_the_picture(generate, make_request):
    variations = (
        {},
        {"prompt": "a lighthouse by the sea at dusk, calm"},
        {"seed": 8},
        {"palette": {"a": "#a04020"}},
        {"width": 200},
    )
    made = {generate(make_request(**variation)).path.read_bytes() for variation in variations}
    assert len(made) == len(variations)


def test_another_wording_keeps_the_composition_and_another_seed_does_not(generate, make_request, fingerprint):
    wording, seed = [], []
    for prompt in _PROMPTS:
        before = fingerprint(generate(make_request(prompt)).path)
        reworded = fingerprint(generate(make_request(f"{prompt}, softly painted")).path)
        reseeded = fingerprint(generate(make_request(prompt, seed=10_007)).path)
        wording.append((before != reworded).mean())
        seed.append((before != reseeded).mean())
    assert np.mean(wording) < 0.15
    assert np.mean(seed) > 2 * np.mean(wording)


def test_the_palette_tints_the_picture(generate, make_request):
    plain = _mean_color(generate(make_request("sea, day")).path)
    red = _mean_color(generate(make_request("sea, day", palette={"a": "#5a1010", "b": "#d05040"})).path)
    green = _mean_color(generate(make_request("sea, day", palette={"a": "#0f4a1c", "b": "#58c070"})).path)
    assert red[0] - red[1] > plain[0] - plain[1] + 15
    assert green[1] - green[0] > plain[1] - plain[0] + 15


def test_a_palette_without_colors_changes_nothing_but_its_record(generate, make_request):
    plain = generate(make_request())
    odd = generate(make_request(palette={"mood": "melancholy", "x": "#12"}))
    with Image.open(plain.path) as first, Image.open(odd.path) as second:
        assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("light", ["day", "night", "winter snowfall", "rain and fog", "storm with lightning"])
@pytest.mark.parametrize("scene", sorted(PAINTERS))
def test_every_scene_is_a_picture_with_contrast_in_every_light(make_request, scene, light):
    picture = render_still(make_request(f"{scene}, {light}"), _quiet)
    values = np.asarray(picture.convert("L"), np.float64)
    assert picture.size == (192, 108)
    assert values.std() > 8


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_every_subject_can_be_painted_in_the_scenes_it_belongs_to(make_request, mark):
    word = next(item for item in MARKS[mark].split() if "_" not in item).rstrip("*")
    for scene in ("sea", "river", "mountain", "forest", "room"):
        assert render_still(make_request(f"{scene} {word} figure", width=96, height=64), _quiet).size == (
            96,
            64,
        )


@pytest.mark.parametrize("shot", ["close-up of a woman", "aerial view", "low angle", "wide shot of a couple"])
def test_shots_change_the_framing(make_request, shot):
    usual = render_still(make_request("a man and the sea at dusk"), _quiet)
    assert (
        render_still(make_request(f"{shot}, a man and the sea at dusk"), _quiet).tobytes() != usual.tobytes()
    )


@pytest.mark.parametrize("size", [(64, 64), (108, 192), (301, 167), (400, 100)])
def test_any_shape_is_met_exactly(make_request, size):
    width, height = size
    assert render_still(make_request(width=width, height=height), _quiet).size == size


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    prompt=st.text(max_size=80),
    seed=st.integers(-(2**63), 2**63 - 1),
    palette=st.dictionaries(st.text(max_size=5), st.text("#0123456789abcdefg", max_size=8), max_size=4),
)
def test_any_prompt_seed_and_palette_gives_a_picture(make_request, prompt, seed, palette):
    request = make_request(prompt, seed=seed, palette=palette, width=96, height=64)
    assert render_still(request, _quiet).size == (96, 64)


def test_progress_rises_in_real_stages_and_ends_at_100(generate, make_request):
    reports: list[tuple[str, float]] = []
    generate(make_request(), progress=lambda phase, percent: reports.append((phase, percent)))
    percents = [percent for _, percent in reports]
    assert len(reports) >= 12
    assert percents == sorted(percents)
    assert percents[0] > 0
    assert percents[-1] == 100
    assert list(dict.fromkeys(phase for phase, _ in reports)) == ["composing", "painting", "finishing"]


def test_the_file_tells_how_it_was_made(generate, make_request):
    prompt = "világítótorony “őre” a viharban 🌊"
    result = generate(make_request(prompt, negative_prompt="text"))
    with Image.open(result.path) as image:
        image.load()
        texts = dict(image.text)
    facts = json.loads(texts["director:provenance"])
    assert texts["Description"] == prompt
    assert "local-render/1" in texts["Software"]
    assert (facts["prompt"], facts["negative_prompt"], facts["seed"]) == (prompt, "text", 7)
    assert (facts["engine"], facts["model"], facts["ai_generated"]) == ("local", "local-render/1", True)
    assert facts["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    assert f"<Iptc4xmpExt:DigitalSourceType>{facts['digital_source_type']}<" in texts["XML:com.adobe.xmp"]
    assert texts["Comment"] == "Made with artificial intelligence."


def test_a_prompt_with_characters_that_files_cannot_hold_is_kept_as_far_as_possible(generate, make_request):
    with Image.open(generate(make_request("sea\x00 and \ud800 sky")).path) as image:
        image.load()
        assert image.text["Description"] == "sea and ? sky"


def test_a_still_of_usual_size_stays_small(generate, make_request):
    result = generate(make_request("stormy sea with a lighthouse, rain", width=1280, height=720))
    assert result.path.stat().st_size < 1_500_000
    assert result.model == "local-render/1"
    assert result.params == {"scene": "sea", "light": "storm"}


def test_nothing_but_the_finished_file_is_left(generate, make_request):
    result = generate(make_request())
    assert [path.name for path in result.path.parent.iterdir()] == ["still.png"]


def test_a_stopped_still_leaves_no_file_that_looks_finished(generate, make_request, tmp_path):
    def stop(phase: str, percent: float) -> None:
        if percent > 96:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(make_request(), progress=stop)
    assert not list(tmp_path.rglob("*.png"))


@pytest.mark.parametrize("size", [(0, 720), (1280, 63), (7681, 720)])
def test_a_size_that_cannot_be_made_is_refused(generate, make_request, size):
    width, height = size
    with pytest.raises(EngineError, match="64 to 7680 pixels"):
        generate(make_request(width=width, height=height))


def test_a_folder_that_cannot_be_written_is_a_storage_error(make_request, tmp_path):
    from director_lib.engines.local import LocalEngine

    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    with pytest.raises(StorageError, match="No version was changed"):
        LocalEngine().generate(make_request(), in_the_way, keyframe=None, progress=_quiet)
