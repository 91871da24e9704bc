"""Invented streams in the shapes that real ones have, built as plain values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from director_lib.domain.stream import Stream
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream

SEA = "A grey harbour at dawn, nets drying on the quay, ink wash"
GULLS = "Gulls over a lighthouse, cobalt and salt white"


def art_film(stream_id: str = "harbour") -> dict[str, Any]:
    return {
        "stream_id": stream_id,
        "visual_direction": {
            "aesthetic": "ink wash on rough paper",
            "color_palette": {"cobalt": "#0047AB", "salt": "#fff"},
            "references": ["old sea charts", "woodcuts"],
            "negative_prompts": ["text", "watermark"],
            "mood": "patient",
        },
        "segments": [
            {"id": 1, "title": "Dawn", "image_prompt": SEA, "motion_prompt": "slow push in", "duration": 6},
            {"id": 2, "title": "Gulls", "image_prompt": GULLS, "motion_prompt": "drift left"},
        ],
        "production_notes": {"keep": ["this", "too"]},
    }


def spec_v1(stream_id: str = "orchard") -> dict[str, Any]:
    return {
        "stream": {"id": stream_id, "title": "Az almáskert", "language": "hu"},
        "input": {"customer": {"name": "Kovács Piroska"}, "story": "…"},
        "visual_direction": {"style": "gouache", "color_palette": {"alma": "#c0392b"}},
        "composition_rules": {"prompt_suffix": "subject in the middle third", "safe_zone": "center"},
        "segments": [
            {
                "id": 1,
                "name": "Virágzás",
                "keyframe_prompt": "apple blossom",
                "animation_prompt": "petals fall",
            },
            {"id": 2, "name": "Szüret", "keyframe_prompt": "full baskets", "duration_seconds": 8},
        ],
        "sections": [
            {
                "id": "s1",
                "segment_ids": [1, 2],
                "text_content": "Tavasz volt.\n\n  A fák…",
                "heading": "Tavasz",
            }
        ],
        "output": {"dimensions": "1920x1080", "frame_format": "webp"},
    }


def short(stream_id: str = "letters") -> dict[str, Any]:
    return {
        "stream": {"id": stream_id, "name": "Letters home"},
        "visual_direction": {"style": "charcoal"},
        "segments": [{"id": 1, "image_prompt": "a desk", "negative_prompt": "people", "frame_count": 120}],
        "sections": [{"id": "one", "segment_ids": [1], "text_content": "Dear all,", "text_type": "letter"}],
    }


def sections_as_segments() -> dict[str, Any]:
    return {
        "stream": {"id": "tide"},
        "sections": [
            {"id": "a", "segment": 1, "text_content": "Low tide.", "image_prompt": "mud flats"},
            {"id": "b", "segment": "2", "text_content": "High tide.", "keyframe_prompt": "a flooded road"},
            {"id": "c", "text_content": "No picture here."},
        ],
    }


def input_form() -> dict[str, Any]:
    return {
        "id": "harbour",
        "title": "The harbour",
        "language": "en",
        "story": "It was early.\nNobody spoke.",
        "brief": {
            "notes": "quiet",
            "tone": ["calm", "grave"],
            "colors": {"sea": "#123456"},
            "references": "old charts",
            "client": {"email": "piroska@example.org"},
        },
        "client": {"name": "Kovács Piroska", "phone": "+36 1 555 0199"},
        "customer": "piroska@example.org",
        "segment_count": 4,
        "cta": "Read more",
        "created_at": "2026-01-02T03:04:05Z",
    }


def with_segments(*segments: Any) -> dict[str, Any]:
    return {"stream": {"id": "made"}, "segments": list(segments)}


def write(
    root: Path, stream_id: str, production: Any = None, form: Any = None, deployment: Any = None
) -> Path:
    """Make a stream folder; a text or bytes are written as they are, everything else as JSON."""
    folder = root / stream_id
    (folder / "keyframes").mkdir(parents=True, exist_ok=True)
    for name, value in (
        ("production.json", production),
        ("input.json", form),
        ("deployment.json", deployment),
    ):
        if isinstance(value, bytes):
            (folder / name).write_bytes(value)
        elif isinstance(value, str):
            (folder / name).write_bytes(value.encode())
        elif value is not None:
            (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=2), encoding="utf-8")
    return folder


def touch(folder: Path, *names: str) -> None:
    """Make files with some bytes, and the folders above them."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"bytes of " + name.encode())


def make_and_read(
    root: StreamsRoot, production: Any = None, form: Any = None, deployment: Any = None
) -> Stream:
    """Write the stream “made” and read it."""
    write(root.root, "made", production, form, deployment)
    return read_stream(root, "made")


def odd_paths(stream: Stream) -> list[str]:
    return [oddity.path for oddity in stream.oddities]


def spec_file(root: StreamsRoot) -> Path:
    return root.root / "a" / "production.json"


def segment_on_disk(root: StreamsRoot, index: int = 0, key: str = "segments") -> dict[str, Any]:
    return dict(json.loads(spec_file(root).read_text(encoding="utf-8"))[key][index])


def edit_outside(root: StreamsRoot, index: int, **values: Any) -> None:
    data = json.loads(spec_file(root).read_text(encoding="utf-8"))
    data["segments"][index].update(values)
    spec_file(root).write_text(json.dumps(data, indent=2), encoding="utf-8")


def digest(root: StreamsRoot) -> str:
    sha256 = read_stream(root, "a").spec_sha256
    assert sha256 is not None
    return sha256
