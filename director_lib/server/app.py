"""The Voilà application as the workbench starts it: the same from any folder, and never open by accident."""

from __future__ import annotations

import errno
import logging
import os
import sys
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from traitlets import default
from voila.app import Voila

from director_lib.config import Settings
from director_lib.errors import ConfigError
from director_lib.logs import configure_logging
from director_lib.server.install import check_closed
from director_lib.server.provisioner import ForkServer

_log = logging.getLogger("director.server")

_HERE = Path(__file__).parent
_CHECKOUT = _HERE.parent.parent
_LARGEST_BODY_BYTES = 1 << 20


class DirectorApp(Voila):
    """Voilà with its configuration pinned to the workbench's own ``voila.json``.

    Attributes:
        behind_proxy: Whether a reverse proxy with TLS stands in front and says whom it speaks for.
    """

    name = "voila"
    port: Any
    behind_proxy = False

    @default("config_file_paths")
    def _default_config_file_paths(self) -> list[str]:
        # Not the working folder: started elsewhere, Voilà would find no configuration and ask nobody's name.
        return [str(_HERE)]

    def get_default_logging_config(self) -> dict[str, Any]:
        """Return the library's logging without its own handler: its lines take the same way as ours."""
        own = {type(self).__name__: {"level": "WARNING", "propagate": True}}
        return {"version": 1, "loggers": own, "disable_existing_loggers": False}

    def init_handlers(self) -> list[Any]:
        """Return the handlers; checked here, because a replaced identity provider would not check itself.

        Raises:
            ConfigError: One of the classes that keep the server closed is missing.
        """
        check_closed(self)
        return list(super().init_handlers())

    def listen(self) -> None:
        """Serve until stopped.

        Raises:
            ConfigError: The port is in use or may not be used.
        """
        server = HTTPServer(self.app, xheaders=self.behind_proxy, max_body_size=_LARGEST_BODY_BYTES)
        sockets = _bind(int(self.port), self.ip)
        self.port = sockets[0].getsockname()[1]
        server.add_sockets(sockets)
        _log.warning("director is ready at http://%s:%d%s", _shown_host(self.ip), self.port, self.base_url)
        if warning := find_user_warning(os.geteuid()):
            _log.warning("%s", warning)
        self.ioloop = IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            _log.warning("stopping")
        finally:
            server.stop()
            self.stop()

    def stop(self) -> None:
        """End every kernel and the fork server."""
        super().stop()
        ForkServer.close_shared()


def serve_pages(settings: Settings) -> None:
    """Serve the pages until SIGTERM or Ctrl-C.

    Raises:
        ConfigError: A setting is wrong, the port is in use, or there are no notebooks.
    """
    notebooks = notebooks_dir()
    # The server's own settings win over what the variables say, for itself and for all it starts.
    os.environ.update(settings.environment())
    configure_logging(settings, sys.stdout)
    app = DirectorApp(ip=settings.host, port=settings.port, log_level=logging.WARNING)
    app.behind_proxy = settings.secure_cookies
    app.initialize([str(notebooks)])
    app.start()


def find_user_warning(user_id: int) -> str | None:
    """Find what is to be said against serving as this user; None when nothing is."""
    if user_id != 0:
        return None
    return (
        "The server runs as root: a flaw in it, or in anything it loads, would own this machine. Make a user "
        "of its own for it that may write the streams and data folders only, and start it as that user."
    )


def notebooks_dir() -> Path:
    """Return the folder of the page notebooks: ``DIRECTOR_NOTEBOOKS_DIR``, the checkout's, or the package's.

    Raises:
        ConfigError: There is no such folder.
    """
    given = os.environ.get("DIRECTOR_NOTEBOOKS_DIR")
    candidates = [Path(given)] if given else [_CHECKOUT / "notebooks", _HERE.parent / "notebooks"]
    for folder in candidates:
        if folder.is_dir():
            return folder.resolve()
    raise ConfigError(
        f"There is no notebooks folder at {candidates[0]}. Set DIRECTOR_NOTEBOOKS_DIR to the folder that "
        "holds streams.ipynb."
    )


def _bind(port: int, ip: str) -> list[Any]:
    try:
        return list(bind_sockets(port, ip))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = (
                f"Port {port} on {ip} is in use. Stop the other program, or choose another port with --port."
            )
        else:
            why = f"Port {port} on {ip} cannot be used ({error.strerror}). Choose another port with --port."
        raise ConfigError(f"{why} Nothing was started.") from error


def _shown_host(ip: str) -> str:
    return "localhost" if ip in ("", "0.0.0.0", "::", "127.0.0.1") else ip  # noqa: S104 - compared, not bound
