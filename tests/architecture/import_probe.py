"""Run in a process of its own: imports every module of a package and prints, as JSON, what that did.

``python import_probe.py PACKAGE_FOLDER [PREFIX …]`` imports the modules whose name begins with a prefix, or
all of them without one.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import signal
import sys
import threading
from pathlib import Path

import psutil

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


def module_names(package: Path) -> list[str]:
    """List the package's modules; schema changes run inside Alembic only, so they are left out."""
    files = (path.relative_to(package.parent) for path in package.rglob("*.py"))
    parts = (path.with_suffix("").parts for path in files if "migrations" not in path.parts)
    return sorted(".".join(part for part in names if part != "__init__") for names in parts)


def main(package: Path, prefixes: list[str]) -> None:
    """Import the modules and print what was left behind."""
    sys.path.insert(0, str(package.parent))
    handlers = [signal.getsignal(number) for number in _SIGNALS]
    environment = dict(os.environ)
    known = set(sys.modules)
    names = [name for name in module_names(package) if not prefixes or name.startswith(tuple(prefixes))]
    for name in names:
        importlib.import_module(name)
    me = psutil.Process()
    left = {
        "modules": names,
        "loaded": sorted({name.partition(".")[0] for name in set(sys.modules) - known}),
        "threads": [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()],
        "children": [child.name() for child in me.children(recursive=True)],
        "sockets": [str(connection.laddr) for connection in me.net_connections()],
        "files": sorted(path.name for path in Path().iterdir()),
        "signals": handlers != [signal.getsignal(number) for number in _SIGNALS],
        "log_handlers": len(logging.getLogger().handlers),
        "environment": sorted(name for name in os.environ if os.environ[name] != environment.get(name)),
    }
    sys.stdout.write(f"{json.dumps(left)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
