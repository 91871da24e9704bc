"""What a review page would read of one small stream: cards, versions, tasks and the frame."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

Payload = dict[str, Any]

WHEN = "2026-03-02T09:24:00+00:00"
SUFFIX = "35mm film, no text"
MAY_ALL = {"decide": True, "generate": True, "edit_prompt": True, "comment": True}
UNDECIDED: Payload = {"decision": "undecided", "decided_by": None, "decided_at": None, "note": ""}
STREAM = {"id": "lighthouse", "title": "The Lighthouse Keeper’s Last Winter", "language": "en"}
_PRESETS = (
    (1, "golden hour", "lighting", "golden hour light, long shadows"),
    (2, "sea fog", "lighting", "soft sea fog"),
    (3, "gentle pan", "motion", "gentle pan to the right"),
    (4, "muted palette", "color", "muted slate and rust palette"),
)
PRESETS: list[Payload] = [
    {"id": number, "name": name, "category": category, "text": text}
    | {"author": "dora", "use_count": 0, "is_shared": True}
    for number, name, category, text in _PRESETS
]
PEOPLE = [
    {"username": "dan", "name": "Dan Okafor"},
    {"username": "dora", "name": "Dora Lindqvist"},
    {"username": "pal", "name": "Pál Szűcs"},
]
_WORDS = [
    (
        "The harbour before dawn",
        "Wide shot of a small stone harbour before dawn, fishing boats on black water",
    ),
    ("The keeper’s stairs", "Low angle up a spiral iron staircase, lantern light on wet granite"),
    ("First ice", "Thin ice closing over a tidal pool, macro, the sky reflected in it"),
    ("Letters in the drawer", "An open drawer with bundled letters, dust in slanting window light"),
    ("The storm comes in", "A wall of rain over open sea, one gull against it, long lens"),
    ("Nobody on the pier", "An empty wooden pier in fog, a single coat on the railing"),
    ("The lamp is lit", "The lighthouse lens from inside, amber glass, the beam begins to turn"),
]
_MIXED = ["approved", "undecided", "adjust_prompt", "undecided", "approved_with_notes", "undecided"]
_STATES = {
    "story": "approved",
    "spec": "approved",
    "keyframes": "changes",
    "videos": "waiting",
    "final": "missing",
}


FROZEN = {
    "code": "frozen",
    "words": "Nothing moves for 1.2 s.",
    "severity": "note",
    "from_s": 3.8,
    "to_s": 5.0,
}


def sample_version(segment_id: int, number: int, prompt: str, stills: Sequence[str]) -> Payload:
    """Describe one version as a detail does."""
    still = stills[(segment_id * 5 + number) % len(stills)]
    picture = still.replace(".mp4", ".jpg")
    return {
        "id": segment_id * 100 + number,
        "number": number,
        "sha256": hashlib.sha256(f"{segment_id}/{number}".encode()).hexdigest(),
        **{"src": still, "thumb": picture, "poster": picture},
        **{"image_prompt": f"{prompt}, {SUFFIX}", "motion_prompt": "slow push in", "negative_prompt": ""},
        **{"origin": "generated", "engine": "local", "model": "painter 2", "seed": 4000 + number},
        **{"cost_usd": 0.04, "author": "dora", "created_at": WHEN},
        **{"width": 1280, "height": 720, "size_bytes": 241_300, "duration_s": 5.0},
        **{"found_as": None, "found_at": None, "fault": None},
        "findings": [FROZEN] if number == 2 else [],
        "download": f"{still}?download=lighthouse_keyframe_{segment_id:03d}_v{number}.jpg",
        **UNDECIDED,
        "is_current": True,
    }


def sample_comparison(before: Payload, after: Payload) -> Payload:
    """Compare two versions as the page does."""
    names = ("image_prompt", "seed", "model", "width", "cost_usd", "author", "sha256")
    facts = [
        {
            **{"name": name, "label": name.replace("_", " ").capitalize()},
            **{"before": str(before[name]), "after": str(after[name]), "equal": before[name] == after[name]},
            "words": [] if name != "image_prompt" else _sample_words_changed(before[name], after[name]),
        }
        for name in names
    ]
    return {"facts": facts, "text": f"Version {after['number']}\nSeed: {after['seed']}"}


def _sample_words_changed(before: str, after: str) -> list[Payload]:
    if before == after:
        return []
    return [{"change": "removed", "text": before}, {"change": "added", "text": after}]


def short_version(version: Payload) -> Payload:
    """Return what a card says of its version."""
    names = ("id", "number", "sha256", "src", "thumb", "poster", "width", "height", "duration_s")
    return {name: version[name] for name in names}


def sample_words(n: int) -> tuple[str, str]:
    """Return the title and the prompt of a segment."""
    return _WORDS[(n - 1) % len(_WORDS)]


def sample_card(n: int, versions: Sequence[Payload], *, mixed: bool) -> Payload:
    """Describe one segment; a mixed stream has decisions, stale and missing ones."""
    title, prompt = sample_words(n)
    decision = _MIXED[n % len(_MIXED)] if mixed and versions else "undecided"
    by = {} if decision == "undecided" else {"decided_by": "Dora Lindqvist", "decided_at": WHEN}
    stale = ["The image prompt has changed since this still was made."] if mixed and n % 5 == 1 else []
    return {
        **{"segment_id": n, "title": title, "represents": "Winter closes the island off."},
        **{"image_prompt": prompt, "motion_prompt": "slow push in", "negative_prompt": ""},
        **{"prompt_conflict": {}, "duration_s": 5.0, "keyframe_thumb": None, "task": None},
        **{"version": short_version(versions[0]) if versions else None, "n_versions": len(versions)},
        **{"stale": stale, "comments_open": 0, "mentions_me": 0, "n_comments": 0},
        **{"engine": "local", "model": "", "engine_for": "", "variant_tasks": [], "to_pick": 0},
        **UNDECIDED,
        **{"decision": decision},
        **by,
    }


def sample_task(task_id: str, state: str, percent: float, error: str | None = None) -> Payload:
    """Describe a task as a card does."""
    return {
        **{"id": task_id, "state": state, "phase": "waiting" if state == "queued" else "rendering"},
        **{"percent": percent, "price_usd": 0.04, "error_message": error, "queued_at": WHEN},
        "eta_s": 6 if state == "running" else None,
    }


def sample_comment(
    comment_id: int, version_number: int | None, text: str, author: str = "Dora Lindqvist"
) -> Payload:
    """Describe an open comment."""
    said = {"id": comment_id, "version_number": version_number, "text": text, "author": author}
    nothing = dict.fromkeys(("parent_id", "frame", "region", "resolved_at", "resolved_by"))
    return said | nothing | {"created_at": WHEN, "mentions": []}


def sample_frame(here: str, cards: Sequence[Payload], may: dict[str, bool], *, worker_alive: bool) -> Payload:
    """Describe the top bar."""
    approved = sum(card["decision"].startswith("approved") for card in cards)
    running = sum(bool(card["task"]) and card["task"]["state"] == "running" for card in cards)
    links = [("Streams", "#streams"), ("Tasks", "#tasks"), ("Metrics", "#metrics")]
    return {
        "page": here,
        "stream": STREAM,
        "person": {"username": "dora", "name": "Dora Lindqvist", "role": "director", "may": may},
        "rail": [_stop(name, state, here, approved, len(cards)) for name, state in _STATES.items()],
        "nav": [{"label": label, "href": href, "here": False} for label, href in links],
        "spend": {"stream_usd": 3.2, "budget_stream_usd": 50, "today_usd": 4.75, "budget_day_usd": 20},
        "queue": {"running": running, "queued": 0, "failed": 0},
        "worker_alive": worker_alive,
    }


def _stop(name: str, state: str, here: str, approved: int, total: int) -> Payload:
    counts = {"approved": approved, "total": total} if name == here else {"approved": 1, "total": 1}
    return {
        "checkpoint": name,
        "label": name.title(),
        "state": state,
        "href": f"#{name}",
        "here": name == here,
    } | counts
