"""Finding the job of an attempt whose process died, or whose answer was lost, before it knew the job's id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from urllib.parse import quote

from director_lib.engines.remote import Order
from director_lib.engines.replicate.answers import read_body
from director_lib.engines.replicate.client import ReplicateClient
from director_lib.engines.replicate.inputs import sent_prompt
from director_lib.engines.replicate.marks import METADATA_KEY, bears_mark, file_ids, mark_s, moment
from director_lib.engines.replicate.options import ReplicateOptions
from director_lib.errors import OutcomeUnknownError

_WHAT = "The list of orders"
_SMALLEST_SEED_LIMIT = 65535


class _Likeness(Enum):
    OTHER = auto()
    PERHAPS = auto()
    OURS = auto()


@dataclass(slots=True)
class OrphanSearch:
    """Looks through the jobs that were made since an order was placed."""

    client: ReplicateClient
    options: ReplicateOptions
    order: Order
    _tags: dict[str, str | None] = field(default_factory=dict)

    def find(self) -> str | None:
        """Return the id of the order's job, or None.

        Raises:
            EngineBusyError: Replicate cannot be asked now.
            OutcomeUnknownError: Several jobs, or one whose data is erased, could be it.
        """
        since = self.order.placed_at.astimezone(UTC) - timedelta(seconds=self.options.clock_error_s)
        perhaps: list[Mapping[str, object]] = []
        query = {"created_after": since.isoformat(timespec="microseconds").replace("+00:00", "Z")}
        for prediction in self.client.pages("/v1/predictions", query, _WHAT):
            if _is_older(prediction, since):
                break
            likeness = self._judge(prediction)
            if likeness is _Likeness.OURS:
                return str(prediction["id"])
            if likeness is _Likeness.PERHAPS:
                perhaps.append(prediction)
        return _only(perhaps)

    def _judge(self, prediction: Mapping[str, object]) -> _Likeness:
        given = prediction.get("input")
        if not isinstance(prediction.get("id"), str):
            return _Likeness.OTHER
        if not isinstance(given, dict) or not given:
            return self._by_mark(prediction)  # Replicate erases inputs after an hour
        if str(given.get("prompt", "")).strip() != sent_prompt(self.order.request).strip():
            return _Likeness.OTHER
        tags = {self._tag_of(file_id) for file_id in file_ids(given)}
        if self.order.tag in tags:
            return _Likeness.OURS
        if tags - {None} or not _may_be_seed(given.get("seed"), self.order.request.seed):
            return _Likeness.OTHER
        return self._by_mark(prediction)

    def _by_mark(self, prediction: Mapping[str, object]) -> _Likeness:
        is_ours = bears_mark(prediction, mark_s(self.order.tag, self.options.cancel_after_s))
        if is_ours is not None:
            return _Likeness.OURS if is_ours else _Likeness.OTHER
        model = (self.options.model_for(self.order.request.kind) or "").partition(":")[0]
        return _Likeness.PERHAPS if prediction.get("model") == model else _Likeness.OTHER

    def _tag_of(self, file_id: str) -> str | None:
        """Return the tag in an uploaded file's metadata; None when the file is gone or has none."""
        if file_id not in self._tags:
            answer = self.client.get(f"/v1/files/{quote(file_id, safe='')}")
            body = {} if answer.status in (404, 410) else read_body(answer, "A picture's record")
            metadata = body.get("metadata")
            tag = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
            self._tags[file_id] = tag if isinstance(tag, str) else None
        return self._tags[file_id]


def _is_older(prediction: Mapping[str, object], since: datetime) -> bool:
    created_at = moment(prediction.get("created_at"))
    return created_at is not None and created_at < since


def _may_be_seed(recorded: object, asked: int) -> bool:
    """Tell whether a job's seed can come from the one asked for; a large one may have been folded."""
    if not isinstance(recorded, int) or recorded == asked:
        return True
    return asked > _SMALLEST_SEED_LIMIT and recorded < asked


def _only(perhaps: list[Mapping[str, object]]) -> str | None:
    if not perhaps:
        return None
    if len(perhaps) == 1 and perhaps[0].get("input"):
        return str(perhaps[0]["id"])
    raise OutcomeUnknownError(
        f"Replicate lists {len(perhaps)} order{'s' if len(perhaps) != 1 else ''} that could be this one, and "
        "nothing tells them apart. It may have been charged; it is not ordered again. "
        "Look at replicate.com/predictions, then retry the task if it is not among them."
    )
