"""How long a film's frames take in both tiers, and its page from frames that are there already."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from benchmarks.report import Measurement
from director_lib.delivery.site import build_site
from director_lib.domain.stream import Section, Segment, Stream
from director_lib.domain.version import Kind
from director_lib.media.files import StoredFile, hash_file

N_SEGMENTS, N_FRAMES, FPS = 9, 121, 24
WIDTH, HEIGHT = 1280, 720
LIMIT_S = 25.0
_MOST_RUNS = 3


def measure_sites(home: Path, runs: int, tell: Callable[[str], None]) -> list[Measurement]:
    """Measure building a film's page of nine clips of five seconds, first and again."""
    home.mkdir(parents=True)
    tell(f"filming {N_SEGMENTS} clips")
    numbers = range(1, N_SEGMENTS + 1)
    files = {(number, Kind.VIDEO): _film(home / f"{number}.mp4", number) for number in numbers}
    segments = tuple(Segment(number, title=f"Part {number}") for number in numbers)
    sections = tuple(Section(f"s{number}", (number,), f"Text {number}.") for number in numbers)
    stream = Stream("film", "A film", "en", segments=segments, sections=sections)
    first_ms: list[float] = []
    again_ms: list[float] = []
    for run in range(min(runs, _MOST_RUNS)):
        tell("making frames of both tiers")
        frames, target = home / f"frames-{run}", home / f"sites-{run}" / "film"
        for found in (first_ms, again_ms):
            began = time.perf_counter()
            build_site(stream, files, frames, target)
            found.append((time.perf_counter() - began) * 1000)
    label = f"{N_SEGMENTS} segments"
    return [
        Measurement("a film's page, frames of both tiers", label, first_ms, limit=LIMIT_S * 1000),
        Measurement("a film's page, built again", label, again_ms),
    ]


def _film(path: Path, seed: int) -> StoredFile:
    """Encode a clip with a moving picture that is neither flat nor noise only."""
    dice = np.random.default_rng(seed)
    across, down = np.meshgrid(np.linspace(0, 6, WIDTH), np.linspace(0, 4, HEIGHT))
    grain = dice.normal(0, 6, (HEIGHT, WIDTH))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"crf": "20", "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(N_FRAMES):
            wave = 110 + 90 * np.sin(across + seed + number / 20) * np.cos(down - number / 30) + grain
            pixels = np.stack([wave, np.roll(wave, 40, 1), 255 - wave], 2).clip(0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return StoredFile(hash_file(path), path.stat().st_size, path)
