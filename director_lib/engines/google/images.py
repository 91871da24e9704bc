"""The engine for stills: one call to one of Gemini's image models."""

from __future__ import annotations

from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.google.attachments import Attachment, read_references
from director_lib.engines.google.connection import Connection
from director_lib.engines.google.failures import Call, explained
from director_lib.engines.google.models import IMAGE_RATIOS, image_model, image_size, nearest_ratio
from director_lib.engines.google.options import GoogleOptions
from director_lib.engines.google.pictures import picture_bytes, save_picture, token_counts
from director_lib.engines.google.prices import Price, image_cost_usd, image_price
from director_lib.engines.google.wording import picture_words
from director_lib.engines.protocol import Capabilities, EngineResult, ProgressCallback
from director_lib.errors import EngineError

if TYPE_CHECKING:
    from google.genai import types

_SEEDS = 2**31


class GoogleImageEngine:
    """Has stills drawn by Google.

    The picture is made while one call lasts. Google gives such a call no id and keeps no list of them: when
    the call breaks off, or its process is killed, nobody can find out what became of it. Stopping it early
    saves no money.
    """

    name = "google"

    def __init__(self, options: GoogleOptions) -> None:
        self._options = options

    @property
    def model(self) -> str:
        """The model in use."""
        return self._options.image_model

    def capabilities(self) -> Capabilities:
        """Tell what it can make: stills, with a seed that Google does not promise to honour, for money."""
        most = image_model(self.model).most_references
        return Capabilities(frozenset({Kind.KEYFRAME}), is_paid=True, most_references=most)

    def price(self, request: GenerationRequest, *, n_references: int = 0) -> Price:
        """Estimate the price, and tell whether the model is in the price list."""
        size = image_size(self.model, request.width, request.height)
        return image_price(self.model, size, self._options.prices_usd, n_references=n_references)

    def price_usd(self, request: GenerationRequest) -> float:
        """Estimate what the request will cost, with the pictures that go along."""
        return self.price(request, n_references=len(request.reference_sha256s)).usd

    def generate(
        self,
        request: GenerationRequest,
        folder: Path,
        *,
        keyframe: Path | None = None,
        progress: ProgressCallback,
        references: tuple[Path, ...] = (),
    ) -> EngineResult:
        """Have the still drawn; calls Google once and never repeats the call.

        Args:
            request: What to make.
            folder: Empty scratch folder; the finished file appears in it in one step.
            keyframe: Ignored: this engine makes no clips.
            progress: Told how far it is.
            references: Further pictures to go by, in order.

        Raises:
            ConfigError: The key is missing or refused.
            EngineBusyError: Nothing was charged; the same call may be made later.
            OutcomeUnknownError: The picture may have been made and charged.
            EngineError: There is no picture; the same call would fail again.
            StorageError: The folder cannot be written.
        """
        _check(request)
        pictures = read_references(references, image_model(self.model).most_references, self.model)
        words = picture_words(request, len(pictures))
        progress("asking Google", 5)
        response = self._ask(request, words, pictures, progress)
        progress("checking", 90)
        saved = save_picture(picture_bytes(response, self._connection.key), folder)
        progress("finished", 100)
        estimate = self.price(request, n_references=len(pictures))
        counted = token_counts(response)
        cost_usd = image_cost_usd(self.model, counted, self._options.prices_usd)
        params: dict[str, object] = {
            **_settings(request, self.model),
            "sent_prompt": words,
            "n_references": len(pictures),
            "width": saved.width,
            "height": saved.height,
            "price_is_guess": cost_usd is None and not estimate.is_known,
            "tokens": asdict(counted),
            "response_id": response.response_id or "",
        }
        cost_usd = estimate.usd if cost_usd is None else cost_usd
        return EngineResult(saved.path, response.model_version or self.model, cost_usd, params)

    @cached_property
    def _connection(self) -> Connection:
        return Connection(self._options, self._options.image_timeout_s)

    def _ask(
        self, request: GenerationRequest, words: str, pictures: list[Attachment], progress: ProgressCallback
    ) -> types.GenerateContentResponse:
        client = self._connection.client
        from google.genai import types

        parts: list[types.PartUnionDict] = [
            types.Part.from_bytes(data=one.data, mime_type=one.mime_type) for one in pictures
        ]
        settings = _settings(request, self.model)
        config = types.GenerateContentConfig(
            response_modalities=["IMAGE"],
            seed=request.seed % _SEEDS,
            image_config=types.ImageConfig(
                aspect_ratio=str(settings["aspect_ratio"]), image_size=str(settings["image_size"])
            ),
        )
        progress("drawing at Google", 10)
        with explained(Call("picture", self.model, self._connection.key)):
            return client.models.generate_content(
                model=self.model, contents=[*parts, types.Part.from_text(text=words)], config=config
            )


def _settings(request: GenerationRequest, model: str) -> dict[str, object]:
    return {
        "aspect_ratio": nearest_ratio(request.width, request.height, IMAGE_RATIOS),
        "image_size": image_size(model, request.width, request.height),
    }


def _check(request: GenerationRequest) -> None:
    if request.kind is not Kind.KEYFRAME:
        raise EngineError(
            "Google's image models make no clips. Choose the engine for clips; nothing was sent."
        )
    if not request.image_prompt.strip():
        raise EngineError(
            f"Segment {request.segment_id} has no image prompt. Write one first; nothing was sent or charged."
        )
    if request.width < 1 or request.height < 1:
        raise EngineError(f"A picture of {request.width} x {request.height} pixels cannot be made.")
