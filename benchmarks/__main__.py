"""Run the measurements and print their table; ``python -m benchmarks --help`` tells how to choose."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.advice import measure_advice
from benchmarks.data import measure_data
from benchmarks.desk import measure_desk
from benchmarks.exports import measure_exports
from benchmarks.insight import N_DECISIONS, measure_insight
from benchmarks.metrics import measure_metrics
from benchmarks.pages import measure_pages
from benchmarks.queue import measure_queue
from benchmarks.report import Measurement, table, write_into
from benchmarks.sites import measure_sites
from benchmarks.tasks import measure_tasks
from director_lib import __version__

Measure = Callable[[Path, argparse.Namespace], list[Measurement]]

MEASURES: dict[str, Measure] = {
    "pages": lambda home, asked: measure_pages(home, asked.sizes, asked.runs, _tell),
    "desk": lambda home, asked: measure_desk(home, asked.runs, _tell),
    "tasks": lambda home, asked: measure_tasks(home, asked.runs, _tell),
    "queue": lambda home, asked: measure_queue(home, asked.runs, _tell),
    "data": lambda home, asked: measure_data(home, asked.runs, _tell),
    "metrics": lambda home, asked: measure_metrics(home, asked.runs, _tell),
    "advice": lambda home, asked: measure_advice(home, asked.runs, _tell),
    "insight": lambda home, asked: measure_insight(
        home, asked.runs, _tell, asked.decisions, asked.database_url
    ),
    "exports": lambda home, asked: measure_exports(home, asked.runs, _tell),
    "sites": lambda home, asked: measure_sites(home, asked.runs, _tell),
}
"""What can be measured, in this order, each in a folder of its own."""
PARTS = tuple(MEASURES)


def main() -> None:
    """Measure what was asked for."""
    asked = _arguments()
    for name in [name for name in os.environ if name.startswith("DIRECTOR_")]:
        del os.environ[name]
    found: list[Measurement] = []
    with tempfile.TemporaryDirectory(prefix="director-bench-", ignore_cleanup_errors=True) as folder:
        for part, measure in MEASURES.items():
            if part in asked.only:
                found += measure(Path(folder) / part, asked)
    text = f"{table(found)}\n\n{_circumstances()}"
    print(text)
    if asked.write:
        write_into(asked.write, text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench", description="Measure the times that a director feels."
    )
    parser.add_argument(
        "--only",
        type=_words,
        default=PARTS,
        help=f"{', '.join(PARTS)}; all by default",
    )
    parser.add_argument(
        "--sizes", type=_numbers, default=(10, 50, 200, 1_000), help="segments of the streams"
    )
    parser.add_argument("--decisions", type=int, default=N_DECISIONS, help="decisions of the insight part")
    parser.add_argument("--database-url", help="an empty PostgreSQL database for the insight part")
    parser.add_argument("--runs", type=int, default=5, help="runs of each measurement")
    parser.add_argument(
        "--write", type=Path, help="document with <!-- measured --> marks to put the table into"
    )
    return parser.parse_args()


def _words(text: str) -> tuple[str, ...]:
    words = tuple(text.split(","))
    if not set(words) <= set(PARTS):
        raise argparse.ArgumentTypeError(f"choose from {', '.join(PARTS)}")
    return words


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split(","))


def _circumstances() -> str:
    day = datetime.now(UTC).date().isoformat()
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"Version {__version__}, {day}, Python {platform.python_version()}, {os.cpu_count()} cores, "
        f"load at the end {load} (1, 5, 15 min). Browser, server, kernels and worker share the cores."
    )


def _tell(what: str) -> None:
    print(f"… {what}", file=sys.stderr)


if __name__ == "__main__":
    main()
