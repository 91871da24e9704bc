"""Turns a motion prompt into the path of a camera over the keyframe."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from director_lib.engines.local.noise import Floats
from director_lib.engines.local.words import fold

_MOVERS = (
    "pan|truck|track|slide|slid|drift|move|moving|sweep|glide|gliding|swing|travel|look|dolly"
    "|pasztaz|mozog|mozdul|siklik|fordul"
)
_GOERS = "push|zoom|dolly|creep|fly|flies|move|moving|track|drift|glide|inch|ease|pull|draw|step"
_LIFTERS = "tilt|crane|pedestal|boom|move|drift|look|pan|jib|emel|billen"
_GAP = r"\w*(?: \w+){0,3}"

_MOVES = (
    (
        "push",
        rf"\b(?:{_GOERS}){_GAP} (?:in|into|inward|forwards?|closer|towards?)\b"
        r"|\bapproach\w*|\bclose in\b|\b(?:ra)?kozel\w*",
    ),
    (
        "pull",
        rf"\b(?:{_GOERS}){_GAP} (?:out|outward|back|backwards?|away)\b"
        r"|\bretreat\w*|\breced\w*|\btavolod\w*|\bhatral\w*",
    ),
    ("left", rf"\b(?:{_MOVERS}){_GAP} left\b|\bleftward\w*|\bbalra\b"),
    ("right", rf"\b(?:{_MOVERS}){_GAP} right\b|\brightward\w*|\bjobbra\b"),
    (
        "up",
        rf"\b(?:{_LIFTERS}){_GAP} upwards?\b|\b(?:{_LIFTERS}){_GAP} up\b|\bris(?:e|es|ing)\b"
        r"|\bascend\w*|\bfel\b|\bfelfele\b|\bemelked\w*",
    ),
    (
        "down",
        rf"\b(?:{_LIFTERS}){_GAP} (?:down|downwards?)\b|\bdescend\w*|\blower\w*"
        r"|\ble\b|\blefele\b|\bereszked\w*|\bsullyed\w*",
    ),
    ("orbit", r"\borbit\w*|\barc\b|\barcs\b|\barcing\b|\bcircl\w*|\bkering\w*|\bkorbe\w*"),
    ("roll", r"\broll(?:s|ing)?\b|\bdutch\b|\brotat\w*|\bspin\w*|\btwist\w*|\bforog\w*|\bmegdol\w*"),
)
_EFFECTS = {
    "push": (1.0, 0.0, 0.0, 0.0),
    "pull": (-1.0, 0.0, 0.0, 0.0),
    "left": (0.0, -1.0, 0.0, 0.0),
    "right": (0.0, 1.0, 0.0, 0.0),
    "up": (0.0, 0.0, -1.0, 0.0),
    "down": (0.0, 0.0, 1.0, 0.0),
    "orbit": (0.35, 0.8, 0.0, 0.0),
    "roll": (0.0, 0.0, 0.0, 1.0),
}
_THEN = re.compile(r"\b(?:then|before|finally|afterwards|majd|aztan|utana|vegul)\b|[;→]|->", re.IGNORECASE)
_FAST = re.compile(r"\b(?:fast|quick\w*|rapid\w*|whip|sudden\w*|rush\w*|swift\w*|gyors\w*|hirtelen)\b")
_SLOW = re.compile(r"\b(?:slow\w*|gentl\w*|subtl\w*|soft\w*|barely|lassan|lassu\w*|finom\w*|enyhe\w*)\b")
_STILL = re.compile(
    r"\b(?:static|locked|still|hold|holds|tripod|fixed|motionless|statikus|allo|mozdulatlan\w*|rogzitett)\b"
)
_HAND_HELD = re.compile(r"\bhand ?held\b|\bshak\w*|\bdocumentary\b|\bkezi ?kamera\w*|\brazkod\w*|\bremeg\w*")
_ZOOM, _TRAVEL, _ROLL_DEG = 0.20, 0.80, 2.4


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a movement.

    Attributes:
        moves: Names of moves, in the order known to the vocabulary; empty for a held camera.
        speed: 1 is usual, less is slower.
    """

    moves: tuple[str, ...]
    speed: float


