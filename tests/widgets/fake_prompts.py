"""What the page double answers about prompts, and a rival who edits the same ones."""

from __future__ import annotations

from typing import Any

from director_lib.errors import PromptClashError
from tests.widgets.desk_samples import WHEN, Payload

RIVAL = "A red harbour, as somebody else wants it"
"""What somebody else writes into a prompt, once the event that ``rival_after`` describes is there."""


class PromptAnswers:
    """Part of the page double."""

    cards: dict[int, Payload]
    change: Any
    load: Any

    def __init__(self) -> None:
        self.prompt_changes: list[Payload] = []
        self.rival_after: Payload | None = None

    def let_rival_act(self, event: str, data: Payload) -> None:
        """Let somebody else edit the still's prompt, before the event that they wait for is answered."""
        if self.rival_after is not None and self.rival_after.items() <= {"event": event, **data}.items():
            self.rival_after = None
            self.edit_prompt(data["segment_id"], "image_prompt", RIVAL, "outside")
            self.load()  # as the page does when the file has changed

    def edit_prompt(self, n: int, field: str, text: str, source: str = "workbench") -> None:
        """Change a prompt, keep it in the history, and tell the desk."""
        place = {"segment_id": n, "seq": len(self.prompt_changes) + 1, "field": field}
        words = {"before": self.cards[n][field], "after": text}
        told = {"actor": source if source == "outside" else "dora", "source": source, "happened_at": WHEN}
        self.prompt_changes.insert(0, place | words | told)
        self.change(n, **{field: text})

    def check_base(self, n: int, field: str, base: str, yours: str) -> None:
        """Refuse when somebody else changed the prompt to something else."""
        theirs = self.cards[n][field]
        if base not in (theirs, yours) and theirs != yours:
            raise PromptClashError(n, field, base=base, theirs=theirs, yours=yours)

    def _on_save_prompt(self, data: Payload) -> None:
        self.check_base(data["segment_id"], data["field"], data["base_text"], data["text"])
        self.edit_prompt(data["segment_id"], data["field"], data["text"])

    def _on_prompt_history(self, data: Payload) -> Payload:
        return {"changes": [one for one in self.prompt_changes if one["segment_id"] == data["segment_id"]]}

    def _on_bring_back_prompt(self, data: Payload) -> None:
        [change] = [one for one in self.prompt_changes if one["seq"] == data["change_seq"]]
        text = change[data["side"]]
        self.check_base(data["segment_id"], data["field"], data["base_text"], text)
        self.edit_prompt(data["segment_id"], data["field"], text, "brought_back")
