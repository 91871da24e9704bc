"""The desk's notebook: which page's double its query asks for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from director_lib.widgets.review_desk import ReviewDesk
from tests.widgets import fake_clips
from tests.widgets.desk_samples import WHEN, sample_comment, sample_task
from tests.widgets.fake_desk import FakeDeskPage
from tests.widgets.fake_making import make_blind_waiting, make_variants_waiting
from tests.widgets.fake_quorum import make_keyframes_unapproved, make_two_needed
from tests.widgets.fake_repair import make_outdated, make_outdated_and_changing
from tests.widgets.serving import STILLS, NotebookServer, start_server
from tests.widgets.stage import asked_query

Scenario = Callable[[FakeDeskPage], None]
DeskServer = NotebookServer
LATE_S = 2.0


def show_desk(folder: str) -> ReviewDesk:
    """Build the page that the notebook's query asks for, and return its desk."""
    query = asked_query()
    page = FakeDeskPage(
        int(query.get("n", "12")),
        kind=query.get("kind", "keyframe"),
        stills=STILLS,
        may=dict.fromkeys(("decide", "generate", "edit_prompt", "comment"), False)
        if "viewer" in query
        else None,
        mixed="mixed" in query,
        step_s=float(query["step"]) if "step" in query else None,
        log=Path(folder) / f"{query['log']}.jsonl" if "log" in query else None,
    )
    SCENARIOS[query.get("scenario", "none")](page)
    if "keep" in query:
        _keep_decisions(page, Path(folder) / f"{query['keep']}.json")
    return page.desk


def _hostile(page: FakeDeskPage) -> None:
    markup = "<img src=x onerror=\"document.body.dataset.hacked='yes'\"> {{ 7 * 7 }} <script>1</script>"
    page.cards[1] |= {
        "title": markup,
        "image_prompt": markup,
        "represents": markup,
        "note": markup,
        "decision": "regenerate",
    }
    page.cards[2] |= {
        "title": "المنارة في الشتاء",
        "image_prompt": "منارة على صخرة سوداء، ضباب، كاميرا بطيئة",
    }
    page.cards[3] |= {"title": "long", "image_prompt": "unbroken" * 1250}
    page.comments[1] = [sample_comment(100, 1, markup, author=markup)]


def _drawn(page: FakeDeskPage) -> None:
    for number, kind in ((2, "box"), (3, "arrow")):
        region = {"shapes": [{"kind": kind, "points": [[0.25, 0.25], [0.75, 0.5]]}]}
        said = sample_comment(98 + number, number, f"about version {number}") | {"region": region}
        page.comments.setdefault(1, []).append(said)


def _troubled(page: FakeDeskPage) -> None:
    page.extra["worker_alive"] = False
    page.extra["oddities"] = [
        {"file": "production.json", "path": "$.segments[1]", "message": "Two keys hold the prompt."}
    ]
    page.cards[1]["task"] = sample_task(
        "t9", "failed", 40, "The engine ran out of memory. Nothing was changed."
    )
    page.cards[2]["prompt_conflict"] = {"prompt": "A grey harbour", "image_prompt": "A red harbour"}
    page.cards[3] |= {"version": None, "n_versions": 0}
    page.versions[3] = []


def _refusing(page: FakeDeskPage) -> None:
    page.refuse_next = "decide"


def _refusing_prompts(page: FakeDeskPage) -> None:
    page.refuse_next = "save_prompt"


def _lost(page: FakeDeskPage) -> None:
    page.versions[1][-1]["fault"] = "missing"


def _archived(page: FakeDeskPage) -> None:
    page.versions[1][-1]["fault"] = "archived"


def _rival(event: str, **data: object) -> Scenario:
    def start(page: FakeDeskPage) -> None:
        page.rival_after = {"event": event, **data}

    return start


def _edited(page: FakeDeskPage) -> None:
    page.edit_prompt(1, "image_prompt", "A grey harbour at dusk, calm sea")
    page.edit_prompt(1, "image_prompt", "A grey harbour at dawn, gulls", "outside")
    page.edit_prompt(1, "motion_prompt", "drift left, slowly")


def _draft_over_other_words(page: FakeDeskPage) -> None:
    page.cards[1]["image_prompt"] = "A grey harbour"
    draft = {"segment_id": 1, "field": "image_prompt", "text": "A red harbour", "base_text": "A harbour"}
    page.extra["drafts"] = [draft | {"saved_at": WHEN}]


def _running(page: FakeDeskPage) -> None:
    page.cards[2]["task"] = sample_task("t2", "running", 40)


def _queued_already(page: FakeDeskPage) -> None:
    answer = {"task_id": "t0", "existed": True}
    page._on_regenerate = lambda _data: answer  # type: ignore[method-assign,assignment,return-value]


def _gone(page: FakeDeskPage) -> None:
    page.extra["gone"] = [1]


def _own_keys(page: FakeDeskPage) -> None:
    page.keys = {"approve": "9", "help": "0"}


def make_detail_late(page: FakeDeskPage) -> None:
    """Let a segment's versions come a good while after the segment was chosen."""
    answer = page._on_open_segment

    def later(data: dict[str, Any]) -> None:
        asyncio.get_running_loop().call_later(LATE_S, answer, data)

    page.__dict__["_on_open_segment"] = later


SCENARIOS: dict[str, Scenario] = {
    "late-detail": make_detail_late,
    "own-keys": _own_keys,
    "lost": _lost,
    "archived": _archived,
    "drawn": _drawn,
    "none": lambda page: None,
    "hostile": _hostile,
    "troubled": _troubled,
    "refusing": _refusing,
    "refusing-prompts": _refusing_prompts,
    "rival-while-typing": _rival("save_draft"),
    "rival-while-saving": _rival("save_prompt"),
    "rival-while-regenerating": _rival("regenerate"),
    "rival-in-the-sheet": _rival("price", engine="script"),
    "edited": _edited,
    "gone": _gone,
    "queued-already": _queued_already,
    "draft-over-other-words": _draft_over_other_words,
    "running": _running,
    "two-approvals": make_two_needed,
    "unapproved-keyframe": make_keyframes_unapproved,
    "outdated": make_outdated,
    "variants": make_variants_waiting,
    "blind": make_blind_waiting,
    "ordered": lambda page: [
        page.cards[n].update(attention=score) for n, score in ((1, 0.2), (3, 0.9), (4, 0.6))
    ],
    "outdated-changing": make_outdated_and_changing,
    **fake_clips.SCENARIOS,
}


def _keep_decisions(page: FakeDeskPage, path: Path) -> None:
    # A reload gets a new kernel, so what a database would hold is in a file.
    if path.exists():
        for number, card in json.loads(path.read_text(encoding="utf-8")).items():
            page.cards[int(number)] = card
    tell = page.change

    def keep(segment_id: int, **fields: object) -> None:
        tell(segment_id, **fields)
        path.write_text(json.dumps(page.cards), encoding="utf-8")

    page.change = keep  # type: ignore[method-assign]


def start_desk_server(folder: Path) -> DeskServer:
    """Write the desk's notebook and its stills into the folder and serve them."""
    return start_server(folder, "desk.ipynb", "tests.widgets.harness:show_desk")
