"""Running coroutines beside whatever loop the test's own thread has; a browser's test leaves one there."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_in_own_loop(work: Coroutine[Any, Any, Any]) -> Any:
    """Return what the coroutine returns, run in a thread with a loop of its own."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()
