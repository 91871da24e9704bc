"""Wiring the host into a Voilà application, and refusing to when the application would be open."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jinja2
from jupyter_server.services.kernels.handlers import KernelHandler
from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop
from voila.paths import collect_template_paths
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from director_lib.config import Settings, load_settings
from director_lib.domain.addresses import STREAM_PAGES
from director_lib.errors import ConfigError, NotebookRunError
from director_lib.media.files import VersionFiles
from director_lib.server.assets import BUILT_SCREENS, AssetHandler, Assets
from director_lib.server.blind_media import BlindHandler
from director_lib.server.contact_sheets import ContactSheetHandler
from director_lib.server.exports import EXPORT_KINDS, ExportHandler
from director_lib.server.firewall import PROTOCOL, FirewallConnection
from director_lib.server.frame_files import ENDINGS, FRAMES, DictionaryHandler, FrameFileHandler
from director_lib.server.handlers import HOST_SETTING, GoodbyeHandler, NowhereHandler, SessionHandler
from director_lib.server.host import Host
from director_lib.server.identity import DirectorAuthorizer, DirectorIdentityProvider
from director_lib.server.kernel_env import kernel_environment
from director_lib.server.kernels import DirectorKernelManager
from director_lib.server.live import PageHub, PageSocket, Sweeper
from director_lib.server.login import LoginHandler, LogoutHandler
from director_lib.server.media import FileHandler, ThumbnailHandler
from director_lib.server.operations import MetricsHandler
from director_lib.server.pool import WarmPool
from director_lib.server.provisioner import ForkServer, ForkServerGoneError
from director_lib.server.refusals import log_refusal
from director_lib.server.rendering import PageHandler, page_configuration, render_notebook
from director_lib.server.sites import PreviewHandler, RobotsHandler, SiteHandler, SiteRootHandler
from director_lib.server.throttle import Throttle
from director_lib.server.uploads import UploadHandler
from director_lib.store.database import open_database
from director_lib.workbench.operations import Operations
from director_lib.workbench.people import People

_log = logging.getLogger("director.server")

_HERE = Path(__file__).parent
_TEMPLATE = _HERE / "templates" / "director"
_MAIN_PAGES = ("streams.ipynb", "keyframes.ipynb", "videos.ipynb")
_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
_FILE = r"[0-9a-f]{64}\.[a-z0-9]{2,5}"
_COMPRESSION: dict[str, Any] = {"compression_level": 3, "mem_level": 5}


class KernelSocket(VoilaKernelWebsocketHandler):
    """A page's websocket to its kernel."""

    def get_compression_options(self) -> dict[str, Any]:
        """Compress: prompts are long and repeat themselves."""
        return _COMPRESSION

    async def open(self, kernel_id: str) -> None:
        """Connect, with the one protocol that the firewall reads."""
        if self.selected_subprotocol != PROTOCOL:
            log_refusal("kernel websocket", "the legacy protocol", self)
            self.close(1002, "protocol")
            return
        # Without this, three small frames wait for each other and every click takes 40 ms longer.
        self.set_nodelay(True)
        await super().open(kernel_id)

    async def pre_get(self) -> None:
        """Refuse and log anybody but the kernel's owner."""
        if not self.kernel_manager.is_owner(self.kernel_id, self.current_user.username):
            log_refusal("kernel websocket", f"kernel {self.kernel_id} of somebody else", self)
        await super().pre_get()


def install(app: Any) -> Host:
    """Put the host's handlers before all of Voilà's own, which become unreachable.

    Args:
        app: A Voilà application whose web application exists and which does not listen yet.

    Raises:
        ConfigError: The application lacks one of the classes that keep it closed, or the settings are wrong.
    """
    check_closed(app)
    settings = load_settings()
    host = _build(app, settings)
    host.kernels.environment = kernel_environment(
        os.environ, settings.environment(), app.base_url, host.assets_url
    )
    host.kernels.on_gone = host.hub.tell_gone
    app.app.settings.update(_web_settings(host))
    app.app.add_handlers(".*$", _addresses(host))
    IOLoop.current().add_callback(_warm_up, host)
    return host


def check_closed(app: Any) -> None:
    """Refuse an application in which anything that keeps it closed is missing or replaced.

    Raises:
        ConfigError: Names what is missing.
    """
    needed = {
        "Voila.identity_provider_class": (app.identity_provider_class, DirectorIdentityProvider),
        "Voila.authorizer_class": (app.authorizer_class, DirectorAuthorizer),
        "Voila.kernel_websocket_connection_class": (
            app.kernel_websocket_connection_class,
            FirewallConnection,
        ),
        "VoilaConfiguration.multi_kernel_manager_class": (type(app.kernel_manager), DirectorKernelManager),
    }
    wrong = [name for name, (found, wanted) in needed.items() if not issubclass(found, wanted)]
    if wrong:
        raise ConfigError(
            f"The server refuses to start, because anybody could come in: {', '.join(wrong)} is not the "
            "workbench's own. Start it with “director serve”, or from the folder that holds voila.json."
        )


