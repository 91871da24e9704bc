"""``director init`` and ``director doctor``: set up, and say what is wrong and how to mend it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from director_lib.cli.health_work import look_at_disks, look_at_engines, look_at_reach, look_at_tasks
from director_lib.cli.output import print_json
from director_lib.config import Settings, load_settings
from director_lib.domain.how_many import how_many
from director_lib.domain.version import in_words
from director_lib.errors import DirectorError
from director_lib.store import events as log
from director_lib.workbench import Workbench
from director_lib.workbench.versions import FileCheck

_NEWEST_LOOKED_AT = 1000
_FAULTS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    message: str


def init() -> None:
    """Create the database and the streams folder; does nothing when they are there."""
    with Workbench.open() as workbench:
        settings = workbench.studio.settings
    typer.echo(f"The review database is {settings.database_name}; streams are in {settings.streams_root}.")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    verify_log: Annotated[
        bool, typer.Option("--verify-log", help="Also check that nobody changed the activity log.")
    ] = False,
    verify_files: Annotated[
        bool, typer.Option("--verify-files", help="Also read every version's file and compare its checksum.")
    ] = False,
) -> None:
    """Check settings, folders, database, disk, worker, tasks, keys; exits with 1 if something is wrong."""
    settings = load_settings()
    findings = list(_examine(settings))
    look_at_files = _read_all_versions if verify_files else _look_at_versions
    findings.append(_finding("version files", look_at_files, settings))
    if verify_log:
        findings.append(_finding("activity log", _look_at_log, settings))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{'ok ' if finding.ok else 'BAD'}  {finding.what}: {finding.message}")
    if bad := [finding.what for finding in findings if not finding.ok]:
        raise DirectorError(f"Something needs mending: {', '.join(bad)}.")


def _examine(settings: Settings) -> Iterator[Finding]:
    for what, look in (
        ("database", _look_at_database),
        ("streams folder", _look_at_streams),
        ("disk", look_at_disks),
        ("worker", _look_at_worker),
        ("tasks", look_at_tasks),
        ("engines", look_at_engines),
        ("engines reachable", look_at_reach),
    ):
        yield _finding(what, look, settings)


def _finding(what: str, look: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(what, True, look(settings))
    except DirectorError as error:
        return Finding(what, False, error.user_message)


def _look_at_database(settings: Settings) -> str:
    with Workbench.open(settings):
        return f"{settings.database_name} opens and its schema is up to date"


def _look_at_log(settings: Settings) -> str:
    with Workbench.open(settings) as workbench, workbench.studio.database.read() as connection:
        faults = log.verify_log(connection)
        n_events = log.last_event_seq(connection)
    if faults:
        raise DirectorError(
            f"{how_many(len(faults), 'fault')}; the first is at event {faults[0].seq}: {faults[0].message}"
        )
    return f"{how_many(n_events, 'event is as it was', 'events are as they were')} written"


def _look_at_versions(settings: Settings) -> str:
    """Look at the newest files only, and at their sizes only: it has to be over at once."""
    with Workbench.open(settings) as workbench:
        found = workbench.versions.check_files(newest=_NEWEST_LOOKED_AT)
    _refuse_faults(found)
    return f"the newest {found.looked_at} are there; --verify-files reads all of them"


def _read_all_versions(settings: Settings) -> str:
    with Workbench.open(settings) as workbench:
        found = workbench.versions.check_files(read=True)
    _refuse_faults(found)
    return f"{found.looked_at} are as they were stored"


def _refuse_faults(found: FileCheck) -> None:
    if not found.faults:
        return
    named = [f"{in_words(version)} is {fault}" for version, fault in found.faults[:_FAULTS_NAMED]]
    more = len(found.faults) - len(named)
    others = f"; and {more} more" if more else ""
    raise DirectorError(
        f"{'; '.join(named)}{others}. What is recorded is safe; bring the files back from a backup"
    )


def _look_at_streams(settings: Settings) -> str:
    with Workbench.open(settings) as workbench:
        results = [workbench.streams.check(stream_id) for stream_id in workbench.streams.list_ids()]
    if not os.access(settings.streams_root, os.W_OK):
        raise DirectorError(f"{settings.streams_root} cannot be written; prompts and stills cannot be saved.")
    broken = [result.id for result in results if result.error]
    if broken:
        raise DirectorError(f"cannot read {', '.join(broken)}; see director streams check")
    return f"{how_many(len(results), 'stream')} in {settings.streams_root}"


def _look_at_worker(settings: Settings) -> str:
    with Workbench.open(settings) as workbench:
        worker = workbench.tasks.find_worker()
    if worker is None:
        raise DirectorError("no worker is running, so queued tasks wait; start one with director worker")
    return f"running as process {worker.pid}"
