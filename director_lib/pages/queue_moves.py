"""Moving a task in the queue by one place, to an end of it, or before another one."""

from __future__ import annotations

from director_lib.workbench import Workbench

_LOOKS = (200, 1_200, 1_000_000)


def move(workbench: Workbench, task_id: str, way: str, before_id: str | None) -> None:
    """Move a queued task.

    The queue is read here and not in the browser, so that two quick key presses move it by two places, also
    when the second one comes before the first one's effect was shown.

    Args:
        way: "up", "down", "front", "end" or "before".
        before_id: The task to put it before, for "before".

    Raises:
        NotFoundError: There is no such task.
        RuleError: One of the two is not queued any more; nothing was moved.
    """
    if way == "before":
        workbench.tasks.move(task_id, before=before_id or task_id)
    elif way == "end":
        workbench.tasks.move(task_id, before=None)
    elif way == "front":
        first = workbench.tasks.queue(limit=1)
        workbench.tasks.move(task_id, before=first[0].id if first else task_id)
    else:
        _step(workbench, task_id, 1 if way == "down" else -1)


def _step(workbench: Workbench, task_id: str, step: int) -> None:
    ids = _order_around(workbench, task_id)
    if task_id not in ids:
        workbench.tasks.move(task_id, before=task_id)  # moves nothing: it says why the task has no place
        return
    place = ids.index(task_id)
    others = [each for each in ids if each != task_id]
    wanted = min(max(place + step, 0), len(others))
    if wanted != place:
        workbench.tasks.move(task_id, before=others[wanted] if wanted < len(others) else None)


def _order_around(workbench: Workbench, task_id: str) -> list[str]:
    """Read the start order up to and behind a task; most move near the front of a long queue."""
    ids: list[str] = []
    for limit in _LOOKS:
        ids = [task.id for task in workbench.tasks.queue(limit=limit)]
        if len(ids) < limit or task_id in ids[:-2]:
            break
    return ids
