"""What can be chosen about Replicate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.replicate.models import DEFAULT_VIDEO_MODEL, find_known_kind
from director_lib.errors import ConfigError

MODEL_NAME = re.compile(r"[\w.-]+/[\w.-]+(:[0-9a-f]{8,64})?")
"""How the name of a model, and perhaps of a version of it, is written."""

REPLICATE_URL = "https://api.replicate.com"
_SHORTEST_RUN_S = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicateOptions:
    """Everything that can be chosen; the token shows in no repr.

    Attributes:
        token: The account's API token; empty when there is none.
        video_model: ``owner/name`` or ``owner/name:version`` of the model that makes clips.
        image_model: The same for stills; None when stills are made elsewhere.
        video_input: Further inputs of the clip model, by its own names; they win over what is chosen here.
        image_input: Further inputs of the still model.
        prices_usd: Model to USD for a second of clip or for a still; wins over the built-in table.
        cancel_after_s: Replicate stops a run by itself after this long, or up to half an hour later: the
            rest is how an attempt is recognised (``marks.py``).
        clock_error_s: How wrong this machine's clock may be.
    """

    token: str = field(default="", repr=False)
    base_url: str = REPLICATE_URL
    video_model: str = DEFAULT_VIDEO_MODEL
    image_model: str | None = None
    video_input: Mapping[str, object] = field(default_factory=dict)
    image_input: Mapping[str, object] = field(default_factory=dict)
    prices_usd: Mapping[str, float] = field(default_factory=dict)
    connect_timeout_s: float = 10.0
    answer_timeout_s: float = 60.0
    upload_timeout_s: float = 180.0
    cancel_after_s: int = 1800
    clock_error_s: float = 600.0
    largest_file_bytes: int = 2 * 1024**3

    def __post_init__(self) -> None:
        """Refuse what cannot work.

        Raises:
            ConfigError: An address or the name of a model has the wrong form.
        """
        if not re.fullmatch(r"https?://[\w.\[\]:-]+(/[\w./-]*)?", self.base_url):
            raise ConfigError(
                "DIRECTOR_REPLICATE_BASE_URL is no web address. "
                "Give one such as https://api.replicate.com, or leave it out."
            )
        for model in (self.video_model, self.image_model):
            if model is not None and not MODEL_NAME.fullmatch(model):
                raise ConfigError(
                    f"“{model[:80]}” is not the name of a model at Replicate. "
                    "Give owner and name as on its page, such as bytedance/seedance-1-pro."
                )
        if self.cancel_after_s < _SHORTEST_RUN_S:
            raise ConfigError(f"A run at Replicate cannot be limited to less than {_SHORTEST_RUN_S} s.")

    def model_for(self, kind: Kind) -> str | None:
        """Return the model that makes files of a kind, or None."""
        return self.video_model if kind is Kind.VIDEO else self.image_model

    def further_input(self, kind: Kind) -> Mapping[str, object]:
        """Return the inputs that the studio gives to every file of a kind."""
        return self.video_input if kind is Kind.VIDEO else self.image_input

    def find_kind(self, model: str) -> Kind | None:
        """Return what a model makes: as it is used here, else as it is known; None when it is neither."""
        name = model.partition(":")[0]
        used = {(self.model_for(kind) or "").partition(":")[0]: kind for kind in Kind}
        return (used.get(name) or find_known_kind(name)) if name else None

    def for_request(self, request: GenerationRequest) -> Self:
        """Return the options that a request is carried out with: its own model wins over the one in use.

        Raises:
            ConfigError: The model's name has the wrong form.
        """
        if not request.model or request.model == self.model_for(request.kind):
            return self
        # the studio's further inputs are named after the model in use
        if request.kind is Kind.VIDEO:
            return replace(self, video_model=request.model, video_input={})
        return replace(self, image_model=request.model, image_input={})

    def bearer(self) -> str:
        """Return the value of the header that names the account.

        Raises:
            ConfigError: There is no token, or one that no header can carry.
        """
        token = self.token.strip()
        if not token:
            raise ConfigError(
                "Replicate needs an API token: set REPLICATE_API_TOKEN, such as r8_…, and start the worker "
                "again. Nothing was sent or charged."
            )
        if not re.fullmatch(r"[!-~]+", token):
            raise ConfigError(
                "REPLICATE_API_TOKEN has characters that no token has. Copy it again from Replicate's "
                "account page, such as r8_…. Nothing was sent or charged."
            )
        return f"Bearer {token}"
