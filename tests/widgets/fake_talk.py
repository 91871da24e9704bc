"""How the page's double answers about comments and presets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from director_lib.domain.mention import find_mentions
from tests.widgets.desk_samples import PEOPLE, PRESETS, WHEN, Payload, sample_comment
from tests.widgets.fake_advice import advice_for

if TYPE_CHECKING:
    from collections.abc import Callable


class TalkAnswers:
    """Keeps comments in memory, and puts presets into prompts."""

    comments: dict[int, list[Payload]]
    cards: dict[int, Payload]
    kind: str
    change: Callable[..., None]

    def _on_add_comment(self, data: Payload) -> Payload:
        n = data["segment_id"]
        number = self.cards[n]["version"]["number"] if data["version_id"] else None
        comment_id = 100 * n + len(self.comments.get(n, []))
        said = sample_comment(comment_id, number, data["text"], author="dora")
        place = {"frame": data["frame"], "region": data["region"]}
        self._say(n, said | place)
        return {"comment_id": comment_id}

    def _on_reply_comment(self, data: Payload) -> Payload:
        n = data["comment_id"] // 100
        comment_id = 100 * n + len(self.comments[n])
        said = sample_comment(comment_id, 1, data["text"], author="dora")
        self._say(n, said | {"parent_id": data["comment_id"]})
        return {"comment_id": comment_id}

    def _on_resolve_comment(self, data: Payload) -> None:
        n = data["comment_id"] // 100
        for one in self.comments[n]:
            if one["id"] == data["comment_id"]:
                one["resolved_at"] = WHEN if data["resolved"] else None
                one["resolved_by"] = "dora" if data["resolved"] else None
        self._tell(n)

    def _on_apply_preset(self, data: Payload) -> Payload:
        preset = next(one for one in PRESETS if one["id"] == data["preset_id"])
        field = "motion_prompt" if self.kind == "video" else "image_prompt"
        saved, skipped = [], []
        for n in data["segment_ids"]:
            if self.cards[n]["decision"].startswith("approved"):
                skipped.append({"segment_id": n, "why": "it is approved"})
                continue
            saved.append(n)
            self.change(n, **{field: f"{self.cards[n][field]}, {preset['text']}"})
        return {"saved": saved, "skipped": skipped}

    def _on_count_presets(self, _data: Payload) -> None:
        """Counting shows nowhere on the desk."""

    def _on_advice(self, data: Payload) -> Payload:
        return {"advice": advice_for(self.cards[data["segment_id"]])}

    def _on_take_suggestions(self, _data: Payload) -> None:
        """What was taken shows nowhere on the desk."""

    def _say(self, n: int, said: Payload) -> None:
        names = [person["username"] for person in PEOPLE]
        said["mentions"] = find_mentions(said["text"], names)
        self.comments[n] = [*self.comments.get(n, []), said]
        self._tell(n)

    def _tell(self, n: int) -> None:
        told = self.comments[n]
        opened = [one for one in told if one["resolved_at"] is None and not one["parent_id"]]
        for_me = sum("dora" in one["mentions"] for one in opened)
        self.change(n, comments_open=len(opened), mentions_me=for_me, n_comments=len(told))
