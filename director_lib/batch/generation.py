"""What the notebook calls that makes what is missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from director_lib.batch.paper_blocks import Grid, Heading, Paper
from director_lib.batch.reach import Reached, for_streams
from director_lib.batch.showing import show
from director_lib.batch.waiting import check_made, made_words, wait_for
from director_lib.domain.task import Task
from director_lib.domain.version import Kind
from director_lib.errors import InputError
from director_lib.metrics.words import money
from director_lib.tasks.selection import read_selection
from director_lib.workbench import Workbench

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ["stream_id", "segment_id", "kind", "state", "why", "price_usd", "task_id"]
_LABELS = (
    ("Stream", "start"),
    ("Segment", "end"),
    ("What", "start"),
    ("State", "start"),
    ("Price", "end"),
    ("Why", "start"),
)


class Choice(TypedDict, total=False):
    """What a batch makes, when it is not one version of each that is missing.

    Attributes:
        segments: "missing", "stale", "all", or numbers and ranges like "1,3-5".
        variants: How many versions of each to choose from, 1 to 4.
        with_keyframes: Make keyframes that are missing or out of date before their clips.
    """

    segments: str | int
    variants: int
    with_keyframes: bool


def generate_missing(
    stream_id: str = "",
    kind: str = "keyframe",
    engine: str | None = None,
    wait_s: float = 0.0,
    **choice: Unpack[Choice],
) -> pd.DataFrame:
    """Make every still or clip that a stream lacks, on behalf of the local user, and display what came of it.

    Args:
        stream_id: The stream; every stream when "".
        kind: "keyframe" or "video".
        engine: Its name; the configured one for the kind when None or "".
        wait_s: How long to wait for the files, in seconds; 0 returns as soon as they are queued.
        choice: What to make instead; see ``Choice``.

    Returns:
        One row per task, and one per segment that was left alone, by ``stream_id`` and ``segment_id``
        (int64): ``kind``, ``state`` ("skipped" or the task's), ``why`` (the reason or the error; "" without),
        ``price_usd`` (float64), ``task_id`` ("" when skipped).

    Raises:
        NotFoundError: There is no such stream.
        InputError: No segments are named, the kind or engine does not exist, or there are too many variants.
        RuleError: The price is over the budget; nothing was queued. Of many streams: one was left alone.
        WorkerError: It should wait but no worker runs; the tasks stay queued.
        EngineError: It waited and at least one failed; the rows were displayed before.
    """
    asking = _Asking(_kind(kind), engine or None, choice)
    with Workbench.open() as workbench:
        reached = for_streams(workbench, stream_id, asking.of(workbench))
        tasks = wait_for(workbench, asking.tasks, wait_s)
    table = _table(tasks, asking.skipped, kind)
    show(_paper(table, tasks, reached, kind))
    check_made(tasks)
    reached.check()
    return table


class _Asking:
    """Asks for what streams lack, and remembers what came of it."""

    def __init__(self, kind: Kind, engine: str | None, choice: Choice) -> None:
        self.tasks: list[Task] = []
        self.skipped: list[tuple[str, int, str]] = []
        self._kind, self._engine, self._choice = kind, engine, choice
        # a lone number in a parameter is a number
        self._wanted = read_selection(str(choice.get("segments", "missing")))

    def of(self, workbench: Workbench) -> Callable[[str], None]:
        """Return what asks for one stream's."""

        def ask(stream_id: str) -> None:
            asked = workbench.tasks.generate(
                stream_id,
                self._kind,
                self._wanted,
                engine=self._engine,
                variants=self._choice.get("variants", 1),
                with_keyframes=self._choice.get("with_keyframes", False),
            )
            self.tasks += asked.queued
            self.skipped += [(stream_id, segment_id, why) for segment_id, why in asked.skipped]

        return ask


def _kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError as error:
        raise InputError(f"“{name}” is no kind. Give keyframe or video.") from error


def _table(tasks: list[Task], skipped: list[tuple[str, int, str]], kind: str) -> pd.DataFrame:
    import pandas as pd

    made = [
        (
            task.request.stream_id,
            task.request.segment_id,
            task.request.kind.value,
            task.state.value,
            task.error_message or "",
            task.price_usd,
            task.id,
        )
        for task in tasks
    ]
    left = [(stream_id, segment_id, kind, "skipped", why, 0.0, "") for stream_id, segment_id, why in skipped]
    rows = pd.DataFrame([*made, *left], columns=_COLUMNS)
    typed = rows.astype({"segment_id": "int64", "price_usd": "float64"})
    return typed.sort_values(["stream_id", "segment_id"], kind="stable").reset_index(drop=True)


def _paper(table: pd.DataFrame, tasks: list[Task], reached: Reached, kind: str) -> Paper:
    things = "stills" if kind == Kind.KEYFRAME else "clips"
    where = reached.stream_ids[0] if len(reached.stream_ids) == 1 else f"{len(reached.stream_ids)} streams"
    n_left = len(table) - len(tasks)
    line = f"{made_words(tasks)}; {n_left} left alone; about {money(sum(task.price_usd for task in tasks))}"
    rows = tuple(map(_row, table.to_dict("records")))
    grid = Grid("", _LABELS, rows, "" if rows else "There was nothing to make, and nothing was left alone.")
    blocks = [Heading(f"Missing {things} of {where}", 1, f"{line}."), *reached.blocks(), grid]
    return Paper(tuple(blocks), f"{where}: {line}")


def _row(row: Any) -> tuple[str, ...]:
    price = money(row["price_usd"]) if row["task_id"] else ""
    return (row["stream_id"], str(row["segment_id"]), row["kind"], row["state"], price, row["why"])