@dataclass(frozen=True, slots=True)
class CameraPath:
    """Where the camera looks at each frame.

    Attributes:
        zoom: 1 shows the whole keyframe, 2 a half of its width.
        across: -1 the left end of what the zoom leaves free, 1 the right end.
        down: -1 the top, 1 the bottom.
        roll_deg: Clockwise turn of the camera.
    """

    zoom: Floats
    across: Floats
    down: Floats
    roll_deg: Floats


def read_motion(motion: str) -> list[Phase]:
    """Return the phases of a motion prompt; one soft push-in when nothing is understood."""
    return [_phase(fold(part)) for part in _THEN.split(_unaccented(motion)) if fold(part)] or [_phase("")]


def _unaccented(text: str) -> str:
    """Drop accents only, so that arrows and semicolons still part the phases."""
    return text.lower().translate(str.maketrans("áéíóöőúüű", "aeiooouuu"))


def _phase(text: str) -> Phase:
    text = text.replace("left to right", "right").replace("right to left", "left")
    text = re.sub(r"\b(tilt|crane)\w*$", r"\1 up", text)
    moves = tuple(name for name, pattern in _MOVES if re.search(pattern, text))
    if not moves:
        return Phase((), 0.0) if _STILL.search(text) else Phase(("push",), 0.55)
    speed = 1.6 if _FAST.search(text) else 0.6 if _SLOW.search(text) else 1.0
    return Phase(moves, speed)


def is_hand_held(motion: str) -> bool:
    """Tell whether the camera should tremble."""
    return bool(_HAND_HELD.search(fold(motion)))


def camera_path(motion: str, frames: int, *, seed: int = 0, aspect: float = 16 / 9) -> CameraPath:
    """Return the camera's path for a motion prompt.

    Args:
        motion: The motion prompt.
        frames: Number of frames, at least 1.
        seed: Varies the tremble of a hand-held camera.
        aspect: Width by height; a rolling camera needs more room in a wide picture.
    """
    hand_held = is_hand_held(motion)
    stations = _stations(read_motion(motion))
    poses = _along(stations, frames)
    travel = float(np.abs(stations[:, 1:3]).max())
    room = (0.12 + 0.10 * min(1.0, travel)) if travel > 0.02 else 0.0
    room += 0.05 if hand_held else 0.0
    tilt = math.radians(float(np.abs(stations[:, 3]).max()))
    zoom = np.exp(poses[:, 0]) * (1 + room) * (math.cos(tilt) + max(aspect, 1 / aspect) * math.sin(tilt))
    across, down = poses[:, 1], poses[:, 2]
    if hand_held:
        across, down = across + _tremble(frames, seed), down + _tremble(frames, seed + 1)
    return CameraPath(
        zoom.astype(np.float32),
        np.clip(across, -1, 1).astype(np.float32),
        np.clip(down, -1, 1).astype(np.float32),
        poses[:, 3].astype(np.float32),
    )


def _stations(phases: list[Phase]) -> np.ndarray:
    """Return the pose at the start and after each phase: zoom exponent, across, down, roll."""
    reach = np.array([_ZOOM, _TRAVEL, _TRAVEL, _ROLL_DEG])
    steps = [
        np.sum([_EFFECTS[move] for move in phase.moves] or [(0.0,) * 4], axis=0) * phase.speed
        for phase in phases
    ]
    stations = np.vstack([np.zeros(4), np.cumsum(steps, axis=0) * reach])
    stations[:, 0] -= stations[:, 0].min()
    for axis in (1, 2):
        stations[:, axis] -= (stations[:, axis].min() + stations[:, axis].max()) / 2
        stations[:, axis] /= max(1.0, float(np.abs(stations[:, axis]).max()))
    return stations


def _along(stations: np.ndarray, frames: int) -> np.ndarray:
    """Return the pose of each frame, setting off and arriving softly at every station."""
    time = np.linspace(0, len(stations) - 1, frames)
    start = np.minimum(time.astype(int), len(stations) - 2)
    part = time - start
    eased = 0.85 * part * part * (3 - 2 * part) + 0.15 * part
    poses: np.ndarray = stations[start] + (stations[start + 1] - stations[start]) * eased[:, None]
    return poses


def _tremble(frames: int, seed: int) -> np.ndarray:
    seconds = np.arange(frames) / 24
    phase = seed % 97
    wave: np.ndarray = 0.10 * (np.sin(seconds * 5.1 + phase) + 0.5 * np.sin(seconds * 11.3 + phase * 2))
    return wave
