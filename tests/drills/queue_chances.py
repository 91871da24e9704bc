"""What goes wrong at the drill's providers: drawn by chance, the same for the same seed, and written down."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

Odds = dict[str, float]

_NAME = {"still": re.compile(r"still-\d+"), "clip": re.compile(r"clip-\d+")}
_BUSY: Odds = {"429": 0.05, "503": 0.03, "500": 0.03}
_ASKING: Odds = {"429": 0.03, "500": 0.03, "reset": 0.03, "garbage": 0.02, "slow": 0.10}

ODDS: dict[str, Odds] = {
    # Google: one call for a still
    "draw": {
        **_BUSY,
        "reset": 0.03,
        "reset_after": 0.03,
        "hang": 0.03,
        "page_after": 0.02,
        "garbage_after": 0.02,
        "refusal": 0.03,
        "half_file": 0.02,
        "slow": 0.20,
        "slow_after": 0.15,
    },
    # Google: an order for a clip, and what follows
    "film": {
        "429": 0.05,
        "503": 0.03,
        "500": 0.02,
        "reset": 0.03,
        "reset_after": 0.03,
        "hang": 0.03,
        "slow": 0.15,
        "slow_after": 0.15,
    },
    "google job": _ASKING,
    "google cancel": {"429": 0.10, "reset": 0.10},
    "google file": {
        "429": 0.04,
        "500": 0.04,
        "reset": 0.04,
        "half": 0.08,
        "short": 0.03,
        "404": 0.03,
        "wrong type": 0.03,
    },
    # Replicate, in the words of its fake
    "model": {"429:1": 0.04, "500": 0.04},
    "upload": {"429:1": 0.04, "500": 0.04, "reset_after": 0.03},
    "create": {
        "429:1": 0.06,
        "500": 0.04,
        "500_after": 0.04,
        "reset_before": 0.03,
        "reset_after": 0.06,
        "hang": 0.04,
        "half": 0.03,
        "garbage": 0.03,
        "html": 0.03,
        "slow": 0.15,
        "slow_after": 0.20,
    },
    "list": {"429:1": 0.05, "500": 0.05, "reset_after": 0.03},
    "poll": {"429:1": 0.03, "500": 0.03, "reset_after": 0.03, "garbage": 0.02, "half": 0.02},
    "cancel": {"429:1": 0.10, "500": 0.05, "reset_before": 0.10},
    "download": {
        "500": 0.04,
        "reset_after": 0.04,
        "half": 0.08,
        "short": 0.03,
        "404": 0.03,
        "html": 0.03,
        "plain": 0.05,
    },
}
"""By what is asked for: what may go wrong, and how often."""

REFUSING = frozenset({"refusal", "half_file", "short", "404", "wrong type", "html", "failed"})
"""What makes a task fail for good, when it happens to its file or its job."""

UNCLEAR = frozenset({"reset", "reset_after", "hang", "page_after", "garbage_after", "500"})
"""What leaves nobody knowing whether Google made what was ordered."""


LOST_ORDERS = "orders that never arrived"
"""The name under which orders are noted of which the provider knows nothing, not even the task."""


def name_in(text: str, kind: str) -> str:
    """Return the name of the task that a prompt was written for; empty when there is none."""
    found = _NAME[kind].search(text)
    return found[0] if found else ""


@dataclass
class Chances:
    """Draws what goes wrong, and remembers what was made and what went wrong.

    Attributes:
        made: What was made for money: task's name to one entry for each time.
        faults: Task's name to what went wrong for it.
    """

    seed: int
    made: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    faults: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    n_asked: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    lock: threading.RLock = field(default_factory=threading.RLock)

    def draw(self, what: str, name: str) -> str:
        """Return what goes wrong with this request; empty when nothing does."""
        with self.lock:
            key = f"{what} of {name}"
            self.n_asked[key] += 1
            left = random.Random(f"{self.seed} {key} {self.n_asked[key]}").random()
            for fault, odds in ODDS[what].items():
                left -= odds
                if left < 0:
                    self.note(name, fault)
                    return fault
        return ""

    def lot(self, name: str) -> random.Random:
        """Return what decides how a task's job goes."""
        return random.Random(f"{self.seed} lot of {name}")

    def note(self, name: str, fault: str) -> None:
        """Remember what went wrong."""
        with self.lock:
            self.faults[name].append(fault)

    def note_made(self, name: str, **facts: Any) -> dict[str, Any]:
        """Remember that something was made that has to be paid for; its end is filled in later."""
        entry = {"made_s": time.monotonic(), "ended_s": None, **facts}
        with self.lock:
            self.made[name].append(entry)
        return entry

    def report(self) -> dict[str, Any]:
        """Tell everything, in JSON values."""
        with self.lock:
            return {"made": dict(self.made), "faults": dict(self.faults)}
