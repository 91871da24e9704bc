"""A provider that does what a test's script says, with engines that reach it from any process.

Its whole state is files below the studio's home, so that a test's process, a worker and the worker's
processes see the same provider. Each kind of call takes the next behaviour of its script; then the last one
goes on.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from director_lib.config import Settings
from director_lib.domain.task import GenerationRequest
from director_lib.domain.version import Kind
from director_lib.engines.protocol import Capabilities, EngineResult, ProgressCallback
from director_lib.engines.remote import Order, RemoteState, RemoteStatus
from director_lib.errors import ConfigError, EngineBusyError, EngineError, OutcomeUnknownError

SOURCE = "tests.tasks.remote_doubles:get_engine"
PRICE_USD, CANCELLED_USD = 0.5, 0.2
_STILL = "still.png"


@dataclass(frozen=True)
class Provider:
    """What the provider has, has been asked, and will do."""

    folder: Path

    def will(self, call: str, *behaviours: str) -> None:
        """Script the next calls of a kind: generate, submit, find, poll, fetch or cancel."""
        draft = self.folder / f"{call}.draft"
        draft.write_text(json.dumps([self.n_asked(call), behaviours]))
        draft.rename(self.folder / f"{call}.json")

    def take(self, call: str) -> str:
        """Count a call, and return what it is to do; empty for the usual."""
        counted = self.folder / call
        counted.mkdir(parents=True, exist_ok=True)
        (counted / uuid.uuid4().hex).touch()
        script = self.folder / f"{call}.json"
        n_before, behaviours = json.loads(script.read_text()) if script.exists() else (0, [""])
        return str(behaviours[min(self.n_asked(call) - n_before, len(behaviours)) - 1])

    def n_asked(self, call: str) -> int:
        folder = self.folder / call
        return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0

    def create(self, tag: str) -> str:
        """Make a job, or a picture, that has to be paid for."""
        (self.folder / "jobs").mkdir(parents=True, exist_ok=True)
        job_id = uuid.uuid4().hex
        (self.folder / "jobs" / job_id).write_text(tag)
        return job_id

    @property
    def created(self) -> list[str]:
        """Ids of everything that was ever made."""
        folder = self.folder / "jobs"
        return [path.name for path in folder.iterdir()] if folder.is_dir() else []

    def find(self, tag: str) -> str | None:
        found = [name for name in self.created if (self.folder / "jobs" / name).read_text() == tag]
        assert len(found) < 2, "the same order was taken twice"
        return found[0] if found else None

    def cancel(self, job_id: str) -> None:
        (self.folder / f"{job_id}.cancelled").touch()

    def is_cancelled(self, job_id: str) -> bool:
        return (self.folder / f"{job_id}.cancelled").exists()

    def let_go(self) -> None:
        """Let every call go on that waits for it."""
        (self.folder / "go").touch()

    def wait(self) -> None:
        """Wait until the test lets go."""
        until_s = time.monotonic() + 60
        while not (self.folder / "go").exists() and time.monotonic() < until_s:
            time.sleep(0.01)


def provider_of(settings: Settings) -> Provider:
    folder = settings.data_dir / "provider"
    folder.mkdir(parents=True, exist_ok=True)
    return Provider(folder)


def draw(folder: Path, name: str = _STILL) -> Path:
    path = folder / name
    picture = Image.effect_noise((64, 36), 80).convert("RGB")
    picture.save(path)
    return path


@dataclass
class RemoteDouble:
    """An engine whose files are made by the provider, as jobs."""

    provider: Provider
    name: str = "provider"
    lists_jobs: bool = True

    def capabilities(self) -> Capabilities:
        kinds = frozenset(Kind)
        return Capabilities(
            kinds, is_paid=True, remote_kinds=kinds, most_references=2, lists_jobs=self.lists_jobs
        )

    def price_usd(self, request: GenerationRequest) -> float:
        return PRICE_USD

    def submit(self, order: Order) -> str:
        how = self.provider.take("submit")
        (self.provider.folder / "references").write_text(json.dumps([str(one) for one in order.references]))
        _fail_early(how)
        if how == "slow":
            self.provider.wait()
        job_id = self.provider.create(order.tag)
        if how == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "lost":
            raise OutcomeUnknownError("The answer did not arrive.")
        return job_id

    def find_orphan(self, order: Order) -> str | None:
        how = self.provider.take("find")
        _fail_early(how)
        return None if how == "nothing" or not self.lists_jobs else self.provider.find(order.tag)

    def poll(self, remote_id: str) -> RemoteStatus:
        how = self.provider.take("poll")
        assert remote_id in self.provider.created
        _fail_early(how)
        if how.startswith("running"):
            _, percent, *log = how.split(":")
            return self._unless_cancelled(
                remote_id, RemoteStatus(RemoteState.RUNNING, float(percent), log=tuple(log))
            )
        if how == "waiting":
            return self._unless_cancelled(remote_id, RemoteStatus(RemoteState.WAITING))
        if how == "failed":
            return RemoteStatus(RemoteState.FAILED, message="The prompt was refused.", billed_usd=0.1)
        if how == "cancelled":
            return RemoteStatus(RemoteState.CANCELLED, billed_usd=CANCELLED_USD)
        done = RemoteStatus(RemoteState.SUCCEEDED, 100.0, billed_usd=PRICE_USD)
        return done if how == "succeeded" else self._unless_cancelled(remote_id, done)

    def fetch(self, remote_id: str, folder: Path) -> EngineResult:
        how = self.provider.take("fetch")
        _fail_early(how)
        if how == "slow":
            self.provider.wait()
        path = draw(folder)
        if how == "half":
            path.write_bytes(path.read_bytes()[:200])
        if how == "text":
            path.write_text("<html>Please sign in</html>")
        return EngineResult(path, "double/1", PRICE_USD, {"job": remote_id})

    def cancel(self, remote_id: str) -> None:
        _fail_early(self.provider.take("cancel"))
        self.provider.cancel(remote_id)

    def _unless_cancelled(self, remote_id: str, status: RemoteStatus) -> RemoteStatus:
        if self.provider.is_cancelled(remote_id):
            return RemoteStatus(RemoteState.CANCELLED, billed_usd=CANCELLED_USD)
        return status


@dataclass
class StillDouble:
    """An engine whose stills are drawn while one call lasts, for money or for free."""

    provider: Provider
    name: str = "paid"
    is_paid: bool = True

    def capabilities(self) -> Capabilities:
        return Capabilities(frozenset({Kind.KEYFRAME}), is_paid=self.is_paid, most_references=2)

    def price_usd(self, request: GenerationRequest) -> float:
        return PRICE_USD if self.is_paid else 0.0

    def generate(
        self,
        request: GenerationRequest,
        folder: Path,
        *,
        keyframe: Path | None,
        progress: ProgressCallback,
        references: tuple[Path, ...] = (),
    ) -> EngineResult:
        how = self.provider.take("generate")
        (self.provider.folder / "references").write_text(json.dumps([str(one) for one in references]))
        progress("drawing", 10)
        _fail_early(how)
        self.provider.create(request.stream_id)
        with (folder / "log.txt").open("a") as log:
            log.write("sharpening the pencil\nhalf a li")
        if how in ("slow", "die", "program"):
            _WORKS[how](self.provider, progress)
        if how == "lost":
            raise OutcomeUnknownError("The answer did not arrive.")
        path = draw(folder)
        if how == "text":
            path.write_text("<html>Please sign in</html>")
        return EngineResult(path, "double/1", self.price_usd(request), {"job": 1})


def _work_slowly(provider: Provider, progress: ProgressCallback) -> None:
    draft = provider.folder / "draft.json"
    draft.write_text(json.dumps([os.getpid()]))
    draft.rename(provider.folder / "pids.json")
    for step in range(6000):
        progress(f"drawing stroke {step}", step % 100)
        time.sleep(0.01)
        if (provider.folder / "go").exists():
            return


def _have_a_program(provider: Provider, progress: ProgressCallback) -> None:
    program = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], process_group=0)
    draft = provider.folder / "draft.json"
    draft.write_text(json.dumps([os.getpid(), program.pid]))
    draft.rename(provider.folder / "pids.json")
    program.wait()
    # who ends the program ends this process, too, a moment later
    time.sleep(600)


def _die(provider: Provider, progress: ProgressCallback) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


_WORKS: dict[str, Callable[[Provider, ProgressCallback], None]] = {
    "slow": _work_slowly,
    "program": _have_a_program,
    "die": _die,
}


def _fail_early(how: str) -> None:
    """Fail before anything is made, if that is what the behaviour says."""
    match how:
        case "busy":
            raise EngineBusyError("Too many requests.", retry_after_s=0.01)
        case "refused":
            raise EngineError("The provider said no.")
        case "unknown":
            raise OutcomeUnknownError("Several jobs could be it.")
        case "garbage" | "stumble":
            raise ValueError("nobody expected this")
        case "die early":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(600)


def get_engine(name: str, settings: Settings) -> RemoteDouble | StillDouble:
    provider = provider_of(settings)
    is_at_work = multiprocessing.parent_process() is not None
    if name == "keyless" and is_at_work:
        raise ConfigError("No key is set. Set GOOGLE_AI_API_KEY for the worker.")
    if name == "stillborn" and is_at_work:
        os._exit(3)
    if name in ("paid", "free", "keyless", "stillborn"):
        return StillDouble(provider, name, is_paid=name != "free")
    return RemoteDouble(provider, name, lists_jobs=name != "unlisted")
