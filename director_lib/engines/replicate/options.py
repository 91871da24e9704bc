"""What can be chosen about Replicate."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from director_lib.domain.version import Kind
from director_lib.errors import ConfigError

_MODEL = re.compile(r"[\w.-]+/[\w.-]+(:[0-9a-f]{8,64})?")
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
    base_url: str = "https://api.replicate.com"
    video_model: str = "bytedance/seedance-1-pro"
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
            if model is not None and not _MODEL.fullmatch(model):
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

    def kind_of(self, model: str) -> Kind:
        """Return what a model is used for; what is not known as the model for stills makes clips."""
        image_model = (self.image_model or "").partition(":")[0]
        return Kind.KEYFRAME if model and model == image_model else Kind.VIDEO

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
