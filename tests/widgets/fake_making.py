"""How the page's double answers about engines, prices and versions to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.widgets.desk_samples import WHEN, Payload, sample_task, sample_version, short_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def _model(name: str, usd: float, references: int, *, is_default: bool = True) -> Payload:
    told = {"name": name, "usd": usd, "is_guess": False, "most_references": references}
    return told | {"is_default": is_default}


def _engine(name: str, *models: Payload, trouble: str = "") -> Payload:
    return {"name": name, "is_paid": name != "local", "trouble": trouble, "models": list(models)}


ENGINES: list[Payload] = [
    _engine("local", _model("", 0.0, 0)),
    _engine("google", _model("quick-1", 0.039, 3), _model("fine-2", 0.134, 8, is_default=False)),
    _engine("script", _model("", 0.35, 0)),
    _engine("replicate", trouble="The engine “replicate” has no key."),
]
_PRICES = {"local": 0.04, "google": 0.04, "script": 0.35, "replicate": 0.1}


class MakingAnswers:
    """Makes variants, and knows what engines take."""

    kind: str
    cards: dict[int, Payload]
    versions: dict[int, list[Payload]]
    stills: Sequence[str]
    change: Callable[..., None]
    _keep_for_undo: Callable[[int, str], None]

    def __init__(self) -> None:
        self.variant_sets: dict[int, Payload] = {}

    def price_of(self, data: Payload) -> Payload:
        """Tell the price of what is asked for, and how many pictures the engine takes."""
        taken = 3 if data["engine"] == "google" else 0
        arms = data["arms"] or [{"engine": "", "model": ""}] * data["variants"]
        return {"price_usd": sum(self._each(data, arm) for arm in arms), "references_taken": taken}

    def _each(self, data: Payload, arm: Payload) -> float:
        engine, model = (arm["engine"], arm["model"]) if arm["engine"] else (data["engine"], data["model"])
        return 0.134 if model == "fine-2" else _PRICES[engine]

    def ask_variants(self, n: int, count: int) -> None:
        """Put a set of variants into the queue."""
        ids = [f"v{n}_{place}" for place in range(1, count + 1)]
        cells = [
            {
                "task_id": task_id,
                "state": "queued",
                "error_message": None,
                "version_id": None,
                "seed": 500 + place,
            }
            for place, task_id in enumerate(ids)
        ]
        told = {"id": f"set{n}", "author": "dora", "made_at": WHEN, "winner_version_id": None}
        self.variant_sets[n] = told | {"cells": cells}
        tasks = [sample_task(task_id, "queued", 0) for task_id in ids]
        self.change(n, variant_tasks=tasks, task=tasks[0])

    def make_variants(self, n: int, *, but: int | None = None) -> None:
        """Let the variants of a set be there; none of them is current. One of them fails when it is named."""
        cells = self.variant_sets[n]["cells"]
        for place, cell in enumerate(cells, 1):
            if place == but:
                cell |= {
                    "state": "failed",
                    "error_message": "The engine refused the words. Nothing was paid.",
                }
                continue
            number = len(self.versions[n]) + 1
            made = sample_version(n, number, self.cards[n]["image_prompt"], self.stills)
            self.versions[n] = [made | {"is_current": False}, *self.versions[n]]
            cell |= {"state": "succeeded", "version_id": made["id"]}
        ready = sum(cell["version_id"] is not None for cell in cells)
        self.change(n, variant_tasks=[], task=None, to_pick=ready, n_versions=len(self.versions[n]))

    def hide_variants(self, n: int) -> None:
        """Let a finished set be chosen from blind: nothing is told of its versions."""
        made = self.variant_sets[n]
        self.hidden = {cell["version_id"] for cell in made["cells"]}
        self.kept = {"cells": made["cells"], "versions": self.versions[n]}
        addresses = [version["src"] for version in self.versions[n] if version["id"] in self.hidden]
        made["cells"] = [
            {"position": place, "state": "succeeded", "src": src, "poster": src}
            for place, src in enumerate(addresses, 1)
        ]
        made["is_hidden"] = True
        self.versions[n] = [one for one in self.versions[n] if one["id"] not in self.hidden]

    def _on_pick_blind(self, data: Payload) -> Payload:
        n = int(data["set_id"].removeprefix("set"))
        self.variant_sets[n] |= {"cells": self.kept["cells"], "is_hidden": False}
        self.versions[n] = self.kept["versions"]
        version_id = self.kept["cells"][data["position"] - 1]["version_id"]
        return self._on_pick_variant({"version_id": version_id}) | {"made_by": "google · fine-2"}

    def _on_tie_variants(self, data: Payload) -> None:
        n = int(data["set_id"].removeprefix("set"))
        self.variant_sets[n]["is_tie"] = True
        self.change(n, to_pick=0)

    def _on_pick_variant(self, data: Payload) -> Payload:
        n = data["version_id"] // 100
        self._keep_for_undo(n, f"picked variant of keyframe {n}")
        self.variant_sets[n]["winner_version_id"] = data["version_id"]
        for version in self.versions[n]:
            version["is_current"] = version["id"] == data["version_id"]
        chosen = next(version for version in self.versions[n] if version["is_current"])
        self.change(n, version=short_version(chosen), to_pick=0)
        return {"number": chosen["number"]}

    def _on_choose_engine(self, data: Payload) -> None:
        chosen = {"engine": data["engine"], "model": data["model"]}
        if data["segment_id"] is not None:
            self.change(data["segment_id"], **chosen, engine_for="segment")
            return
        for n in self.cards:
            self.change(n, **chosen, engine_for="stream")

    def _on_forget_engine(self, data: Payload) -> None:
        self.change(data["segment_id"], engine="local", model="", engine_for="")


def make_blind_waiting(page: Any) -> None:
    """Let two variants of the first still wait for a blind choice, and two of the second for an open one."""
    for n in (1, 2):
        page.ask_variants(n, 2)
        page.make_variants(n)
    page.hide_variants(1)


def make_variants_waiting(page: Any) -> None:
    """Let three variants of the first still wait for a choice, and two of the second be in the queue."""
    page.ask_variants(1, 3)
    page.make_variants(1)
    page.ask_variants(2, 2)
    page.change(
        2,
        variant_tasks=[sample_task("v2_1", "running", 40), sample_task("v2_2", "queued", 0)],
        task=sample_task("v2_1", "running", 40),
    )
    page.ask_variants(3, 4)
    page.make_variants(3, but=2)
