"""Whatever people, engines and power cuts do to one asset, in any order, its history holds."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PIL import Image

from director_lib.config import load_settings
from director_lib.domain.task import Task, TaskState
from director_lib.domain.version import Kind, Version
from director_lib.intake.placing import finish_placements
from director_lib.media.files import VersionFiles, hash_file
from director_lib.store.database import open_database
from director_lib.store.tasks import request_cancel
from director_lib.store.versions import list_pending_assets
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.media_names import find_media
from tests.intake.crashes import PowerCut, PowerCutError
from tests.intake.studio import STREAM, Studio, write_spec

COLORS = st.integers(0, 5)
EXTENSIONS = st.sampled_from([".png", ".jpg", ".webp"])


class OneAsset(RuleBasedStateMachine):
    """One still, that files are dropped on, engines finish and people restore."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        home = Path(self._folder.name)
        wanted = load_settings(home=home, _env_file=None)
        write_spec(wanted.streams_root / STREAM, n_segments=1)
        database = open_database(wanted.database)
        self.studio = Studio(
            wanted, database, VersionFiles(wanted.media_dir), StreamsRoot(wanted.streams_root)
        )
        self.made = home / "made"
        self.made.mkdir()
        self.history: list[Version] = []
        self.scanned: set[str] = set()
        self.unfinished: dict[str, tuple[Task, Path]] = {}
        self.patch = pytest.MonkeyPatch()

    def teardown(self) -> None:
        self.studio.database.close()
        self._folder.cleanup()

    def _paint(self, path: Path, color: int) -> Path:
        path.parent.mkdir(exist_ok=True)
        Image.new("RGB", (32, 18), (40 * color, 10, 90)).save(path)
        return path

    def _present(self) -> Path | None:
        return find_media(self.studio.root, STREAM).get((1, Kind.KEYFRAME))

    @rule(color=COLORS, extension=EXTENSIONS)
    def drop_a_file(self, color: int, extension: str) -> None:
        self._paint(self.studio.still(1, extension), color)

    @rule()
    def drop_a_damaged_file(self) -> None:
        path = self.studio.still()
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"\x89PNG half")

    @rule()
    def delete_the_file(self) -> None:
        present = self._present()
        if present is not None:
            present.unlink()

    @rule()
    def scan(self) -> None:
        result = self.studio.scan()
        present, current = self._present(), self.studio.current()
        if present is not None and not result.oddities and not self.unfinished:
            assert current is not None
            assert current.sha256 == hash_file(present)

    @rule(color=COLORS, extension=EXTENSIONS, cancel=st.booleans())
    def finish_a_task(self, color: int, extension: str, cancel: bool) -> None:
        task = self.studio.running_task()
        path = self._paint(self.made / f"{task.id}{extension}", color)
        if cancel:
            with self.studio.database.write() as connection:
                request_cancel(connection, task.id, self.studio.clock())
        done = self.studio.take_in(task, path)
        if cancel:
            assert done.state is TaskState.CANCELLED
            assert all(version.provenance.task_id != task.id for version in self.studio.versions())
        else:
            self._check_done(done)

    @rule(color=COLORS, n_steps=st.integers(0, 12))
    def finish_a_task_in_a_power_cut(self, color: int, n_steps: int) -> None:
        task = self.studio.running_task()
        path = self._paint(self.made / f"{task.id}.png", color)
        power = PowerCut(self.patch)
        power.arm(n_steps)
        with contextlib.suppress(PowerCutError):
            self.studio.take_in(task, path)
        power.disarm()
        self.unfinished[task.id] = (task, path)

    @precondition(lambda self: self.unfinished)
    @rule(cancel=st.booleans())
    def resume_after_the_power_cut(self, cancel: bool) -> None:
        studio = self.studio
        assert finish_placements(studio.database, studio.files, studio.root, now=studio.clock()) == []
        for task, path in self.unfinished.values():
            if cancel:
                with studio.database.write() as connection:
                    request_cancel(connection, task.id, studio.clock())
            done = studio.take_in(task, path)
            own = [item for item in studio.versions() if item.provenance.task_id == task.id]
            assert len(own) == (1 if done.state is TaskState.SUCCEEDED else 0)
        self.unfinished.clear()

    @precondition(lambda self: self.history)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        version = data.draw(st.sampled_from(self.history))
        self.studio.restore(version)
        current, present = self.studio.current(), self._present()
        assert current == version
        assert present is not None
        assert hash_file(present) == version.sha256

    def _check_done(self, done: Task) -> None:
        current, present = self.studio.current(), self._present()
        assert current is not None
        assert present is not None
        assert done.state is TaskState.SUCCEEDED
        assert (done.version_id, hash_file(present)) == (current.id, current.sha256)

    @invariant()
    def history_only_grows(self) -> None:
        versions = self.studio.versions()
        assert versions[: len(self.history)] == self.history
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        self.history = versions

    @invariant()
    def every_version_has_its_bytes(self) -> None:
        for version in self.history:
            assert hash_file(self.studio.files.get(version.sha256, version.extension)) == version.sha256

    @invariant()
    def nothing_is_pending_unless_the_power_went(self) -> None:
        with self.studio.database.read() as connection:
            assert self.unfinished or not list_pending_assets(connection)


TestOneAsset = OneAsset.TestCase
# without shrinking: each step writes to disk, and a failing run names its steps anyway
TestOneAsset.settings = settings(
    max_examples=12,
    stateful_step_count=10,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
