"""What Google's engines have to be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from director_lib.engines.google.models import DEFAULT_IMAGE_MODEL, DEFAULT_TEXT_MODEL, DEFAULT_VIDEO_MODEL

if TYPE_CHECKING:
    from pydantic import SecretStr

GOOGLE_URL = "https://generativelanguage.googleapis.com"


@dataclass(frozen=True, slots=True)
class GoogleOptions:
    """The options of all engines.

    Attributes:
        api_key: Needed for calls only: prices and capabilities are told without one.
        base_url: Where Google's API, or a gateway to it, answers; the key is sent there and nowhere else.
        api_version: The version in the API's addresses.
        image_timeout_s: Longest wait for a picture, which Google makes while the call lasts.
        text_timeout_s: Longest wait for a text, likewise.
        submit_timeout_s: Longest wait until Google confirms an order for a clip.
        call_timeout_s: Longest wait for any other answer.
        download_timeout_s: Longest silence during a download.
        prices_usd: Prices by model, for each picture or second of clip, that win over the built-in ones.
    """

    api_key: SecretStr | None = None
    base_url: str = GOOGLE_URL
    api_version: str = "v1"
    image_model: str = DEFAULT_IMAGE_MODEL
    video_model: str = DEFAULT_VIDEO_MODEL
    text_model: str = DEFAULT_TEXT_MODEL
    image_timeout_s: float = 300.0
    text_timeout_s: float = 300.0
    submit_timeout_s: float = 180.0
    call_timeout_s: float = 60.0
    download_timeout_s: float = 60.0
    prices_usd: Mapping[str, float] = field(default_factory=dict)
