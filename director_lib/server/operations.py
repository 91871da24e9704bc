"""``/api/metrics``: how the studio runs, in Prometheus' text format, for admins and for a scraper's token."""

from __future__ import annotations

import asyncio
import hmac
import math
import platform
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from jupyter_server.auth.decorator import allow_unauthenticated
from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector
from pydantic import SecretStr

from director_lib import __version__
from director_lib.domain.people import Action, Actor, Role, may
from director_lib.domain.task import TaskState
from director_lib.errors import DirectorError
from director_lib.server.handlers import StudioHandler
from director_lib.server.kernels import DirectorKernelManager
from director_lib.server.refusals import log_refusal
from director_lib.workbench.operations import Standing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SCRAPER = Actor("metrics-token", Role.ADMIN)
_BEARER = "bearer "


class MetricsHandler(StudioHandler):
    """Answers a signed-in admin, or whoever sends the token as ``Authorization: Bearer …``."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Send the numbers: 401 to nobody in particular, 403 to anybody who may not see them."""
        actor = self._find_actor()
        if actor is None:
            return
        loop = asyncio.get_running_loop()
        try:
            standing = await loop.run_in_executor(None, self.host.operations.standing, actor)
        except DirectorError as error:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, error.user_message)
            return
        pages = (len(self.host.kernels.owners()), n_kernels(self.host.kernels))
        self.set_header("Content-Type", CONTENT_TYPE)
        self.finish(generate_latest(_Families([*families(standing), *page_families(*pages)])))

    def _find_actor(self) -> Actor | None:
        """Return who asks; answers those who may not, and then returns None."""
        given = self.request.headers.get("Authorization", "")
        if given:
            if is_token(given, self.host.settings.metrics_token):
                return _SCRAPER
            log_refusal("metrics", "a wrong token", self)
            self._refuse(HTTPStatus.FORBIDDEN, "This is not the token of DIRECTOR_METRICS_TOKEN.")
            return None
        if self.current_user is None:
            self.set_header("WWW-Authenticate", "Bearer")
            self._refuse(HTTPStatus.UNAUTHORIZED, "Sign in as an admin, or send the metrics token.")
            return None
        actor: Actor = self.current_user.actor
        if may(actor, Action.ADMINISTER):
            return actor
        log_refusal("metrics", actor.role.value, self)
        self._refuse(HTTPStatus.FORBIDDEN, "Only admins may see how the studio runs.")
        return None

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        """Answer in plain text: whoever asks here is rarely a browser."""
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{why}\n")


def is_token(header: str, token: SecretStr | None) -> bool:
    """Tell whether an Authorization header carries the token; never when there is none."""
    if token is None or not header.lower().startswith(_BEARER):
        return False
    given = header[len(_BEARER) :].strip().encode(errors="replace")
    return hmac.compare_digest(given, token.get_secret_value().encode())


def n_kernels(kernels: DirectorKernelManager) -> int:
    """Count the kernels, those that wait for a page among them."""
    return len(kernels.list_kernel_ids())


def families(standing: Standing) -> Iterator[Metric]:
    """Give what is known of tasks, money, worker and disks."""
    about = {"version": __version__, "python": platform.python_version(), "database": standing.database_kind}
    yield InfoMetricFamily("director_build", "What runs here.", about)
    tasks = {(engine, state.value): count for (engine, state), count in standing.tasks.items()}
    yield _by(("engine", "state"), "director_tasks", "Tasks by engine and state.", tasks)
    failures = {(engine,): count for engine, count in standing.recent_failures.items()}
    seen = {(engine,): 0 for engine, _ in standing.tasks}
    told = "Tasks of the last hour that failed, or whose outcome is unknown."
    yield _by(("engine",), "director_failures_last_hour", told, seen | failures)
    free = {(place,): room for place, room in standing.free_bytes.items()}
    yield _by(("folder",), "director_disk_free_bytes", "Free room on the disk of a folder.", free)
    for name, told, value in _plain(standing):
        yield GaugeMetricFamily(name, told, value)
    if standing.n_streams is not None:
        yield GaugeMetricFamily("director_streams", "Streams in the streams folder.", standing.n_streams)


def page_families(n_pages: int, n_kernels: int) -> Iterator[Metric]:
    """Give what is known of pages."""
    yield GaugeMetricFamily("director_open_pages", "Pages that are open, each with a kernel.", n_pages)
    yield GaugeMetricFamily("director_kernels", "Kernels; some wait for a page.", n_kernels)


def _plain(standing: Standing) -> Iterator[tuple[str, str, float]]:
    yield "director_queue_depth", "Tasks that wait.", standing.count(TaskState.QUEUED)
    yield "director_running_tasks", "Tasks that run.", len(standing.running)
    yield "director_stuck_tasks", "Tasks that have run for more than an hour.", len(standing.stuck)
    told = "Seconds that the task which waits longest has waited; 0 when none waits."
    yield "director_oldest_waiting_seconds", told, standing.oldest_waiting_s
    told = "What today's attempts were billed, or are estimated to cost."
    yield "director_spend_today_usd", told, standing.spent_today_usd
    told = "Spent today, and what open tasks may still cost; the day's budget is held against it."
    yield "director_committed_today_usd", told, standing.committed_today_usd
    budget_usd = math.inf if standing.budget_day_usd is None else standing.budget_day_usd
    yield "director_budget_day_usd", "What may be spent in a day; +Inf for no limit.", budget_usd
    days = math.inf if standing.days_until_full is None else standing.days_until_full
    told = "Days until the versions' disk is full at the pace of the last weeks; +Inf when it does not grow."
    yield "director_disk_days_until_full", told, days
    yield "director_worker_up", "Whether a worker is alive.", int(standing.worker_is_alive)
    yield "director_database_size_bytes", "Size of the review database.", standing.database_bytes


def _by(labels: tuple[str, ...], name: str, told: str, values: dict[Any, int]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=labels)
    for key, value in values.items():
        family.add_metric(list(key), value)
    return family


class _Families(Collector):
    """What the library writes out."""

    def __init__(self, given: Iterable[Metric]) -> None:
        self._given = list(given)

    def collect(self) -> Iterable[Metric]:
        """Give the families."""
        return self._given
