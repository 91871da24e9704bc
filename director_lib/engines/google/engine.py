"""The engine “google”: stills while one call lasts, clips as jobs in the background."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.catalog import ModelOffer
from director_lib.engines.google import offers
from director_lib.engines.google.access import ask_for_model
from director_lib.engines.google.images import GoogleImageEngine
from director_lib.engines.google.models import image_model, video_model
from director_lib.engines.google.options import GoogleOptions
from director_lib.engines.google.videos import GoogleVideoEngine
from director_lib.engines.protocol import Capabilities, EngineResult, ProgressCallback
from director_lib.engines.remote import Order, RemoteStatus


class GoogleEngine:
    """Both of Google's engines behind one name; a request's own model wins over that of the options.

    Stills are made by ``generate``; clips are ordered, asked about, fetched and cancelled by their id.
    """

    name = "google"

    def __init__(self, options: GoogleOptions) -> None:
        self._options = options

    def capabilities(self) -> Capabilities:
        """Tell what it can make: both kinds, for money; clips as jobs at Google."""
        most = max(
            image_model(self._options.image_model).most_references,
            video_model(self._options.video_model).most_references,
        )
        remote = frozenset({Kind.VIDEO})
        return Capabilities(frozenset(Kind), is_paid=True, remote_kinds=remote, most_references=most)

    def price_usd(self, request: GenerationRequest) -> float:
        """Estimate what the request will cost."""
        made_by = self._images if request.kind is Kind.KEYFRAME else self._videos
        return made_by(request.model).price_usd(request)

    def generate(
        self,
        request: GenerationRequest,
        folder: Path,
        *,
        keyframe: Path | None = None,
        progress: ProgressCallback,
        references: tuple[Path, ...] = (),
    ) -> EngineResult:
        """Have a still drawn; see ``GoogleImageEngine.generate``."""
        engine = self._images(request.model)
        return engine.generate(request, folder, keyframe=keyframe, progress=progress, references=references)

    def submit(self, order: Order) -> str:
        """Order a clip; see ``GoogleVideoEngine.submit``."""
        return self._videos(order.request.model).submit(order)

    def find_orphan(self, order: Order) -> str | None:
        """Return None: Google lists no jobs; see ``GoogleVideoEngine.find_orphan``."""
        return self._usual_videos.find_orphan(order)

    def poll(self, remote_id: str) -> RemoteStatus:
        """Ask how far a clip is; see ``GoogleVideoEngine.poll``."""
        return self._usual_videos.poll(remote_id)

    def fetch(self, remote_id: str, folder: Path) -> EngineResult:
        """Download a finished clip; see ``GoogleVideoEngine.fetch``."""
        return self._usual_videos.fetch(remote_id, folder)

    def cancel(self, remote_id: str) -> None:
        """Have Google stop a clip; see ``GoogleVideoEngine.cancel``."""
        self._usual_videos.cancel(remote_id)

    def models(self, kind: Kind) -> tuple[ModelOffer, ...]:
        """List the models known for a kind, the one in use first."""
        return offers.list_offers(self._options, kind)

    def check_model(self, kind: Kind, model: str) -> None:
        """Refuse a model that is retired or makes something else.

        Raises:
            InputError: The model that was asked for is.
            ConfigError: The model that the settings name is.
        """
        offers.check_model(self._options, kind, model)

    def references_taken(self, request: GenerationRequest) -> int:
        """Tell how many further pictures the request's model takes."""
        return offers.most_references(self._options, request.kind, request.model)

    def check_access(self) -> str:
        """Ask Google for the model that draws stills, which costs nothing.

        Raises:
            ConfigError: The key is missing or refused.
            EngineBusyError: Google cannot be reached, or has no time.
            EngineError: Google has retired the model, or refuses for another reason.
        """
        return ask_for_model(self._options, self._options.image_model)

    def _images(self, model: str) -> GoogleImageEngine:
        return GoogleImageEngine(replace(self._options, image_model=model) if model else self._options)

    def _videos(self, model: str) -> GoogleVideoEngine:
        return GoogleVideoEngine(replace(self._options, video_model=model)) if model else self._usual_videos

    @cached_property
    def _usual_videos(self) -> GoogleVideoEngine:
        return GoogleVideoEngine(self._options)
