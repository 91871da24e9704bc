"""Building a film's page, showing it to readers, and going back to what they saw before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from director_lib.delivery.deployment import Deployment, find_shown_build, read_deployments
from director_lib.delivery.site_builds import BuildManifest, build_path, get_build, list_builds
from director_lib.delivery.site_film import deployment_file, film_sha256, site_target
from director_lib.domain.checkpoint import Checkpoint, GateState
from director_lib.domain.people import Action
from director_lib.domain.site import COMMAND, FOLDER, TARGETS
from director_lib.domain.stream_task import BUILD, DEPLOY, StreamTask
from director_lib.domain.task import TaskState
from director_lib.errors import InputError, NotFoundError, RuleError
from director_lib.store.events import record_event
from director_lib.store.stream_tasks import list_stream_tasks
from director_lib.workbench.gates import gates_of
from director_lib.workbench.standing import StreamStanding, read_standing
from director_lib.workbench.stream_tasks import StreamTasks
from director_lib.workbench.streams import Streams
from director_lib.workbench.studio import Studio

LONGEST_REASON = 500
_MADE_BUILDS = (BUILD, DEPLOY)


@dataclass(frozen=True, slots=True)
class Preview:
    """The newest build that was made of the film as it was then.

    Attributes:
        is_current: Whether the film is still the one that it was built of.
    """

    build: BuildManifest
    is_current: bool


class Deliveries:
    """The way of a film's page from the studio to its readers."""

    def __init__(self, studio: Studio, streams: Streams, jobs: StreamTasks) -> None:
        self._studio = studio
        self._streams = streams
        self._jobs = jobs
        self._read: dict[tuple[str, str], BuildManifest] = {}
        jobs.guards[DEPLOY] = self._check_deploy

    def build(self, stream_id: str) -> StreamTask:
        """Queue building the page of a film as it is now; what readers see does not change.

        Raises:
            PermissionDeniedError: The actor may not.
            NotFoundError: There is no such stream.
            InputError: It has no segments yet.
            StreamFileError: Its production.json cannot be read.
        """
        if not self._streams.get(stream_id).segments:
            raise InputError(f"{stream_id} has no segments yet, so nothing was built. Write its spec first.")
        return self._jobs.queue(BUILD, stream_id, {"film_sha256": self.film_sha256(stream_id)})

    def deploy(self, stream_id: str, target: str = FOLDER, *, override: str = "") -> StreamTask:
        """Queue building the page and showing it to readers: exactly the film as it is now.

        Args:
            target: "folder", which this server shows at ``/site/<stream>/``, or "command", the studio's own.
            override: Why it is deployed although the final cut is not approved; it is recorded.

        Raises:
            PermissionDeniedError: The actor may not.
            NotFoundError: There is no such stream.
            InputError: There is no such target, or the reason is too long.
            RuleError: The final cut is not approved and no reason is given. Nothing was queued.
        """
        parameters = {"target": target, "film_sha256": self.film_sha256(stream_id)}
        return self._queue(stream_id, parameters, override)

    def roll_back(self, stream_id: str, build_id: str, *, override: str = "") -> StreamTask:
        """Queue showing an earlier build to readers again, where the latest one is deployed to.

        Args:
            override: Why a build is deployed that never was and whose film is not approved.

        Raises:
            PermissionDeniedError: The actor may not.
            InvalidIdError: That is no build's id.
            NotFoundError: There is no such stream or build.
            RuleError: It was never deployed, and no reason is given. Nothing was queued.
        """
        deployed = self.deployments(stream_id)
        target = deployed[0].platform if deployed and deployed[0].platform in TARGETS else FOLDER
        return self._queue(stream_id, {"target": target, "build_id": build_id}, override)

    def deployments(self, stream_id: str) -> list[Deployment]:
        """Return every deployment that the stream's deployment.json knows of, the latest first.

        Raises:
            NotFoundError: There is no such stream.
            StreamFileError: The file is broken.
        """
        self._studio.require(Action.VIEW)
        found = read_deployments(deployment_file(self._studio.settings, stream_id))
        # the file says where it was when it was deployed; on this server it is where the stream is now
        return [replace(one, url=f"/site/{stream_id}/") if one.platform == FOLDER else one for one in found]

    def builds(self, stream_id: str) -> list[BuildManifest]:
        """Return the builds of a stream that are kept, the latest first."""
        self._studio.require(Action.VIEW)
        self._studio.root.path(stream_id)
        return list_builds(self._target(stream_id))

    def shown_build(self, stream_id: str) -> str | None:
        """Return the id of the build at ``/site/<stream>/``; None when nothing is there."""
        self._studio.require(Action.VIEW)
        return find_shown_build(self._target(stream_id))

    def find_preview(self, stream_id: str) -> Preview | None:
        """Find the newest build that was made of the film; None when there is none.

        Raises:
            NotFoundError: There is no such stream.
            StreamFileError: Its production.json cannot be read.
        """
        now = self.film_sha256(stream_id)
        for task in self._made(stream_id):
            result = task.result or {}
            try:
                manifest = self._get_build(stream_id, str(result.get("build_id", "")))
            except (NotFoundError, InputError):
                continue
            return Preview(manifest, result.get("film_sha256") == now)
        return None

    def preview_folder(self, stream_id: str, build_id: str) -> Path:
        """Return the folder of a build, for people of the studio to look at.

        Raises:
            PermissionDeniedError: The actor may not.
            InvalidIdError: That is no build's id.
            NotFoundError: There is no such stream or build.
        """
        self._studio.require(Action.VIEW)
        self._studio.root.path(stream_id)
        get_build(self._target(stream_id), build_id)
        return build_path(self._target(stream_id), build_id)

    def targets(self) -> list[str]:
        """Return what can be deployed to, the usual one first."""
        return [FOLDER, *([COMMAND] if self._studio.settings.deploy_command else [])]

    def film_sha256(self, stream_id: str) -> str:
        """Return the digest of everything that the page would be built of now.

        Raises:
            NotFoundError: There is no such stream.
            StreamFileError: Its production.json cannot be read.
        """
        with self._studio.database.read() as connection:
            return self._film_sha256(read_standing(connection, self._streams.get(stream_id)))

    def _queue(self, stream_id: str, parameters: Mapping[str, Any], override: str) -> StreamTask:
        self._studio.require(Action.DEPLOY)
        why = override.strip()
        if len(why) > LONGEST_REASON:
            raise InputError(f"The reason is longer than {LONGEST_REASON} characters. Nothing was queued.")
        given = {**parameters, **({"override": why} if why else {})}
        with self._studio.database.write() as connection:
            task = self._jobs.queue_in(connection, DEPLOY, stream_id, given)
            if why:
                now, who = self._studio.clock(), self._studio.actor.username
                details = {"checkpoint": Checkpoint.FINAL.value, "why": why, "task_id": task.id}
                place = (stream_id, None, None)
                record_event(connection, "overrode_checkpoint", who, now, place=place, details=details)
        return task

    def _check_deploy(
        self, connection: sa.Connection, stream_id: str | None, parameters: Mapping[str, Any]
    ) -> None:
        """Refuse what may not be deployed, whoever queues it in whatever way."""
        if stream_id is None:
            raise InputError("A deployment is of one stream. Nothing was queued.")
        target, build_id = parameters.get("target", FOLDER), parameters.get("build_id")
        if target not in TARGETS:
            raise InputError(f"There is no target “{target}”. Deploy to {' or '.join(TARGETS)}.")
        if target == COMMAND and not self._studio.settings.deploy_command:
            raise RuleError(
                "No command for deploying is set, so nothing was queued. An admin sets one with "
                "DIRECTOR_DEPLOY_COMMAND; or deploy to the folder target."
            )
        if build_id is not None:
            get_build(self._target(stream_id), build_id)
            if build_id in {one.build_id for one in self.deployments(stream_id)}:
                return
        if parameters.get("override"):
            return
        standing = read_standing(connection, self._streams.get(stream_id))
        final = gates_of(standing.stream, standing)[-1]
        is_this = build_id is None and parameters.get("film_sha256") == self._film_sha256(standing)
        if final.state is GateState.APPROVED and is_this:
            return
        why = "it was never deployed and may not be what is approved" if build_id else final.reason
        raise RuleError(
            f"This is not approved for its readers: {why.rstrip('.')}. Nothing was deployed. Approve the "
            "final cut on its page, or say why it has to be deployed all the same."
        )

    def _get_build(self, stream_id: str, build_id: str) -> BuildManifest:
        """Read what a build holds once: a long film's list is large, and a page asks at every change."""
        target = self._target(stream_id)
        if not build_path(target, build_id).is_dir():
            raise NotFoundError("build", build_id)
        if (stream_id, build_id) not in self._read:
            self._read[stream_id, build_id] = get_build(target, build_id)
        return self._read[stream_id, build_id]

    def _made(self, stream_id: str) -> list[StreamTask]:
        with self._studio.database.read() as connection:
            ended = list_stream_tasks(
                connection, stream_id=stream_id, kinds=_MADE_BUILDS, states=[TaskState.SUCCEEDED]
            )
        return [task for task in ended if task.result and "film_sha256" in task.result]

    def _film_sha256(self, standing: StreamStanding) -> str:
        stream = standing.stream
        ids = {segment.id for segment in stream.segments}
        current = {place: version for place, version in standing.versions.items() if place[0] in ids}
        return film_sha256(self._studio.settings, stream, current)

    def _target(self, stream_id: str) -> Path:
        return site_target(self._studio.settings, stream_id)
