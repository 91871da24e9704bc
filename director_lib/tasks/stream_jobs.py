"""The jobs on whole streams: which function carries out which kind of task.

A job is a function at the top of a module, named as ``module:function``::

    def run(job: StreamJob, news: StreamNews) -> dict[str, Any]: ...

``StreamJob`` and ``StreamNews`` are in ``director_lib.domain.stream_task``. The worker calls it in a process
of its own, one job at a time beside the making of stills and clips. What holds for every job:

* It returns JSON values: the task's ``result``. ``{}`` is fine.
* It raises a ``DirectorError`` to fail: ``code`` and ``user_message`` become the task's error. Any other
  error fails the task, too, with a sentence that tells nothing; the worker's log has the traceback.
* It may be ended at any moment, with everything that it started: by a cancel (the process tree is killed, the
  task is cancelled within a second), or because the worker died. In the latter case the very same job is
  called again, by the same worker or another one: it must go on from what it finds, and doing a step twice
  must do no harm. ``job.folder`` is there again then, when it is the same machine.
* ``news.progress(phase, percent)`` and ``news.line(text)`` may be called as often as one likes, and by
  several threads. They are all that it writes about its task; the database is otherwise the job's to use.
* Two jobs on the same stream never run at the same time; two on the studio as a whole (no stream) may, when
  there are several workers.
* Whoever may queue it and whether it may be done at all is the workbench's to decide, before it is queued.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

from director_lib.domain.stream_task import (
    ARCHIVE,
    BRING_BACK,
    BUILD,
    DEPLOY,
    SPEC,
    StreamJob,
    StreamNews,
)
from director_lib.errors import ConfigError, InputError

JobFunction = Callable[[StreamJob, StreamNews], dict[str, Any]]

JOBS: Mapping[str, str] = {
    BUILD: "director_lib.delivery.site_jobs:build",
    DEPLOY: "director_lib.delivery.site_jobs:deploy",
    ARCHIVE: "director_lib.delivery.archive_jobs:archive",
    BRING_BACK: "director_lib.delivery.archive_jobs:bring_back",
    SPEC: "director_lib.tasks.spec_job:write_spec",
}
"""Kinds of tasks to their functions, as ``module:function``."""


DEFAULT_JOBS = "director_lib.tasks.stream_jobs:JOBS"


def load_jobs(source: str) -> Mapping[str, str]:
    """Import a mapping of kinds to functions, from ``module:name``.

    Raises:
        ConfigError: There is none.
    """
    try:
        jobs: Mapping[str, str] = _load(source)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(
            f"Jobs on streams cannot be taken from “{source}” ({error}). "
            f"Give module:name, like {DEFAULT_JOBS}."
        ) from error
    return jobs


def find_job(kind: str, jobs: Mapping[str, str] = JOBS) -> str:
    """Return where the function of a kind is.

    Raises:
        InputError: There is no such kind.
    """
    if kind not in jobs:
        known = ", ".join(sorted(jobs))
        raise InputError(f"There is no task “{kind[:60]}” for a stream. There are: {known}.")
    return jobs[kind]


def load_job(source: str) -> JobFunction:
    """Import a job's function."""
    found: JobFunction = _load(source)
    return found


def _load(source: str) -> Any:
    module, _, name = source.partition(":")
    return getattr(importlib.import_module(module), name)
