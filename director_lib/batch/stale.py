"""What the notebook calls that brings streams up to date."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from director_lib.batch.paper_blocks import Grid, Heading, Paper
from director_lib.batch.reach import Reached, for_streams
from director_lib.batch.showing import show
from director_lib.batch.waiting import check_made, made_words, wait_for
from director_lib.domain.repair import RepairAction, RepairPlan, RepairStep
from director_lib.domain.task import Task
from director_lib.domain.version import Kind
from director_lib.errors import StorageError
from director_lib.metrics.words import money
from director_lib.workbench import Workbench
from director_lib.workbench.repairs import RepairResult

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ["stream_id", "segment_id", "kind", "deed", "outcome", "why", "price_usd"]
_LABELS = (
    ("Stream", "start"),
    ("Segment", "end"),
    ("What", "start"),
    ("To do", "start"),
    ("Outcome", "start"),
    ("Price", "end"),
    ("Because", "start"),
)


def regenerate_stale(
    stream_id: str = "",
    *,
    replace_approved: bool = False,
    with_clips: bool = False,
    dry_run: bool = False,
    wait_s: float = 0.0,
) -> pd.DataFrame:
    """Bring what is out of date up to date in the cheapest way, on behalf of the local user, and display it.

    An earlier version that was made of exactly what the stream asks for today is restored for nothing; the
    rest is made anew. What is approved stays unless that is wished.

    Args:
        stream_id: The stream; every stream when "".
        replace_approved: Replace what is approved, too.
        with_clips: Make a clip as soon as its new keyframe is there, before that is approved.
        dry_run: Only say what would be done, and what it would cost.
        wait_s: How long to wait for the files, in seconds; 0 returns as soon as they are queued.

    Returns:
        One row per step: ``stream_id``, ``segment_id`` (int64), ``kind``, ``deed`` ("make anew" or "restore
        version 2"), ``outcome`` ("planned", "left: …", "restored", "failed: …" or the task's state),
        ``why``, ``price_usd`` (float64).

    Raises:
        NotFoundError: There is no such stream.
        RuleError: The price is over the budget; nothing was changed. Of many streams: one was left alone.
        WorkerError: It should wait but no worker runs; the tasks stay queued.
        StorageError: An earlier version could not be restored; the rows were displayed before.
        EngineError: Something could not be made; the rows were displayed before.
    """
    mending = _Mending(replace_approved=replace_approved, with_clips=with_clips)
    with Workbench.open() as workbench:
        reached = for_streams(workbench, stream_id, mending.of(workbench, dry_run=dry_run))
        queued = [task for _, done in mending.plans if done for task in done.queued]
        tasks = wait_for(workbench, queued, wait_s)
    table = _table(mending.rows(tasks))
    show(_paper(table, tasks, reached, dry_run=dry_run))
    _check(mending.plans)
    check_made(tasks)
    reached.check()
    return table


class _Mending:
    """Plans what brings streams up to date, does it, and says what became of each step."""

    def __init__(self, *, replace_approved: bool, with_clips: bool) -> None:
        self.plans: list[tuple[RepairPlan, RepairResult | None]] = []
        self._replace_approved, self._with_clips = replace_approved, with_clips
        self._tasks: dict[tuple[str, int, Kind], Task] = {}

    def of(self, workbench: Workbench, *, dry_run: bool) -> Callable[[str], None]:
        """Return what mends one stream."""
        wishes = {"replace_approved": self._replace_approved, "with_clips": self._with_clips}

        def mend(stream_id: str) -> None:
            workbench.streams.scan(stream_id)
            plan = workbench.repairs.plan(stream_id)
            may_begin = bool(plan.ready(**wishes)) and not dry_run
            done = workbench.repairs.apply(stream_id, plan.sha256, **wishes) if may_begin else None
            self.plans.append((plan, done))

        return mend

    def rows(self, tasks: list[Task]) -> list[tuple[object, ...]]:
        """Return a row for each step of every plan, given how the tasks stand now."""
        self._tasks = {
            (task.request.stream_id, task.request.segment_id, task.request.kind): task for task in tasks
        }
        return [row for plan, done in self.plans for row in self._rows(plan, done)]

    def _rows(self, plan: RepairPlan, done: RepairResult | None) -> list[tuple[object, ...]]:
        schedule = plan.schedule(replace_approved=self._replace_approved, with_clips=self._with_clips)
        return [
            (
                plan.stream_id,
                step.segment_id,
                step.kind.value,
                _deed(step),
                f"left: {why}" if why else self._outcome(plan.stream_id, step, done),
                "; ".join(step.reasons),
                step.price_usd,
            )
            for step, why in schedule
        ]

    def _outcome(self, stream_id: str, step: RepairStep, done: RepairResult | None) -> str:
        if done is None:
            return "planned"
        failed = {(one.segment_id, one.kind): why for one, why in done.failed}
        if why := failed.get((step.segment_id, step.kind)):
            return f"failed: {why}"
        task = self._tasks.get((stream_id, step.segment_id, step.kind))
        return "restored" if step.action is RepairAction.RESTORE or task is None else task.state.value


def _deed(step: RepairStep) -> str:
    if step.action is RepairAction.RESTORE:
        return f"restore version {step.restores_number}"
    return "make anew"


def _table(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame(rows, columns=_COLUMNS)
    return table.astype({"segment_id": "int64", "price_usd": "float64"})


def _paper(table: pd.DataFrame, tasks: list[Task], reached: Reached, *, dry_run: bool) -> Paper:
    where = reached.stream_ids[0] if len(reached.stream_ids) == 1 else f"{len(reached.stream_ids)} streams"
    n_left = int(table["outcome"].str.startswith("left").sum())
    n_restored = int((table["outcome"] == "restored").sum())
    price = money(float(table.loc[~table["outcome"].str.startswith("left"), "price_usd"].sum()))
    what = "nothing was changed" if dry_run else f"{made_words(tasks)}, {n_restored} restored"
    line = f"{len(table)} out of date; {what}; {n_left} left for later; about {price}"
    rows = tuple(
        (
            row["stream_id"],
            str(row["segment_id"]),
            row["kind"],
            row["deed"],
            row["outcome"],
            money(row["price_usd"]),
            row["why"],
        )
        for row in table.to_dict("records")
    )
    blocks = [
        Heading(f"What is out of date in {where}", 1, f"{line}."),
        *reached.blocks(),
        Grid("", _LABELS, rows, "" if rows else "Nothing is out of date."),
    ]
    return Paper(tuple(blocks), f"{where}: {line}")


def _check(plans: list[tuple[RepairPlan, RepairResult | None]]) -> None:
    failed = [why for _, done in plans if done for _, why in done.failed]
    if failed:
        raise StorageError(f"{len(failed)} could not be restored: {failed[0]} The others are done.")
