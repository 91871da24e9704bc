"""The metrics page and the analyst's frame at a million decisions, and what counting adds to one decision."""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import sqlalchemy as sa
from pydantic import SecretStr

from benchmarks.insight_data import write_history
from benchmarks.report import Measurement
from benchmarks.studio import make_settings, open_studio
from director_lib.domain.review import DecisionKind
from director_lib.metrics.board_choice import BoardChoice
from director_lib.store.count_settling import settle_counts
from director_lib.store.count_tables import count_state
from director_lib.store.decisions import NewDecision, add_decision
from director_lib.store.frame_arrow import read_arrow, to_frame
from director_lib.store.frame_queries import DECISIONS, DECISIONS_QUERY
from director_lib.store.tables import tasks, variant_sets
from director_lib.workbench import Workbench
from director_lib.workbench.insight_board import read_board
from director_lib.workbench.insight_counts import ensure_counts

N_DECISIONS = 1_000_000
N_HIDDEN = 1_000
PAGE_LIMIT_MS = 100.0
LARGE_PAGE_LIMIT_MS = 150.0
_LARGE = 10_000_000
DECISION_LIMIT_MS = 0.3
CACHED_LIMIT_MS = 100.0
LOADED_LIMIT_MS = 4_000.0
MEMORY_LIMIT_MB = 30.0
NOTHING_LIMIT_MS = 60_000.0
_ADDED_RUNS = 300
_PLAIN_RUNS = 2
_A_YEAR = 52

Tell = Callable[[str], None]


