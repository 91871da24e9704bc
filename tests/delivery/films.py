"""Small films whose frames tell their number, and the pages that are built of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import av
import numpy as np
from PIL import Image

from director_lib.delivery.site import SiteBuild, build_site
from director_lib.domain.stream import Section, Segment, Stream
from director_lib.domain.version import Kind
from director_lib.media.files import StoredFile, hash_file

_STEP, _BASE = 45, 5
VOID = {"meta", "link", "img", "br", "hr", "input"}


def color_of(number: int) -> tuple[int, int, int]:
    """Write a number below 125 as a colour that survives two lossy codecs."""
    return (number // 25 * _STEP + 20, number // 5 % 5 * _STEP + 20, number % 5 * _STEP + 20)


def number_of(color: tuple[int, ...]) -> int:
    """Read a number back from a colour."""
    high, middle, low = (min(_BASE - 1, max(0, round((part - 20) / _STEP))) for part in color[:3])
    return high * 25 + middle * 5 + low


def numbered_clip(path: Path, n_frames: int, segment: int = 1, fps: int = 24) -> Path:
    """Encode a clip: the upper half of each frame is the frame's number, the lower half the segment's."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=fps, options={"crf": "6", "preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 96, 64, "yuv444p"
        for number in range(n_frames):
            pixels = np.empty((64, 96, 3), np.uint8)
            pixels[:32], pixels[32:] = color_of(number % 125), color_of(segment)
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def plain_still(path: Path, number: int = 7) -> Path:
    """Save a still of one colour."""
    Image.new("RGB", (96, 64), color_of(number)).save(path)
    return path


def stored(path: Path) -> StoredFile:
    """Describe a file as the version store does."""
    return StoredFile(hash_file(path), path.stat().st_size, path)


def number_in(frame: Path) -> int:
    """Read the number that a frame shows."""
    with Image.open(frame) as picture:
        pixel = picture.convert("RGB").getpixel((picture.width // 2, picture.height // 4))
    assert isinstance(pixel, tuple)
    return number_of(tuple(map(int, pixel)))


@dataclass
class Film:
    """A stream with its files and the places that a site is built in."""

    folder: Path
    stream: Stream
    files: dict[tuple[int, Kind], StoredFile] = field(default_factory=dict)

    @property
    def target(self) -> Path:
        return self.folder / "sites" / "film"

    @property
    def frames(self) -> Path:
        return self.folder / "frames"

    def build(self) -> SiteBuild:
        return build_site(self.stream, self.files, self.frames, self.target)


def make_film(
    folder: Path, n_segments: int = 2, sections: tuple[Section, ...] = (), n_frames: int = 12
) -> Film:
    """Make a film with a clip for each segment."""
    folder.mkdir(exist_ok=True)
    segments = tuple(Segment(number, title=f"Part {number}") for number in range(1, n_segments + 1))
    texts = sections or tuple(Section(f"s{one.id}", (one.id,), f"Text {one.id}.") for one in segments)
    film = Film(folder, Stream("film", "A film", "en", segments=segments, sections=texts))
    for segment in segments:
        path = numbered_clip(folder / f"{segment.id}.mp4", n_frames, segment.id)
        film.files[segment.id, Kind.VIDEO] = stored(path)
    return film


class Page(HTMLParser):
    """A page taken apart; fails on tags that do not match."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.html = path.read_text(encoding="utf-8")
        self.feed(self.html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute of <{tag}> is there twice"
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts.append((self._open[-1], data))

    def find(self, tag: str, **attributes: str) -> list[Mapping[str, str]]:
        """List the attributes of all tags of one name that have these among them."""
        return [
            found
            for name, found in self.tags
            if name == tag and all(found.get(key) == value for key, value in attributes.items())
        ]

    def meta(self, name: str) -> str:
        """Return what a meta tag says; "" without one."""
        named = [*self.find("meta", name=name), *self.find("meta", property=name)]
        return named[0]["content"] if named else ""

    def words(self) -> str:
        """Return all text, white space evened out."""
        return " ".join(" ".join(text for tag, text in self.texts if tag != "title").split())