def _build(app: Any, settings: Settings) -> Host:
    identity: DirectorIdentityProvider = app.identity_provider
    database = open_database(settings.database)
    people = People(database)
    hub = PageHub()
    allowed = app.voila_configuration.extension_allowlist or []
    assets = Assets(
        {
            "static": [Path(folder) for folder in app.static_paths],
            "labextensions": [Path(folder) for folder in app.labextensions_path],
            "director": [_HERE / "static"],
            "screens": [BUILT_SCREENS],
        },
        allowed,
    )
    assets_url = url_path_join(app.base_url, "a", assets.version)
    app.app.settings["director_assets"] = assets
    templates = jinja2.Environment(loader=jinja2.FileSystemLoader(_TEMPLATE), autoescape=True)
    host = Host(
        app=app,
        settings=settings,
        people=people,
        identity=identity,
        kernels=app.kernel_manager,
        files=VersionFiles(settings.media_dir),
        notebooks=Path(app.root_dir).resolve(),
        templates=templates,
        template_paths=[str(_TEMPLATE), *collect_template_paths(["voila", "nbconvert"], "lab", prune=True)],
        assets_url=assets_url,
        page_config=page_configuration(app, assets_url),
        error_card=templates.get_template("failed.html.j2").render(),
        hub=hub,
        sweeper=Sweeper(app.kernel_manager, hub, _asking(people.find_session_actor)),
        pool=WarmPool(
            Path(app.root_dir).resolve(),
            _pages_to_warm(),
            render=lambda name, kernel_id: _render_ahead(host, name, kernel_id),
            end=app.kernel_manager.end,
            is_alive=lambda kernel_id: kernel_id in app.kernel_manager,
        ),
        throttle=Throttle(),
        password_threads=ThreadPoolExecutor(max_workers=2, thread_name_prefix="password"),
        operations=Operations(database, settings),
        database=database,
        sheet_threads=ThreadPoolExecutor(max_workers=1, thread_name_prefix="sheet"),
    )
    app.voila_configuration.config.VoilaConfiguration.resources = {"director_error_card": host.error_card}
    return host


def _addresses(host: Host) -> list[Any]:
    """Return every address there is; the last entry answers all others, so upstream's are closed."""
    base = host.app.base_url
    studio = ("", "tasks", "metrics", "advice", "settings", "variants")
    pages = [*studio, rf"s/[^/]+/(?:{'|'.join(STREAM_PAGES)})/?", r"voila/render/[^/]+"]
    rules: list[Any] = [
        *((page, PageHandler) for page in pages),
        (r"login", LoginHandler),
        (r"logout", LogoutHandler),
        (r"session", SessionHandler),
        (r"events", PageSocket, {"hub": host.hub, "kernels": host.kernels}),
        (rf"media/file/({_FILE})", FileHandler, {"path": "/"}),
        (rf"media/thumb/(\d{{2,4}}/{_FILE})", ThumbnailHandler, {"path": "/"}),
        (r"media/blind/(v_[A-Za-z0-9_-]{1,40})/([1-4])(/poster)?", BlindHandler, {"path": "/"}),
        (r"s/([^/]+)/contact-sheet/(keyframe|video)(\.pdf|\.png)", ContactSheetHandler),
        (rf"export/([^/]+)/({EXPORT_KINDS})", ExportHandler),
        (rf"api/frames/({FRAMES})\.({ENDINGS})", FrameFileHandler),
        (r"data-dictionary", DictionaryHandler),
        (r"uploads", UploadHandler),
        (r"s/([^/]+/preview/[0-9a-f]{16}/.*)", PreviewHandler, {"path": "/"}),
        (r"site/([^/]+)", SiteRootHandler),
        (r"robots\.txt", RobotsHandler),
        (r"site/([^/]+/.*)", SiteHandler, {"path": "/"}),
        (r"api/metrics", MetricsHandler),
        (rf"api/kernels/{_KERNEL}", KernelHandler),
        (rf"api/kernels/{_KERNEL}/channels", KernelSocket),
        (r"voila/api/shutdown/([\w-]+)", GoodbyeHandler),
    ]
    assets = (rf"{host.assets_url}/(.+)", AssetHandler, {"assets": host.app.app.settings["director_assets"]})
    return [assets, *((base + rule[0], *rule[1:]) for rule in rules), (r".*", NowhereHandler)]


def _web_settings(host: Host) -> dict[str, Any]:
    cookies = {"samesite": "Lax", "secure": host.settings.secure_cookies}
    return {
        HOST_SETTING: host,
        "allow_unauthenticated_access": False,
        "xsrf_cookies": True,
        "xsrf_cookie_kwargs": cookies,
        "login_url": f"{host.app.base_url}login",
        "ws_ping_interval": 30_000,
        "ws_ping_timeout": 30_000,
        "websocket_compression_options": _COMPRESSION,
        "default_handler_class": NowhereHandler,
        "headers": {"X-Content-Type-Options": "nosniff", "Server": "director"},
    }


def _asking(find: Callable[[str], Any]) -> Any:
    """Return the blocking question as a coroutine function that asks beside the event loop."""

    async def ask(session: str) -> Any:
        return await IOLoop.current().run_in_executor(None, find, session)

    return ask


def _pages_to_warm(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    return () if environment.get("DIRECTOR_WARM_PAGES", "1") == "0" else _MAIN_PAGES


async def _render_ahead(host: Host, name: str, kernel_id: str) -> str:
    html = "".join([part async for part in render_notebook(host, name, kernel_id)])
    if host.error_card in html:
        raise NotebookRunError(f"{name} stopped with an error while it was made ready.")
    return html


async def _warm_up(host: Host) -> None:
    host.sweeper.start()
    try:
        await ForkServer.shared(host.kernels.environment)
    except ForkServerGoneError as gone:
        _log.warning("the fork server does not run (%s): pages will open more slowly", gone)
    host.pool.start()
