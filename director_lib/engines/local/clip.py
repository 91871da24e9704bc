"""Films a still: moves a camera over the keyframe and encodes H.264."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from director_lib.domain.disclosure import PROVENANCE_KEY, STATEMENT
from director_lib.domain.task import GenerationRequest
from director_lib.engines.local.camera import CameraPath, camera_path
from director_lib.engines.local.motion import Bytes, Motion, apply, read_effects
from director_lib.engines.local.provenance import SOFTWARE, plain_text, provenance_json
from director_lib.engines.protocol import ProgressCallback
from director_lib.errors import EngineError

_THREADS = 2
_AHEAD = 8
_REPORT_EVERY = 6
_BT709, _LIMITED = 1, 1


@dataclass(frozen=True, slots=True)
class _Film:
    """Everything that a frame is made from; planes are brightness, blue and red difference."""

    planes: tuple[Image.Image, Image.Image, Image.Image]
    path: CameraPath
    motion: Motion
    width: int
    height: int


def render_clip(request: GenerationRequest, keyframe: Path, target: Path, progress: ProgressCallback) -> int:
    """Film the keyframe as the motion prompt says.

    Args:
        request: Gives camera, size, length and frame rate; odd sizes are made even.
        keyframe: A picture of any size; cut to the clip's shape around its middle.
        target: File to write.
        progress: Told every few frames.

    Returns:
        The number of frames.

    Raises:
        EngineError: The keyframe is unreadable or the encoder failed.
        OSError: The file cannot be written.
    """
    frames = max(1, round(request.duration_s * request.fps))
    progress("preparing", 1)
    film = _prepare(request, keyframe, frames)
    progress("preparing", 4)
    try:
        _encode(request, film, target, progress)
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        raise EngineError(f"The clip could not be encoded ({error}). Nothing was kept; try again.") from error
    return frames


def _prepare(request: GenerationRequest, keyframe: Path, frames: int) -> _Film:
    width, height = request.width // 2 * 2, request.height // 2 * 2
    picture = _cut(_load(keyframe), width / height)
    path = camera_path(request.motion_prompt, frames, seed=request.seed, aspect=width / height)
    return _Film(_planes(picture), path, read_effects(request, frames), width, height)


def _load(keyframe: Path) -> Image.Image:
    try:
        with Image.open(keyframe) as image:
            return image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise EngineError(
            f"The keyframe {keyframe.name} cannot be read ({error}). Make the keyframe again, then the clip."
        ) from error


def _cut(picture: Image.Image, aspect: float) -> Image.Image:
    """Cut the picture to an aspect around its middle, with even sides."""
    width, height = picture.size
    wide, tall = min(width, round(height * aspect)), min(height, round(width / aspect))
    wide, tall = max(2, wide // 2 * 2), max(2, tall // 2 * 2)
    left, top = (width - wide) // 2, (height - tall) // 2
    return picture.crop((left, top, left + wide, top + tall))


def _planes(picture: Image.Image) -> tuple[Image.Image, Image.Image, Image.Image]:
    """Convert once to the planes that the encoder takes, so that each frame only resizes them."""
    frame = av.VideoFrame.from_ndarray(np.asarray(picture), format="rgb24")
    frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
    images = []
    for plane in frame.planes:
        rows = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)  # type: ignore[call-overload]
        images.append(Image.fromarray(rows[:, : plane.width].copy()))
    return images[0], images[1], images[2]


def _encode(request: GenerationRequest, film: _Film, target: Path, progress: ProgressCallback) -> None:
    total = len(film.path.zoom)
    with av.open(
        str(target), "w", format="mp4", options={"movflags": "+faststart+use_metadata_tags"}
    ) as output:
        output.metadata.update(_tags(request))
        stream = output.add_stream("libx264", rate=request.fps, options=_encoder_options(request.fps))
        _describe(stream, film, request.fps)
        for number, picture in enumerate(_pictures(film)):
            frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, request.fps)
            frame.colorspace, frame.color_range = _BT709, _LIMITED
            output.mux(stream.encode(frame))
            if number % _REPORT_EVERY == 0 or number == total - 1:
                progress("rendering", 5 + 88 * (number + 1) / total)
        output.mux(stream.encode(None))
    progress("finishing", 96)


def _tags(request: GenerationRequest) -> dict[str, str]:
    return {
        "description": plain_text(request.motion_prompt),
        "software": SOFTWARE,
        "comment": STATEMENT,
        PROVENANCE_KEY: provenance_json(request),
    }


def _encoder_options(fps: int) -> dict[str, str]:
    return {"preset": "superfast", "crf": "23", "x264-params": f"keyint={fps}:scenecut=0:open-gop=0"}


def _describe(stream: Any, film: _Film, fps: int) -> None:
    stream.width, stream.height, stream.pix_fmt = film.width, film.height, "yuv420p"
    codec = stream.codec_context
    codec.thread_count = _THREADS
    codec.time_base = Fraction(1, fps)
    codec.color_range, codec.colorspace = _LIMITED, _BT709
    codec.color_primaries, codec.color_trc = _BT709, _BT709


def _pictures(film: _Film) -> Iterator[Bytes]:
    """Yield the frames in order, made a little ahead on two threads."""
    total = len(film.path.zoom)
    with ThreadPoolExecutor(_THREADS) as workers:
        waiting: deque[Future[Bytes]] = deque()
        for number in range(total):
            waiting.append(workers.submit(_picture, film, number))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _picture(film: _Film, number: int) -> Bytes:
    planes = (_view(film, 0, number), _view(film, 1, number), _view(film, 2, number))
    if not film.motion.is_idle:
        planes = apply(film.motion, number, planes)
    return np.concatenate([plane.ravel() for plane in planes]).reshape(film.height * 3 // 2, film.width)


def _view(film: _Film, index: int, number: int) -> Bytes:
    """Return one plane as the camera sees it at a frame."""
    plane, path = film.planes[index], film.path
    part = 1 if index == 0 else 2
    size = (film.width // part, film.height // part)
    wide, tall = plane.width / float(path.zoom[number]), plane.height / float(path.zoom[number])
    middle_x = plane.width / 2 + float(path.across[number]) * (plane.width - wide) / 2
    middle_y = plane.height / 2 + float(path.down[number]) * (plane.height - tall) / 2
    if abs(float(path.roll_deg[number])) < 1e-3:
        box = (middle_x - wide / 2, middle_y - tall / 2, middle_x + wide / 2, middle_y + tall / 2)
        method = Image.Resampling.BICUBIC if index == 0 else Image.Resampling.BILINEAR
        return np.asarray(plane.resize(size, method, box=_inside(box, plane)))
    turn, scale = math.radians(float(path.roll_deg[number])), wide / size[0]
    cos, sin = math.cos(turn) * scale, math.sin(turn) * scale
    left = middle_x - (cos * size[0] - sin * size[1]) / 2
    top = middle_y - (sin * size[0] + cos * size[1]) / 2
    seen = plane.transform(
        size, Image.Transform.AFFINE, (cos, -sin, left, sin, cos, top), Image.Resampling.BILINEAR
    )
    return np.asarray(seen)


def _inside(box: tuple[float, float, float, float], plane: Image.Image) -> tuple[float, float, float, float]:
    """Keep a box from leaving the plane by a rounding error."""
    return (
        max(0.0, box[0]),
        max(0.0, box[1]),
        min(float(plane.width), box[2]),
        min(float(plane.height), box[3]),
    )
