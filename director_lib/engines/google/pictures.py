"""Reads a picture out of Google's answer, or why there is none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from director_lib.engines.google.prices import TokenCounts
from director_lib.engines.google.refusals import WITHHELD, shown
from director_lib.errors import EngineError, StorageError

if TYPE_CHECKING:
    from google.genai.types import GenerateContentResponse

_EXTENSIONS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished still."""

    path: Path
    width: int
    height: int


def token_counts(response: GenerateContentResponse) -> TokenCounts:
    """Return what Google counted for an answer."""
    usage = response.usage_metadata
    if usage is None:
        return TokenCounts()
    written = usage.candidates_token_count or 0
    by_kind = {
        one.modality.value: one.token_count or 0
        for one in usage.candidates_tokens_details or ()
        if one.modality is not None
    }
    # an answer that does not tell the kinds apart is all picture: that is the dear kind
    picture = by_kind.get("IMAGE", 0) if by_kind else written
    text = max(0, written - picture) + (usage.thoughts_token_count or 0)
    return TokenCounts(usage.prompt_token_count or 0, text, picture)


def picture_bytes(response: GenerateContentResponse, key: str) -> bytes:
    """Return the picture of an answer.

    Raises:
        EngineError: There is none; the message says why and whether it was charged.
    """
    if not response.candidates:
        raise EngineError(_blocked(response, key))
    candidate = response.candidates[0]
    parts = (candidate.content.parts if candidate.content else None) or []
    # the model may show drafts while it thinks; only what is no thought is the answer
    answers = [part for part in parts if not part.thought]
    pictures = [part.inline_data.data for part in answers if part.inline_data and part.inline_data.data]
    if pictures:
        return pictures[-1]
    reason = candidate.finish_reason.value if candidate.finish_reason else "STOP"
    said = shown(" ".join(part.text for part in answers if part.text), key)
    raise EngineError(_no_picture(reason, said) + _charge(response))


def save_picture(data: bytes, folder: Path) -> Picture:
    """Write a picture that is proven to be complete; it appears in the folder in one step.

    Raises:
        EngineError: It is damaged, or no still.
        StorageError: The folder cannot be written.
    """
    width, height, extension = _decode(data)
    path, draft = folder / f"still{extension}", folder / "still.part"
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise StorageError(
            f"The picture could not be written to {folder} ({error.strerror or error}), although Google made "
            "and probably charged it. Check the folder and the free space before you order it again."
        ) from error
    return Picture(path, width, height)


def _decode(data: bytes) -> tuple[int, int, str]:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(data)) as picture:
            picture.load()
            return picture.width, picture.height, _EXTENSIONS[picture.format or ""]
    except KeyError:
        why = "it is neither PNG nor JPEG nor WebP"
    except (OSError, UnidentifiedImageError, SyntaxError, Image.DecompressionBombError) as error:
        why = str(error)
    raise EngineError(
        f"Google sent a picture that cannot be used ({why}) and probably charged it. Nothing was replaced. "
        "Order it again if you need it."
    )


def _blocked(response: GenerateContentResponse, key: str) -> str:
    feedback = response.prompt_feedback
    reason = feedback.block_reason.value if feedback and feedback.block_reason else ""
    said = shown(feedback.block_reason_message or "", key) if feedback else ""
    if not reason:
        return "Google sent an answer without a picture and without a reason." + _charge(response)
    words = ", ".join(word for word in (reason, said) if word)
    return (
        f"Google refused the prompt before it drew anything ({words}). No picture was charged. Change the "
        "prompt or the reference pictures; the same one would be refused again."
    )


def _no_picture(reason: str, said: str) -> str:
    told = f": “{said}”" if said else "."
    if reason in WITHHELD:
        return f"Google withholds the picture: {WITHHELD[reason]} ({reason}). Change the prompt."
    if reason == "NO_IMAGE":
        return f"Google's model did not draw a picture (NO_IMAGE){told} Say in the prompt what is to be seen."
    if reason == "STOP":
        answered = f"answered in words instead of drawing{told}" if said else "answered with nothing at all."
        return f"Google's model {answered} Describe a picture in the prompt."
    if reason == "MAX_TOKENS":
        return "Google's model used up its room before the picture was finished. Shorten the prompt."
    return (
        f"Google's model stopped before there was a picture ({reason}){told} Try again, or change the prompt."
    )


def _charge(response: GenerateContentResponse) -> str:
    counted = token_counts(response)
    if counted.picture or counted.text:
        return f" Google counted {counted.picture + counted.text} tokens for it and may charge them."
    return " No picture was charged."