def measure_insight(
    home: Path, runs: int, tell: Tell, n_decisions: int = N_DECISIONS, database_url: str | None = None
) -> list[Measurement]:
    """Measure reading the counts, the frame with and without its file, and the cost of one decision.

    Args:
        home: Folder for the studio.
        runs: How often each is measured.
        tell: Is told what is done now.
        n_decisions: How many there are.
        database_url: An empty PostgreSQL database; None is SQLite.
    """
    settings = make_settings(home)
    if database_url is not None:
        settings = settings.model_copy(update={"database_url": SecretStr(database_url)})
    open_studio(settings)
    label = f"{n_decisions:,} decisions{', PostgreSQL' if database_url else ''}"
    page_limit_ms = LARGE_PAGE_LIMIT_MS if n_decisions >= _LARGE else PAGE_LIMIT_MS
    with Workbench.open(settings) as workbench:
        tell(f"writing {label}")
        with workbench.studio.database.write() as connection:
            write_history(connection, n_decisions)
        tell("counting them")
        counted = _time(lambda: ensure_counts(workbench.studio))
        before_mb = _memory_mb()
        page = [_time(workbench.insight.counts) for _ in range(runs + 1)][1:]
        grown_mb = max(_memory_mb() - before_mb, 0.1)
        tell("reading frames")
        found = _measure_frames(workbench, runs, label)
        plain = [_time(lambda: _read_plainly(workbench)) for _ in range(_PLAIN_RUNS)]
        added = _added_to_a_decision(workbench, n_decisions)
        settled = _settling_a_decision(workbench, n_decisions)
        board = _measure_board(workbench, runs, label, page_limit_ms)
    ratio = sorted(plain)[0] / sorted(page)[len(page) // 2]
    return [
        Measurement("metrics page, its counts", label, page, limit=page_limit_ms, by_median=True),
        Measurement("plain read_sql and groupby", label, plain),
        Measurement("metrics page, times quicker than that", label, [ratio], unit="×"),
        Measurement("metrics page, memory", label, [grown_mb], unit="MB", limit=MEMORY_LIMIT_MB),
        *found,
        Measurement("counts, added to one decision", label, [added], limit=DECISION_LIMIT_MS),
        Measurement("counts, settling one decision", label, [settled]),
        Measurement("counts, from nothing", label, [counted], limit=NOTHING_LIMIT_MS),
        *board,
    ]


def _measure_board(workbench: Workbench, runs: int, label: str, limit_ms: float) -> list[Measurement]:
    """Measure the whole page, at all times and of a year, and beside sets to be chosen from blind."""

    def times(choice: BoardChoice) -> list[float]:
        return [_time(lambda: read_board(workbench.studio, choice, {})) for _ in range(runs + 1)]

    everything, year = times(BoardChoice())[1:], times(BoardChoice(weeks=_A_YEAR))[1:]
    with workbench.studio.database.write() as connection:
        _hide_sets(connection, N_HIDDEN)
    blind = times(BoardChoice())
    hiding = f"metrics page, beside {N_HIDDEN:,} hidden sets"
    return [
        Measurement("metrics page, whole", label, everything, limit=limit_ms, by_median=True),
        Measurement(f"metrics page, {_A_YEAR} weeks", label, year, limit=limit_ms, by_median=True),
        Measurement(hiding, label, blind[1:], limit=limit_ms, by_median=True),
        Measurement(f"{hiding}, first time", label, blind[:1]),
    ]


def _hide_sets(connection: sa.Connection, n_sets: int) -> None:
    """Let the tasks of so many stills and clips be sets to choose from blind, spread over all."""
    made = sa.select(tasks.c.asset_id).where(tasks.c.version_id.is_not(None)).distinct()
    asset_ids = list(connection.scalars(made.order_by(tasks.c.asset_id)))
    chosen = asset_ids[:: max(1, len(asset_ids) // n_sets)][:n_sets]
    facts = {"made_at": datetime.now(UTC), "author": "dora", "is_blind": True}
    connection.execute(
        variant_sets.insert(), [{"id": f"v{asset_id}", "asset_id": asset_id, **facts} for asset_id in chosen]
    )
    of_chosen = tasks.update().where(tasks.c.asset_id.in_(chosen))
    connection.execute(of_chosen.values(variant_set_id=sa.literal("v") + sa.cast(tasks.c.asset_id, sa.Text)))


def _measure_frames(workbench: Workbench, runs: int, label: str) -> list[Measurement]:
    place = workbench.studio.database.place
    loaded = [
        _time(lambda: to_frame(read_arrow(place, DECISIONS_QUERY, DECISIONS), DECISIONS)) for _ in range(3)
    ]
    kept = []
    for name, read in (
        ("decisions", workbench.insight.decisions),
        ("versions", workbench.insight.versions),
        ("tasks", workbench.insight.tasks),
    ):
        read()
        times = [_time(read) for _ in range(runs)]
        title = f"analyst's {name}, from their file"
        kept.append(Measurement(title, label, times, limit=CACHED_LIMIT_MS, by_median=True))
    return [
        Measurement("analyst's decisions, from the database", label, loaded, limit=LOADED_LIMIT_MS),
        *kept,
    ]


def _read_plainly(workbench: Workbench) -> None:
    """Do what the page needs in the plainest way: read all rows, then group."""
    with workbench.studio.database.read() as connection:
        frame = pd.read_sql(DECISIONS_QUERY, connection)
    frame.groupby(["kind", "actor", "decision"]).size()


def _added_to_a_decision(workbench: Workbench, n_decisions: int) -> float:
    """Return how many milliseconds counting adds to a decision: a difference of medians."""
    counting, alone = [], []
    chance = random.Random(7)
    with workbench.studio.database.read() as connection:
        state = connection.execute(sa.select(count_state)).mappings().one()
    for _ in range(_ADDED_RUNS):
        counting.append(_decide(workbench, chance.randrange(1, n_decisions // 2)))
        with workbench.studio.database.write() as connection:
            connection.execute(count_state.delete())
        alone.append(_decide(workbench, chance.randrange(1, n_decisions // 2)))
        with workbench.studio.database.write() as connection:
            connection.execute(count_state.insert().values(dict(state)))
    return sorted(counting)[_ADDED_RUNS // 2] - sorted(alone)[_ADDED_RUNS // 2]


def _settling_a_decision(workbench: Workbench, n_decisions: int) -> float:
    """Return how many milliseconds counting one decision takes the worker or the next reader: a median."""
    settling, chance = [], random.Random(11)
    settle_counts(workbench.studio.database)
    for _ in range(_ADDED_RUNS):
        _decide(workbench, chance.randrange(1, n_decisions // 2))
        settling.append(_time(lambda: settle_counts(workbench.studio.database)))
    return sorted(settling)[_ADDED_RUNS // 2]


def _decide(workbench: Workbench, version_id: int) -> float:
    verdict = DecisionKind.APPROVED
    new = NewDecision(version_id, f"{version_id:064x}", verdict, "director-03", datetime.now(UTC))

    def record() -> None:
        with workbench.studio.database.write() as connection:
            add_decision(connection, new)

    return _time(record)


def _time(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
