"""Reads a text out of Google's answer, or why there is none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from director_lib.engines.google.options import GoogleOptions
from director_lib.engines.google.prices import TokenCounts, text_cost_usd
from director_lib.engines.google.refusals import WITHHELD, shown

if TYPE_CHECKING:
    from google.genai.types import GenerateContentResponse

_AGAIN = "Try again, or write the spec with another engine."


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """What came of a call that Google answered.

    Attributes:
        content: The object that was written; None when there is none.
        fault: Why there is none, and what to do; "" when there is one.
        cost_usd: What Google counted, at list price; None when it does not say.
        model: The model that answered.
    """

    content: dict[str, Any] | None
    fault: str
    cost_usd: float | None
    model: str


def read_text_answer(
    response: GenerateContentResponse, model: str, options: GoogleOptions, key: str
) -> TextAnswer:
    """Read an answer.

    Args:
        key: Removed from Google's words.
    """
    counted = _counts(response)
    content, fault = _content(response, key)
    if fault:
        fault = f"{fault} {_charge(counted)}"
    cost_usd = text_cost_usd(model, counted, options.prices_usd)
    return TextAnswer(content, fault, cost_usd, response.model_version or model)


def _content(response: GenerateContentResponse, key: str) -> tuple[dict[str, Any] | None, str]:
    if not response.candidates:
        return None, _blocked(response, key)
    candidate = response.candidates[0]
    parts = (candidate.content.parts if candidate.content else None) or []
    text = "".join(part.text for part in parts if part.text and not part.thought)
    reason = candidate.finish_reason.value if candidate.finish_reason else "STOP"
    if reason != "STOP":
        return None, _stopped(reason, shown(candidate.finish_message or "", key))
    if not text.strip():
        return None, f"Google's model answered with nothing at all. {_AGAIN}"
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None, f"Google's model wrote no JSON: “{shown(text, key)}”. {_AGAIN}"
    if not isinstance(content, dict):
        return None, f"Google's model wrote JSON that is no object. {_AGAIN}"
    return content, ""


def _blocked(response: GenerateContentResponse, key: str) -> str:
    feedback = response.prompt_feedback
    reason = feedback.block_reason.value if feedback and feedback.block_reason else ""
    said = shown(feedback.block_reason_message or "", key) if feedback else ""
    if not reason:
        return f"Google sent an answer without a text and without a reason. {_AGAIN}"
    words = ", ".join(word for word in (reason, said) if word)
    return (
        f"Google refused the story before it wrote anything ({words}). The same one would be refused again: "
        "write the spec with another engine, or change the story or the brief."
    )


def _stopped(reason: str, said: str) -> str:
    told = f": “{said}”" if said else "."
    if reason in WITHHELD:
        return (
            f"Google withholds the text: {WITHHELD[reason]} ({reason}). Write the spec with another engine, "
            "or change the story or the brief."
        )
    if reason == "MAX_TOKENS":
        return (
            "Google's model used up its room before the spec was finished, and half a spec is none. Ask for "
            "fewer segments in the brief, or write the spec with another engine."
        )
    return f"Google's model stopped before the spec was finished ({reason}){told} {_AGAIN}"


def _counts(response: GenerateContentResponse) -> TokenCounts:
    usage = response.usage_metadata
    if usage is None:
        return TokenCounts()
    written = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
    return TokenCounts(usage.prompt_token_count or 0, written)


def _charge(counted: TokenCounts) -> str:
    if counted.read or counted.text:
        return f"Google counted {counted.read + counted.text:,} tokens for it and may charge them."
    return "Google counted nothing for it."
