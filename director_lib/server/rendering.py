"""Opening a page: the shell at once, then what the notebook displays, from its own kernel.

Voilà's renderer and executor run the notebook; the rest of its page handler is replaced, because that one
copies the server's environment and the browser's headers into the kernel.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import AsyncIterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import nbformat
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.iostream import StreamClosedError
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

from director_lib.domain.addresses import PageAddress, find_page, servable_notebooks
from director_lib.server.handlers import StudioHandler
from director_lib.server.identity import DirectorUser
from director_lib.server.kernel_env import VISIT_VARIABLE, visit_json
from director_lib.server.kernels import Owner
from director_lib.server.pool import Warm
from director_lib.server.refusals import log_refusal

if TYPE_CHECKING:
    from director_lib.server.host import Host

_log = logging.getLogger("director.server")


class PageHandler(StudioHandler):
    """Every address of a page."""

    @property
    def content_security_policy(self) -> str:
        """Scripts of our own, with eval and blob modules: Vue templates are compiled in the browser."""
        return (
            "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; "
            f"style-src 'self' 'unsafe-inline'; script-src 'self' 'nonce-{self.nonce}' 'unsafe-eval' blob:; "
            "connect-src 'self' blob:; worker-src 'self' blob:; frame-src 'self' blob:; object-src 'none'; "
            "form-action 'self'; base-uri 'self'; frame-ancestors 'none'"
        )

    async def get(self, *_groups: str) -> None:
        """Open the page."""
        address = self._find_address()
        if address is None:
            log_refusal("page", self.request.uri or "", self)
            raise web.HTTPError(404)
        # Sets the cookie without which the page's goodbye would be refused and its kernel stay behind.
        _ = self.xsrf_token
        user: DirectorUser = self.current_user
        visit = visit_json(user.actor, address.params, self.request.path)
        owner = Owner(user.actor, user.session)
        warm = self.host.pool.take(address.notebook)
        kernel_id = warm.kernel_id if warm else str(uuid.uuid4())
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.write(self._shell(address, kernel_id))
        try:
            # The person sees the page's frame before its kernel has done anything.
            await self.flush()
            if warm is None or not await self._use_warm(warm, owner, visit):
                await self._run_notebook(address, kernel_id, owner, visit)
        except StreamClosedError:
            await self.host.kernels.end(kernel_id)
            return
        except Exception:  # noqa: BLE001 - the edge; its head is sent already, so the page itself tells of it
            _log.exception("page %s could not be opened", address.notebook)
            await self.host.kernels.end(kernel_id)
            self.write(self.host.error_card)
        self.finish("</div>\n</body>\n</html>\n")

    def _find_address(self) -> PageAddress | None:
        path = "/" + unquote(self.request.path).removeprefix(self.base_url)
        query = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        return find_page(path, query, servable_notebooks(self.host.notebooks))

    async def _use_warm(self, warm: Warm, owner: Owner, visit: str) -> bool:
        """Give a waiting kernel to its visitor; when it does not take the visit, end it and return False."""
        self.host.kernels.own(warm.kernel_id, owner)
        if await self.host.kernels.tell_visit(warm.kernel_id, visit):
            self.write(warm.html)
            return True
        # A fresh kernel may then have the same id, which the page knows already.
        await self.host.kernels.end(warm.kernel_id)
        return False

    def _shell(self, address: PageAddress, kernel_id: str) -> str:
        title = PurePath(address.notebook).stem.capitalize()
        stream = address.params.get("stream")
        return self.render_own(
            "shell.html.j2",
            title=f"{title} · {stream}" if stream else title,
            kernel_id=kernel_id,
            assets=self.host.assets_url,
            page_config={**self.host.page_config, "kernelId": kernel_id},
            preloads=_preloads(self.host),
        )

    async def _run_notebook(self, address: PageAddress, kernel_id: str, owner: Owner, visit: str) -> None:
        async for html in render_notebook(self.host, address.notebook, kernel_id, visit=visit, owner=owner):
            self.write(html)
            await self.flush()


async def render_notebook(
    host: Host, notebook: str, kernel_id: str, *, visit: str | None = None, owner: Owner | None = None
) -> AsyncIterator[str]:
    """Start a kernel, run a notebook in it and give its page's parts as they are ready.

    Args:
        host: The running host.
        notebook: File name in the notebooks folder.
        kernel_id: The id that the kernel gets.
        visit: What the kernel is told about its visitor; None for one that waits for a visitor.
        owner: Whose kernel it becomes; None for one that waits.
    """
    renderer = _new_renderer(host, notebook)
    await renderer.initialize()
    kernel_name = renderer.notebook.metadata.kernelspec.name
    env = {} if visit is None else {VISIT_VARIABLE: visit}
    await host.kernels.start_kernel(kernel_id=kernel_id, kernel_name=kernel_name, path="", env=env)
    if owner is not None:
        host.kernels.own(kernel_id, owner)
    parts = renderer.generate_content_generator(kernel_id, host.kernels.get_kernel(kernel_id))
    try:
        async for html, _resources in parts:
            yield html
    finally:
        client = getattr(getattr(renderer, "executor", None), "kc", None)
        if client is not None:
            client.stop_channels()


def page_configuration(app: Any, assets_url: str) -> dict[str, Any]:
    """Return what Voilà's front end is told, but for the kernel's id."""
    config: dict[str, Any] = get_page_config(
        base_url=app.base_url,
        settings=app.app.settings,
        log=app.log,
        voila_configuration=app.voila_configuration,
    )
    return {
        **config,
        "baseUrl": app.base_url,
        "fullStaticUrl": f"{assets_url}/static",
        "fullLabextensionsUrl": f"{assets_url}/labextensions",
        "fullMathjaxUrl": f"{assets_url}/director/mathjax.js",
        "mathjaxConfig": "none",
        "jupyterLabTheme": "dark",
    }


def _preloads(host: Host) -> list[str]:
    """Return the scripts that the front end will ask for by name, one for each extension."""
    prefix = f"{host.assets_url}/labextensions"
    return [f"{prefix}/{one['name']}/{one['load']}" for one in host.page_config["federated_extensions"]]


class _PageRenderer(NotebookRenderer):
    """Reads notebooks from the served folder only; Voilà's own way also searches, signs and warns."""

    def __init__(self, folder: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._folder = folder

    async def load_notebook(self, path: str) -> Any:
        """Return the notebook with a kernel that exists."""
        return await self.fix_notebook(nbformat.read(self._folder / path, as_version=4))


def _new_renderer(host: Host, notebook: str) -> NotebookRenderer:
    app = host.app
    return _PageRenderer(
        host.notebooks,
        voila_configuration=app.voila_configuration,
        traitlet_config=app.config,
        notebook_path=notebook,
        template_paths=host.template_paths,
        config_manager=app.config_manager,
        contents_manager=app.contents_manager,
        base_url=app.base_url,
        kernel_spec_manager=app.kernel_spec_manager,
        page_config=host.page_config,
        mathjax_config="none",
        mathjax_url=url_path_join(host.assets_url, "director/mathjax.js"),
    )
