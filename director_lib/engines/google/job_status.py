"""Reads how far a job is from what Google tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from director_lib.engines.google.refusals import shown
from director_lib.engines.remote import RemoteState, RemoteStatus

if TYPE_CHECKING:
    from google.genai.interactions import Interaction

_WAITING = frozenset({"queued"})
_FAILED = {
    "failed": "Google could not make the clip",
    "incomplete": "Google stopped before the clip was finished",
    "budget_exceeded": "Google stopped because the key's budget is spent",
    "requires_action": "Google's model asked a question back instead of making the clip",
}
_EMPTY = "Google finished without a clip, as it does when the keyframe or the prompt goes against its rules"


def read_status(interaction: Interaction, key: str) -> RemoteStatus:
    """Return where a job stands.

    A status that this program does not know counts as running: the job has been paid for, and asking again is
    free.

    Args:
        key: Removed from Google's words.
    """
    status = str(interaction.status)
    log = tuple(shown(error.message or error.code or "", key) for error in interaction.errors or ())
    if status == "completed":
        video = interaction.output_video
        if video is not None and (video.data or video.uri):
            return RemoteStatus(RemoteState.SUCCEEDED, percent=100.0, log=log)
        return _failure(interaction, _EMPTY, log, key)
    if status in _FAILED:
        return _failure(interaction, _FAILED[status], log, key)
    if status == "cancelled":
        return RemoteStatus(RemoteState.CANCELLED, log=log, billed_usd=_billed_usd(interaction))
    return RemoteStatus(RemoteState.WAITING if status in _WAITING else RemoteState.RUNNING, log=log)


def _failure(interaction: Interaction, what: str, log: tuple[str, ...], key: str) -> RemoteStatus:
    why = "; ".join(line for line in log if line) or shown(interaction.output_text or "", key)
    billed_usd = _billed_usd(interaction)
    charged = "It was not charged." if billed_usd == 0 else "It may have been charged."
    said = f" ({why})" if why else ""
    message = f"{what}{said}. {charged} Change the prompt or the keyframe before you try again."
    return RemoteStatus(RemoteState.FAILED, message=message, billed_usd=billed_usd, log=log)


def _billed_usd(interaction: Interaction) -> float | None:
    """Return 0.0 when Google counted nothing that it made; None when it does not say."""
    usage = interaction.usage
    return 0.0 if usage is not None and usage.total_output_tokens == 0 else None
