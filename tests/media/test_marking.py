"""Marks in generated files, read back by libraries that had no part in writing them."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from director_lib.domain.disclosure import (
    DIGITAL_SOURCE_TYPE,
    PROVENANCE_KEY,
    STATEMENT,
    as_json,
    as_xmp,
    disclosure_facts,
)
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.errors import InvalidMediaError
from director_lib.media.marking import mark
from director_lib.media.probe import MediaFacts, probe

PROMPT = "a sea & a <harbour> – „Hajnal” 港"
STILL_ENDINGS = [".png", ".jpg", ".webp"]
CLIP_ENDINGS = [".mp4", ".mov", ".webm"]
_PROPERTY = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"


def told(prompt: str = PROMPT, kind: Kind = Kind.KEYFRAME) -> dict[str, object]:
    request = GenerationRequest("film", 7, kind, "google", prompt, motion_prompt="push in", seed=11)
    return disclosure_facts(request, model="imagen-9", task_id="t_1", source_sha256="d" * 64)


def marked(source: Path, facts: dict[str, object]) -> tuple[Path, MediaFacts]:
    target = source.with_name(f"marked{source.suffix}")
    return target, mark(source, target, probe(source), facts)


def xmp_of(path: Path) -> dict[str, str]:
    with Image.open(path) as image:
        packet = image.info["xmp"]
    return properties(packet.decode() if isinstance(packet, bytes) else packet)


def properties(packet: str) -> dict[str, str]:
    body = packet[packet.index("<x:xmpmeta") : packet.index("<?xpacket end")]
    tree = ElementTree.fromstring(body)  # noqa: S314 - written by the test itself a moment ago
    described = next(node for node in tree.iter() if node.tag.endswith("Description"))
    return {child.tag.removeprefix(_PROPERTY): child.text or "" for child in described}


def pixels(path: Path) -> Any:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA"))


def packets(path: Path) -> list[tuple[str, bytes]]:
    with av.open(str(path)) as container:
        return [(packet.stream.type, bytes(packet)) for packet in container.demux() if packet.size]


@pytest.mark.parametrize("extension", STILL_ENDINGS)
def test_a_marked_still_tells_that_a_machine_made_it_and_how(
    still: Callable[[str], Path], extension: str
) -> None:
    path, facts = marked(still(extension), told())
    found = xmp_of(path)
    assert found["DigitalSourceType"] == DIGITAL_SOURCE_TYPE
    assert (found["AISystemUsed"], found["AISystemVersionUsed"]) == ("google", "imagen-9")
    assert found["AIPromptInformation"] == PROMPT
    assert probe(path) == facts


@pytest.mark.parametrize("extension", STILL_ENDINGS)
def test_a_mark_changes_no_pixel(still: Callable[[str], Path], extension: str) -> None:
    source = still(extension)
    path, _ = marked(source, told())
    assert np.array_equal(pixels(path), pixels(source))


def test_a_marked_png_has_its_provenance_as_text(still: Callable[[str], Path]) -> None:
    path, _ = marked(still(".png"), told())
    with Image.open(path) as image:
        texts = dict(image.text)
    assert (texts["Description"], texts["Comment"]) == (PROMPT, STATEMENT)
    facts = json.loads(texts[PROVENANCE_KEY])
    assert facts["ai_generated"] is True
    assert (facts["seed"], facts["prompt"], facts["task"]) == (11, PROMPT, "t_1")


@pytest.mark.parametrize("extension", CLIP_ENDINGS)
def test_a_marked_clip_tells_the_same_and_keeps_every_packet(
    clip: Callable[..., Path], extension: str
) -> None:
    source = clip(extension)
    path, facts = marked(source, told(kind=Kind.VIDEO))
    with av.open(str(path)) as container:
        tags = {name.lower(): text for name, text in container.metadata.items()}
    written = json.loads(tags[PROVENANCE_KEY])
    assert (tags["comment"], tags["description"]) == (STATEMENT, "push in")
    assert written["digital_source_type"] == DIGITAL_SOURCE_TYPE
    assert (written["model"], written["source_sha256"]) == ("imagen-9", "d" * 64)
    assert packets(path) == packets(source)
    assert facts.n_frames == probe(source).n_frames


@pytest.mark.parametrize("extension", [".mp4", ".mov"])
def test_a_marked_clip_has_the_packet_that_other_programs_look_for(
    clip: Callable[..., Path], extension: str
) -> None:
    path, _ = marked(clip(extension), told(kind=Kind.VIDEO))
    data = path.read_bytes()
    packet = data[data.index(b"<?xpacket begin") :].decode()
    assert properties(packet)["DigitalSourceType"] == DIGITAL_SOURCE_TYPE


@pytest.mark.parametrize("extension", STILL_ENDINGS + CLIP_ENDINGS)
def test_marking_again_replaces_the_mark(
    still: Callable[[str], Path], clip: Callable[..., Path], tmp_path: Path, extension: str
) -> None:
    source = still(extension) if extension in STILL_ENDINGS else clip(extension)
    kind = probe(source).kind
    once, _ = marked(source, told(kind=kind))
    first = tmp_path / f"first{extension}"
    shutil.copy(once, first)
    other, _ = marked(first, {**told(kind=kind), "statement": "other words"})
    second = other.rename(tmp_path / f"second{extension}")
    again, _ = marked(second, told(kind=kind))
    assert b"other words" in second.read_bytes()
    assert b"other words" not in again.read_bytes()
    assert again.stat().st_size == first.stat().st_size


@pytest.mark.parametrize("extension", STILL_ENDINGS + CLIP_ENDINGS)
def test_the_file_that_was_made_stays_as_it_was(
    still: Callable[[str], Path], clip: Callable[..., Path], extension: str
) -> None:
    source = still(extension) if extension in STILL_ENDINGS else clip(extension)
    before = source.read_bytes()
    marked(source, told(kind=probe(source).kind))
    assert source.read_bytes() == before


def test_a_lossless_webp_keeps_what_can_be_seen_through(tmp_path: Path) -> None:
    source = tmp_path / "still.webp"
    Image.new("RGBA", (33, 17), (200, 10, 10, 90)).save(source, lossless=True)
    path, _ = marked(source, told())
    with Image.open(path) as image:
        assert (image.mode, image.getpixel((3, 3))) == ("RGBA", (200, 10, 10, 90))
    assert xmp_of(path)["DigitalSourceType"] == DIGITAL_SOURCE_TYPE


def test_a_jpeg_keeps_the_camera_data_that_it_had(tmp_path: Path, picture: Image.Image) -> None:
    source = tmp_path / "still.jpg"
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    picture.save(source, exif=exif, dpi=(300, 300))
    path, _ = marked(source, told())
    with Image.open(path) as image:
        assert image.getexif()[0x010F] == "A camera"


def test_a_prompt_too_long_for_a_jpeg_never_costs_the_disclosure(still: Callable[[str], Path]) -> None:
    path, _ = marked(still(".jpg"), told("港" * 20_000))
    found = xmp_of(path)
    assert found["DigitalSourceType"] == DIGITAL_SOURCE_TYPE
    assert found["AISystemVersionUsed"] == "imagen-9"
    assert "AIPromptInformation" not in found


def test_a_file_that_cannot_carry_a_mark_is_named_and_leaves_nothing_behind(
    still: Callable[[str], Path], tmp_path: Path
) -> None:
    source = still(".png")
    found = probe(source)
    source.write_bytes(source.read_bytes()[:60])
    with pytest.raises(InvalidMediaError, match="its provenance cannot be written into it"):
        mark(source, tmp_path / "marked.png", found, told())
    assert not (tmp_path / "marked.png").exists()


@given(prompt=st.text(max_size=200))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_prompt_holds_it_is_data(tmp_path: Path, prompt: str) -> None:
    source = tmp_path / "small.png"
    Image.new("RGB", (20, 20), "navy").save(source)
    facts = told(prompt)
    assert json.loads(as_json(facts))["seed"] == 11
    assert properties(as_xmp(facts))["DigitalSourceType"] == DIGITAL_SOURCE_TYPE
    path, _ = marked(source, facts)
    with Image.open(path) as image:
        assert json.loads(image.text[PROVENANCE_KEY])["ai_generated"] is True
