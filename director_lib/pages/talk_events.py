"""What the review desk asks for about comments and presets, as workbench calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from director_lib.domain.people import Action, may
from director_lib.pages.drawer import Handler, answering
from director_lib.store.presets import Preset
from director_lib.workbench import Workbench
from director_lib.workbench.comments import Spot

if TYPE_CHECKING:
    from director_lib.pages.review import ReviewPage

Json = dict[str, Any]


class TalkEvents:
    """Answers the desk's events about comments and presets for one page."""

    def __init__(self, page: ReviewPage) -> None:
        self._page = page

    def callbacks(self) -> dict[str, Callable[[Json], None]]:
        """Return the desk's constructor callbacks, by name."""
        answered: dict[str, Handler] = {
            "add_comment": self._add_comment,
            "reply_comment": self._reply,
            "resolve_comment": self._resolve,
            "apply_preset": self._apply_preset,
            "count_presets": self._count_presets,
        }
        return {f"on_{name}": answering(self._page, handler) for name, handler in answered.items()}

    def _add_comment(self, data: Json) -> Json:
        page = self._page
        made = page.workbench.comments.add(
            page.stream_id,
            data["segment_id"],
            page.kind,
            data["text"],
            version_id=data["version_id"],
            spot=Spot(data["frame"], data["region"]),
        )
        return {"comment_id": made.id}

    def _reply(self, data: Json) -> Json:
        return {"comment_id": self._page.workbench.comments.reply(data["comment_id"], data["text"]).id}

    def _resolve(self, data: Json) -> None:
        comments = self._page.workbench.comments
        comments.resolve(data["comment_id"], resolved=data["resolved"])

    def _apply_preset(self, data: Json) -> Json:
        page = self._page
        done = page.workbench.presets.apply(data["preset_id"], page.stream_id, page.kind, data["segment_ids"])
        skipped = [{"segment_id": segment_id, "why": why} for segment_id, why in done.skipped]
        return {"saved": done.saved, "skipped": skipped}

    def _count_presets(self, data: Json) -> None:
        self._page.workbench.presets.count(data["preset_ids"])


def mentionable(workbench: Workbench) -> list[Json]:
    """List who can be mentioned; nobody for who may not comment."""
    if not may(workbench.studio.actor, Action.COMMENT):
        return []
    people = workbench.accounts.mentionable()
    return [{"username": username, "name": name} for username, name in people]


def preset_chip(preset: Preset) -> Json:
    """Describe a preset."""
    return {
        "id": preset.id,
        "name": preset.name,
        "category": preset.category,
        "text": preset.text,
        "author": preset.author,
        "use_count": preset.use_count,
        "is_shared": preset.is_shared,
    }
