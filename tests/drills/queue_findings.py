"""What is left after a drill of the queue, held against what providers and programs say that they did."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from director_lib.config import Settings
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind, Version
from director_lib.intake.leftovers import sweep_leftovers
from director_lib.media.files import VersionFiles, hash_file
from director_lib.store.database import Database
from director_lib.store.events import verify_log
from director_lib.store.tables import attempts
from director_lib.store.task_lines import list_lines
from director_lib.store.tasks import committed_usd
from director_lib.store.versions import current_versions, list_newest_versions, list_pending_assets
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import find_media
from director_lib.tasks.workshop import utc_now
from tests.drills.queue_chances import LOST_ORDERS, REFUSING, UNCLEAR
from tests.drills.queue_script import LEDGER
from tests.drills.queue_wanted import FREE_ENGINES, REFUSED_MODES, STREAM

_GRACE_S = 0.2
_CENT = 0.005


@dataclass
class Evidence:
    """Everything that is looked at.

    Attributes:
        names: Task id to the name in its prompt.
        confirmed_s: Task id to when it was seen cancelled, by the machine's monotonic clock.
        report: What the providers say.
        left_running: Processes that the workers left behind.
    """

    settings: Settings
    database: Database
    tasks: list[Task]
    names: dict[str, str]
    confirmed_s: dict[str, float]
    asked_to_cancel: set[str]
    report: dict[str, Any]
    folder: Path
    left_running: list[str]
    n_killed: int = 0
    took_s: float = 0.0

    @cached_property
    def ledger(self) -> dict[str, list[tuple[str, float]]]:
        """What the programs noted: name to what happened and when."""
        noted: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
        path = self.folder / LEDGER
        for line in path.read_text().splitlines() if path.exists() else []:
            what, name, when = line.split()
            noted[name].append((what, float(when)))
        return noted

    @cached_property
    def receipts(self) -> dict[str, list[sa.Row[Any]]]:
        """Every attempt, by task, oldest first."""
        found: defaultdict[str, list[sa.Row[Any]]] = defaultdict(list)
        with self.database.read() as connection:
            for row in connection.execute(sa.select(attempts).order_by(attempts.c.id)):
                found[row.task_id].append(row)
        return found

    @cached_property
    def versions(self) -> list[Version]:
        """Every version."""
        with self.database.read() as connection:
            return list_newest_versions(connection)

    def n_paid(self, task: Task) -> int:
        """Count how often a task was made for money, by those who were paid."""
        name = self.names[task.id]
        n_runs = sum(what == "paid" for what, _ in self.ledger.get(name, []))
        return len(self.report["made"].get(name, [])) + (n_runs if task.request.engine == "script" else 0)

    def story(self, problem: str) -> str:
        """Return the kept lines of the task that a problem names."""
        with self.database.read() as connection:
            lines = [
                f"\n      {line.at:%H:%M:%S.%f} {line.text}"
                for task_id in self.names
                if task_id in problem
                for line in list_lines(connection, task_id)
            ]
        return "".join(lines)

    def mode_of(self, task: Task) -> str:
        """Return how a program behaves that makes the task."""
        request = task.request
        return (request.motion_prompt if request.kind is Kind.VIDEO else request.image_prompt).split()[0]


def find_problems(evidence: Evidence) -> list[str]:
    """Say everything that must not be."""
    checks = (_open_tasks, _doubles, _unexplained, _cancelled, _files, _receipts, _money, _leftovers)
    return [problem for check in checks for problem in check(evidence)]


def summarise(evidence: Evidence, problems: list[str]) -> str:
    """Say in a few lines what happened."""
    states = Counter(task.state.value for task in evidence.tasks)
    told = Counter(fault for faults in evidence.report["faults"].values() for fault in faults)
    n_paid = sum(evidence.n_paid(task) for task in evidence.tasks)
    n_attempts = sum(map(len, evidence.receipts.values()))
    ends = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    return (
        f"{len(evidence.tasks)} tasks, {evidence.n_killed} kills, {evidence.took_s:.0f} s: {ends}\n"
        f"  {n_attempts} attempts, {n_paid} things paid for, {len(evidence.asked_to_cancel)} cancels wished\n"
        f"  {sum(told.values())} faults: {', '.join(f'{n} × {name}' for name, n in sorted(told.items()))}\n"
        f"  {len(list(_open_tasks(evidence)))} lost, {len(list(_doubles(evidence)))} made twice, "
        f"{len(evidence.left_running)} orphan processes, {len(list(_files(evidence)))} wrong files, "
        f"{states['unknown']} unknown of which {len(list(_unexplained(evidence)))} unexplained, "
        f"{len(problems)} problems in all"
    )


def _told(evidence: Evidence, task: Task) -> str:
    request = task.request
    return (
        f"{evidence.names[task.id]} ({task.id}, {request.engine} {request.kind.value}, "
        f"{evidence.mode_of(task)}, {task.state.value}: {task.error_message or task.phase})"
    )


def _open_tasks(evidence: Evidence) -> Iterator[str]:
    for task in evidence.tasks:
        if task.is_open:
            yield f"never ended: {_told(evidence, task)}"
    for task_id in evidence.names.keys() - {task.id for task in evidence.tasks}:
        yield f"gone: {task_id}"


def _doubles(evidence: Evidence) -> Iterator[str]:
    for task in evidence.tasks:
        if evidence.n_paid(task) > 1:
            yield f"paid {evidence.n_paid(task)} times: {_told(evidence, task)}"
        n_versions = sum(version.provenance.task_id == task.id for version in evidence.versions)
        if n_versions > 1:
            yield f"{n_versions} versions of {_told(evidence, task)}"


def _unexplained(evidence: Evidence) -> Iterator[str]:
    """Find tasks that did not succeed although nothing happened to them that explains it."""
    by_id = {task.id: task for task in evidence.tasks}
    n_lost_orders = len(evidence.report["faults"].get(LOST_ORDERS, ()))
    for task in evidence.tasks:
        faults = set(evidence.report["faults"].get(evidence.names[task.id], ()))
        is_script, mode = task.request.engine in ("script", "gratis"), evidence.mode_of(task)
        first = by_id.get(task.after_task_id or "")
        match task.state:
            case TaskState.FAILED:
                follows = first is not None and first.state is not TaskState.SUCCEEDED
                is_explained = follows or (mode in REFUSED_MODES if is_script else bool(faults & REFUSING))
            case TaskState.UNKNOWN if task.request.engine == "replicate":
                # its order never arrived, which only a person can be sure of
                n_lost_orders -= 1
                is_explained = n_lost_orders >= 0 and not evidence.n_paid(task)
            case TaskState.UNKNOWN:
                is_explained = mode == "hang" if is_script else bool(faults & UNCLEAR)
            case TaskState.CANCELLED:
                is_explained = task.id in evidence.asked_to_cancel
            case _:
                is_explained = True
        if not is_explained:
            yield f"nothing explains {_told(evidence, task)}; faults: {sorted(faults)}"


def _cancelled(evidence: Evidence) -> Iterator[str]:
    """Find what a cancelled task left, or what went on after the cancel was confirmed."""
    made_by = {version.provenance.task_id for version in evidence.versions}
    for task in evidence.tasks:
        if task.state is not TaskState.CANCELLED:
            continue
        name, confirmed_s = evidence.names[task.id], evidence.confirmed_s[task.id] + _GRACE_S
        if task.id in made_by:
            yield f"a version of the cancelled {_told(evidence, task)}"
        if late := [what for what, when in evidence.ledger.get(name, []) if when > confirmed_s]:
            yield f"its program went on ({late[0]}) after the cancel of {_told(evidence, task)}"
        is_lost = bool(UNCLEAR & set(evidence.report["faults"].get(name, ())))
        for job in evidence.report["made"].get(name, []):
            goes_on = job["ended_s"] is None or job["ended_s"] > confirmed_s
            # nobody knows the id of a job of Google's whose answer was lost
            if goes_on and not (task.request.engine == "google" and is_lost):
                yield f"the provider's job went on after the cancel of {_told(evidence, task)}"


def _files(evidence: Evidence) -> Iterator[str]:
    """Find versions without their file, and files in place that are not the current version."""
    files = VersionFiles(evidence.settings.media_dir)
    by_task = {version.provenance.task_id: version for version in evidence.versions}
    for version in evidence.versions:
        if fault := files.find_fault(version.sha256, version.extension, version.size_bytes, read=True):
            yield f"the file of version {version.id} is {fault}"
    with evidence.database.read() as connection:
        current = current_versions(connection, STREAM)
    for task in evidence.tasks:
        if task.state is not TaskState.SUCCEEDED:
            continue
        made = by_task.get(task.id)
        if made is None or made.id != task.version_id:
            yield f"no version of the succeeded {_told(evidence, task)}"
        elif current[made.segment_id, made.kind].number < made.number:
            yield f"an older version is current than that of {_told(evidence, task)}"
    media = find_media(StreamsRoot(evidence.settings.streams_root), STREAM)
    for place in media.keys() ^ current.keys():
        yield f"a version without a file in place, or a file without a version: {place}"
    for place in media.keys() & current.keys():
        if hash_file(media[place]) != current[place].sha256:
            yield f"the file in place is not the current version: {place}"


def _receipts(evidence: Evidence) -> Iterator[str]:
    for task in evidence.tasks:
        receipts = evidence.receipts.get(task.id, [])
        for row in receipts:
            if row.ended_at is None and row.state != "unknown":
                yield f"receipt {row.tag} is left {row.state}: {_told(evidence, task)}"
        last = receipts[-1].state if receipts else None
        if task.state in (TaskState.SUCCEEDED, TaskState.UNKNOWN) and last != task.state.value:
            yield f"the last receipt says {last}: {_told(evidence, task)}"
        # what was made for nothing and not yet in place when its worker lost the task is made again
        is_free = task.request.engine in FREE_ENGINES
        if not is_free and sum(row.state == "succeeded" for row in receipts) > 1:
            yield f"two receipts of success: {_told(evidence, task)}"


def _money(evidence: Evidence) -> Iterator[str]:
    """Find what was paid and is booked as free, and sums that do not add up."""
    total = 0.0
    for task in evidence.tasks:
        booked = [
            row.estimated_usd if row.billed_usd is None else row.billed_usd
            for row in evidence.receipts.get(task.id, [])
        ]
        total += sum(booked)
        is_free = "failed" in evidence.report["faults"].get(evidence.names[task.id], ())
        if evidence.n_paid(task) and not is_free and sum(booked) < _CENT:
            yield f"paid and booked as free: {_told(evidence, task)}"
    with evidence.database.read() as connection:
        counted = committed_usd(connection)
    if abs(counted - total) > _CENT:
        yield f"the budget counts {counted:.2f} USD and the receipts {total:.2f} USD"


def _leftovers(evidence: Evidence) -> Iterator[str]:
    if evidence.left_running:
        yield f"processes {evidence.left_running} run on"
    with evidence.database.read() as connection:
        if pending := list_pending_assets(connection):
            yield f"versions of assets {pending} wait to be put in place"
        yield from (f"the timeline is damaged: {fault}" for fault in verify_log(connection))
    files, root = VersionFiles(evidence.settings.media_dir), StreamsRoot(evidence.settings.streams_root)
    # what a killed process was just writing is removed within the hour
    yield from map(str, sweep_leftovers(files, root, now=utc_now(), spared=timedelta(0)))
    if temporaries := files.find_temporaries():
        yield f"half-made files: {temporaries}"
    scratch = evidence.settings.data_dir / "scratch"
    open_ids = {task.id for task in evidence.tasks if task.is_open}
    left = [path.name for path in scratch.iterdir() if path.name not in open_ids] if scratch.is_dir() else []
    if left:
        yield f"scratch folders of closed tasks: {[evidence.names[one] for one in left]}"
