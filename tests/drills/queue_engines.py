"""The real engines for the drill of the queue, less patient than usual; a worker takes them by ``--engines``.

With ``DRILL_CLOCK`` naming a file, whatever process imports this module has a wall clock that is wrong by as
many seconds as the file says, and follows it while it runs.
"""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from pydantic import SecretStr

from director_lib.config import Settings
from director_lib.engines.google import GoogleEngine, GoogleOptions
from director_lib.engines.keys import KEYS
from director_lib.engines.protocol import Engine
from director_lib.engines.registry import get_engine as get_usual_engine
from director_lib.engines.replicate import ReplicateEngine, ReplicateOptions
from director_lib.engines.script import ScriptEngine, ScriptOptions
from director_lib.tasks import workshop

SOURCE = "tests.drills.queue_engines:get_engine"
ANSWER_S = 8.0
"""How long a provider's answer is waited for."""

_CLOCK = "DRILL_CLOCK"


class GratisEngine(ScriptEngine):
    """The studio's own programs once more, for nothing."""

    name = "gratis"


def get_engine(name: str, settings: Settings) -> Engine:
    """Return an engine of the drill."""
    if name == "gratis":
        return GratisEngine(
            ScriptOptions(
                frame_command=settings.script_frame_command,
                video_command=settings.script_video_command,
                timeout_s=settings.script_timeout_s,
                frame_usd=0.0,
                video_usd_per_s=0.0,
            )
        )
    if name == "google":
        waits = ("image_timeout_s", "submit_timeout_s", "call_timeout_s", "download_timeout_s")
        key = SecretStr(os.environ.get(KEYS["google"], ""))
        options = GoogleOptions(
            api_key=key, base_url=settings.google_base_url, **dict.fromkeys(waits, ANSWER_S)
        )
        return GoogleEngine(options)
    if name == "replicate":
        return ReplicateEngine(
            ReplicateOptions(
                token=os.environ.get(KEYS["replicate"], ""),
                base_url=settings.replicate_base_url,
                answer_timeout_s=ANSWER_S,
                upload_timeout_s=ANSWER_S,
            )
        )
    return get_usual_engine(name, settings)


def _follow(path: Path) -> None:
    """Let this process believe the file's clock; what it measures with a monotonic one stays right."""
    right = time.time

    def error_s() -> float:
        try:
            return float(path.read_text() or 0)
        except FileNotFoundError:
            return 0.0

    class WrongDatetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(seconds=error_s())

    time.time = lambda: right() + error_s()
    workshop.datetime = WrongDatetime  # type: ignore[misc, assignment]


if _CLOCK in os.environ:
    _follow(Path(os.environ[_CLOCK]))
