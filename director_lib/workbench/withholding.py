"""What nobody is told of versions that are to be chosen from blind: how they were made, and with what.

Blind means that no way out of the workbench names engine, model, words, seed or price of such a version, to
anybody, until somebody chose or the blindness was lifted on record: pages, lists of the command line, frames
of the analyst and exports all ask here. Lists and rows of tasks do not tell either how far one is or how long
it took, because engines differ most in that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from director_lib.domain.task import Task, TaskState
from director_lib.domain.variant_arm import WITHHELD
from director_lib.domain.version import Version
from director_lib.store.variant_sets import Hidden, find_hidden

if TYPE_CHECKING:
    # pages and commands that show no frame do not wait for what makes them
    import pandas as pd

_TEXTS = ("engine", "model", "image_prompt", "motion_prompt", "preset", "prompt")
_TIMES = ("started_at", "ended_at")
_MAKING = "being made"
_UNKNOWN = ("seed", "source_version_id", "position", "error_code", "error_message")


def told_tasks(connection: sa.Connection, tasks: Iterable[Task]) -> list[Task]:
    """Return tasks as anybody may see them; those of a hidden set without what tells them apart."""
    listed = list(tasks)
    hidden = find_hidden(connection) if any(task.variant_set_id for task in listed) else Hidden()
    prices = hidden.price_usd
    return [_bare_task(task, prices[task.id]) if task.id in prices else task for task in listed]


def told_versions(connection: sa.Connection, versions: Iterable[Version]) -> list[Version]:
    """Return versions as anybody may see them; those of a hidden set without how they were made."""
    costs = find_hidden(connection).cost_usd
    return [
        _bare_version(version, costs[version.id]) if version.id in costs else version for version in versions
    ]


def open_versions(connection: sa.Connection, versions: Iterable[Version]) -> list[Version]:
    """Leave out the versions of hidden sets: their files say in themselves how they were made."""
    hidden = find_hidden(connection).cost_usd
    return [version for version in versions if version.id not in hidden]


def told_frame(connection: sa.Connection, frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame as anybody may see it.

    Args:
        connection: An open connection.
        frame: Any with ``version_id`` or ``task_id``.

    Returns:
        The frame; in rows of a hidden set engine, model, prompts and preset are ``WITHHELD``, seed,
        source, place and the cause of a failure are missing, and each has the average cost of its set. What
        was billed for tasks is the average of all hidden ones.
    """
    hidden = find_hidden(connection)
    if not hidden.price_usd:
        return frame
    by = {"version_id": [*hidden.cost_usd], "task_id": [*hidden.price_usd]}
    named = {name: values for name, values in by.items() if name in frame.columns}
    rows = frame[[*named]].isin(named).any(axis="columns")
    if not rows.any():
        return frame
    texts, unknown = ([name for name in names if name in frame.columns] for names in (_TEXTS, _UNKNOWN))
    told: dict[str, Any] = {name: frame[name].mask(rows, WITHHELD) for name in texts}
    told |= {name: frame[name].mask(rows) for name in unknown}
    if "cost_usd" in frame.columns:
        told["cost_usd"] = frame["version_id"].map(hidden.cost_usd).fillna(frame["cost_usd"])
    if "billed_usd" in frame.columns:
        told["billed_usd"] = frame["billed_usd"].mask(rows, frame.loc[rows, "billed_usd"].mean())
    return frame.assign(**told)


def told_task_rows(connection: sa.Connection, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of tasks as a page may show them: as ``told_frame`` does, and without their times.

    Frames keep the times: durations are computed from them, and are added up for no engine.
    """
    is_hidden = rows["task_id"].isin(list(find_hidden(connection).price_usd))
    return told_frame(connection, rows).assign(**{name: rows[name].mask(is_hidden) for name in _TIMES})


def _bare_task(task: Task, price_usd: float) -> Task:
    asked = task.request
    request = replace(
        asked,
        engine=WITHHELD,
        model="",
        image_prompt=WITHHELD,
        motion_prompt=WITHHELD if asked.motion_prompt else "",
        negative_prompt="",
        seed=0,
        reference_sha256s=(),
    )
    message = f"It failed; why is {WITHHELD}." if task.error_message else None
    return replace(
        task,
        request=request,
        phase=_MAKING if task.state is TaskState.RUNNING else "",
        percent=100.0 if task.state is TaskState.SUCCEEDED else 0.0,
        price_usd=price_usd,
        started_at=None,
        ended_at=None,
        not_before_at=None,
        error_code=None,
        error_message=message,
        version_id=None,
        worker=None,
    )


def _bare_version(version: Version, cost_usd: float) -> Version:
    known = version.provenance
    told = replace(
        known,
        image_prompt=None,
        motion_prompt=None,
        negative_prompt=None,
        engine=WITHHELD,
        model=None,
        seed=None,
        params={},
        cost_usd=cost_usd,
        task_id=None,
        reference_sha256s=(),
    )
    return replace(version, provenance=told)
