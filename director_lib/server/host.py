"""Everything the server's handlers work with, in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2

from director_lib.config import Settings
from director_lib.media.files import VersionFiles
from director_lib.server.identity import DirectorIdentityProvider
from director_lib.server.kernels import DirectorKernelManager
from director_lib.server.throttle import Throttle
from director_lib.store.database import Database
from director_lib.workbench.operations import Operations
from director_lib.workbench.people import People

if TYPE_CHECKING:
    from director_lib.server.live import PageHub, Sweeper
    from director_lib.server.pool import WarmPool


@dataclass
class Host:
    """The running server.

    Attributes:
        app: The Voilà application that it extends.
        notebooks: Folder of the page notebooks.
        template_paths: Where the notebook's template is found.
        assets_url: Prefix of all scripts and styles; holds their version.
        page_config: What Voilà's front end is told, but for the kernel.
        error_card: What a page shows in place of a failure.
        password_threads: Where passwords are checked, few at a time.
        operations: How the studio runs, for admins.
        database: The review database.
        sheet_threads: Where contact sheets are drawn, one at a time: a large one needs much memory.
    """

    app: Any
    settings: Settings
    people: People
    identity: DirectorIdentityProvider
    kernels: DirectorKernelManager
    files: VersionFiles
    notebooks: Path
    templates: jinja2.Environment
    template_paths: Sequence[str]
    assets_url: str
    page_config: Mapping[str, Any]
    error_card: str
    hub: PageHub
    sweeper: Sweeper
    pool: WarmPool
    throttle: Throttle
    password_threads: ThreadPoolExecutor
    operations: Operations
    database: Database
    sheet_threads: ThreadPoolExecutor
