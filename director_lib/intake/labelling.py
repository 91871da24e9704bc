"""Writing into a generated file how it was made, before it becomes a version."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from director_lib.domain.disclosure import disclosure_facts
from director_lib.domain.finding import Finding
from director_lib.domain.task import Task
from director_lib.errors import InvalidMediaError
from director_lib.intake.shelf import Shelf
from director_lib.media.marking import mark
from director_lib.media.probe import MediaFacts
from director_lib.store.claims import Claim
from director_lib.store.versions import get_version


@dataclass(frozen=True, slots=True)
class Produced:
    """A file that an engine says is finished.

    Attributes:
        path: The file, still in the task's scratch folder.
        cost_usd: What it was billed.
        findings: What was noticed about it.
        claim: The right by which it was made; None when nobody else could have it.
    """

    task_id: str
    path: Path
    model: str
    cost_usd: float = 0.0
    params: dict[str, object] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    claim: Claim | None = None


def mark_produced(shelf: Shelf, task: Task, produced: Produced, facts: MediaFacts) -> Produced:
    """Make a copy of an engine's file that tells its provenance and that a machine made it.

    A file that cannot carry the mark is kept all the same, since it may have been paid for; its parameters
    then say why there is none.

    Returns:
        What was produced, with the marked copy beside the engine's own file.
    """
    told = disclosure_facts(
        task.request,
        model=produced.model,
        task_id=task.id,
        source_sha256=_find_source(shelf, task),
        params=produced.params,
    )
    target = produced.path.with_name(f"{produced.path.stem}.marked{facts.extension}")
    try:
        mark(produced.path, target, facts, told)
    except InvalidMediaError as error:
        return replace(produced, params={**produced.params, "disclosure": f"missing: {error.why}"})
    return replace(produced, path=target)


def _find_source(shelf: Shelf, task: Task) -> str | None:
    version_id = task.request.source_version_id
    if version_id is None:
        return None
    with shelf.database.read() as connection:
        return get_version(connection, version_id).sha256
