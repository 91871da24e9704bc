"""The engine: places orders, follows them, brings the files home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.catalog import ModelOffer
from director_lib.engines.protocol import Capabilities, EngineResult, ProgressCallback
from director_lib.engines.remote import Order, RemoteState, RemoteStatus
from director_lib.engines.replicate import offers
from director_lib.engines.replicate.answers import read_body
from director_lib.engines.replicate.client import ReplicateClient
from director_lib.engines.replicate.download import download, output_url
from director_lib.engines.replicate.options import ReplicateOptions
from director_lib.engines.replicate.ordering import place
from director_lib.engines.replicate.orphan import OrphanSearch
from director_lib.engines.replicate.prices import Estimate
from director_lib.engines.replicate.quoting import quote_price
from director_lib.engines.replicate.status import cost_usd, expected_kind, read_status
from director_lib.errors import EngineError

_PATIENCE_S = 10.0
_NOT_KEPT = frozenset({"prompt", "negative_prompt", "seed"})
_UNKNOWN_JOB = (
    "Replicate does not know this order any more. Whether it was charged shows at replicate.com/predictions. "
    "The version before stays; retry the task to have it made again."
)


class ReplicateEngine:
    """Has clips made by a model at Replicate, and stills when a model for them is chosen.

    Keeps nothing between calls: any process can go on with an order that another one placed.
    """

    name = "replicate"

    def __init__(self, options: ReplicateOptions) -> None:
        self.options = options
        self._client = ReplicateClient(options)

    def capabilities(self) -> Capabilities:
        """Tell what it can make: clips, and stills when a model for them is chosen; for money."""
        kinds = frozenset(kind for kind in Kind if self.options.model_for(kind))
        most = max(offers.most_references(self.options, kind, "") for kind in Kind)
        return Capabilities(kinds, is_paid=True, remote_kinds=kinds, most_references=most, lists_jobs=True)

    def estimate(self, request: GenerationRequest) -> Estimate:
        """Estimate what the request will cost and tell whether that is a guess; asks nobody."""
        return quote_price(request, self.options.for_request(request))

    def price_usd(self, request: GenerationRequest) -> float:
        """Estimate what the request will cost; asks nobody."""
        return self.estimate(request).usd

    def generate(
        self,
        request: GenerationRequest,
        folder: Path,
        *,
        keyframe: Path | None,
        progress: ProgressCallback,
        references: tuple[Path, ...] = (),
    ) -> EngineResult:
        """Refuse: everything that Replicate makes is a job, which is submitted, followed and fetched.

        Raises:
            EngineError: Always.
        """
        raise EngineError(
            f"Replicate makes the {request.kind} of segment {request.segment_id} as a job, which has to be "
            "submitted. Nothing was sent or charged; queue it as a task."
        )

    def models(self, kind: Kind) -> tuple[ModelOffer, ...]:
        """List the models known for a kind, the one in use first."""
        return offers.list_offers(self.options, kind)

    def check_model(self, kind: Kind, model: str) -> None:
        """Refuse what is no name of a model, or a model that is known to make something else.

        Raises:
            InputError: The model that was asked for is.
            ConfigError: The model that the settings name is.
        """
        offers.check_model(self.options, kind, model)

    def references_taken(self, request: GenerationRequest) -> int:
        """Tell how many further pictures the request's model takes; a clip's keyframe shows them already."""
        return offers.most_references(self.options, request.kind, request.model)

    def check_access(self) -> str:
        """Ask Replicate whose account the token is of, which costs nothing.

        Raises:
            ConfigError: The token is missing or refused.
            EngineBusyError: Replicate cannot be reached, or has no time.
            EngineError: Replicate refuses for another reason.
        """
        quick = replace(self.options, connect_timeout_s=_PATIENCE_S, answer_timeout_s=_PATIENCE_S)
        account = read_body(ReplicateClient(quick).get("/v1/account"), "The account")
        return f"answers and knows the account {str(account.get('username') or 'of the token')[:60]}"

    def submit(self, order: Order) -> str:
        """Upload the pictures, place the order, once, and return the job's id.

        Raises:
            ConfigError: The token is missing or refused.
            EngineBusyError: Nothing was charged; the same order may be placed later.
            OutcomeUnknownError: The job may have been made; ``find_orphan`` may find it.
            EngineError: Nothing was charged, and the same order would be refused again.
            StorageError: A picture to send cannot be read.
        """
        return place(order, self._client, self.options.for_request(order.request))

    def find_orphan(self, order: Order) -> str | None:
        """Find the job that an earlier ``submit`` of the same order made although it did not say so.

        Raises:
            EngineBusyError: Replicate cannot be asked now.
            ConfigError: The token is missing or refused.
            OutcomeUnknownError: Several jobs could be it, and nothing tells them apart.
        """
        return OrphanSearch(self._client, self.options.for_request(order.request), order).find()

    def poll(self, remote_id: str) -> RemoteStatus:
        """Ask how far a job is.

        Raises:
            EngineBusyError: Replicate cannot be asked now.
            EngineError: Replicate does not know the job any more.
            ConfigError: The token is missing or refused.
        """
        return read_status(self._read(remote_id), self.options)

    def fetch(self, remote_id: str, folder: Path) -> EngineResult:
        """Download a succeeded job's file, completely, into the folder; Replicate keeps it for one hour.

        Raises:
            EngineBusyError: The download broke off; it may be tried again.
            EngineError: The file is gone, or is not what was asked for.
            StorageError: The folder cannot be written.
        """
        prediction = self._read(remote_id)
        status = read_status(prediction, self.options)
        if status.state is not RemoteState.SUCCEEDED:
            raise EngineError(
                status.message
                or "The order is not finished yet, so there is no file. Nothing is lost; wait for it."
            )
        path, kind = download(
            output_url(prediction), folder, expected_kind(prediction, self.options), self.options
        )
        model = str(prediction.get("model") or "")
        return EngineResult(
            path, model, cost_usd(prediction, self.options, kind), _params(remote_id, prediction)
        )

    def cancel(self, remote_id: str) -> None:
        """Have Replicate stop a job; does nothing when it has ended or is not known.

        Raises:
            EngineBusyError: Replicate cannot be asked now.
            ConfigError: The token is missing or refused.
        """
        answer = self._client.post(f"{_path(remote_id)}/cancel", {})
        if answer.is_good or answer.status in (404, 410):
            return
        refused = (
            answer.status is not None and 400 <= answer.status < 500 and answer.status not in (401, 403, 429)
        )
        if refused and self.poll(remote_id).has_ended:
            return
        read_body(answer, "Stopping the order")

    def _read(self, remote_id: str) -> Mapping[str, object]:
        return read_body(self._client.get(_path(remote_id)), "The order's state", gone=_UNKNOWN_JOB)


def _path(remote_id: str) -> str:
    return f"/v1/predictions/{quote(remote_id, safe='')}"


def _params(remote_id: str, prediction: Mapping[str, object]) -> dict[str, object]:
    """Keep what made the file and is not kept with the version anyway; addresses of files expire."""
    given = prediction.get("input")
    kept = {
        key: value
        for key, value in (given.items() if isinstance(given, dict) else ())
        if key not in _NOT_KEPT and isinstance(value, str | int | float) and "://" not in str(value)
    }
    return {"prediction": remote_id, "model_version": prediction.get("version"), "input": kept}
