"""The real engines of both providers, which reach the fakes of a test by their settings."""

from __future__ import annotations

import os

from pydantic import SecretStr

from director_lib.config import Settings
from director_lib.engines.google import GoogleEngine, GoogleOptions
from director_lib.engines.protocol import Engine
from director_lib.engines.replicate import ReplicateEngine, ReplicateOptions
from tests.engines.fakes.google.server import GOOD_KEY
from tests.engines.fakes.replicate.state import FakeReplicate

SOURCE = "tests.tasks.fake_backed:get_engine"
_SOON_S = 3.0


def get_engine(name: str, settings: Settings) -> Engine:
    os.environ["NO_PROXY"] = "127.0.0.1,localhost"
    if name == "replicate":
        token = FakeReplicate().token
        return ReplicateEngine(
            ReplicateOptions(token=token, base_url=settings.replicate_base_url, answer_timeout_s=_SOON_S)
        )
    key = SecretStr(GOOD_KEY)
    waits = dict.fromkeys(("image_timeout_s", "submit_timeout_s", "call_timeout_s"), _SOON_S)
    return GoogleEngine(GoogleOptions(api_key=key, base_url=settings.google_base_url, **waits))
