"""The jobs that build and deploy a stream's site, as the worker carries them out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from director_lib.delivery.deployment import (
    Deployment,
    find_deployment,
    find_shown_build,
    read_deployments,
    record_deployment,
    switch_folder,
)
from director_lib.delivery.site import SiteBuild, build_site
from director_lib.delivery.site_builds import build_path, find_faults, prune_builds
from director_lib.delivery.site_command import fill_command, find_address, run_command
from director_lib.delivery.site_film import SiteFilm, deployment_file, read_film, site_target
from director_lib.domain.site import COMMAND, FOLDER
from director_lib.domain.stream_task import StreamJob, StreamNews
from director_lib.errors import BackendError, InputError, StorageError
from director_lib.store.database import open_database
from director_lib.store.events import record_event
from director_lib.streams.folder import StreamsRoot
from director_lib.streams.locking import stream_lock


def build(job: StreamJob, news: StreamNews) -> dict[str, Any]:
    """Build the site of a stream as it is now. Frames that are there are used again."""
    film, built = _build(job, news)
    with _writing(job) as connection:
        details = {"task_id": job.task_id, "build_id": built.build_id, "size_bytes": built.size_bytes}
        _record(connection, job, "built", details)
    return _answer(film, built)


def deploy(job: StreamJob, news: StreamNews) -> dict[str, Any]:
    """Show a build to readers: one that is named, else the film as it is, which must be what was approved.

    Parameters: ``target`` ("folder" or "command"), ``film_sha256`` or ``build_id``, and ``override``:
    why an open gate was passed over.
    """
    began_at = _began_at(job.folder)
    stream_id, target_name = str(job.stream_id), job.parameters.get("target", FOLDER)
    file = deployment_file(job.settings, stream_id)
    read_deployments(file)  # a broken file is told before anything becomes public
    build_id = job.parameters.get("build_id")
    answer: dict[str, Any] = {}
    if build_id is None:
        film, built = _build(job, news)
        answer, build_id = _answer(film, built), built.build_id
    if faults := find_faults(site_target(job.settings, stream_id), build_id):
        raise StorageError(
            f"Build {build_id} is damaged ({faults[0]}). What readers see is as it was. Build the site again."
        )
    news.progress("deploying", 95)
    root = StreamsRoot(job.settings.streams_root)
    if target_name == COMMAND:
        url = _run(job, news, build_id)
    elif target_name == FOLDER:
        url = f"/site/{stream_id}/"
    else:
        raise InputError(f"There is no target “{target_name}”. Deploy to {FOLDER} or {COMMAND}.")
    with stream_lock(root, stream_id):
        if target_name == FOLDER:
            switch_folder(site_target(job.settings, stream_id), build_id)
        last = find_deployment(file)
        if not _is_recorded(last, build_id, began_at):
            now = datetime.now(UTC)
            record_deployment(file, Deployment(url, now, job.author, target_name, build_id))
    news.line(f"build {build_id} is at {url}")
    _prune(job, build_id)
    verb = "rolled_back" if job.parameters.get("build_id") else "deployed"
    details = {"task_id": job.task_id, "build_id": build_id, "url": url, "target": target_name}
    with _writing(job) as connection:
        _record(connection, job, verb, details | {"override": job.parameters.get("override", "")})
    return answer | {"build_id": build_id, "url": url, "target": target_name}


def _build(job: StreamJob, news: StreamNews) -> tuple[SiteFilm, SiteBuild]:
    stream_id = str(job.stream_id)
    with closing(open_database(job.settings.database)) as database, database.read() as connection:
        film = read_film(job.settings, connection, stream_id)
    wanted = job.parameters.get("film_sha256")
    if wanted is not None and wanted != film.sha256:
        raise InputError(
            "The film changed since it was asked for, so it is not what was judged any more. Nothing was "
            "deployed. Look at the final page again, then deploy what you see there."
        )
    target = site_target(job.settings, stream_id)
    told: list[str] = []

    def tell(doing: str, percent: float) -> None:
        news.progress(doing, percent * 0.94)
        if told[-1:] != [doing]:
            told.append(doing)
            news.line(doing)

    built = build_site(film.stream, film.files, job.settings.frames_dir, target, progress=tell)
    for warning in built.warnings:
        news.line(warning)
    if job.kind == "build":
        _prune(job, built.build_id)
    return film, built


def _run(job: StreamJob, news: StreamNews, build_id: str) -> str:
    """Hand a build to the studio's own command and return its address."""
    settings, stream_id = job.settings, str(job.stream_id)
    folder = build_path(site_target(settings, stream_id), build_id)
    values = {"folder": str(folder), "stream": stream_id, "build_id": build_id}
    arguments = fill_command(settings.deploy_command, values)
    news.line(f"runs {arguments[0]}")
    said = run_command(arguments, job.folder, news.line, timeout_s=settings.deploy_timeout_s)
    url = settings.deploy_url.format(**values) if settings.deploy_url else find_address(said)
    if not url:
        raise BackendError(
            "The deploy command succeeded but named no address, so nothing was recorded. Let it print the "
            "site's https address, or set DIRECTOR_DEPLOY_URL, like https://films.example/{stream}/"
        )
    return url


def _prune(job: StreamJob, build_id: str) -> None:
    """Remove builds that nobody goes back to any more; never what readers see."""
    stream_id = str(job.stream_id)
    target = site_target(job.settings, stream_id)
    latest = find_deployment(deployment_file(job.settings, stream_id))
    spared = {build_id, find_shown_build(target) or "", latest.build_id if latest else ""}
    prune_builds(target, job.settings.site_builds_kept, spared)


def _answer(film: SiteFilm, built: SiteBuild) -> dict[str, Any]:
    return {
        "film_sha256": film.sha256,
        "build_id": built.build_id,
        "size_bytes": built.size_bytes,
        "n_frames": built.n_frames,
        "warnings": list(built.warnings),
    }


def _is_recorded(last: Deployment | None, build_id: str, began_at: datetime) -> bool:
    """Tell whether this very job recorded it before it was interrupted."""
    if last is None or last.deployed_at is None:
        return False
    return last.build_id == build_id and last.deployed_at >= began_at


def _began_at(folder: Path) -> datetime:
    """Return when the job began for the first time."""
    mark = folder / "began"
    if not mark.exists():
        mark.write_text(datetime.now(UTC).isoformat())
    return datetime.fromisoformat(mark.read_text())


@contextmanager
def _writing(job: StreamJob) -> Iterator[sa.Connection]:
    with closing(open_database(job.settings.database)) as database, database.write() as connection:
        yield connection


def _record(connection: sa.Connection, job: StreamJob, verb: str, details: dict[str, Any]) -> None:
    place = (str(job.stream_id), None, None)
    record_event(connection, verb, job.author, datetime.now(UTC), place=place, details=details)
