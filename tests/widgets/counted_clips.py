"""Clips whose every frame says its own number in black and white blocks, for reading back from the screen."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.frame import VideoFrame
from playwright.sync_api import Locator

RATES = {
    "23.976": Fraction(24000, 1001),
    "24": Fraction(24),
    "25": Fraction(25),
    "29.97": Fraction(30000, 1001),
    "30": Fraction(30),
    "60": Fraction(60),
}
BITS, MARK_BITS, BLOCK_PX = 12, 4, 40
WIDTH, HEIGHT = (BITS + MARK_BITS) * BLOCK_PX, 360

# Reads the number and the mark from the part of a picture, clip or canvas that shows a frame.
READ_COUNTER = """(element, {bits, all, place}) => {
    const wide = element.videoWidth || element.naturalWidth || element.width;
    const high = element.videoHeight || element.naturalHeight || element.height;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [wide, high];
    const context = canvas.getContext('2d');
    context.drawImage(element, 0, 0);
    const [x, y, width, height] = place;
    const row = context.getImageData(0, Math.round((y + height * 0.055) * high), wide, 1).data;
    let value = 0;
    for (let n = 0; n < all; n += 1) {
        const middle = Math.round((x + width * (n + 0.5) / all) * wide);
        value = value * 2 + (row[middle * 4] > 127 ? 1 : 0);
    }
    return [value >> (all - bits), value & ((1 << (all - bits)) - 1)];
}"""
WHOLE = (0.0, 0.0, 1.0, 1.0)

Place = tuple[float, float, float, float]


def write_counted_clip(path: Path, rate: Fraction, n_frames: int, *, mark: int = 0, start: int = 0) -> Path:
    """Write an H.264 clip with B-frames whose frame k shows the number k and a mark of its own.

    Args:
        path: Where to; its ending names the container.
        rate: Frames per second.
        n_frames: How many.
        mark: 0 to 15, the same on every frame.
        start: Frames' worth of time before the first one.
    """
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate, options={"crf": "20", "g": "48", "bf": "2"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = 1 / rate
        for number in range(n_frames):
            frame = VideoFrame.from_ndarray(_picture(number, mark), format="gray")
            frame.pts, frame.time_base = number + start, 1 / rate
            container.mux(stream.encode(frame.reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    return path


def read_counter(element: Locator, place: Place = WHOLE) -> tuple[int, int]:
    """Read the number and the mark that an element shows.

    Args:
        element: A picture, clip or canvas.
        place: Left, top, width and height of the frame within it, as parts of the whole.
    """
    number, mark = element.evaluate(READ_COUNTER, reading(place))
    return number, mark


def reading(place: Place) -> dict[str, object]:
    """Return what ``READ_COUNTER`` has to know besides the element."""
    return {"bits": BITS, "all": BITS + MARK_BITS, "place": place}


def halves(canvas: Locator) -> tuple[Place, Place]:
    """Return where the frames are on a canvas that shows two side by side."""
    wide, high = canvas.evaluate("(canvas) => [canvas.width, canvas.height]")
    half = (wide - 2) / 2
    scale = min(half / WIDTH, high / HEIGHT)
    width, height = WIDTH * scale, HEIGHT * scale
    left, top = (half - width) / 2, (high - height) / 2
    place = (left / wide, top / high, width / wide, height / high)
    return place, ((left + half + 2) / wide, *place[1:])


def filled(canvas: Locator) -> Place:
    """Return where the frame is on a canvas that shows one."""
    wide, high = canvas.evaluate("(canvas) => [canvas.width, canvas.height]")
    scale = min(wide / WIDTH, high / HEIGHT)
    width, height = WIDTH * scale / wide, HEIGHT * scale / high
    return ((1 - width) / 2, (1 - height) / 2, width, height)


def _picture(number: int, mark: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    value = number << MARK_BITS | mark
    picture = np.full((HEIGHT, WIDTH), 90, np.uint8)
    for block in range(BITS + MARK_BITS):
        is_set = value >> (BITS + MARK_BITS - 1 - block) & 1
        picture[:BLOCK_PX, block * BLOCK_PX : (block + 1) * BLOCK_PX] = 235 if is_set else 16
    across = number * 8 % (WIDTH - 80)
    picture[150:230, across : across + 80] = 40 + 12 * mark
    return picture
