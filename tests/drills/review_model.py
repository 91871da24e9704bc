"""What should happen to a film's stills, in plain dicts: the rules said once more, as simply as can be."""

from __future__ import annotations

from typing import Any

UNDO_DEPTH = 20

Asset = dict[str, Any]
"""``versions`` (each with ``sha`` and the ``prompt`` it was sent), ``current`` (its index), ``present`` (the
digest of the file in the folder), and whether that file is ``unread``."""
Step = dict[str, Any]


def new_asset() -> Asset:
    return {"versions": [], "current": None, "present": None, "unread": False}


class Film:
    """The model of one stream, which everybody's actions go through beside the real one."""

    def __init__(self, segment_ids: range, people: tuple[str, ...]) -> None:
        self.assets: dict[int, Asset] = {segment_id: new_asset() for segment_id in segment_ids}
        self.decisions: dict[int, dict[str, Any]] = {}
        self.tasks: dict[str, dict[str, Any]] = {}
        self.steps: dict[str, list[Step]] = {name: [] for name in people}
        self.now = 0

    def tick(self) -> int:
        self.now += 1
        return self.now

    def sha(self, segment_id: int) -> str | None:
        asset = self.assets[segment_id]
        return None if asset["current"] is None else str(asset["versions"][asset["current"]]["sha"])

    def prompt(self, segment_id: int) -> str | None:
        """The prompt that the current version was made with; None when nobody knows."""
        asset = self.assets[segment_id]
        found: str | None = asset["versions"][asset["current"]]["prompt"]
        return found

    def verdict(self, segment_id: int) -> str | None:
        """The newest decision on exactly the current bytes that was not taken back."""
        sha = self.sha(segment_id)
        counting = [
            one["kind"]
            for _, one in sorted(self.decisions.items())
            if (one["segment"], one["sha"], one["undone"]) == (segment_id, sha, False)
        ]
        return str(counting[-1]) if sha is not None and counting else None

    def is_approved(self, segment_id: int) -> bool:
        return self.verdict(segment_id) in ("approved", "approved_with_notes")

    def open_tasks(self, segment_id: int | None = None) -> list[str]:
        return [
            task_id
            for task_id, task in self.tasks.items()
            if task["state"] == "open" and segment_id in (None, task["segment"])
        ]

    def drop(self, segment_id: int, sha: str) -> None:
        self.assets[segment_id] |= {"present": sha, "unread": True}

    def delete(self, segment_id: int) -> None:
        self.assets[segment_id] |= {"present": None, "unread": False}

    def scan(self) -> None:
        for asset in self.assets.values():
            if asset["unread"]:
                asset["current"] = _index_of(asset, asset["present"])
                asset["unread"] = False

    def place(self, segment_id: int, index: int) -> None:
        """Make a version current; a file that nobody had read yet is kept as a version first."""
        asset = self.assets[segment_id]
        if asset["unread"]:
            _index_of(asset, asset["present"])
        sha = asset["versions"][index]["sha"]
        asset |= {"current": index, "present": sha, "unread": False}

    def decide(self, seq: int, segment_id: int, kind: str) -> None:
        self.decisions[seq] = {
            "segment": segment_id,
            "sha": self.sha(segment_id),
            "kind": kind,
            "undone": False,
        }

    def queue(self, task_id: str, segment_id: int, prompt: str) -> None:
        self.tasks[task_id] = {"segment": segment_id, "prompt": prompt, "state": "open", "made": None}

    def finish(self, task_id: str, sha: str) -> None:
        task = self.tasks[task_id]
        asset = self.assets[task["segment"]]
        asset["versions"].append({"sha": sha, "prompt": task["prompt"]})
        task |= {"state": "done", "made": len(asset["versions"]) - 1}
        self.place(task["segment"], task["made"])

    def push(self, person: str, seqs: list[int], task: str | None = None, before: int | None = None) -> None:
        """Remember a step; ``before`` is the index of the version that was current, of a regeneration."""
        step = {"seqs": seqs, "task": task, "before": before, "made_at": self.tick(), "undone_at": None}
        self.steps[person].append(step)

    def find_last(self, person: str) -> Step | None:
        recent = self.steps[person][-UNDO_DEPTH:]
        return next((step for step in reversed(recent) if step["undone_at"] is None), None)

    def find_undone(self, person: str) -> Step | None:
        undone = [step for step in self.steps[person] if step["undone_at"] is not None]
        if not undone:
            return None
        latest: Step = max(undone, key=lambda step: step["undone_at"])
        is_over = any(step["made_at"] > latest["undone_at"] for step in self.steps[person])
        return None if is_over else latest

    def undo(self, step: Step, *, is_live: bool) -> None:
        for seq in step["seqs"]:
            self.decisions[seq]["undone"] = True
        step["undone_at"] = self.tick()
        task = self.tasks.get(step["task"] or "")
        if task is None:
            return
        if task["state"] == "open":
            task["state"] = "cancelled"
        if task["made"] is not None and step["before"] is not None and is_live:
            self.place(task["segment"], step["before"])

    def may_redo(self, step: Step) -> bool:
        was = [self.decisions[seq] for seq in step["seqs"]]
        return all(self.sha(one["segment"]) == one["sha"] for one in was)

    def redo(self, step: Step, seqs: list[int], task_id: str | None) -> None:
        """Repeat a step whose new records have these numbers."""
        for old, new in zip(step["seqs"], seqs, strict=True):
            self.decide(new, self.decisions[old]["segment"], self.decisions[old]["kind"])
        task = self.tasks.get(step["task"] or "")
        if task is not None and task["made"] is not None:
            self.place(task["segment"], task["made"])
        elif task is not None and task_id is not None:
            self.queue(task_id, task["segment"], task["prompt"])
            step["task"] = task_id
        step |= {"seqs": seqs, "undone_at": None}


def _index_of(asset: Asset, sha: str) -> int:
    """The current version when it has these bytes, else the newest that has them, else a new one."""
    current = asset["current"]
    if current is not None and asset["versions"][current]["sha"] == sha:
        return int(current)
    known = [index for index, version in enumerate(asset["versions"]) if version["sha"] == sha]
    if not known:
        asset["versions"].append({"sha": sha, "prompt": None})
        return len(asset["versions"]) - 1
    return known[-1]
