"""A stream that asks for two approvals, and clips whose keyframes are not approved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.widgets.fake_desk import FakeDeskPage

_APPROVALS = ("approved", "approved_with_notes")


def make_two_needed(page: FakeDeskPage) -> None:
    """Let dan have approved the first segment and dora, who looks, the second; the others are undecided."""
    for card in page.cards.values():
        card["approvals"] = {"by": [], "needed": 2}
    for number, name in ((1, "dan"), (2, "dora")):
        page.cards[number] |= {"decision": "approved", "decided_by": name}
        page.cards[number]["approvals"] = {"by": [name], "needed": 2}
    tell = page.change

    def change(segment_id: int, **fields: object) -> None:
        if "decision" in fields:
            by = page.cards[segment_id]["approvals"]["by"]
            given = [*by, "dora"] if fields["decision"] in _APPROVALS else []
            fields["approvals"] = {"by": given, "needed": 2}
        tell(segment_id, **fields)

    page.change = change  # type: ignore[method-assign]


def make_keyframes_unapproved(page: FakeDeskPage) -> None:
    """Let the keyframe of the first segment wait for its approval."""
    for number, card in page.cards.items():
        card["keyframe_approved"] = number != 1
