"""The engine for clips: jobs of Google's Omni models, which run in the background."""

from __future__ import annotations

import base64
import binascii
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.google.attachments import Attachment, read_attachment, read_references
from director_lib.engines.google.clip_file import accept_clip
from director_lib.engines.google.connection import Connection
from director_lib.engines.google.download import download
from director_lib.engines.google.failures import Call, explained
from director_lib.engines.google.job_status import read_status
from director_lib.engines.google.models import (
    VIDEO_RATIOS,
    nearest_ratio,
    video_model,
    video_resolution,
    whole_seconds,
)
from director_lib.engines.google.options import GoogleOptions
from director_lib.engines.google.prices import Price, video_price
from director_lib.engines.google.wording import clip_words
from director_lib.engines.protocol import Capabilities, EngineResult
from director_lib.engines.remote import Order, RemoteState, RemoteStatus
from director_lib.errors import EngineBusyError, EngineError, OutcomeUnknownError, StorageError

if TYPE_CHECKING:
    from google.genai.interactions import Interaction

_SEEDS = 2**31


class GoogleVideoEngine:
    """Has clips filmed by Google from a keyframe.

    A job is an *interaction*: it has an id as soon as Google answers, can be asked about, fetched and
    cancelled by that id from any process, and is kept for days. There is no list of them: a job whose id was
    lost with its answer cannot be found again, so that ``find_orphan`` finds none and the outcome of such an
    order stays unknown.
    """

    name = "google"

    def __init__(self, options: GoogleOptions) -> None:
        self._options = options

    @property
    def model(self) -> str:
        """The model in use."""
        return self._options.video_model

    def capabilities(self) -> Capabilities:
        """Tell what it can make: clips, with a seed that Google does not promise to honour, for money."""
        kinds = frozenset({Kind.VIDEO})
        most = video_model(self.model).most_references
        return Capabilities(kinds, is_paid=True, remote_kinds=kinds, most_references=most)

    def price(self, request: GenerationRequest) -> Price:
        """Estimate the price, and tell whether the model is in the price list."""
        duration_s = whole_seconds(request.duration_s, video_model(self.model).shortest_s)
        resolution = video_resolution(request.width, request.height)
        return video_price(self.model, resolution, duration_s, self._options.prices_usd)

    def price_usd(self, request: GenerationRequest) -> float:
        """Estimate what the request will cost."""
        return self.price(request).usd

    def submit(self, order: Order) -> str:
        """Place the order, with one call that is never repeated.

        Raises:
            ConfigError: The key is missing or refused.
            EngineBusyError: Nothing was charged; the same order may be placed later.
            OutcomeUnknownError: The job may have been made, and nothing can find it.
            EngineError: Nothing was charged, and the same order would be refused again.
        """
        pictures = self._pictures(order)
        settings = self._settings(order.request, len(pictures) - 1)
        words = clip_words(order.request, len(pictures) - 1)
        interactions = self._connection.client.interactions
        content: list[Any] = [
            {"type": "image", "mime_type": one.mime_type, "data": one.base64} for one in pictures
        ]
        generation: dict[str, Any] = {"seed": order.request.seed % _SEEDS}
        if len(pictures) == 1:
            # with references the model goes by the roles that the words give them
            generation["video_config"] = {"task": "image_to_video"}
        call = Call("clip", self.model, self._connection.key, leaves_job=True)
        with explained(call):
            interaction = interactions.create(
                model=self.model,
                input=[*content, {"type": "text", "text": words}],
                response_format={"type": "video", "delivery": "uri", **settings},
                generation_config=generation,
                background=True,
                store=True,
                timeout=self._options.submit_timeout_s,
            )
        return _id_of(interaction)

    def find_orphan(self, order: Order) -> str | None:
        """Return None: Google lists no jobs, and a job carries nothing that it could be found by."""
        return None

    def poll(self, remote_id: str) -> RemoteStatus:
        """Ask how far a job is. Google tells no percentage.

        Raises:
            ConfigError: The key is refused.
            EngineBusyError: Google cannot be asked now.
            EngineError: Google does not know the job any more.
        """
        return read_status(self._get(remote_id), self._connection.key)

    def fetch(self, remote_id: str, folder: Path) -> EngineResult:
        """Download a finished job's clip into the folder, where it appears in one step.

        Raises:
            ConfigError: The key is refused.
            EngineBusyError: The download broke off; it may be tried again.
            EngineError: There is no clip, it is gone, or it cannot be used.
            StorageError: The folder cannot be written.
        """
        interaction = self._get(remote_id)
        status = read_status(interaction, self._connection.key)
        if status.state is not RemoteState.SUCCEEDED:
            raise EngineError(status.message or f"The clip is not finished: it is {status.state.value}.")
        draft = folder / "clip.part"
        try:
            self._save(interaction, draft)
            clip = accept_clip(draft, folder / "clip.mp4")
        except OSError as error:
            raise StorageError(
                f"The clip could not be written to {folder} ({error.strerror or error}). It is safe at "
                "Google for two days; make room, then fetch it again at no cost."
            ) from error
        model = str(interaction.model or self.model)
        resolution = video_resolution(clip.width, clip.height)
        price = video_price(model, resolution, clip.duration_s, self._options.prices_usd)
        return EngineResult(
            clip.path,
            model,
            price.usd,
            {
                "interaction_id": remote_id,
                "resolution": resolution,
                "duration_s": round(clip.duration_s, 3),
                "fps": round(clip.fps, 3),
                "price_is_guess": not price.is_known,
            },
        )

    def cancel(self, remote_id: str) -> None:
        """Have Google stop a job; does nothing when it has ended or is gone.

        Raises:
            ConfigError: The key is refused.
            EngineBusyError: Google cannot be asked now, or did not stop it.
        """
        try:
            with explained(self._question):
                self._connection.client.interactions.cancel(id=remote_id)
        except EngineBusyError:
            raise
        except EngineError as refusal:
            # a job that has ended cannot be cancelled; whether it has, only the job itself tells
            self._accept_ended(remote_id, refusal)

    def _accept_ended(self, remote_id: str, refusal: EngineError) -> None:
        try:
            status = self.poll(remote_id)
        except EngineBusyError:
            raise
        except EngineError:
            return
        if not status.has_ended:
            raise EngineBusyError(f"Google did not stop the clip, which still runs. {refusal.user_message}")

    @cached_property
    def _connection(self) -> Connection:
        return Connection(self._options, self._options.call_timeout_s)

    @cached_property
    def _question(self) -> Call:
        return Call("clip", self.model, self._connection.key, is_order=False)

    def _get(self, remote_id: str) -> Interaction:
        with explained(self._question):
            interaction = self._connection.client.interactions.get(id=remote_id)
            if not getattr(interaction, "status", None):
                raise ValueError("an answer without a status")
            return interaction

    def _save(self, interaction: Interaction, draft: Path) -> None:
        video = interaction.output_video
        assert video is not None
        if not video.data:
            return download(self._connection, video.uri or "", draft, self._options.download_timeout_s)
        try:
            draft.write_bytes(base64.b64decode(str(video.data), validate=True))
        except binascii.Error as error:
            raise EngineBusyError(
                "The clip arrived damaged. It is safe at Google for two days and can be fetched again at no "
                "cost."
            ) from error

    def _pictures(self, order: Order) -> list[Attachment]:
        request, known = order.request, video_model(self.model)
        if request.kind is not Kind.VIDEO:
            raise EngineError(
                "Google's video models make no stills. Choose the engine for stills; nothing was sent."
            )
        if order.keyframe is None:
            raise EngineError(
                f"Segment {request.segment_id} has no keyframe to film. Make or choose its keyframe first; "
                "nothing was sent or charged."
            )
        longest_s = known.longest_with_references_s if order.references else known.longest_s
        if whole_seconds(request.duration_s, known.shortest_s) > longest_s:
            raise EngineError(
                f"The model “{self.model}” makes clips of up to {longest_s} s, not {request.duration_s:g} s. "
                "Nothing was sent or charged. Shorten the segment."
            )
        keyframe = read_attachment(order.keyframe, "keyframe")
        return [keyframe, *read_references(order.references, known.most_references, self.model)]

    def _settings(self, request: GenerationRequest, n_references: int) -> dict[str, str]:
        duration_s = whole_seconds(request.duration_s, video_model(self.model).shortest_s)
        return {
            "aspect_ratio": nearest_ratio(request.width, request.height, VIDEO_RATIOS),
            "resolution": video_resolution(request.width, request.height),
            "duration": f"{duration_s}s",
        }


def _id_of(interaction: object) -> str:
    remote_id = getattr(interaction, "id", None)
    if not isinstance(remote_id, str) or not remote_id:
        raise OutcomeUnknownError(
            "Google took the order for this clip but named no job. Nobody can tell whether it was made and "
            "charged. It is not ordered again by itself: look at the usage page of Google AI Studio, then "
            "decide."
        )
    return remote_id
