"""The drill of the queue: mixed tasks, moody providers, workers that are killed, and nothing goes wrong.

``python -m tests.drills.queue_drill --help`` tells how long and where; ``make drill`` runs the long ones.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from director_lib.config import Settings, load_settings
from director_lib.domain.people import Actor, Role
from director_lib.domain.task import Task, TaskState
from director_lib.intake.scan import scan_stream
from director_lib.media.files import VersionFiles
from director_lib.store.database import Database, open_database
from director_lib.store.tasks import list_tasks
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.reader import read_stream
from director_lib.tasks.workshop import utc_now
from director_lib.workbench.tasks import Tasks
from tests.drills.programs import CHECKOUT
from tests.drills.queue_crew import Crew, Providers, describe, running_providers
from tests.drills.queue_engines import get_engine
from tests.drills.queue_findings import Evidence, find_problems, summarise
from tests.drills.queue_wanted import HEIGHT, STREAM, WIDTH, Wanted, ask, mix, spec
from tests.engines.fakes.replicate.media import clip_bytes
from tests.intake.studio import write_still

_LOOK_S = 0.1
_LAST_BREATH_S = 5.0
_AT_FIRST = 0.3
_SCRIPT_S = 12.0
_TASK_S = 300.0


@dataclass(frozen=True)
class Size:
    """How much is drilled.

    Attributes:
        patience_s: How long the last workers may take for what is left.
    """

    n_tasks: int = 200
    n_kills: int = 50
    n_workers: int = 1
    seed: int = 1
    patience_s: float = 600.0


@dataclass
class Drill:
    """One studio, its workers and providers, and what was done to them."""

    size: Size
    database: Database
    root: StreamsRoot
    tasks: Tasks
    crew: Crew
    providers: Providers
    chance: random.Random
    wanted: list[Wanted]
    names: dict[str, str] = field(default_factory=dict)
    confirmed_s: dict[str, float] = field(default_factory=dict)
    _asked_to_cancel: set[str] = field(default_factory=set)

    def run(self) -> Evidence:
        """Queue, kill, cancel and wait; return what is to be looked at."""
        began_s = time.monotonic()
        self.ask_for(int(len(self.wanted) * _AT_FIRST))
        for _ in range(self.size.n_workers):
            self.crew.wait_for(self.crew.start())
        for number in range(self.size.n_kills):
            self._live_for(self.chance.choice([0.1, 0.5, 1.0, 2.0, 3.0, 5.0]))
            self.crew.kill_one(self.chance)
            if self.chance.random() < 0.4:
                self.cancel_one()
            left = max(1, self.size.n_kills - number - 1)
            self.ask_for(-(-len(self.wanted) // left))
            worker = self.crew.start()
            if self.chance.random() < 0.85:
                self.crew.wait_for(worker)
        self.ask_for(len(self.wanted))
        self.finish()
        return self.evidence(time.monotonic() - began_s)

    def ask_for(self, n_tasks: int) -> None:
        """Queue the next tasks."""
        for _ in range(min(n_tasks, len(self.wanted))):
            for name, task in ask(self.tasks, self.database, self.root, self.wanted.pop()):
                self.names[task.id] = name

    def cancel_one(self) -> None:
        """Cancel a task that is open, running ones rather than waiting ones."""
        open_tasks = [
            task for task in self.all_tasks() if task.is_open and task.id not in self._asked_to_cancel
        ]
        running = [task for task in open_tasks if task.state is TaskState.RUNNING]
        if chosen := running if running and self.chance.random() < 0.8 else open_tasks:
            task = self.chance.choice(chosen)
            self.tasks.cancel(task.id)
            self._asked_to_cancel.add(task.id)

    def finish(self) -> None:
        """Wait until all is done, or patience ends."""
        until_s = time.monotonic() + self.size.patience_s
        while any(task.is_open for task in self.all_tasks()) and time.monotonic() < until_s:
            self.look()
        self.look()

    def look(self) -> None:
        """See which cancels are confirmed by now, and wait a moment."""
        time.sleep(_LOOK_S)
        for task in self.all_tasks():
            if task.state is TaskState.CANCELLED:
                self.confirmed_s.setdefault(task.id, time.monotonic())

    def evidence(self, took_s: float = 0.0) -> Evidence:
        """Stop everything and gather what is left."""
        self.crew.stop()
        until_s = time.monotonic() + _LAST_BREATH_S
        while (left := self.crew.family()) and time.monotonic() < until_s:
            time.sleep(_LOOK_S)
        return Evidence(
            settings=self.crew.settings,
            database=self.database,
            tasks=self.all_tasks(),
            names=self.names,
            confirmed_s=self.confirmed_s,
            asked_to_cancel=self._asked_to_cancel,
            report=self.providers.report(),
            folder=self.crew.folder,
            left_running=[describe(process) for process in left],
            n_killed=self.crew.n_killed,
            took_s=took_s,
        )

    def all_tasks(self) -> list[Task]:
        """Read every task."""
        with self.database.read() as connection:
            return list_tasks(connection, limit=100_000)

    def _live_for(self, duration_s: float) -> None:
        until_s = time.monotonic() + duration_s
        while time.monotonic() < until_s:
            self.look()
            if self.chance.random() < 0.02:
                self.cancel_one()


@contextmanager
def prepared(settings: Settings, folder: Path, size: Size) -> Iterator[Drill]:
    """Set a studio up in a folder, with its providers; nothing of it runs on afterwards."""
    folder.mkdir(parents=True, exist_ok=True)
    n_segments = max(6, size.n_tasks // 4)
    wanted = mix(size.n_tasks, n_segments, size.seed)
    stream = settings.streams_root / STREAM
    stream.mkdir(parents=True)
    (stream / "production.json").write_text(json.dumps(spec(max(one.segment_id for one in wanted))))
    for number in range(1, n_segments + 1):
        color = (number % 256, 90, number // 256)
        write_still(stream / "keyframes" / f"segment_{number}_keyframe.png", color, (WIDTH, HEIGHT))  # type: ignore[arg-type]
    (folder / "clip.mp4").write_bytes(clip_bytes())
    with running_providers(size.seed) as providers:
        settings = _settings(settings, providers)
        database = open_database(settings.database)
        crew = Crew(settings, folder)
        try:
            tasks = Tasks(database, settings, Actor("dora", Role.DIRECTOR), utc_now, engines=get_engine)
            root, chance = StreamsRoot(settings.streams_root), random.Random(size.seed)
            files = VersionFiles(settings.media_dir)
            scan_stream(database, files, root, read_stream(root, STREAM), now=utc_now())
            yield Drill(size, database, root, tasks, crew, providers, chance, wanted)
        finally:
            crew.close()
            database.close()


def _settings(settings: Settings, providers: Providers) -> Settings:
    program = f"{sys.executable} {CHECKOUT / 'tests/drills/queue_script.py'}"
    return settings.model_copy(
        update={
            "engine_keyframe": "script",
            "google_base_url": providers.google_url,
            "replicate_base_url": providers.replicate_url,
            "script_frame_command": f"{program} --prompt={{prompt}} --output={{output}}",
            "script_video_command": f"{program} --prompt={{prompt}} --output={{output}} --image={{image}}",
            "script_timeout_s": _SCRIPT_S,
            "task_timeout_s": _TASK_S,
            "local_pace_s": 0.3,
            "worker_concurrency": 3,
            "budget_day_usd": 100_000.0,
            "budget_stream_usd": 100_000.0,
        }
    )


def drill(settings: Settings, folder: Path, size: Size) -> tuple[str, list[str]]:
    """Run one drill; return its summary and what went wrong, each with the lines of its task."""
    with prepared(settings, folder, size) as prepared_drill:
        evidence = prepared_drill.run()
        problems = [f"{problem}{evidence.story(problem)}" for problem in find_problems(evidence)]
        return summarise(evidence, problems), problems


def main() -> int:
    """Run the drills that were asked for; 1 when something went wrong."""
    asked = _arguments()
    n_problems = 0
    for kind in asked.databases.split(","):
        with (
            tempfile.TemporaryDirectory(prefix="director-drill-") as home,
            _place(kind, Path(home)) as settings,
        ):
            n_workers = 1 if kind == "sqlite" else 2
            size = Size(asked.tasks, asked.kills, n_workers, asked.seed)
            summary, problems = drill(settings, Path(home), size)
            print(f"{kind}, seed {asked.seed}: {summary}", *problems, sep="\n  ", flush=True)  # noqa: T201
            if problems and asked.keep_log is not None:
                asked.keep_log.write_bytes((Path(home) / "worker.log").read_bytes())
            n_problems += len(problems)
    return 1 if n_problems else 0


@contextmanager
def _place(kind: str, home: Path) -> Iterator[Settings]:
    settings = load_settings(home=home / "home", _env_file=None)
    if kind == "sqlite":
        yield settings
        return
    from tests.postgres import running_cluster

    with running_cluster() as cluster, cluster.fresh() as url:
        yield settings.model_copy(update={"database_url": url})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("--databases", default="sqlite,postgresql", help="sqlite, postgresql or both")
    parser.add_argument("--tasks", type=int, default=Size.n_tasks)
    parser.add_argument("--kills", type=int, default=Size.n_kills)
    parser.add_argument("--seed", type=int, default=Size.seed, help="decides what goes wrong, and when")
    parser.add_argument("--keep-log", type=Path, help="where to put the workers' log after a problem")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
